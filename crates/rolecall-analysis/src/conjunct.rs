//! What a clause asks for, taken apart into conditions that must all hold.

use rolecall_engine::ir::{Clause, Formula};
use rolecall_engine::{GuardId, Location};

/// One of the conditions that must all hold for a clause to grant its role.
#[derive(Clone, Debug)]
pub(crate) struct Conjunct {
    /// The guard that the condition is of; `None` if it is of the clause itself.
    pub(crate) guard: Option<GuardId>,
    /// Where it stands.
    pub(crate) location: Location,
    /// The condition.
    pub(crate) condition: Formula,
}

/// All that a clause and its guards ask for, in the order of the text.
pub(crate) fn of_clause(clause: &Clause) -> Vec<Conjunct> {
    let guards = clause
        .guards
        .iter()
        .map(|guard| (Some(guard.guard), &guard.condition));
    let each = std::iter::once((None, &clause.condition)).chain(guards);
    let apart = each.flat_map(|(guard, condition)| {
        conjuncts(condition).into_iter().map(move |condition| Conjunct {
            guard,
            location: location(&condition, clause.location),
            condition,
        })
    });
    apart.collect()
}

/// The parts of a condition that must all hold.
pub(crate) fn conjuncts(condition: &Formula) -> Vec<Formula> {
    match condition {
        Formula::All(parts) => parts.iter().flat_map(conjuncts).collect(),
        other => vec![other.clone()],
    }
}

/// Where a part of a condition stands; the clause, if nothing is written of it.
pub(crate) fn location(part: &Formula, clause: Location) -> Location {
    let mut location: Option<Location> = None;
    part.each_atom(&mut |_, next| {
        location = match location {
            // A condition with a name stands elsewhere.
            Some(first) if first.file() == next.file() && first.span().start <= next.span().start => {
                Some(Location::new(first.file(), first.span().to(next.span())))
            }
            Some(first) => Some(first),
            None => Some(next),
        };
    });
    location.unwrap_or(clause)
}
