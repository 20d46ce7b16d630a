//! The process of a provider: a certified one (the package `oidc-provider`), which is started for a test and told what to do.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::outside;

/// The time that the provider has for an answer. A busy machine needs seconds for one.
const ANSWER: Duration = Duration::from_secs(60);

/// How often it is started: Node.js 20 hung before its first line in one of about a thousand starts on a busy machine.
const STARTS: usize = 3;

/// A provider that listens on a port of its own, until it is dropped.
pub(crate) struct Provider {
    process: Child,
    commands: RefCell<ChildStdin>,
    answers: Receiver<String>,
    /// The URL of its issuer.
    pub(crate) url: String,
}

impl Provider {
    /// Starts a provider, if it is installed. Otherwise reports the test as skipped.
    pub(crate) fn start() -> Option<Self> {
        // The tests of another crate start it, too.
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rolecall/tests/oidc-provider");
        if !folder.join("node_modules/oidc-provider").exists() {
            return skip("it is not installed");
        }
        let script = folder.join("provider.mjs");
        for _ in 0..STARTS {
            let mut command = Command::new("node");
            command.arg(&script).stdin(Stdio::piped()).stdout(Stdio::piped());
            let Ok(process) = command.spawn() else {
                return skip("there is no `node`");
            };
            let mut provider = Self::of(process);
            if let Ok(line) = provider.answers.recv_timeout(ANSWER) {
                let answer: Value = serde_json::from_str(&line).unwrap();
                provider.url = answer["url"].as_str().unwrap().to_owned();
                return Some(provider);
            }
        }
        panic!("the provider does not start");
    }

    fn of(mut process: Child) -> Self {
        let (sender, answers) = mpsc::channel();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self {
            commands: RefCell::new(process.stdin.take().unwrap()),
            process,
            answers,
            url: String::new(),
        }
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
        writeln!(self.commands.borrow_mut(), "{command}").unwrap();
        let line = self.answers.recv_timeout(ANSWER);
        let line = line.unwrap_or_else(|error| panic!("no answer to {command}: {error}"));
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
