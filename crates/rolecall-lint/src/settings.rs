//! Settings: the rules that are reported, and facts about the organisation.

use crate::boundary::Boundary;
use crate::date::Date;
use crate::rule_info::RuleInfo;
use crate::severity::{Level, Persona, Severity};
use rolecall_engine::pattern::{Wildcard, WildcardPiece};
use std::collections::{BTreeMap, BTreeSet};

/// The settings of a linter: the rules that are reported, and facts about the organisation.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The persona that findings are selected for.
    pub persona: Persona,
    /// The levels of single rules, by rule name.
    pub rules: BTreeMap<String, Level>,
    /// Levels for some files or roles. The last override that applies decides.
    pub overrides: Vec<Override>,
    /// The tags that make a role privileged.
    pub privileged_tags: Vec<String>,
    /// The audiences of the organisation's services. If not empty, `unknown-audience` reports every other
    /// audience.
    pub known_audiences: Vec<String>,
    /// The grants that roles in some files may have. If several are for a file, each counts.
    pub boundaries: Vec<Boundary>,
    /// The policy files that most tools do not show, by their names in messages, each with the reason.
    pub unseen: BTreeMap<String, &'static str>,
    /// The current date. Without it, no suppression expires.
    pub today: Option<Date>,
}

/// The levels of rules in some files, or of some roles.
#[derive(Clone, Debug)]
pub struct Override {
    /// The files or roles.
    pub scope: Scope,
    /// The levels, by rule name.
    pub rules: BTreeMap<String, Level>,
}

/// The findings that an override is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those in files with these names.
    Files(BTreeSet<String>),
    /// Those about roles with names like these, in which `*` stands for any characters.
    Roles(BTreeSet<String>),
}

impl Scope {
    fn has(&self, file: &str, role: Option<&str>) -> bool {
        match self {
            Self::Files(files) => files.contains(file),
            Self::Roles(roles) => role.is_some_and(|role| roles.iter().any(|like| is_like(like, role))),
        }
    }
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
            boundaries: Vec::new(),
            unseen: BTreeMap::new(),
            today: None,
        }
    }
}

impl Settings {
    /// Returns whether a rule is reported in any file.
    pub(crate) fn reports(&self, rule: &RuleInfo) -> bool {
        let levels = self.overrides.iter().map(|some| &some.rules).chain([&self.rules]);
        let mut levels = levels.filter_map(|rules| rules.get(rule.name));
        let is_usual = rule.persona <= self.persona && self.rules.get(rule.name) != Some(&Level::Off);
        is_usual || levels.any(|level| *level != Level::Off)
    }

    /// Returns the severity that a finding in a file, and about a role, is reported with, or `None` if it is not reported.
    pub fn severity(
        &self,
        rule: &RuleInfo,
        found: Severity,
        file: &str,
        role: Option<&str>,
    ) -> Option<Severity> {
        let overrides = self
            .overrides
            .iter()
            .rev()
            .filter(|some| some.scope.has(file, role));
        let mut levels = overrides.map(|some| &some.rules).chain([&self.rules]);
        match levels.find_map(|rules| rules.get(rule.name)) {
            Some(Level::Off) => None,
            Some(Level::On) => Some(found),
            Some(Level::As(severity)) => Some(*severity),
            None => (rule.persona <= self.persona).then_some(found),
        }
    }
}

/// Returns whether a name is like another one, in which `*` stands for any characters.
fn is_like(like: &str, name: &str) -> bool {
    let mut pieces = Vec::new();
    for (number, text) in like.split('*').enumerate() {
        if number > 0 {
            pieces.push(WildcardPiece::Run);
        }
        if !text.is_empty() {
            pieces.push(WildcardPiece::Text(text.into()));
        }
    }
    pieces.into_iter().collect::<Wildcard>().accepts(name)
}
