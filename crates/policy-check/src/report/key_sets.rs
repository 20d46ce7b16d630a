//! The report of `keys`: issuers' keys, each with a verdict.

use super::key::{KeyReport, entries};
use rolecall::Discovered;
use rolecall_report::json::SchemaVersion;
use rolecall_report::location::count;
use rolecall_report::printable::printable;
use rolecall_report::style::{BAD, GOOD, HELP, STRONG, paint};
use serde::Serialize;

/// The key sets of issuers.
#[derive(Debug, Serialize)]
pub(crate) struct KeySetsReport {
    schema_version: SchemaVersion,
    key_sets: Vec<KeySetReport>,
}

#[derive(Debug, Serialize)]
struct KeySetReport {
    issuer: Option<String>,
    /// The source of the keys.
    jwks: String,
    max_age_seconds: Option<u64>,
    usable: usize,
    ignored: usize,
    findings: usize,
    keys: Vec<KeyReport>,
}

impl Default for KeySetsReport {
    fn default() -> Self {
        Self {
            schema_version: SchemaVersion,
            key_sets: Vec::new(),
        }
    }
}

impl KeySetsReport {
    /// Adds an issuer's keys.
    pub(crate) fn add(&mut self, issuer: Option<&str>, found: &Discovered) {
        let set = &found.fetched.keys;
        let keys = entries(set);
        self.key_sets.push(KeySetReport {
            issuer: issuer.map(str::to_owned),
            jwks: printable(&found.jwks_uri).into_owned(),
            max_age_seconds: found.fetched.max_age.map(|age| age.as_secs()),
            usable: set.len(),
            ignored: set.skipped().count(),
            findings: keys.iter().filter(|key| key.is_finding()).count(),
            keys,
        });
    }

    /// Returns whether every set has usable keys and no findings.
    pub(crate) fn is_fine(&self) -> bool {
        self.key_sets.iter().all(KeySetReport::is_fine)
    }

    /// Formats each set with its keys and a summary, with an empty line between sets.
    pub(crate) fn text(&self) -> String {
        let texts: Vec<String> = self.key_sets.iter().map(KeySetReport::text).collect();
        texts.join("\n")
    }
}

impl KeySetReport {
    fn is_fine(&self) -> bool {
        self.usable > 0 && self.findings == 0
    }

    fn text(&self) -> String {
        let mut text = String::new();
        if let Some(issuer) = &self.issuer {
            text.push_str(&format!("issuer   {}\n", paint(STRONG, printable(issuer))));
        }
        text.push_str(&format!("keys     {}\n", printable(&self.jwks)));
        if let Some(seconds) = self.max_age_seconds {
            text.push_str(&format!("cached   for at most {seconds} s\n"));
        }
        let width = self.keys.iter().map(KeyReport::width).max().unwrap_or(0);
        for key in &self.keys {
            key.write(width, &mut text);
        }
        text.push_str(&self.summary());
        if let Some(help) = self.help() {
            text.push_str(&format!("  {} {help}\n", paint(HELP, "help:")));
        }
        text
    }

    fn summary(&self) -> String {
        let usable = match self.usable {
            0 => paint(BAD, "no usable key"),
            number => paint(GOOD, format!("{} usable", count(number, "key"))),
        };
        let ignored = match self.ignored {
            0 => String::new(),
            number => format!(", {number} ignored"),
        };
        let findings = match self.findings {
            0 => String::new(),
            number => format!(", {}", paint(BAD, count(number, "finding"))),
        };
        format!("{usable}{ignored}{findings}\n")
    }

    fn help(&self) -> Option<&'static str> {
        if self.keys.iter().any(KeyReport::is_alarm) {
            Some("alert the owner of the keys: anyone who has read this set can sign tokens")
        } else if self.findings > 0 {
            Some("ask the owner of the keys to fix them")
        } else {
            None
        }
    }
}
