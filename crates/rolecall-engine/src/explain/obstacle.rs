//! Obstacles: the checks that deny a role in addition to those of one claim.

use super::comparison::{Comparison, compare};
use crate::certain::{next, plus};
use crate::evaluate::{AssumedClause, Assumption};
use crate::grant::GrantFault;
use crate::id::RoleId;
use crate::ir::Program;

/// The most comparisons of a role that are listed.
const MAX_LISTED: usize = 5;

/// The checks that would still deny a role if all checks of one claim held: those of the clause with the fewest.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Obstacles {
    /// True if the token is from another issuer than the clause's.
    pub issuer: bool,
    /// True if the token is for another audience.
    pub audience: bool,
    /// The claims of every verified token that this one does not have.
    pub unverified: Vec<&'static str>,
    /// The comparisons that are not TRUE, in the order of the text; the first of many.
    pub comparisons: Vec<Comparison>,
    /// The number of further comparisons.
    pub more: usize,
    /// The claims that do not fit into the role's grants, in the order of the text.
    pub unfilled: Vec<GrantFault>,
}

/// Returns the obstacles of a role that is denied even under an assumption.
pub(crate) fn obstacles(program: &Program, role: RoleId, assumption: &Assumption<'_>) -> Obstacles {
    let clauses = program.clause_ids(role).map(|clause| assumption.clause(clause));
    let names = &program[role].grants;
    let fewest = clauses.min_by_key(|clause| {
        let grants = clause.unfilled(names).len();
        (!clause.is_from, !clause.is_for, plus(count(clause), grants))
    });
    let Some(clause) = fewest else {
        debug_assert!(false, "a role has a clause");
        return Obstacles::default();
    };
    let mut found = Obstacles {
        issuer: !clause.is_from,
        audience: !clause.is_for,
        ..Obstacles::default()
    };
    // The profile of another issuer says nothing about the token.
    if clause.is_from {
        found.unverified.clone_from(&clause.unverified);
        found.unfilled = clause.unfilled(names);
        clause.each_obstacle(&mut |atom, location, negated| {
            if found.comparisons.len() < MAX_LISTED {
                found
                    .comparisons
                    .push(compare(atom, location, negated, &clause.token));
            } else {
                found.more = next(found.more);
            }
        });
    }
    found
}

fn count(clause: &AssumedClause<'_>) -> usize {
    let mut count = 0;
    clause.each_obstacle(&mut |_, _, _| count = next(count));
    count
}
