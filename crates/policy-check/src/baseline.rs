//! Baselines: files with the fingerprints of accepted findings, which stay the same when lines move.

use crate::input;
use crate::replace::write;
use crate::version::Version;
use rolecall_report::failure::Failure;
use rolecall_report::finding::{FindingView, INVALID};
use rolecall_report::location::count;
use rolecall_report::printable::path_name;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

/// The name of the file, unless another one is named.
const FILE_NAME: &str = "policy-check-baseline.json";

/// The version of the file format.
const VERSION: u32 = 1;

/// The content of a baseline.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema_version: u32,
    findings: BTreeSet<Entry>,
}

/// A recorded finding. Only its fingerprint is compared; the rest is for people.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    rule: String,
    fingerprint: String,
}

/// The findings of a baseline, by their fingerprints.
#[derive(Clone, Debug, Default)]
pub(crate) struct Baseline(BTreeMap<String, Entry>);

impl Baseline {
    pub(crate) fn has(&self, fingerprint: &str) -> bool {
        self.0.contains_key(fingerprint)
    }

    /// Returns the findings that the baseline does not have or that are in `revealed`, and the number of the
    /// others.
    pub(crate) fn split(
        &self,
        findings: Vec<FindingView>,
        revealed: &HashSet<String>,
    ) -> (Vec<FindingView>, usize) {
        let is_hidden = |finding: &FindingView| {
            let name = &finding.fingerprint;
            finding.rule != INVALID && !revealed.contains(name) && self.has(name)
        };
        let (hidden, shown): (Vec<_>, Vec<_>) = findings.into_iter().partition(is_hidden);
        (shown, hidden.len())
    }

    /// Returns the files and rules of the findings that another baseline does not have.
    pub(crate) fn beyond<'k>(&'k self, other: &'k Self) -> impl Iterator<Item = (&'k str, &'k str)> {
        let more = self.0.iter().filter(|(fingerprint, _)| !other.has(fingerprint));
        more.map(|(_, entry)| (entry.file.as_str(), entry.rule.as_str()))
    }
}

/// Reads a baseline. At a revision without the file it is empty.
pub(crate) fn read(path: &Path, version: &Version) -> Result<Baseline, Failure> {
    let Some(bytes) = version.found(path)? else {
        if version.revision(path)?.is_some() {
            return Ok(Baseline::default());
        }
        let failure = Failure::new(format!("cannot read `{}`: it does not exist", path_name(path)));
        return Err(failure.help("write one with `policy-check check --write-baseline`"));
    };
    let file = parse(&bytes).ok_or_else(|| {
        let message = format!("`{}` is not a baseline", version.shown(path));
        Failure::new(message).help("write a new one with `policy-check check --write-baseline`")
    })?;
    let entries = file.findings.into_iter();
    Ok(Baseline(
        entries.map(|entry| (entry.fingerprint.clone(), entry)).collect(),
    ))
}

/// Parses a baseline of this version.
fn parse(bytes: &[u8]) -> Option<File> {
    let file: File = serde_json::from_slice(bytes).ok()?;
    (file.schema_version == VERSION).then_some(file)
}

/// The baselines to write.
#[derive(Debug, Default)]
pub(crate) struct NewBaselines(BTreeMap<PathBuf, NewBaseline>);

/// The baseline to write into one file.
#[derive(Debug, Default)]
struct NewBaseline {
    findings: BTreeSet<Entry>,
    /// The configuration that does not name the file, if there is one.
    without: Option<String>,
}

impl NewBaselines {
    /// Adds the findings of a policy set to its baseline. Compile errors cannot be accepted.
    ///
    /// `without` is the configuration that should name the baseline, and does not.
    pub(crate) fn add(&mut self, path: Option<&Path>, without: Option<&str>, findings: &[FindingView]) {
        let path = path.unwrap_or(Path::new(FILE_NAME)).to_path_buf();
        let new = self.0.entry(path).or_default();
        new.without = without.map(str::to_owned);
        let findings = findings.iter().filter(|finding| finding.rule != INVALID);
        new.findings.extend(findings.map(|finding| Entry {
            file: finding.location.file.clone(),
            rule: finding.rule.to_owned(),
            fingerprint: finding.fingerprint.clone(),
        }));
    }

    /// Writes the files, and returns a line about each.
    pub(crate) fn write(self) -> Result<String, Failure> {
        let mut text = String::new();
        for (path, NewBaseline { findings, without }) in self.0 {
            if input::found(&path)?.is_some_and(|bytes| parse(&bytes).is_none()) {
                let message = format!("`{}` is not a baseline, so it is left alone", path_name(&path));
                return Err(Failure::new(message).help("name another file, or remove this one"));
            }
            let file = File {
                schema_version: VERSION,
                findings,
            };
            let json = serde_json::to_string_pretty(&file)
                .map_err(|error| Failure::new(format!("cannot write the baseline as JSON: {error}")))?;
            write(&path, (json + "\n").as_bytes())?;
            let findings = count(file.findings.len(), "finding");
            let name = path_name(&path);
            text += &format!("{findings} in {name}\n");
            if let Some(configuration) = without {
                text += &format!(
                    "help: add `baseline = \"{name}\"` to `{configuration}`, or check with `--baseline {name}`\n"
                );
            }
        }
        Ok(text)
    }
}
