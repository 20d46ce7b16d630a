//! Checkpoints: lines that the exchange signs. Each vouches for all lines before it, and for itself.
//!
//! A line's last member is the signature of the line without it. So the signature is over exactly the text in the file.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rolecall::Clock;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Chain;
use crate::signing::{KeyRing, PublicKeys, SigningAlgorithm, TextFault, sign_text};

/// The kind of the signatures.
const KIND: &str = "rolecall-audit";
/// The text between a line without its end and the signature, and the end.
const BEFORE: &str = ",\"signature\":\"";
const AFTER: &str = "\"}";

/// The reason that a checkpoint is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Cause {
    /// It is the first line of a file.
    Begin,
    /// The server started, and the file was there.
    Start,
    /// Some lines or some time have passed.
    Interval,
    /// It is the last line of a file, and the next file follows.
    Rotation,
    /// The server stopped.
    Stop,
}

/// A checkpoint, as it stands in a line.
#[derive(Debug, Deserialize)]
pub(super) struct Checkpoint {
    /// The name of the chain, which all its files have.
    pub(super) chain: String,
    pub(super) cause: Cause,
    /// Seconds since 1970.
    pub(super) time: i64,
    /// The `kid` of the key that signs it.
    pub(super) key: String,
}

/// The keys and the clock with which checkpoints are made.
#[derive(Clone)]
pub(crate) struct Signer {
    pub(crate) keys: Arc<ArcSwap<KeyRing>>,
    pub(crate) algorithm: SigningAlgorithm,
    pub(crate) clock: Arc<dyn Clock>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

impl Signer {
    /// Returns the time in seconds since 1970.
    pub(super) fn now(&self) -> i64 {
        self.clock.now().wall.as_secs()
    }

    /// Adds a checkpoint to a chain, and returns its line with the line feed. `None` if no key signs now.
    pub(super) fn add(&self, chain: &mut Chain, name: &str, cause: Cause) -> Option<String> {
        let now = self.clock.now().wall;
        let keys = self.keys.load();
        let key = keys.signer(self.algorithm, now)?;
        let record = json!({
            "time": now.as_secs(),
            "outcome": "checkpoint",
            "chain": name,
            "cause": cause,
            "key": key.kid(),
        });
        let text = chain.text(&record.to_string());
        let signature = sign_text(key, KIND, &text).ok()?;
        let line = format!("{}{BEFORE}{signature}{AFTER}", text.strip_suffix('}')?);
        chain.advance(&line);
        Some(line + "\n")
    }
}

/// A checkpoint with its signature, and the text that it is over.
#[derive(Debug)]
pub(super) struct Signed<'a> {
    pub(super) checkpoint: Checkpoint,
    text: String,
    signature: &'a str,
}

impl<'a> Signed<'a> {
    /// Reads the checkpoint in a line. `None` if the line is not one.
    pub(super) fn read(line: &'a str) -> Option<Self> {
        let (start, rest) = line.rsplit_once(BEFORE)?;
        let signature = rest.strip_suffix(AFTER)?;
        let text = format!("{start}}}");
        let value: serde_json::Value = serde_json::from_str(&text).ok()?;
        if value.get("outcome")?.as_str()? != "checkpoint" {
            return None;
        }
        let checkpoint = serde_json::from_value(value).ok()?;
        Some(Self {
            checkpoint,
            text,
            signature,
        })
    }

    /// Verifies the signature.
    pub(super) fn verify(&self, keys: &PublicKeys) -> Result<(), TextFault> {
        keys.verify(&self.checkpoint.key, KIND, &self.text, self.signature)
    }
}
