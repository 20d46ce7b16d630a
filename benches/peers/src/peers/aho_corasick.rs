//! One search for a text of every role, then the straight check of the roles whose text was found.

use super::Peer;
use crate::reference::Straight;
use ::aho_corasick::AhoCorasick;
use rolecall_benches::workload::{Claim, Role, Test, Token};
use std::collections::HashMap;

/// The claims that are searched, each behind its number and in front of a line break.
const SEARCHED: [Claim; 3] = [Claim::Sub, Claim::ProjectPath, Claim::NamespacePath];

pub(super) struct Literals {
    automaton: AhoCorasick,
    /// The roles of each text.
    roles: Vec<Vec<usize>>,
    straight: Straight,
    tokens: Vec<(String, Token)>,
}

impl Literals {
    pub(super) fn new(roles: &[Role]) -> Self {
        let candidates: Vec<Vec<Vec<String>>> = roles
            .iter()
            .map(|role| role.alternatives().iter().map(|way| literals(way)).collect())
            .collect();
        let mut often: HashMap<&str, usize> = HashMap::new();
        for literal in candidates.iter().flatten().flatten() {
            *often.entry(literal).or_default() += 1;
        }
        // Of the texts of a role, the one that the fewest have: the longest may be one that all have.
        let mut texts: Vec<&str> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut roles_of: Vec<Vec<usize>> = Vec::new();
        for (role, ways) in candidates.iter().enumerate() {
            for way in ways {
                let rarest = way
                    .iter()
                    .min_by_key(|literal| often[literal.as_str()])
                    .expect("a text");
                let place = *places.entry(rarest).or_insert_with(|| {
                    texts.push(rarest);
                    roles_of.push(Vec::new());
                    texts.len() - 1
                });
                if roles_of[place].last() != Some(&role) {
                    roles_of[place].push(role);
                }
            }
        }
        // A filter in front of the automaton would stop at each beginning of a claim: four times as slow for ten roles.
        let automaton = AhoCorasick::builder()
            .prefilter(false)
            .build(texts)
            .expect("an automaton");
        Self {
            automaton,
            roles: roles_of,
            straight: Straight::new(roles),
            tokens: Vec::new(),
        }
    }
}

impl Peer for Literals {
    fn prepare(&mut self, tokens: &[Token]) {
        let searched = |token: &Token| {
            let line = |(number, claim): (usize, &Claim)| {
                format!("{number}{}\n", token.claim(*claim).unwrap_or_default())
            };
            SEARCHED.iter().enumerate().map(line).collect()
        };
        self.tokens = tokens
            .iter()
            .map(|token| (searched(token), token.clone()))
            .collect();
    }

    fn find(&mut self, token: usize, found: &mut Vec<usize>) {
        let (searched, token) = &self.tokens[token];
        let before = found.len();
        for hit in self.automaton.find_overlapping_iter(searched) {
            for role in &self.roles[hit.pattern().as_usize()] {
                if self.straight.allows(*role, token) && !found[before..].contains(role) {
                    found.push(*role);
                }
            }
        }
    }
}

/// The texts that tokens have that fulfil all of the tests.
fn literals(tests: &[Test]) -> Vec<String> {
    let mut literals = Vec::new();
    for test in tests {
        let Some(number) = SEARCHED.iter().position(|claim| *claim == test.claim()) else {
            continue;
        };
        match test {
            Test::Equal(_, values) => literals.push(format!("{number}{}\n", values[0])),
            Test::Like(_, patterns) => {
                literals.push(format!("{number}{}", patterns[0].head));
                literals.push(format!("{}\n", patterns[0].tail));
            }
            Test::Matches(_, head, _) => literals.push(format!("{number}{head}")),
        }
    }
    literals
}
