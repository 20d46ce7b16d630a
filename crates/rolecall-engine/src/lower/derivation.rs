//! Derivations: the claims that `derive` statements make of other claims.

use super::claim_path::find;
use super::scope::Scope;
use super::{Lowering, MAX_COMPARISONS};
use crate::claim_type::ClaimType;
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::ClaimId;
use crate::ir::{Derivation, Formula, Profile};
use rolecall_syntax::ast::Derive;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The most derivations that may build on each other. Each level is derived again when a claim is compared.
const MAX_DERIVATION_DEPTH: usize = 8;

impl<'a> Lowering<'a> {
    /// Lowers `derive` statements over the claims of a profile.
    fn derivations(&mut self, derives: &[(Location, &'a Derive)], profile: &Arc<Profile>) -> Vec<Derivation> {
        let no_parameters = HashMap::new();
        let mut derivations = Vec::new();
        for (location, derive) in derives {
            let scope = Scope::new(location.file(), profile, &no_parameters);
            let Some(claim) = self.claim(&derive.claim, &scope) else {
                continue;
            };
            let definition = &profile[claim];
            if !has_text(&definition.claim_type) {
                let location = Location::new(location.file(), derive.claim.span());
                let message = format!(
                    "`{definition}` is {}, and only text, paths, git refs, ids and enums can be derived",
                    definition.claim_type
                );
                self.error(Diagnostic::new(ErrorKind::WrongClaimType, location, message));
                continue;
            }
            let template = self.template(&derive.template, &scope, true);
            let when = match &derive.when {
                Some(when) => self.condition(when, &scope),
                None => Formula::always(),
            };
            if let Some(template) = template {
                derivations.push(Derivation {
                    claim,
                    template,
                    when,
                    location: *location,
                });
            }
        }
        derivations
    }

    /// Returns inherited derivations and new ones, which replace the inherited ones of the same claims.
    pub(super) fn replace_derivations(
        &mut self,
        inherited: &[Derivation],
        derives: &[(Location, &'a Derive)],
        profile: &Arc<Profile>,
    ) -> Vec<Derivation> {
        // A claim that the profile does not have replaces nothing, and is reported where it is lowered.
        let replaced: HashSet<ClaimId> = derives
            .iter()
            .filter_map(|(_, derive)| find(&derive.claim, profile))
            .collect();
        let kept = inherited
            .iter()
            .filter(|derivation| !replaced.contains(&derivation.claim));
        let mut derivations: Vec<Derivation> = kept.cloned().collect();
        let new = self.derivations(derives, profile);
        if let Some(first) = new.first().map(|derivation| derivation.location) {
            let ingredients = ingredients(derivations.iter().chain(&new));
            let mut is_right = true;
            for derivation in &new {
                is_right &= self.check_ingredients(derivation, &ingredients, derivation.location, profile);
            }
            // Alone, the inherited ones are right: an error in one of them is due to the new ones.
            for derivation in derivations.iter().filter(|_| is_right) {
                self.check_ingredients(derivation, &ingredients, first, profile);
            }
        }
        derivations.extend(new);
        derivations
    }

    /// Checks that a derivation does not refer to itself, build on too many levels of others, or read too many
    /// claims. Returns false, and reports it at a location, if it does.
    fn check_ingredients(
        &mut self,
        derivation: &Derivation,
        ingredients: &HashMap<ClaimId, Vec<ClaimId>>,
        location: Location,
        profile: &Profile,
    ) -> bool {
        let mut reads = Vec::new();
        let outcome = Walk {
            start: derivation.claim,
            ingredients,
            reads: &mut reads,
        }
        .visit(derivation.claim, MAX_DERIVATION_DEPTH);
        if !self.take_steps(1, location) || !self.take_steps(reads.len(), location) {
            return false;
        }
        let Err(fault) = outcome else {
            return true;
        };
        let name = &profile[derivation.claim];
        let (kind, message, help) = match fault {
            Fault::Circle => (
                ErrorKind::Circular,
                format!("the derivation of `{name}` refers to itself"),
                "remove one of the derivations",
            ),
            Fault::TooDeep => (
                ErrorKind::LimitExceeded,
                format!("`{name}` builds on more than {MAX_DERIVATION_DEPTH} levels of derivations"),
                "derive it from claims that are not derived themselves",
            ),
            Fault::TooMany => (
                ErrorKind::LimitExceeded,
                format!("deriving `{name}` reads more than {MAX_COMPARISONS} claims"),
                "derive it from fewer claims",
            ),
        };
        let error = Diagnostic::new(kind, location, message).help(help);
        self.error(if location == derivation.location {
            error
        } else {
            error.note(derivation.location, "the derivation")
        });
        false
    }
}

/// Returns the claims that each claim is derived from.
fn ingredients<'d>(derivations: impl Iterator<Item = &'d Derivation>) -> HashMap<ClaimId, Vec<ClaimId>> {
    let mut ingredients: HashMap<ClaimId, Vec<ClaimId>> = HashMap::new();
    for derivation in derivations {
        let claims = ingredients.entry(derivation.claim).or_default();
        claims.extend(ingredients_of(derivation));
    }
    ingredients
}

/// An error in the claims that a derivation builds on.
enum Fault {
    Circle,
    TooDeep,
    TooMany,
}

/// A walk over the claims that a claim is derived from, each as often as it is read.
struct Walk<'a> {
    start: ClaimId,
    ingredients: &'a HashMap<ClaimId, Vec<ClaimId>>,
    reads: &'a mut Vec<ClaimId>,
}

impl Walk<'_> {
    /// Visits a claim, at most so many levels deep.
    fn visit(&mut self, claim: ClaimId, levels: usize) -> Result<(), Fault> {
        let Some(ingredients) = self.ingredients.get(&claim) else {
            return Ok(());
        };
        let levels = levels.checked_sub(1).ok_or(Fault::TooDeep)?;
        for ingredient in ingredients {
            self.reads.push(*ingredient);
            if *ingredient == self.start {
                return Err(Fault::Circle);
            }
            if self.reads.len() > MAX_COMPARISONS {
                return Err(Fault::TooMany);
            }
            self.visit(*ingredient, levels)?;
        }
        Ok(())
    }
}

/// Returns true if a claim of this type can be compared with a text.
fn has_text(claim_type: &ClaimType) -> bool {
    match claim_type {
        ClaimType::List(_) => false,
        ClaimType::Scalar(scalar) => scalar.has_text(),
    }
}

/// Returns the claims that a derivation reads.
fn ingredients_of(derivation: &Derivation) -> Vec<ClaimId> {
    let mut claims: Vec<ClaimId> = derivation.template.claims().map(|(claim, _)| claim).collect();
    derivation
        .when
        .each_atom(&mut |atom, _| claims.extend(atom.claims()));
    claims
}
