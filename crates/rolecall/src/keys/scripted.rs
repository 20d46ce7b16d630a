//! Test support: a scripted key provider, a manual clock and a recording observer.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use rolecall_engine::Issuer;
use serde_json::{Value, json};

use super::fetch_error::FetchError;
use super::{Fetched, KeySource};
use crate::base64url;
use crate::clock::{Clock, Moment};
use crate::key_set::KeySet;
use crate::observer::{Event, Observer};
use crate::time::UnixTime;

/// Long enough that only a test that hangs reaches it.
pub(crate) const FOREVER: Duration = Duration::from_secs(120);

/// The wall clock at the beginning of a test.
pub(crate) const NOW: i64 = 1_800_000_000;

fn pair(kid: &str) -> Ed25519KeyPair {
    let seed = digest(&SHA256, kid.as_bytes());
    Ed25519KeyPair::from_seed_unchecked(seed.as_ref()).unwrap()
}

/// The token of these claims, signed with the key of a `kid`.
pub(crate) fn token(kid: &str, claims: &Value) -> String {
    let header = json!({"alg": "EdDSA", "kid": kid}).to_string();
    let signed = [header, claims.to_string()].map(|part| base64url::encode(part.as_bytes()));
    let signed = signed.join(".");
    let signature = base64url::encode(pair(kid).sign(signed.as_bytes()).as_ref());
    format!("{signed}.{signature}")
}

/// The key of a `kid`, always the same one.
pub(crate) fn jwk(kid: &str) -> Value {
    let pair = pair(kid);
    let x = base64url::encode(pair.public_key().as_ref());
    json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": x})
}

pub(crate) fn parse(entries: &[Value]) -> KeySet {
    KeySet::parse(json!({ "keys": entries }).to_string().as_bytes()).unwrap()
}

/// The keys of these `kid`s.
pub(crate) fn key_set(kids: &[&str]) -> KeySet {
    parse(&kids.iter().map(|kid| jwk(kid)).collect::<Vec<_>>())
}

pub(crate) fn kids(keys: &KeySet) -> Vec<&str> {
    keys.keys().filter_map(|key| key.kid()).collect()
}

/// The answer of a provider.
pub(crate) enum Answer {
    Entries(Vec<Value>),
    Fails(FetchError),
    Panics,
}

/// A provider of keys.
pub(crate) struct Provider {
    script: Mutex<Script>,
    changed: Condvar,
}

struct Script {
    answer: Answer,
    /// True while each fetch blocks.
    holds: bool,
    /// The number of fetches.
    fetches: usize,
    /// The number of running fetches, and its maximum so far.
    running: usize,
    most_running: usize,
}

impl Provider {
    pub(crate) fn new(kids: &[&str]) -> Arc<Self> {
        Arc::new(Self {
            script: Mutex::new(Script {
                answer: Answer::Entries(kids.iter().map(|kid| jwk(kid)).collect()),
                holds: false,
                fetches: 0,
                running: 0,
                most_running: 0,
            }),
            changed: Condvar::new(),
        })
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    pub(crate) fn publishes(&self, kids: &[&str]) {
        self.answers(Answer::Entries(kids.iter().map(|kid| jwk(kid)).collect()));
    }

    pub(crate) fn answers(&self, answer: Answer) {
        self.script().answer = answer;
    }

    /// Makes each fetch block, or lets them go on.
    pub(crate) fn holds(&self, holds: bool) {
        self.script().holds = holds;
        self.changed.notify_all();
    }

    pub(crate) fn fetches(&self) -> usize {
        self.script().fetches
    }

    pub(crate) fn most_at_once(&self) -> usize {
        self.script().most_running
    }
}

impl KeySource for Arc<Provider> {
    fn fetch(&self, _issuer: &Issuer) -> Result<Fetched, FetchError> {
        let mut script = self.script();
        script.fetches += 1;
        script.running += 1;
        script.most_running = script.most_running.max(script.running);
        let mut script = self.changed.wait_while(script, |script| script.holds).unwrap();
        script.running -= 1;
        let result = match &script.answer {
            Answer::Entries(entries) => Ok(entries.clone()),
            Answer::Fails(error) => Err(error.clone()),
            Answer::Panics => {
                drop(script);
                panic!("a scripted panic");
            }
        };
        drop(script);
        result.map(|entries| Fetched {
            keys: parse(&entries),
            max_age: None,
        })
    }
}

/// A clock that is set by hand.
pub(crate) struct HandClock(Mutex<Moment>);

impl HandClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Moment {
            wall: UnixTime::from_secs(NOW),
            monotonic: Instant::now(),
        })))
    }

    /// Advances the monotonic clock.
    pub(crate) fn pass(&self, duration: Duration) {
        self.0.lock().unwrap().monotonic += duration;
    }

    /// Sets the wall clock.
    pub(crate) fn set_wall(&self, seconds: i64) {
        self.0.lock().unwrap().wall = UnixTime::from_secs(seconds);
    }

    pub(crate) fn monotonic(&self) -> Instant {
        self.now().monotonic
    }
}

impl Clock for HandClock {
    fn now(&self) -> Moment {
        *self.0.lock().unwrap()
    }
}

/// Records key events as lines of text.
pub(crate) struct Recorder(Mutex<Sender<String>>);

impl Recorder {
    pub(crate) fn new() -> (Arc<Self>, Receiver<String>) {
        let (sender, receiver) = mpsc::channel();
        (Arc::new(Self(Mutex::new(sender))), receiver)
    }
}

impl Observer for Recorder {
    fn observe(&self, event: &Event<'_>) {
        let line = match event {
            Event::KeysFetched {
                issuer,
                keys,
                changed,
                took,
            } => {
                let changed = if *changed { "changed" } else { "same" };
                format!("{issuer}: {changed} {:?} {} s", kids(keys), took.as_secs())
            }
            Event::KeysNotFetched {
                issuer,
                error,
                failures,
            } => format!("{issuer}: {} {failures}", error.code()),
            Event::KeysWithdrawn { issuer, keys } => format!("{issuer}: withdrawn {:?}", kids(keys)),
            Event::PrivateKeyPublished { issuer, entry } => {
                format!("{issuer}: private key {:?}", entry.kid)
            }
            _ => return,
        };
        // The receiver may be gone.
        let _ = self.0.lock().unwrap().send(line);
    }
}
