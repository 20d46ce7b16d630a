//! The straight loop, and one over the roles of the token's issuer and audience.

use super::Peer;
use crate::reference::Straight;
use rolecall_benches::workload::{Claim, Role, Token};
use std::collections::HashMap;

/// All roles, one after the other.
pub(super) struct Loop {
    straight: Straight,
    tokens: Vec<Token>,
}

impl Loop {
    pub(super) fn new(roles: &[Role]) -> Self {
        Self {
            straight: Straight::new(roles),
            tokens: Vec::new(),
        }
    }
}

impl Peer for Loop {
    fn prepare(&mut self, tokens: &[Token]) {
        self.tokens = tokens.to_vec();
    }

    fn find(&mut self, token: usize, found: &mut Vec<usize>) {
        found.extend(self.straight.find(&self.tokens[token]));
    }
}

/// The roles that have the token's issuer and audience.
pub(super) struct Grouped {
    straight: Straight,
    groups: HashMap<(&'static str, &'static str), Vec<usize>>,
    tokens: Vec<Token>,
}

impl Grouped {
    pub(super) fn new(roles: &[Role]) -> Self {
        let mut groups: HashMap<_, Vec<usize>> = HashMap::new();
        for (place, role) in roles.iter().enumerate() {
            groups
                .entry((role.issuer, role.audience))
                .or_default()
                .push(place);
        }
        Self {
            straight: Straight::new(roles),
            groups,
            tokens: Vec::new(),
        }
    }
}

impl Peer for Grouped {
    fn prepare(&mut self, tokens: &[Token]) {
        self.tokens = tokens.to_vec();
    }

    fn find(&mut self, token: usize, found: &mut Vec<usize>) {
        let token = &self.tokens[token];
        let (issuer, audience) = (token.claim(Claim::Iss), token.claim(Claim::Aud));
        let group = issuer.zip(audience).and_then(|key| self.groups.get(&key));
        let roles = group.into_iter().flatten().copied();
        found.extend(roles.filter(|role| self.straight.allows(*role, token)));
    }
}
