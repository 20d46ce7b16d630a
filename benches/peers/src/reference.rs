//! The straight loop: every role is looked at, with comparisons written by hand. All other answers are held against its.

use regex::Regex;
use rolecall_benches::workload::{Claim, Role, Test, Token, Wildcard};
use rolecall_engine::{Json, Members};
use std::collections::HashMap;

/// All roles, made ready.
pub struct Straight {
    roles: Vec<Rule>,
}

/// Where claims are read from.
pub trait Read {
    /// A claim, if it is there.
    fn read(&self, claim: Claim) -> Option<&str>;
}

impl Read for Token {
    fn read(&self, claim: Claim) -> Option<&str> {
        self.claim(claim)
    }
}

/// The claims as they were parsed, each to be found by its name.
impl Read for Members<'_> {
    fn read(&self, claim: Claim) -> Option<&str> {
        match self.get(claim.name()) {
            Some(Json::Text(text)) => Some(text),
            _ => None,
        }
    }
}

struct Rule {
    issuer: &'static str,
    audience: &'static str,
    rest: Vec<Vec<Check>>,
}

enum Check {
    Equal(Claim, Vec<String>),
    Like(Claim, Vec<Wildcard>),
    Matches(Claim, Regex),
}

impl Straight {
    /// Makes the roles ready.
    pub fn new(roles: &[Role]) -> Self {
        let mut regexes = HashMap::new();
        let rule = |role: &Role| Rule {
            issuer: role.issuer,
            audience: role.audience,
            rest: role
                .rest
                .iter()
                .map(|any| any.iter().map(|test| Check::new(test, &mut regexes)).collect())
                .collect(),
        };
        Self {
            roles: roles.iter().map(rule).collect(),
        }
    }

    /// The roles that a token may take.
    pub fn find(&self, token: &impl Read) -> Vec<usize> {
        (0..self.roles.len())
            .filter(|role| self.allows(*role, token))
            .collect()
    }

    /// Whether a token may take a role.
    pub fn allows(&self, role: usize, token: &impl Read) -> bool {
        let rule = &self.roles[role];
        token.read(Claim::Iss) == Some(rule.issuer)
            && token.read(Claim::Aud) == Some(rule.audience)
            && rule
                .rest
                .iter()
                .all(|any| any.iter().any(|check| check.holds(token)))
    }
}

impl Check {
    /// A regex that several roles have is compiled once.
    fn new(test: &Test, regexes: &mut HashMap<String, Regex>) -> Self {
        match test {
            Test::Equal(claim, values) => Self::Equal(*claim, values.clone()),
            Test::Like(claim, patterns) => Self::Like(*claim, patterns.clone()),
            Test::Matches(claim, head, regex) => {
                let text = format!("^(?:{head}{regex})$");
                let compile = || Regex::new(&text).expect("a regex");
                let regex = regexes.entry(text.clone()).or_insert_with(compile);
                Self::Matches(*claim, regex.clone())
            }
        }
    }

    fn holds(&self, token: &impl Read) -> bool {
        match self {
            Self::Equal(claim, values) => token
                .read(*claim)
                .is_some_and(|found| values.iter().any(|value| value == found)),
            Self::Like(claim, patterns) => token
                .read(*claim)
                .is_some_and(|found| patterns.iter().any(|pattern| pattern.fits(found))),
            Self::Matches(claim, regex) => token.read(*claim).is_some_and(|found| regex.is_match(found)),
        }
    }
}
