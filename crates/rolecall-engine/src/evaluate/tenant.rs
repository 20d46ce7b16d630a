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
    starts: HashMap<ClaimId, Vec<Start>>,
}

/// The text of a derivation, up to the first claim that does not tell tenants apart.
struct Start {
    text: String,
    /// True if nothing follows.
    is_whole: bool,
}

impl Start {
    /// Returns true if a text can be of the tenant.
    fn has_text(&self, text: &str) -> bool {
        match self.is_whole {
            true => text == self.text,
            false => text.starts_with(&self.text),
        }
    }

    /// Returns true if a text of the tenant can have the affix.
    fn has_affix(&self, affix: &Affix<'_>) -> bool {
        match affix {
            Affix::End(_) => true,
            // What follows the affix is a cut: `octo` is not a beginning of `octo-evil/shop`.
            Affix::Start(start) => match self.text.strip_prefix(&**start) {
                Some(rest) => rest.is_empty() || rest.starts_with(['/', ':']),
                None => !self.is_whole && start.starts_with(&self.text),
            },
            Affix::Whole(text) => self.has_text(text),
        }
    }
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
                let starts = tenants.starts(derivation, token);
                tenants.starts.entry(derivation.claim).or_default().extend(starts);
            }
        }
        tenants
    }

    /// Returns the beginnings of a derivation's texts for the token's tenant: one for each optional part that other
    /// claims decide, and one without these parts.
    fn starts(&self, derivation: &Derivation, token: &ProfileView<'_>) -> Vec<Start> {
        let mut starts = Vec::new();
        let mut text = String::new();
        for part in &derivation.template.parts {
            let is_same = match part {
                Part::Optional(inner) => {
                    let is_absent =
                        |part: &Part| matches!(part, Part::Claim(claim, _) if token.value(*claim).is_err());
                    let mut own = inner.iter().filter(|part| self.is_same(part));
                    if own.any(is_absent) {
                        continue;
                    }
                    let length = text.len();
                    let mut inner = inner.iter();
                    if !inner.all(|part| self.push(part, token, &mut text)) {
                        let is_whole = false;
                        starts.push(Start {
                            text: text.clone(),
                            is_whole,
                        });
                        text.truncate(length);
                    }
                    true
                }
                part => self.push(part, token, &mut text),
            };
            if !is_same {
                let is_whole = false;
                starts.push(Start { text, is_whole });
                return starts;
            }
        }
        let is_whole = true;
        starts.push(Start { text, is_whole });
        starts
    }

    /// Returns true if a part is the same in all texts of the tenant.
    fn is_same(&self, part: &Part) -> bool {
        match part {
            Part::Text(_) => true,
            Part::Claim(claim, _) => self.claims.contains(claim),
            Part::Optional(_) => false,
        }
    }

    /// Appends the text of a part. Returns false if other texts of the tenant have another one.
    fn push(&self, part: &Part, token: &ProfileView<'_>, text: &mut String) -> bool {
        match part {
            Part::Text(own) => text.push_str(own),
            Part::Claim(claim, filter) if self.is_same(part) => {
                let value = token.read_one(*claim).map(|value| value.to_string());
                let value = value.and_then(|value| match filter {
                    Some(filter) => filter.apply(&value),
                    None => Some(value),
                });
                // Without the value, no text begins like this.
                text.push_str(value.as_deref().unwrap_or("\0"));
            }
            Part::Claim(..) | Part::Optional(_) => return false,
        }
        true
    }

    /// Returns true if a clause names the token's tenant, or no tenant: its condition and its guards would be TRUE
    /// with other values of the claims that do not tell tenants apart. The token must be from the clause's issuer.
    ///
    /// Of a pattern on a derived claim, such as a `sub`, the text before its first wildcard decides.
    pub(crate) fn are_named_by(&self, clause: &Clause, token: &Readings<'_>) -> bool {
        let guards = clause.guards().iter().map(|guard| &guard.condition);
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
        let mut starts = starts.iter();
        match &atom.question {
            Question::OneOf(literals) => {
                let texts: Vec<String> = literals.iter().map(ToString::to_string).collect();
                starts.any(|start| texts.iter().any(|text| start.has_text(text)))
            }
            Question::Pattern(patterns) => {
                let ways: Vec<_> = patterns.iter().map(Pattern::affixes).collect();
                starts.any(|start| {
                    let fits = |way: &Vec<Affix<'_>>| way.iter().any(|affix| start.has_affix(affix));
                    ways.iter().any(|ways| ways.iter().all(fits))
                })
            }
            _ => true,
        }
    }
}
