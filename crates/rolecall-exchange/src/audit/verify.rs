//! Verification of an audit log, over several files.

use std::io::{BufRead, Read as _};

use super::checkpoint::{Cause, Signed};
use super::{Chain, Link};
use crate::excerpt::start;
use crate::failure::Failure;
use crate::signing::{PublicKeys, TextFault};

/// The maximum length of a line in bytes.
pub(super) const MAX_LINE: u64 = 64 * 1024;

/// The requirements on a file.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expected<'a> {
    /// The end of the file before; none for the first file.
    pub(crate) chain: Option<&'a Chain>,
    /// The keys of the checkpoints; without them, signatures are not verified.
    pub(crate) keys: Option<&'a PublicKeys>,
    /// A line that is known to be in the log, with its digest.
    pub(crate) anchor: Option<(u64, &'a str)>,
}

/// The result of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Summary {
    /// The number of the first line.
    pub(crate) first: u64,
    pub(crate) chain: Chain,
    /// The name of the chain.
    pub(crate) name: String,
    /// The times of the first and the last checkpoint in seconds since 1970.
    pub(crate) times: (i64, i64),
    pub(crate) checkpoints: u64,
    /// The number of lines after the last checkpoint, for which none vouches.
    pub(crate) unsigned: u64,
    /// The cause of the last line, if it is a checkpoint.
    pub(crate) end: Option<Cause>,
    /// True if the anchor was found.
    pub(crate) is_anchored: bool,
    /// The number of whole lines' bytes: after these, a line may be that was not finished.
    pub(crate) bytes: u64,
    /// The bytes of the last line if it has no line feed: the writer was ended in the middle of it.
    pub(crate) unfinished: u64,
}

/// Follows the chain from the first line of a file.
///
/// # Errors
/// [`Failure`] with the number of the first line that does not follow from the one before, or is not signed as it says.
pub(crate) fn verify(mut file: impl BufRead, expected: Expected<'_>) -> Result<Summary, Failure> {
    let mut summary = Summary {
        first: 0,
        chain: expected.chain.cloned().unwrap_or_default(),
        name: String::new(),
        times: (0, 0),
        checkpoints: 0,
        unsigned: 0,
        end: None,
        is_anchored: false,
        bytes: 0,
        unfinished: 0,
    };
    loop {
        let number = summary.chain.next().line;
        let broken = |what: &str| Err(Failure::new(format!("line {number} {what}")));
        let mut bytes = Vec::new();
        let read = file.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes);
        let length = match read {
            Ok(0) => return Ok(summary),
            Ok(length) => u64::try_from(length).unwrap_or(u64::MAX),
            Err(error) => return broken(&format!("cannot be read: {error}")),
        };
        let Some(line) = bytes.strip_suffix(b"\n") else {
            if length == MAX_LINE {
                return broken("is longer than 64 KiB");
            }
            summary.unfinished = length;
            return Ok(summary);
        };
        let Ok(line) = str::from_utf8(line) else {
            return broken("is not UTF-8");
        };
        let Ok(link) = serde_json::from_str::<Link>(line) else {
            return broken("is not a line of an audit log");
        };
        if summary.first == 0 {
            summary.begin(link.clone(), expected.chain)?;
        }
        if link != summary.chain.next() {
            return broken("does not follow from the line before: a line was changed, removed or added");
        }
        summary.take(line, expected)?;
        summary.bytes = summary.bytes.saturating_add(length);
    }
}

impl Summary {
    /// Begins with the first line.
    fn begin(&mut self, link: Link, before: Option<&Chain>) -> Result<(), Failure> {
        let number = link.line;
        if let Some(end) = before.filter(|end| end.next().line != number) {
            let message = format!("line {number} does not follow line {}", end.lines());
            return Err(Failure::new(message).help("a file is missing, or is named twice"));
        }
        if before.is_none() {
            self.chain = Chain::before(link);
            if number == 0 || (number == 1) != self.chain.last().is_empty() {
                return Err(Failure::new(format!(
                    "line {number} is not the first one of a log"
                )));
            }
        }
        self.first = number;
        Ok(())
    }

    /// Takes a line that follows.
    fn take(&mut self, line: &str, expected: Expected<'_>) -> Result<(), Failure> {
        let link = self.chain.next();
        let number = link.line;
        let broken = |what: String| Err(Failure::new(format!("line {number} {what}")));
        self.chain.advance(line);
        if let Some((_, digest)) = expected.anchor.filter(|(at, _)| *at == number) {
            if self.chain.last() != digest {
                return broken(
                    "is not the one of the anchor: it was changed, or the log is another one".into(),
                );
            }
            self.is_anchored = true;
        }
        let signed = Signed::read(line);
        let cause = signed.as_ref().map(|signed| signed.checkpoint.cause);
        if number == self.first && cause != Some(Cause::Begin) {
            return broken(
                "is the first one, and does not begin a file: lines before it were removed".into(),
            );
        }
        self.end = cause;
        let Some(signed) = signed else {
            self.unsigned = self.unsigned.saturating_add(1);
            return Ok(());
        };
        let checkpoint = &signed.checkpoint;
        match expected.keys.map(|keys| signed.verify(keys)) {
            None | Some(Ok(())) => {}
            Some(Err(TextFault::UnknownKey)) => {
                let kid = start(&checkpoint.key, 64);
                return broken(format!(
                    "is signed by the key `{kid}`, which is not among the keys"
                ));
            }
            Some(Err(TextFault::Mismatch)) => return broken("has a signature that does not verify".into()),
        }
        if number == self.first {
            self.name.clone_from(&checkpoint.chain);
            self.times.0 = checkpoint.time;
        } else if self.name != checkpoint.chain {
            return broken("is of another log".into());
        }
        self.times.1 = checkpoint.time;
        self.checkpoints = self.checkpoints.saturating_add(1);
        self.unsigned = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
