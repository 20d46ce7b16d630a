//! Files with the claims of tests' tokens: the claims themselves, or a signed token.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rolecall_engine::{
    Document, Issuer, Json, JsonLimits, Members, ParsedFile, PolicySet, Source, TokenFileKind,
};

use super::disk::DiskTree;
use super::error::PolicyFilesError;
use super::links::{Resolved, resolve};
use super::tree::PolicyTree;
use crate::key_set::{KeySet, MAX_KEY_SET_BYTES};
use crate::member::member;
use crate::time::UnixTime;
use crate::token::SignedToken;
use crate::verifier::Verifier;

/// The maximum size of a file with claims or a token, in bytes: several times what CI systems send.
const MAX_FILE: usize = 64 * 1024;
/// The maximum size of all files that the tests of a policy set name, in bytes.
pub const MAX_TOKEN_FILES_BYTES: usize = 64 * 1024 * 1024;
/// The name of the file with the keys of the signed tokens in its folder.
const KEYS: &str = "jwks.json";

/// Reads the files that the tests of a policy set name with `from`, and puts their claims into the sources.
///
/// `read` reads a file for the source at an index: by its path relative to that policy file, and up to a limit in bytes. A
/// file that cannot be used becomes an error at its place when the set is compiled. Without a folder to read from, `read`
/// returns `None`: the tests are then not run, see `Program::unread_tests`.
///
/// A signed token must pass all rules of a [`Verifier`] at the time at which it was issued, with the keys in the file
/// `jwks.json` beside it. Only its audience is left to the test, which may be about a token for another service.
pub fn read_token_files(
    sources: &mut [Source],
    read: impl Fn(usize, &str, usize) -> Result<Option<Vec<u8>>, PolicyFilesError>,
) {
    let issuers = OnceCell::new();
    let issuers = || issuers.get_or_init(|| issuers_of(sources)).as_deref();
    let mut left = MAX_TOKEN_FILES_BYTES;
    let mut found = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let mut files = BTreeMap::new();
        for path in source.token_paths() {
            let mut read = |path: &str, limit: usize| {
                let bytes = read(index, path, limit).map_err(reason)?;
                let size = bytes.as_ref().map_or(0, Vec::len);
                left = left.checked_sub(size).ok_or_else(|| {
                    format!(
                        "the token files of the set together are larger than {MAX_TOKEN_FILES_BYTES} bytes"
                    )
                })?;
                Ok(bytes)
            };
            let claims = match TokenFileKind::of(&path) {
                Some(TokenFileKind::Signed) => signed(&path, issuers, read),
                _ => read(&path, MAX_FILE).and_then(|bytes| bytes.map(text).transpose()),
            };
            if let Some(claims) = claims.transpose() {
                files.insert(path, claims.map(Arc::from));
            }
        }
        found.push(files);
    }
    for (source, files) in sources.iter_mut().zip(found) {
        if !files.is_empty() {
            source.token_files = Arc::new(files);
        }
    }
}

/// Returns the paths of all files that [`read_token_files`] reads for a policy file, relative to it: those that its tests
/// name, and the keys beside signed tokens.
pub fn test_files(source: &Source) -> BTreeSet<String> {
    let mut paths = source.token_paths();
    let keys = paths
        .iter()
        .filter(|path| TokenFileKind::of(path) == Some(TokenFileKind::Signed));
    let keys: Vec<String> = keys.map(|path| beside(path, KEYS)).collect();
    paths.extend(keys);
    paths
}

/// Returns the path of a token file without links, by the path of its policy file and its own, which is relative to that
/// one. Links that stay in the tree are followed.
///
/// # Errors
/// [`PolicyFilesError`] if there is no such file in the tree.
pub fn token_file(tree: &impl PolicyTree, policy: &str, path: &str) -> Result<String, PolicyFilesError> {
    let beside = beside(policy, path);
    match resolve(tree, &beside)? {
        Resolved::File(real) => Ok(real),
        Resolved::Nothing => Err(PolicyFilesError::NotRead {
            path: beside,
            reason: "it does not exist".to_owned(),
        }),
        Resolved::Folder(_) | Resolved::Other(_) => Err(PolicyFilesError::NotAFile { path: beside }),
        Resolved::Outside => Err(PolicyFilesError::NotRead {
            path: beside,
            reason: "it is outside of the folder of the policies".to_owned(),
        }),
    }
}

