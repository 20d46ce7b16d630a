//! What is proved of all tokens of an issuer. What could not be decided is not proved.

use crate::ask;
use crate::linting::Linting;
use rolecall_analysis::{Answer, Witness};
use rolecall_engine::ir::{Clause, Formula, Goal, Role};
use rolecall_engine::{ClaimId, Scalar, Truth};

impl Linting<'_, '_> {
    /// Whether no token of an issuer fulfils a condition.
    pub(crate) fn nobody(&mut self, issuer: usize, condition: Formula) -> bool {
        let goal = Goal::Condition(vec![(issuer, condition)]);
        self.analysis.example(&goal) == Answer::Nothing
    }

    /// A token of an issuer that fulfils a condition.
    pub(crate) fn somebody(&mut self, issuer: usize, condition: Formula) -> Option<Box<Witness>> {
        let goal = Goal::Condition(vec![(issuer, condition)]);
        match self.analysis.example(&goal) {
            Answer::Token(witness) => Some(witness),
            _ => None,
        }
    }

    /// Whether a token fulfils a condition.
    pub(crate) fn fulfils(&self, witness: &Witness, issuer: usize, condition: &Formula) -> bool {
        self.set.truth(&witness.claims(), issuer, condition) == Some(Truth::True)
    }

    /// Whether each token of an issuer that fulfils a condition fulfils one of some others.
    pub(crate) fn implies(&mut self, issuer: usize, condition: Formula, others: Vec<Formula>) -> bool {
        let goal = Goal::Condition(vec![(issuer, condition)]);
        let others = others
            .into_iter()
            .map(|other| Goal::Condition(vec![(issuer, other)]));
        let others: Vec<Goal> = others.collect();
        self.analysis.example_without(&goal, &others) == Answer::Nothing
    }

    /// Whether two conditions are fulfilled by the same tokens of an issuer.
    pub(crate) fn same(&mut self, issuer: usize, one: &Formula, other: &Formula) -> bool {
        self.implies(issuer, one.clone(), vec![other.clone()])
            && self.implies(issuer, other.clone(), vec![one.clone()])
    }

    /// Whether other roles are made of the same text: `role … for`.
    pub(crate) fn is_one_of_many(&self, role: &Role) -> bool {
        let roles = &self.program().roles;
        let number = self.program().find_role(&role.name).unwrap_or_default();
        let next_to = [number.checked_sub(1), number.checked_add(1)];
        next_to
            .into_iter()
            .flatten()
            .filter_map(|number| roles.get(number))
            .any(|other| other.location == role.location)
    }
}

/// What a clause asks for, with its guards.
pub(crate) fn whole(clause: &Clause) -> Formula {
    let guards = clause.guards.iter().map(|(_, guard)| guard.clone());
    ask::all(std::iter::once(clause.condition.clone()).chain(guards))
}

/// A claim is there and has a value of its type.
pub(crate) fn well_typed(claim: ClaimId, scalar: &Scalar) -> Option<Formula> {
    let some = match scalar {
        Scalar::Bool => ask::is(claim, true),
        Scalar::Enum { values, .. } => ask::one_of(claim, values.first().cloned()),
        Scalar::Id => ask::one_of(claim, ["0"]),
        Scalar::Path | Scalar::Ref | Scalar::Text => ask::one_of(claim, ["a"]),
        _ => return None,
    };
    Some(ask::any([some.clone(), ask::not(some)]))
}
