//! Tenants: whether a clause is for the customer of a shared issuer that a token belongs to.

use super::readings::Readings;
use super::{ProfileView, Truth};
use crate::id::ClaimId;
use crate::ir::{Atom, Clause, Derivation, Formula, Question};
use crate::pattern::{Affix, Pattern};
use crate::template::Part;
use std::collections::{HashMap, HashSet};

/// The claims of an issuer that tell tenants apart, for one token: those that the profile marks, and the claims that
/// are derived from them. If a profile marks none, only the subject can tell them apart.
pub(crate) struct Tenants {
    claims: HashSet<ClaimId>,
    /// For each derived claim, the beginnings of the texts that its derivations make for the token's tenant.
    starts: HashMap<ClaimId, Vec<String>>,
}

impl Tenants {
    pub(crate) fn new(token: &ProfileView<'_>) -> Self {
        let claims = token.profile.claims();
        let marked: HashSet<ClaimId> = claims.ids().filter(|claim| claims[*claim].tenant).collect();
        let mut tenants = Self {
            claims: marked,
            starts: HashMap::new(),
        };
        if tenants.claims.is_empty() {
            tenants
                .claims
                .extend(token.profile.claim_by_path(&["sub".to_owned()]));
            return tenants;
        }
        // A derivation may use another derived claim.
        loop {
            let derived = token.derivations.iter().filter(|derivation| {
                let mut parts = derivation.template.claims();
                let known = &tenants.claims;
                !known.contains(&derivation.claim) && parts.any(|(claim, _)| known.contains(&claim))
            });
            let derived: Vec<ClaimId> = derived.map(|derivation| derivation.claim).collect();
            if derived.is_empty() {
                break;
            }
            tenants.claims.extend(derived);
        }
        for derivation in token.derivations {
            if tenants.claims.contains(&derivation.claim) {
                let start = tenants.start(derivation, token);
                tenants.starts.entry(derivation.claim).or_default().push(start);
            }
        }
        tenants
    }

    /// Returns the beginning of a derivation's text, up to the first claim that does not tell tenants apart.
    fn start(&self, derivation: &Derivation, token: &ProfileView<'_>) -> String {
        let mut start = String::new();
        for part in &derivation.template.parts {
            match part {
                Part::Text(text) => start.push_str(text),
                Part::Claim(claim, filter) if self.claims.contains(claim) => {
                    let value = token.read_one(*claim).map(|value| value.to_string());
                    let value = value.and_then(|value| match filter {
                        Some(filter) => filter.apply(&value),
                        None => Some(value),
                    });
                    // Without the value, no text begins like this.
                    start.push_str(value.as_deref().unwrap_or("\0"));
                }
                Part::Claim(..) | Part::Optional(_) => break,
            }
        }
        start
    }

    /// Returns true if a clause names the token's tenant, or no tenant: its condition and its guards would be TRUE
    /// with other values of the claims that do not tell tenants apart. The token must be from the clause's issuer.
    ///
    /// Of a pattern on a derived claim, such as a `sub`, the text before its first wildcard decides.
    pub(crate) fn are_named_by(&self, clause: &Clause, token: &Readings<'_>) -> bool {
        let guards = clause.guards.iter().map(|guard| &guard.condition);
        let mut conditions = std::iter::once(&clause.condition).chain(guards);
        conditions.all(|condition| self.may_hold(condition, false, token))
    }

    fn may_hold(&self, formula: &Formula, negated: bool, token: &Readings<'_>) -> bool {
        match formula {
            Formula::All(parts) | Formula::Any(parts) => {
                let mut parts = parts.iter().map(|part| self.may_hold(part, negated, token));
                match matches!(formula, Formula::All(_)) != negated {
                    true => parts.all(|part| part),
                    false => parts.any(|part| part),
                }
            }
            Formula::Atom(atom, _) => {
                !atom.claims().any(|claim| self.claims.contains(&claim))
                    || token.compare(atom).map(Truth::from) == Ok(Truth::from(!negated))
                    || self.accepts_start(atom, negated)
            }
            Formula::Not(part) => self.may_hold(part, !negated, token),
            Formula::External(..) => true,
            Formula::Unknown => false,
        }
    }

    /// Returns true if a comparison with a derived claim accepts a text that begins with the token's tenant.
    fn accepts_start(&self, atom: &Atom, negated: bool) -> bool {
        let Some(starts) = self.starts.get(&atom.claim) else {
            return false;
        };
        // Other layouts and other refs of the same tenant differ from what is excluded.
        if negated {
            return true;
        }
        let fits = |text: &str| {
            let mut starts = starts.iter();
            starts.any(|start| text.starts_with(start.as_str()) || start.starts_with(text))
        };
        match &atom.question {
            Question::OneOf(literals) => literals.iter().any(|literal| fits(&literal.to_string())),
            Question::Pattern(patterns) => patterns.iter().any(|pattern| begins(pattern, &fits)),
            _ => true,
        }
    }
}

/// Returns true if the values of a pattern can begin in a way that fits.
fn begins(pattern: &Pattern, fits: &dyn Fn(&str) -> bool) -> bool {
    let ways = pattern.affixes();
    let fits = |affix: &Affix<'_>| match affix {
        Affix::Start(text) | Affix::Whole(text) => fits(text),
        Affix::End(_) => true,
    };
    ways.iter().all(|way| way.iter().any(fits))
}
