//! Comparison of issuers' key files next to the policies, by thumbprint (RFC 7638).

use crate::fetch::is_url;
use crate::version::Version;
use rolecall::KeySet;
use rolecall_engine::{Algorithm, Issuer, PolicySet};
use rolecall_report::failure::Failure;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// A key that only one of the versions accepts.
pub(crate) struct KeyChange {
    /// The issuer's name in the policies.
    pub(crate) issuer: String,
    /// The thumbprint and the algorithms of the key, or the file and the reason why its keys are unknown.
    pub(crate) key: String,
    pub(crate) change: Change,
}

/// The kind of the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Added,
    Removed,
    NotKnown,
}

/// The folder to which the file names in a policy set are relative, in one version.
pub(crate) struct KeyFolder {
    pub(crate) folder: PathBuf,
    pub(crate) version: Version,
}

/// Returns the added and removed keys of the issuers that both versions have.
pub(crate) fn changes(
    (old, before): (&PolicySet, &KeyFolder),
    (new, now): (&PolicySet, &KeyFolder),
) -> Result<Vec<KeyChange>, Failure> {
    let mut changes = Vec::new();
    for issuer in new.issuers() {
        let Some(earlier) = old.issuers().find(|other| other.url == issuer.url) else {
            continue;
        };
        let (earlier, later) = match (keys(earlier, before)?, keys(issuer, now)?) {
            (Ok(earlier), Ok(later)) => (earlier, later),
            (Err(key), _) | (_, Err(key)) => {
                changes.push(KeyChange {
                    issuer: issuer.name.clone(),
                    key,
                    change: Change::NotKnown,
                });
                continue;
            }
        };
        let mut add = |from: &BTreeSet<String>, other: &BTreeSet<String>, change| {
            for key in from.difference(other) {
                changes.push(KeyChange {
                    issuer: issuer.name.clone(),
                    key: key.clone(),
                    change,
                });
            }
        };
        add(&later, &earlier, Change::Added);
        add(&earlier, &later, Change::Removed);
    }
    Ok(changes)
}

/// Reads the keys in an issuer's file. The inner error is the reason why they are unknown. An issuer without
/// a file has no keys here.
fn keys(issuer: &Issuer, folder: &KeyFolder) -> Result<Result<BTreeSet<String>, String>, Failure> {
    let Some(file) = issuer.jwks.as_deref().filter(|jwks| !is_url(jwks)) else {
        return Ok(Ok(BTreeSet::new()));
    };
    let Some(bytes) = folder.version.named_by(&folder.folder, file)? else {
        return Ok(Ok(BTreeSet::new()));
    };
    let set = match KeySet::parse(&bytes) {
        Ok(set) => set.for_tokens(issuer.tokens),
        Err(error) => return Ok(Err(format!("{file}: {error}"))),
    };
    let keys = set.keys().map(|key| {
        let algorithms: Vec<&str> = key.algorithms().map(Algorithm::name).collect();
        format!("{} ({})", key.thumbprint(), algorithms.join(", "))
    });
    Ok(Ok(keys.collect()))
}
