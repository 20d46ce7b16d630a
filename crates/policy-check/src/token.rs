//! Reading and verifying the token on the command line.

use crate::console::Console;
use crate::fetch::FetchOptions;
use crate::input::document;
use crate::keys;
use crate::loaded::Policies;
use clap::Args;
use jiff::Timestamp;
use rolecall::{UnixTime, VerifiedToken, Verifier, VerifyError};
use rolecall_engine::{Issuer, PolicySet};
use rolecall_report::failure::Failure;
use rolecall_report::printable::has_token;
use std::path::Path;

/// The arguments that name the issuer's keys.
#[derive(Args, Clone, Debug)]
#[command(mut_group("FetchOptions", |group| group.conflicts_with("jwks")))]
pub(crate) struct KeyArguments {
    /// A file with the issuer's keys, a JWK set; `NAME=FILE` is for the issuer NAME, and may be repeated
    #[arg(long, value_name = "[NAME=]FILE")]
    jwks: Vec<String>,
    /// Read the issuer's keys from the location in the policies: a URL or a file
    #[arg(long)]
    fetch: bool,
    #[command(flatten)]
    options: FetchOptions,
}

/// A token to verify, with its keys and the time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    /// The file with the token.
    pub(crate) token: &'a Path,
    /// The arguments that name the issuer's keys.
    pub(crate) keys: &'a KeyArguments,
    /// The time to verify at; none for now.
    pub(crate) at: Option<Timestamp>,
}

/// Parses the time of `--at`.
pub(crate) fn time(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| {
        "this is not a time with a date and a zone; write it like `2026-05-04T03:02:01Z`".to_owned()
    })
}

/// Reads and verifies the token with the rules of the issuers of a policy set. Keys are fetched only from the
/// issuer that the token names, and only if the policies have it.
pub(crate) fn verify(
    question: Question<'_>,
    policies: &Policies,
    console: &mut Console,
) -> Result<Result<VerifiedToken, VerifyError>, Failure> {
    let verifier = Verifier::new(issuers(&policies.set))
        .map_err(|error| Failure::new(error.to_string()).help("fix the `issuer` item of the policies"))?;
    if !question.keys.fetch {
        let keys = keys::read(&question.keys.jwks, &policies.set, console)?;
        let token = read(question.token)?;
        return Ok(verifier.verify(&token, &keys, question.now()));
    }
    let fetcher = question
        .keys
        .options
        .fetcher(policies.folder.clone(), Some(&policies.set))?;
    let token = read(question.token)?;
    let token = match verifier.read(&token) {
        Ok(token) => token,
        Err(error) => return Ok(Err(error)),
    };
    let keys = fetcher.keys(token.issuer(), console)?;
    Ok(token.verify(&keys, question.now()))
}

/// Returns the issuers of a set. A token may be for an audience of the policies or of the documents beside them; each role
/// then takes only its own.
fn issuers(set: &PolicySet) -> impl Iterator<Item = Issuer> {
    let program = set.program();
    set.issuers().map(|issuer| {
        let mut issuer = issuer.clone();
        let twin = program.issuer(&issuer.name).and_then(|id| program[id].twin);
        if let Some(twin) = twin {
            issuer
                .audiences
                .extend(program[twin].issuer.audiences.iter().cloned());
            issuer.audiences.sort_unstable();
            issuer.audiences.dedup();
        }
        issuer
    })
}

impl Question<'_> {
    fn now(&self) -> UnixTime {
        let now = self.at.unwrap_or_else(Timestamp::now);
        UnixTime::from_secs(now.as_second())
    }
}

/// Refuses a token where an option takes a file.
pub(crate) fn refuse_token(path: &Path, option: &str) -> Result<(), Failure> {
    if !has_token(&path.to_string_lossy()) || path.exists() {
        return Ok(());
    }
    let message = format!("`{option}` takes a file, but this looks like the token itself");
    Err(Failure::new(message)
        .help("other users can see a command's arguments: pipe the token to `--token -`"))
}

/// Reads a token. One line end after it is ignored; anything else belongs to the token.
fn read(path: &Path) -> Result<String, Failure> {
    refuse_token(path, "--token")?;
    let bytes = document(path)?;
    let line = bytes.strip_suffix(b"\r\n").or_else(|| bytes.strip_suffix(b"\n"));
    let token = line.unwrap_or(&bytes);
    // Invalid UTF-8 is not base64url either, and is refused at the same byte.
    Ok(String::from_utf8_lossy(token).into_owned())
}
