//! What a user can set.

use crate::rule::{Persona, Rule, Severity};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What a user can set: which rules are told, and what they need to know of the house.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who wants to hear of findings.
    pub persona: Persona,
    /// What to make of single rules, by their names.
    pub rules: BTreeMap<String, Level>,
    /// The same for some files. The last one that fits decides.
    pub overrides: Vec<Override>,
    /// The tags of roles that must not fall into wrong hands.
    pub privileged_tags: Vec<String>,
    /// The audiences that services of the house have; if there are some, any other is found.
    pub known_audiences: Vec<String>,
    /// The files that most tools do not show, by the names that they have in messages, each with the reason.
    pub unseen: BTreeMap<String, &'static str>,
    /// Today, to see which suppressions have expired; without it none has.
    pub today: Option<Date>,
}

/// What to make of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// It is not told.
    Off,
    /// It is told, with the severity that it has.
    On,
    /// It is told, with this severity.
    As(Severity),
}

/// What to make of rules in some files.
#[derive(Clone, Debug)]
pub struct Override {
    /// The files, by the names that they have in messages.
    pub files: BTreeSet<String>,
    /// What to make of the rules, by their names.
    pub rules: BTreeMap<String, Level>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            persona: Persona::Regular,
            rules: BTreeMap::new(),
            overrides: Vec::new(),
            privileged_tags: ["admin", "privileged", "prod", "production"]
                .map(str::to_owned)
                .to_vec(),
            known_audiences: Vec::new(),
            unseen: BTreeMap::new(),
            today: None,
        }
    }
}

impl Settings {
    /// Whether a rule is told of anything in any file.
    pub(crate) fn asks(&self, rule: &Rule) -> bool {
        let levels = self.overrides.iter().map(|some| &some.rules).chain([&self.rules]);
        let mut levels = levels.filter_map(|rules| rules.get(rule.name));
        let is_usual = rule.persona <= self.persona && self.rules.get(rule.name) != Some(&Level::Off);
        is_usual || levels.any(|level| *level != Level::Off)
    }

    /// Returns the severity that a finding in a file is reported with, or `None` if it is not reported.
    pub fn severity(&self, rule: &Rule, found: Severity, file: &str) -> Option<Severity> {
        let overrides = self
            .overrides
            .iter()
            .rev()
            .filter(|some| some.files.contains(file));
        let mut levels = overrides.map(|some| &some.rules).chain([&self.rules]);
        match levels.find_map(|rules| rules.get(rule.name)) {
            Some(Level::Off) => None,
            Some(Level::On) => Some(found),
            Some(Level::As(severity)) => Some(*severity),
            None => (rule.persona <= self.persona).then_some(found),
        }
    }
}
