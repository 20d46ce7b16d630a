//! Files with the claims of tests' tokens: the claims themselves, or a signed token.

mod signed;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rolecall_engine::{Issuer, ParsedFile, PolicySet, Source, TokenFileFault, TokenFileKind};

use super::disk::DiskTree;
use super::error::PolicyFilesError;
use super::links::{Resolved, resolve};
use super::tree::PolicyTree;
use signed::signed;

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
/// A signed token must pass all rules of a [`Verifier`](crate::Verifier) at the time at which it was issued, with the keys in the file
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
                let bytes = read(index, path, limit).map_err(unread)?;
                let size = bytes.as_ref().map_or(0, Vec::len);
                left = left.checked_sub(size).ok_or_else(too_large)?;
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
/// [`PolicyFilesError`] if the tree does not have the file.
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

/// Returns the fault of a file that cannot be read, without the path, which the message names already.
fn unread(problem: PolicyFilesError) -> TokenFileFault {
    let (reason, help) = match problem {
        PolicyFilesError::NotRead { reason, .. } => (
            reason,
            "put the file into the folder of this one: the path is relative to it",
        ),
        PolicyFilesError::NotAFile { .. } => ("it is not a regular file".to_owned(), "name a regular file"),
        PolicyFilesError::FileTooLarge { bytes, limit, .. } => (
            format!("it has {bytes} bytes; at most {limit} are allowed"),
            "keep only the claims of one token",
        ),
        other => {
            let help = other.help();
            (other.to_string(), help)
        }
    };
    let help = help.to_owned();
    TokenFileFault { reason, help }
}

fn too_large() -> TokenFileFault {
    TokenFileFault {
        reason: format!(
            "the files that tests of the set name have more than {MAX_TOKEN_FILES_BYTES} bytes together"
        ),
        help: "split the policy set".to_owned(),
    }
}

fn text(bytes: Vec<u8>) -> Result<String, TokenFileFault> {
    String::from_utf8(bytes).map_err(|_| TokenFileFault {
        reason: "its text is not UTF-8".to_owned(),
        help: "save it as UTF-8".to_owned(),
    })
}
