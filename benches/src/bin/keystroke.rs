//! The time from a keystroke to findings: `keystroke [ROLES [KEYS]]`. Compares a session with a new linter.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and cannot run without its input"
)]

use rolecall_benches::workload::Workload;
use rolecall_engine::{PolicySet, Source};
use rolecall_lint::{Linter, Session, Settings};
use std::time::{Duration, Instant};

/// The keystrokes after which a new linter is measured, too.
const COMPARED: usize = 5;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |otherwise: usize| {
        let argument = arguments.next();
        argument.map_or(otherwise, |number| number.parse().expect("a number"))
    };
    let (roles, keys) = (number(1_000), number(40));
    // Ten roles a file, as people write them; and all roles in one file, the worst case for parsing.
    for each in [10, roles] {
        let files = Workload::new(roles).files(each);
        let (mut sessions, mut news, mut findings) = (Vec::new(), Vec::new(), 0);
        let mut session = Session::default();
        let settings = Settings::default();
        for key in 0..keys {
            let typed = typed(&files, key);
            let sources = || {
                typed
                    .iter()
                    .map(|(name, text)| Source::new(name.as_str(), text.as_str()))
            };
            let start = Instant::now();
            let set = session.compile(sources()).expect("a policy set");
            let report = session.lint(&set, &settings);
            sessions.push(start.elapsed());
            findings = report.findings.len();
            if key < COMPARED {
                let start = Instant::now();
                let set = PolicySet::compile(sources()).expect("a policy set");
                let report = Linter::new(&set, &settings).run();
                news.push(start.elapsed());
                assert_eq!(report.findings.len(), findings, "both find the same");
            }
        }
        let first = sessions.remove(0);
        println!(
            "{roles} roles in {} files, {findings} findings: {:.1?} (slowest {:.1?}); first {first:.1?}, without a session {:.1?}",
            files.len(),
            median(&mut sessions),
            sessions.last().expect("a keystroke"),
            median(&mut news),
        );
    }
}

/// Returns the files after so many keystrokes in the condition of a role in the middle.
fn typed(files: &[(String, String)], key: usize) -> Vec<(String, String)> {
    let mut files = files.to_vec();
    let middle = files.len() / 2;
    let (_, text) = files.get_mut(middle).expect("a file");
    let from = text.len() / 2;
    let at = text
        .get(from..)
        .and_then(|rest| rest.find("== \""))
        .expect("a comparison");
    text.insert_str(
        from + at + 4,
        "typed-in-an-editor-by-a-person-who-is-fast"
            .get(..key % 40)
            .expect("ASCII"),
    );
    files
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().expect("a time")
}