/// Reads the token files of a folder. `policies` are the paths of its policy files, in the order of the sources.
pub(super) fn of_folder(tree: &DiskTree, policies: &[String], sources: &mut [Source]) {
    read_token_files(sources, |index, path, limit| {
        let policy = policies.get(index).map_or("", String::as_str);
        tree.read(&token_file(tree, policy, path)?, limit).map(Some)
    });
}

/// Returns the path of a file in the folder of another one.
fn beside(file: &str, path: &str) -> String {
    match file.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{path}"),
        None => path.to_owned(),
    }
}

/// Returns the issuers that the policies of a set declare; `None` if they do not compile.
fn issuers_of(sources: &[Source]) -> Option<Vec<Issuer>> {
    let declarations = sources.iter().cloned().map(ParsedFile::declarations);
    let set = PolicySet::compile_files(declarations).ok()?;
    Some(set.issuers().cloned().collect())
}

/// Returns the claims of a signed token, which is verified with the keys beside it; `None` if it cannot be had, or the issuers
/// do not compile.
fn signed<'i>(
    path: &str,
    issuers: impl Fn() -> Option<&'i [Issuer]>,
    mut read: impl FnMut(&str, usize) -> Result<Option<Vec<u8>>, String>,
) -> Result<Option<String>, String> {
    let Some(token) = read(path, MAX_FILE)? else {
        return Ok(None);
    };
    let token = text(token)?;
    // One line end after it is ignored, as editors write it.
    let token = token.strip_suffix('\n').unwrap_or(&token);
    let of_keys = |reason: String| format!("its keys, `{}`: {reason}", beside(path, KEYS));
    let Some(keys) = read(&beside(path, KEYS), MAX_KEY_SET_BYTES).map_err(of_keys)? else {
        return Ok(None);
    };
    let keys = KeySet::parse(&keys).map_err(|error| of_keys(error.to_string()))?;
    // The errors of issuers are reported when the set is compiled.
    let Some(issuers) = issuers() else {
        return Ok(None);
    };
    let payload = SignedToken::read(token)
        .map_err(|error| error.to_string())?
        .payload;
    let claims = Document::parse(payload.clone(), &JsonLimits::CLAIMS).map_err(|error| error.to_string())?;
    let claims = claims.members();
    let issuers = issuers.iter().cloned().map(|mut issuer| {
        let audiences = audiences(&claims);
        if !audiences.is_empty() {
            issuer.audiences = audiences;
        }
        issuer
    });
    let verifier = Verifier::new(issuers).map_err(|error| error.to_string())?;
    let unverified = verifier.read(token).map_err(|error| error.to_string())?;
    let keys = keys.for_tokens(unverified.issuer().tokens);
    unverified
        .verify(&keys, issued(&claims))
        .map_err(|error| error.to_string())?;
    text(payload).map(Some)
}

fn audiences(claims: &Members<'_>) -> Vec<String> {
    let texts = |json: Json<'_>| match json {
        Json::Text(text) => Some(text.to_owned()),
        _ => None,
    };
    match member(claims, "aud") {
        Some(Json::List(items)) => items.filter_map(texts).collect(),
        other => other.and_then(texts).into_iter().collect(),
    }
}

/// Returns the time at which a token was issued, or became valid if that is later.
fn issued(claims: &Members<'_>) -> UnixTime {
    let time = |name| match member(claims, name) {
        Some(Json::Int(time)) => time,
        _ => 0,
    };
    UnixTime::from_secs(time("iat").max(time("nbf")))
}

/// Returns the reason of a problem, without the path if the message names it already.
fn reason(problem: PolicyFilesError) -> String {
    match problem {
        PolicyFilesError::NotRead { reason, .. } => reason,
        PolicyFilesError::NotAFile { .. } => "it is not a regular file".to_owned(),
        other => other.to_string(),
    }
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|_| "its text is not UTF-8".to_owned())
}
