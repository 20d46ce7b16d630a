//! The chain of lines: each has a number, and the digest of the line before it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::digest::sha256;

/// The place of a line in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Link {
    /// The number of the line, from 1.
    pub(crate) line: u64,
    /// The SHA-256 digest of the line before, without its line feed, as base64url; empty for the first one.
    pub(crate) before: String,
}

/// The end of a chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chain {
    lines: u64,
    last: String,
}

impl Chain {
    /// Returns the chain before a line, which follows from lines in another file.
    pub(super) fn before(link: Link) -> Self {
        Self {
            lines: link.line.saturating_sub(1),
            last: link.before,
        }
    }

    /// Returns the text of the next line, without its line feed. A record is a JSON object with members.
    pub(super) fn text(&self, record: &str) -> String {
        let Link { line, before } = self.next();
        let members = record.strip_prefix('{').unwrap_or(record);
        // A digest in base64url needs no escapes.
        format!("{{\"line\":{line},\"before\":\"{before}\",{members}")
    }

    /// Returns the next line with its line feed, and moves on.
    pub(super) fn add(&mut self, record: &str) -> String {
        let text = self.text(record);
        self.advance(&text);
        text + "\n"
    }

    /// Returns the number of lines.
    pub(crate) fn lines(&self) -> u64 {
        self.lines
    }

    /// Returns the digest of the last line.
    pub(crate) fn last(&self) -> &str {
        &self.last
    }

    /// Returns the place that the next line must have.
    pub(super) fn next(&self) -> Link {
        Link {
            line: self.lines.saturating_add(1),
            before: self.last.clone(),
        }
    }

    /// Moves on over a line, given without its line feed.
    pub(super) fn advance(&mut self, line: &str) {
        self.lines = self.lines.saturating_add(1);
        self.last = URL_SAFE_NO_PAD.encode(sha256(line.as_bytes()));
    }
}
