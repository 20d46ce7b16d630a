//! Files and standard input, read with a size limit.

use crate::checkout;
use rolecall_report::failure::{Failure, reason};
use rolecall_report::printable::path_name;
use rolecall_report::text::minus;
pub(crate) use rolecall_syntax::MAX_FILE_BYTES;
use std::io::{self, Read};
use std::path::Path;

/// The maximum size of a token, a key set or a file of claims, far above their own limits.
pub(crate) const MAX_DOCUMENT_BYTES: usize = 1024 * 1024;

/// The maximum size of a log of claims: some 100,000 tokens.
const MAX_LOG_BYTES: usize = 256 * 1024 * 1024;

use rolecall_report::policy_text::{MAX_FOREIGN_BYTES, PolicyText, is_foreign, named_text, too_large};

/// Returns whether a path stands for standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Reads a policy file that an argument names.
pub(crate) fn policy_file(path: &Path) -> Result<PolicyText, Failure> {
    let file = checkout::locate(path)?.open()?;
    let size = file.metadata().map_or(0, |found| found.len());
    let bytes = read_text(file).map_err(|error| Failure::reading(path, &error))?;
    if bytes.len() > MAX_FILE_BYTES && !is_foreign(&bytes) {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        return Ok(too_large(bytes.len().max(size)));
    }
    Ok(named_text(bytes))
}

/// Reads policies from standard input.
pub(crate) fn policy_stdin() -> Result<PolicyText, Failure> {
    read_text(io::stdin().lock())
        .map(named_text)
        .map_err(|error| stdin_failure(&error))
}

/// Reads a token, a key set or claims from a path that the user gave. Outside of a checkout it may be a pipe.
pub(crate) fn document(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = if is_stdin(path) {
        read(io::stdin().lock(), MAX_DOCUMENT_BYTES).map_err(|error| stdin_failure(&error))?
    } else {
        let file = checkout::locate(path)?.open()?;
        read(file, MAX_DOCUMENT_BYTES).map_err(|error| Failure::reading(path, &error))?
    };
    bounded(bytes, path)
}

/// Reads a log, which may be larger than a document.
pub(crate) fn log(path: &Path) -> Result<Vec<u8>, Failure> {
    large(path, MAX_LOG_BYTES)
}

/// Returns the lines of a log that are not empty, with their numbers.
pub(crate) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let lines = (1..).zip(bytes.split(|byte| *byte == b'\n'));
    lines.filter(|(_, line)| !line.iter().all(u8::is_ascii_whitespace))
}

/// Reads what the API of a CI system printed.
pub(crate) fn dump(path: &Path) -> Result<String, Failure> {
    let bytes = large(path, MAX_FOREIGN_BYTES)?;
    String::from_utf8(bytes).map_err(|_| {
        Failure::new(format!("`{}` is not a text in UTF-8", path_name(path))).help("fetch it again")
    })
}

fn large(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let file = checkout::locate(path)?.open()?;
    let bytes = read(file, limit).map_err(|error| Failure::reading(path, &error))?;
    if bytes.len() <= limit {
        return Ok(bytes);
    }
    let message = format!(
        "`{}` is larger than {limit} bytes, so it is not read",
        path_name(path)
    );
    Err(Failure::new(message).help("split it"))
}

/// Reads a file with a well-known name, such as a configuration, if it exists.
pub(crate) fn found(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    let Some(file) = checkout::locate(path)?.open_found()? else {
        return Ok(None);
    };
    let bytes = read(file, MAX_DOCUMENT_BYTES).map_err(|error| Failure::reading(path, &error))?;
    bounded(bytes, path).map(Some)
}

/// Refuses a document above the size limit.
fn bounded(bytes: Vec<u8>, path: &Path) -> Result<Vec<u8>, Failure> {
    if bytes.len() <= MAX_DOCUMENT_BYTES {
        return Ok(bytes);
    }
    let message = format!(
        "`{}` is larger than {MAX_DOCUMENT_BYTES} bytes, so it is not read",
        path_name(path)
    );
    Err(Failure::new(message))
}

fn stdin_failure(error: &io::Error) -> Failure {
    Failure::new(format!("cannot read standard input: {}", reason(error)))
}

/// Reads at most one byte more than the limit.
pub(crate) fn read(source: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    // A limit at the end of the numbers is none.
    let limit = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    source.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads at most one byte more than the limit of policies, or of files in another language.
fn read_text(mut source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = read(&mut source, MAX_FILE_BYTES)?;
    if bytes.len() > MAX_FILE_BYTES && is_foreign(&bytes) {
        bytes.extend(read(source, minus(MAX_FOREIGN_BYTES, bytes.len()))?);
    }
    Ok(bytes)
}
