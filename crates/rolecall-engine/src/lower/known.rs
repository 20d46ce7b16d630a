//! Known comparisons: many roles compare the same claim with the same literals, and such comparisons are lowered once
//! and kept once.

use super::Lowering;
use super::scope::Scope;
use crate::diagnostic::Location;
use crate::id::ClaimId;
use crate::ir::{Atom, Formula, Question};
use crate::template::may_have_holes;
use hashbrown::HashMap;
use rolecall_syntax::ast::{Operand, Operator};
use std::sync::Arc;

/// The right side of a comparison, as written. It means the same for all claims of a profile with one id.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Asked<'a> {
    Compared(Operator, &'a Operand),
    Null,
    Present,
    True,
}

/// The comparisons of the claims of each profile.
#[derive(Default)]
pub(super) struct Known<'a> {
    profiles: HashMap<String, HashMap<(ClaimId, Asked<'a>), Arc<Atom>>>,
}

impl<'a> Lowering<'a> {
    /// Returns a comparison: the one that is kept, or a new one.
    pub(super) fn ask(
        &mut self,
        claim: ClaimId,
        asked: Asked<'a>,
        question: impl FnOnce() -> Question,
        location: Location,
        scope: &Scope<'_>,
    ) -> Formula {
        let atom = match self.known(claim, asked, scope) {
            Some(known) => known,
            None => {
                let question = question();
                let atom = Arc::new(Atom { claim, question });
                self.keep(asked, &atom, scope);
                atom
            }
        };
        Formula::Atom(atom, location)
    }

    /// Returns a comparison that is kept.
    pub(super) fn known(&self, claim: ClaimId, asked: Asked<'a>, scope: &Scope<'_>) -> Option<Arc<Atom>> {
        let known = self.known.profiles.get(scope.profile.name.as_str())?;
        known.get(&(claim, asked)).cloned()
    }

    /// Keeps a comparison.
    pub(super) fn keep(&mut self, asked: Asked<'a>, atom: &Arc<Atom>, scope: &Scope<'_>) {
        let profile = self.known.profiles.entry_ref(scope.profile.name.as_str());
        let known = profile.or_default();
        known.insert((atom.claim, asked), Arc::clone(atom));
    }

    /// Returns true if an operand means the same in all scopes of a profile: it has literals only, or is a set.
    pub(super) fn is_fixed(&self, operand: &Operand, scope: &Scope<'_>) -> bool {
        match operand {
            Operand::List(elements) => elements.iter().all(|element| is_literal(&element.node)),
            Operand::Reference(path) => path.as_name().is_some_and(|name| {
                let hidden =
                    scope.parameters.contains_key(name) || scope.profile.claim_by_name(name).is_some();
                !hidden && self.names.sets.contains_key(name)
            }),
            literal => is_literal(literal),
        }
    }
}

/// Returns true if an operand is a literal without names in braces.
fn is_literal(operand: &Operand) -> bool {
    match operand {
        Operand::Bool(_) | Operand::Int(_) | Operand::Regex(_) => true,
        Operand::Text(string) => !may_have_holes(string),
        Operand::List(_) | Operand::Reference(_) => false,
    }
}
