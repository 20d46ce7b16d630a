//! Verification of an audit log.

use std::io::{BufRead, Read as _};

use super::{Chain, Link};
use crate::failure::Failure;

/// The maximum length of a line in bytes.
const MAX_LINE: u64 = 64 * 1024;

/// The result of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) chain: Chain,
    /// The number of whole lines' bytes: after these, a line may be that was not finished.
    pub(crate) bytes: u64,
    /// The bytes of the last line if it has no line feed: the writer was ended in the middle of it.
    pub(crate) unfinished: u64,
}

/// Follows the chain from its first line.
///
/// # Errors
/// [`Failure`] with the number of the first line that does not follow from the one before.
pub(crate) fn verify(mut file: impl BufRead) -> Result<Summary, Failure> {
    let mut summary = Summary {
        chain: Chain::default(),
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
        if link != summary.chain.next() {
            return broken("does not follow from the line before: a line was changed, removed or added");
        }
        summary.chain.advance(line);
        summary.bytes = summary.bytes.saturating_add(length);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn log() -> String {
        let mut chain = Chain::default();
        (0..5).map(|n| chain.add(&json!({ "n": n }))).collect()
    }

    #[test]
    fn a_whole_log_is_verified_and_an_unfinished_line_is_none() {
        let log = log();
        let summary = verify(log.as_bytes()).unwrap();
        assert_eq!((summary.chain.lines(), summary.unfinished), (5, 0));
        for cut in 1..40 {
            let summary = verify(&log.as_bytes()[..log.len() - cut]).unwrap();
            assert_eq!(summary.chain.lines(), 4, "{cut}");
            assert!(summary.unfinished > 0);
        }
    }

    #[test]
    fn each_change_is_found() {
        let log = log();
        let lines: Vec<&str> = log.lines().collect();
        let text = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let without_second = text(&[lines[0], lines[2], lines[3], lines[4]]);
        let swapped = text(&[lines[0], lines[2], lines[1], lines[3], lines[4]]);
        let twice = text(&[lines[0], lines[0]]);
        for bad in [without_second, swapped, twice] {
            assert!(verify(bad.as_bytes()).is_err(), "{bad}");
        }
        // Each byte but those of the last line, which no later one vouches for: checkpoints do.
        let end = log.len() - lines[4].len() - 1;
        for at in 0..end {
            let mut changed = log.clone().into_bytes();
            changed[at] ^= 1;
            assert!(verify(&*changed).is_err(), "{at}");
        }
    }
}
