//! Conjuncts of a clause: the conditions that must all hold.

use rolecall_engine::ir::{Clause, Formula};
use rolecall_engine::{GuardId, Location};

/// One of the conditions that must all hold for a clause to grant its role.
#[derive(Clone, Debug)]
pub(crate) struct Conjunct {
    /// The guard with the condition; `None` if the clause itself has it.
    pub(crate) guard: Option<GuardId>,
    /// The location of the condition.
    pub(crate) location: Location,
    /// The condition.
    pub(crate) condition: Formula,
}

/// Returns the conjuncts of a clause and its guards, in the order of the text.
pub(crate) fn of_clause(clause: &Clause) -> Vec<Conjunct> {
    let guards = clause
        .guards()
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

/// Returns the parts of a condition that must all hold.
pub fn conjuncts(condition: &Formula) -> Vec<Formula> {
    match condition {
        Formula::All(parts) => parts.iter().flat_map(conjuncts).collect(),
        other => vec![other.clone()],
    }
}

/// Returns the location of a part of a condition; that of the clause if the part has no comparison.
pub(crate) fn location(part: &Formula, clause: Location) -> Location {
    let mut location: Option<Location> = None;
    part.each_atom(&mut |_, next| {
        location = match location {
            // The comparisons of a named condition are elsewhere.
            Some(first) if first.file() == next.file() && first.span().start <= next.span().start => {
                Some(Location::new(first.file(), first.span().to(next.span())))
            }
            Some(first) => Some(first),
            None => Some(next),
        };
    });
    location.unwrap_or(clause)
}
