//! The token that is asked about, and what it takes to verify it.

use std::path::Path;

use jiff::Timestamp;
use rolecall::{UnixTime, VerifiedToken, Verifier, VerifyError};
use rolecall_engine::PolicySet;

use crate::console::Console;
use crate::failure::Failure;
use crate::input::document;
use crate::keys;
use crate::printable::token_in;

/// The token that is asked about, and what it takes to verify it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    /// The file with the token.
    pub(crate) token: &'a Path,
    /// The key sets: `FILE`, or `NAME=FILE`.
    pub(crate) jwks: &'a [String],
    /// The time, if not now.
    pub(crate) at: Option<Timestamp>,
}

/// Reads the time of `--at`.
pub(crate) fn time(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .map_err(|_| "it is no time with a date and a zone; write it like `2026-05-04T03:02:01Z`".to_owned())
}

/// Reads and verifies the token, with the rules of the issuers of a policy set.
pub(crate) fn verify(
    question: Question<'_>,
    set: &PolicySet,
    console: &mut Console,
) -> Result<Result<VerifiedToken, VerifyError>, Failure> {
    let verifier = Verifier::new(set.issuers().cloned())
        .map_err(|error| Failure::new(error.to_string()).help("mend the `issuer` item of the policies"))?;
    let keys = keys::read(question.jwks, set, console)?;
    let token = read(question.token)?;
    let now = question.at.unwrap_or_else(Timestamp::now);
    let now = UnixTime::from_secs(now.as_second());
    Ok(verifier.verify(&token, &keys, now))
}

/// Reads a token. One end of a line after it belongs to the file; anything else to the token.
fn read(path: &Path) -> Result<String, Failure> {
    if token_in(&path.to_string_lossy()).is_some() && !path.exists() {
        let failure = Failure::new("`--token` takes a file, and this looks like the token itself");
        return Err(failure.help("others can see the arguments of a command: send it to `--token -`"));
    }
    let bytes = document(path)?;
    let token = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let token = token.strip_suffix(b"\r").unwrap_or(token);
    // What is not UTF-8 is no base64url either, and is refused at the same byte.
    Ok(String::from_utf8_lossy(token).into_owned())
}
