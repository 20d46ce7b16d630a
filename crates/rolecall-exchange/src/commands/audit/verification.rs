//! Verification of the files of a log, one after the other.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::Timestamp;

use crate::audit::{Cause, Chain, Expected, Link, Summary, verify};
use crate::failure::Failure;
use crate::signing::PublicKeys;

/// The maximum length of a first line in bytes.
const MAX_LINE: u64 = 64 * 1024;

/// A line that was noted elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Anchor {
    line: u64,
    digest: String,
}

impl FromStr for Anchor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (line, digest) = text.split_once(':').ok_or("write it as LINE:DIGEST")?;
        let line = line
            .parse()
            .map_err(|_| format!("`{line}` is not the number of a line"))?;
        let digest = digest.to_owned();
        Ok(Self { line, digest })
    }
}

/// A log whose chain is intact.
#[derive(Debug)]
pub(super) struct Verified {
    /// Its files in order.
    pub(super) paths: Vec<PathBuf>,
    /// A line for each file, and one for all.
    pub(super) report: Vec<String>,
}

/// Verifies files together. The inner error is a finding.
///
/// # Errors
/// [`Failure`] if a file cannot be read.
pub(super) fn verified(
    files: &[PathBuf],
    keys: Option<&PublicKeys>,
    anchor: Option<&Anchor>,
) -> Result<Result<Verified, Failure>, Failure> {
    let mut ordered = Vec::new();
    for path in files {
        ordered.push((first_line(path)?, path.clone()));
    }
    ordered.sort();
    let anchor = anchor.map(|anchor| (anchor.line, anchor.digest.as_str()));
    let (mut end, mut report, mut is_anchored): (Option<(Chain, String)>, _, _) = (None, Vec::new(), false);
    for (_, path) in &ordered {
        let shown = path.display().to_string();
        let expected = Expected {
            chain: end.as_ref().map(|(chain, _)| chain),
            keys,
            anchor,
        };
        let summary = match verify(open(path)?, expected) {
            Ok(summary) => summary,
            Err(failure) => return Ok(Err(failure.within(&shown))),
        };
        let finding = |message: &str| Ok(Err(Failure::new(message).within(&shown)));
        if summary.first == 0 {
            return finding("it has no line of an audit log");
        }
        if end.as_ref().is_some_and(|(_, name)| *name != summary.name) {
            return finding("it is of another log than the file before");
        }
        report.push(described(&shown, &summary));
        is_anchored |= summary.is_anchored;
        end = Some((summary.chain, summary.name));
    }
    if let (Some((line, _)), false) = (anchor, is_anchored) {
        let message = format!("line {line}, which is noted elsewhere, is not in the log");
        return Ok(Err(
            Failure::new(message).help("lines were cut off, or a file is missing")
        ));
    }
    let first = ordered.first().map_or(0, |(first, _)| *first);
    let (chain, name) = end.unwrap_or_default();
    let signatures = match keys {
        Some(_) => "all signatures verified",
        None => "signatures not verified: name the keys with `--keys`",
    };
    report.push(format!(
        "log `{name}`: lines {first} to {}, chain intact, {signatures}; anchor of the last line: {}:{}",
        chain.lines(),
        chain.lines(),
        chain.last()
    ));
    Ok(Ok(Verified {
        paths: ordered.into_iter().map(|(_, path)| path).collect(),
        report,
    }))
}

/// Describes a file.
fn described(shown: &str, summary: &Summary) -> String {
    let Summary {
        first,
        chain,
        times,
        checkpoints,
        ..
    } = summary;
    let time = |seconds| Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
    let end = match (summary.unsigned, summary.end) {
        (0, Some(Cause::Stop)) => "ends where the server stopped".to_owned(),
        (0, Some(Cause::Rotation)) => "ends where the next file begins".to_owned(),
        (0, _) => "ends with a checkpoint".to_owned(),
        (1, _) => "1 line after the last checkpoint, for which no signature vouches".to_owned(),
        (count, _) => format!("{count} lines after the last checkpoint, for which no signature vouches"),
    };
    let unfinished = match summary.unfinished {
        0 => String::new(),
        bytes => format!("; then {bytes} bytes of an unfinished line"),
    };
    format!(
        "`{shown}`: lines {first} to {}, {checkpoints} checkpoints from {} to {}; {end}{unfinished}",
        chain.lines(),
        time(times.0),
        time(times.1)
    )
}

/// Returns the number of a file's first line; 0 if it has none.
fn first_line(path: &Path) -> Result<u64, Failure> {
    let mut line = Vec::new();
    let read = open(path)?.take(MAX_LINE).read_until(b'\n', &mut line);
    read.map_err(|error| Failure::new(format!("cannot read `{}`: {error}", path.display())))?;
    Ok(serde_json::from_slice::<Link>(&line).map_or(0, |link| link.line))
}

pub(super) fn open(path: &Path) -> Result<BufReader<File>, Failure> {
    let opened = File::open(path).map(BufReader::new);
    opened.map_err(|error| Failure::new(format!("cannot read `{}`: {error}", path.display())))
}
