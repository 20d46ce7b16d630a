//! Tokens that are more like an example, so that a reader sees at once what is different.

use crate::witness::Witness;
use rolecall_engine::{PolicySet, UnverifiedClaims};
use std::collections::BTreeSet;

impl Witness {
    /// Returns the token with the claims of an example, one by one in alphabetical order, as long as `keeps` is true of
    /// the token. What follows from other claims follows from the new ones.
    ///
    /// The roles of the token are left as they are, so that `keeps` must be true only of tokens with the same ones.
    #[must_use]
    pub fn nearer(&self, set: &PolicySet, example: &Self, keeps: impl Fn(&UnverifiedClaims) -> bool) -> Self {
        let mut nearest = self.clone();
        if !self.has_issuer_of(example) {
            return nearest;
        }
        let follows = self.derived_names();
        let names = self.token.iter().chain(example.token.iter());
        let names: BTreeSet<String> = names.map(|(name, _)| name.to_owned()).collect();
        for name in names.iter().filter(|name| !follows.contains(name.as_str())) {
            let mut written = nearest.token.clone();
            match example.token.get(name) {
                Some(value) => written.set(name, value.clone()),
                None => written.remove(name),
            }
            let candidate = nearest.with_token(set, written, &follows);
            if keeps(&candidate.claims()) {
                nearest = candidate;
            }
        }
        nearest
    }

    /// Names a claim that is not as in an example as the reason of the denial, if it is the only one.
    pub fn explain_by(&mut self, set: &PolicySet, example: &Self) {
        let [role] = self.denied.as_slice() else {
            return;
        };
        let Some(role) = set.program().role(role) else {
            return;
        };
        let token = self.claims();
        let only = self.profile().claims().iter().find(|(_, claim)| {
            self.token.at(&claim.path) != example.token.at(&claim.path)
                && set.is_denied_because(&token, role, &claim.path)
        });
        let because = only.map(|(claim, _)| self.profile().name_in_conditions(claim));
        self.because = because;
    }

    /// Returns the number of claims in which the token differs from an example.
    pub fn distance(&self, example: &Self) -> usize {
        let names = self.token.iter().chain(example.token.iter());
        let names: BTreeSet<&str> = names.map(|(name, _)| name).collect();
        let differ = |name: &&&str| self.token.get(name) != example.token.get(name);
        names.iter().filter(differ).count()
    }
}
