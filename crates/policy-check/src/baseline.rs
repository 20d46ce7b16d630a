//! Findings that are known already: a file with their fingerprints, which stay the same when lines move.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::input;
use crate::printable::path_name;
use crate::replace::write;
use crate::report::check::Checked;
use crate::report::finding::INVALID;
use crate::report::location::count;
use crate::version::Version;

/// The name of the file, unless another one is named.
pub(crate) const FILE_NAME: &str = "policy-check-baseline.json";

/// The version of the file.
const VERSION: u32 = 1;

/// The file.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema_version: u32,
    findings: BTreeSet<Entry>,
}

/// A finding that is known. Only its fingerprint counts: the rest is for people.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    rule: String,
    fingerprint: String,
}

/// The findings that are known, by their fingerprints.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known(BTreeMap<String, Entry>);

impl Known {
    pub(crate) fn has(&self, fingerprint: &str) -> bool {
        self.0.contains_key(fingerprint)
    }

    /// The files and rules of the findings that others do not have.
    pub(crate) fn beyond<'k>(&'k self, others: &'k Self) -> impl Iterator<Item = (&'k str, &'k str)> {
        let more = self.0.iter().filter(|(fingerprint, _)| !others.has(fingerprint));
        more.map(|(_, entry)| (entry.file.as_str(), entry.rule.as_str()))
    }
}

/// Reads a baseline. At a revision that does not have it yet nothing is known.
pub(crate) fn read(path: &Path, version: &Version) -> Result<Known, Failure> {
    let Some(bytes) = version.found(path)? else {
        if version.revision(path)?.is_some() {
            return Ok(Known::default());
        }
        let failure = Failure::new(format!("cannot read `{}`: it does not exist", path_name(path)));
        return Err(failure.help("write one with `policy-check check --write-baseline`"));
    };
    let file = parse(&bytes).ok_or_else(|| {
        let message = format!("`{}` is not a baseline", version.shown(path));
        Failure::new(message).help("write a new one with `policy-check check --write-baseline`")
    })?;
    let known = file.findings.into_iter();
    Ok(Known(
        known.map(|entry| (entry.fingerprint.clone(), entry)).collect(),
    ))
}

/// Reads the text of a baseline of this version.
fn parse(bytes: &[u8]) -> Option<File> {
    let file: File = serde_json::from_slice(bytes).ok()?;
    (file.schema_version == VERSION).then_some(file)
}

/// The baselines that are written.
#[derive(Debug, Default)]
pub(crate) struct Baselines(BTreeMap<PathBuf, File>);

impl Baselines {
    /// Adds what was found in a policy set. Policies that do not compile have no place in a baseline.
    pub(crate) fn add(&mut self, checked: &Checked) {
        let path = checked
            .baseline
            .clone()
            .unwrap_or_else(|| PathBuf::from(FILE_NAME));
        let file = self.0.entry(path).or_default();
        file.schema_version = VERSION;
        let findings = checked.findings.iter().filter(|finding| finding.rule != INVALID);
        file.findings.extend(findings.map(|finding| Entry {
            file: finding.location.file.clone(),
            rule: finding.rule.to_owned(),
            fingerprint: finding.fingerprint.clone(),
        }));
    }

    /// Writes them, and says so.
    pub(crate) fn write(&self) -> Result<String, Failure> {
        let mut said = String::new();
        for (path, file) in &self.0 {
            if input::found(path)?.is_some_and(|bytes| parse(&bytes).is_none()) {
                let message = format!("`{}` is not a baseline, so it is left alone", path_name(path));
                return Err(Failure::new(message).help("name another file, or remove this one"));
            }
            let text = serde_json::to_string_pretty(file)
                .map_err(|error| Failure::new(format!("cannot write the baseline as JSON: {error}")))?;
            write(path, (text + "\n").as_bytes())?;
            said += &format!(
                "{} in {}\n",
                count(file.findings.len(), "finding"),
                path_name(path)
            );
        }
        Ok(said)
    }
}
