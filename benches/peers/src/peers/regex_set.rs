//! One search for all regexes of `sub`, then the straight check of the roles whose regex fits and of those that have none.

use super::Peer;
use crate::reference::Straight;
use regex::{RegexSet, RegexSetBuilder, escape};
use rolecall_benches::workload::{Claim, Role, Test, Token};
use std::collections::HashMap;

/// How much memory its lazy automaton may use. With the usual 2 MiB it starts again and again.
const MEMORY: usize = 1 << 30;

pub(super) struct Subjects {
    set: RegexSet,
    /// The roles of each regex.
    roles: Vec<Vec<usize>>,
    /// The roles that ask nothing of `sub`.
    others: Vec<usize>,
    straight: Straight,
    tokens: Vec<Token>,
}

impl Subjects {
    pub(super) fn new(roles: &[Role]) -> Self {
        let (mut texts, mut roles_of, mut others) = (Vec::new(), Vec::<Vec<usize>>::new(), Vec::new());
        let mut places: HashMap<String, usize> = HashMap::new();
        for (role, text) in roles.iter().map(regex_of_subject).enumerate() {
            let Some(text) = text else {
                others.push(role);
                continue;
            };
            let place = *places.entry(text.clone()).or_insert(texts.len());
            if place == texts.len() {
                texts.push(text);
                roles_of.push(Vec::new());
            }
            roles_of[place].push(role);
        }
        let set = RegexSetBuilder::new(texts)
            .size_limit(usize::MAX)
            .dfa_size_limit(MEMORY)
            .build()
            .expect("a set of regexes");
        Self {
            set,
            roles: roles_of,
            others,
            straight: Straight::new(roles),
            tokens: Vec::new(),
        }
    }
}

impl Peer for Subjects {
    fn prepare(&mut self, tokens: &[Token]) {
        self.tokens = tokens.to_vec();
    }

    fn find(&mut self, token: usize, found: &mut Vec<usize>) {
        let token = &self.tokens[token];
        let fitting = self.set.matches(token.claim(Claim::Sub).unwrap_or_default());
        let roles = fitting
            .iter()
            .flat_map(|regex| &self.roles[regex])
            .chain(&self.others);
        found.extend(roles.copied().filter(|role| self.straight.allows(*role, token)));
    }
}

/// What a role asks of `sub`.
fn regex_of_subject(role: &Role) -> Option<String> {
    let any = role
        .rest
        .iter()
        .find(|any| any.iter().all(|test| test.claim() == Claim::Sub))?;
    let regex = |test: Test| match test {
        Test::Equal(_, values) => escape(&values[0]),
        Test::Like(_, patterns) => {
            format!(
                "{}(?s:.*){}",
                escape(&patterns[0].head),
                escape(&patterns[0].tail)
            )
        }
        Test::Matches(_, head, regex) => format!("{head}{regex}"),
    };
    let regexes: Vec<String> = any.iter().flat_map(Test::singles).map(regex).collect();
    Some(format!("^(?:{})$", regexes.join("|")))
}
