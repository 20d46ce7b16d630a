//! Keys of issuers that are files beside the policies, compared by their thumbprints (RFC 7638).

use std::collections::BTreeSet;
use std::path::PathBuf;

use rolecall::KeySet;
use rolecall_engine::{Algorithm, Issuer, PolicySet};

use crate::failure::Failure;
use crate::fetch::is_url;
use crate::version::Version;

/// A key that is accepted only before or only now.
pub(crate) struct KeyChange {
    /// The issuer.
    pub(crate) issuer: String,
    /// The thumbprint with the algorithms of the key, or the file and the reason why its keys are not known.
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

/// The folder that the files of a set are relative to.
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    pub(crate) version: Version,
}

/// The keys that are new, and those that are gone, of the issuers that both versions have.
pub(crate) fn changes(
    (old, before): (&PolicySet, &Place),
    (new, now): (&PolicySet, &Place),
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

/// The keys of an issuer in its file, or why they are not known. An issuer without a file has none here.
fn keys(issuer: &Issuer, place: &Place) -> Result<Result<BTreeSet<String>, String>, Failure> {
    let Some(file) = issuer.jwks.as_deref().filter(|jwks| !is_url(jwks)) else {
        return Ok(Ok(BTreeSet::new()));
    };
    let Some(bytes) = place.version.named_by(&place.folder, file)? else {
        return Ok(Ok(BTreeSet::new()));
    };
    let set = match KeySet::parse(&bytes) {
        Ok(set) => set,
        Err(error) => return Ok(Err(format!("{file}: {error}"))),
    };
    let keys = set.keys().map(|key| {
        let algorithms: Vec<&str> = key.algorithms().map(Algorithm::name).collect();
        format!("{} ({})", key.thumbprint(), algorithms.join(", "))
    });
    Ok(Ok(keys.collect()))
}
