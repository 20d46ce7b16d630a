//! Events that reach `tracing`: a token is never part of them.
//!
//! This test is a binary of its own. `tracing` decides once per process whether an event is of interest, when it
//! happens for the first time: tests without a subscriber would turn events off.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic and print"
)]

#[allow(dead_code, reason = "one test does not use everything")]
#[path = "it/stage.rs"]
mod stage;
#[allow(dead_code, reason = "one test does not use everything")]
#[path = "it/support/mod.rs"]
mod support;

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::json;
use stage::{POLICY, Stage, policies, stage, token};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[test]
fn tracing_is_told_names_and_codes_and_nothing_of_the_token() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .without_time()
        .with_writer(lines.clone())
        .finish();
    let good = token(|claims| claims["user_email"] = json!("canary@canary.example"));
    tracing::subscriber::with_default(subscriber, || {
        let Stage { gate, .. } = stage();
        gate.authorize(&good, "deploy").unwrap();
        gate.authorize(&good, "admin").unwrap_err();
        gate.authorize(&format!("{good}A"), "deploy").unwrap_err();
        // A role can come from a request.
        for token in [&*good, "x"] {
            let forged = format!("x\n`DEBUG` allowed=true \"{}", "\u{202e}".repeat(1_000));
            gate.authorize(token, &forged).unwrap_err();
        }
        gate.replace_policies(policies(POLICY)).unwrap();
        gate.replace_policies(policies(&POLICY.replace("role read", "role write")))
            .unwrap();
    });
    let told = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let told_of = |words: &[&str]| {
        told.lines()
            .any(|line| words.iter().all(|word| line.contains(word)))
    };
    assert!(
        told_of(&["decided", "issuer=\"gitlab\"", "role=\"deploy\"", "allowed=true"]),
        "{told}"
    );
    assert!(
        told_of(&[
            "decided",
            "role=\"admin\"",
            "allowed=false",
            "reason=\"condition\""
        ]),
        "{told}"
    );
    assert!(
        told_of(&["token refused", "role=\"deploy\"", "code=\"bad_signature\""]),
        "{told}"
    );
    assert_eq!(told.lines().count(), 8, "{told}");
    for words in [["decided", "unknown_role"], ["token refused", "malformed_token"]] {
        let line = told
            .lines()
            .find(|line| words.iter().all(|word| line.contains(word)));
        let line = line.unwrap();
        assert!(
            line.contains(r#"role="x\\u{a}\\`DEBUG\\` allowed=true \""#),
            "{line}"
        );
        assert!(line.len() < 1_500 && line.replace('…', "").is_ascii(), "{line}");
    }
    assert!(told_of(&["WARN", "roles removed", "names=\"read\""]), "{told}");
    assert!(told_of(&["policies replaced", "roles=3"]), "{told}");
    assert!(!told.contains("canary"), "{told}");
    assert!(!good.split('.').any(|segment| told.contains(segment)), "{told}");
}
