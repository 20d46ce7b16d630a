//! The process of a provider: a certified one (the package `oidc-provider`), which is started for a test and told what to do.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::outside;

/// A provider that listens on a port of its own, until it is dropped.
pub(crate) struct Provider {
    process: Child,
    pipes: RefCell<(ChildStdin, BufReader<ChildStdout>)>,
    /// The URL of its issuer.
    pub(crate) url: String,
}

impl Provider {
    /// Starts a provider, if it is installed. Otherwise reports the test as skipped.
    pub(crate) fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oidc-provider");
        if !folder.join("node_modules/oidc-provider").exists() {
            return skip("it is not installed");
        }
        let mut command = Command::new("node");
        command.arg(folder.join("provider.mjs"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let Ok(mut process) = command.spawn() else {
            return skip("there is no `node`");
        };
        let pipes = (
            process.stdin.take().unwrap(),
            BufReader::new(process.stdout.take().unwrap()),
        );
        let mut provider = Self {
            process,
            pipes: RefCell::new(pipes),
            url: String::new(),
        };
        let answer = provider.answer();
        provider.url = answer["url"].as_str().unwrap().to_owned();
        Some(provider)
    }

    /// A token for an audience, with these claims, that lives for some seconds from now on.
    pub(crate) fn issue(&self, algorithm: &str, audience: &str, lifetime: u64, claims: &Value) -> String {
        let answer = self.ask(&json!({
            "do": "issue",
            "algorithm": algorithm,
            "audience": audience,
            "claims": claims,
            "lifetime": lifetime,
        }));
        answer["token"].as_str().unwrap().to_owned()
    }

    /// Publishes new keys, which do not sign yet.
    pub(crate) fn publish_keys(&self) {
        self.ask(&json!({ "do": "publish" }));
    }

    /// Signs with the newest keys from now on. The others stay published.
    pub(crate) fn sign_with_newest(&self) {
        self.ask(&json!({ "do": "sign" }));
    }

    /// No longer publishes the keys that do not sign.
    pub(crate) fn retire_keys(&self) {
        self.ask(&json!({ "do": "retire" }));
    }

    /// Stops listening.
    pub(crate) fn go_down(&self) {
        self.ask(&json!({ "do": "down" }));
    }

    /// Listens again, where it did before.
    pub(crate) fn come_back(&self) {
        self.ask(&json!({ "do": "up" }));
    }

    /// How often its discovery document and its key set were asked for so far.
    pub(crate) fn requests(&self) -> (u64, u64) {
        let answer = self.ask(&json!({ "do": "requests" }));
        let count = |name| answer[name].as_u64().unwrap();
        (count("discovery"), count("jwks"))
    }

    fn ask(&self, command: &Value) -> Value {
        writeln!(self.pipes.borrow_mut().0, "{command}").unwrap();
        self.answer()
    }

    fn answer(&self) -> Value {
        let mut line = String::new();
        self.pipes.borrow_mut().1.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"));
        assert!(answer.get("error").is_none(), "{answer}");
        answer
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reports that there is no provider, which fails the test with `ROLECALL_REQUIRE_PROVIDER=1`.
fn skip(why: &str) -> Option<Provider> {
    outside::skip(
        &format!("no OpenID provider ({why}): run crates/rolecall/tests/oidc-provider/install first"),
        "ROLECALL_REQUIRE_PROVIDER",
    );
    None
}
