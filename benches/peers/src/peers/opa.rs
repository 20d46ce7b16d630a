//! OPA: the program in the folder `opa`, in a process of its own, which measures itself.
//!
//! Its index covers whole texts, beginnings and ends, so that it evaluates few of the rules. Of a beginning and an end it takes
//! the longer one. A comparison with `true` keeps the one that more roles have from the index.

use super::rego::{like, modules};
use super::{Peer, texts};
use rolecall_benches::workload::{Role, Test, Token, Wildcard};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/opa");

pub(super) struct Opa {
    process: Child,
    /// None at the end, which ends the process.
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// Returns whether this machine can build it.
pub(super) fn is_there() -> bool {
    let go = Command::new("go").arg("version").stdout(Stdio::null()).status();
    go.is_ok_and(|status| status.success())
}

impl Opa {
    pub(super) fn new(roles: &[Role]) -> Self {
        let mut process = Command::new("go")
            .args(["run", "."])
            .current_dir(FOLDER)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let mut opa = Self {
            requests: process.stdin.take(),
            answers: BufReader::new(process.stdout.take().expect("its output")),
            process,
        };
        let texts = Texts::new(roles);
        opa.send(&json!({ "modules": modules(roles, 0, |name, pattern| texts.like(name, pattern)) }));
        opa
    }

    fn send(&mut self, request: &Value) {
        let requests = self.requests.as_mut().expect("its input");
        writeln!(requests, "{request}").expect("a request");
    }

    fn ask<T: DeserializeOwned>(&mut self, request: &Value) -> T {
        self.send(request);
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("an answer");
        serde_json::from_str(&answer).expect("an answer")
    }
}

impl Peer for Opa {
    fn prepare(&mut self, tokens: &[Token]) {
        let input = |token: &Token| -> Map<String, Value> {
            texts(token)
                .map(|(name, text)| (name.to_owned(), text.into()))
                .collect()
        };
        let inputs: Vec<_> = tokens.iter().map(input).collect();
        self.send(&json!({ "inputs": inputs }));
    }

    fn find(&mut self, token: usize, found: &mut Vec<usize>) {
        found.extend(self.ask::<Vec<usize>>(&json!({ "find": token })));
    }

    fn measure(&mut self, slice: Duration) -> Option<f64> {
        Some(self.ask(&json!({ "measure": slice.as_nanos() as u64 })))
    }
}

impl Drop for Opa {
    fn drop(&mut self) {
        self.requests = None;
        // How it ends does not matter: it has answered.
        let _ = self.process.wait();
    }
}

/// How often patterns have a text.
struct Texts<'a>(HashMap<&'a str, usize>);

impl<'a> Texts<'a> {
    fn new(roles: &'a [Role]) -> Self {
        let mut often = HashMap::new();
        for test in roles.iter().flat_map(|role| role.rest.iter().flatten()) {
            if let Test::Like(_, patterns) = test {
                for Wildcard { head, tail } in patterns {
                    *often.entry(head.as_str()).or_default() += 1;
                    *often.entry(tail.as_str()).or_default() += 1;
                }
            }
        }
        Self(often)
    }

    /// A test of a wildcard of which only the rarer text is in the index.
    fn like(&self, name: &str, pattern: &Wildcard) -> String {
        let Wildcard { head, tail } = pattern;
        let often = |text: &String| self.0[text.as_str()];
        if tail.is_empty() {
            like(name, pattern)
        } else if often(head) > often(tail) {
            format!(" endswith(input.{name}, {tail:?})\n startswith(input.{name}, {head:?}) == true\n")
        } else {
            format!(" startswith(input.{name}, {head:?})\n endswith(input.{name}, {tail:?}) == true\n")
        }
    }
}
