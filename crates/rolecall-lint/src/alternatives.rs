//! Alternatives: the clauses of a role, and the parts of an `||`.

use crate::ask;
use crate::context::RuleContext;
use rolecall_engine::ir::{Clause, Formula};
use rolecall_engine::{IssuerId, Location, RoleId};
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{Expr, ExprAt};

/// The most alternatives that are compared.
const MAX_ALTERNATIVES: usize = 32;

/// One of several ways to fulfil something.
#[derive(Clone, Debug)]
pub(crate) struct Alternative {
    pub(crate) issuer: IssuerId,
    /// The condition of this alternative.
    condition: Formula,
    /// The condition that all alternatives share.
    shared: Formula,
    pub(crate) location: Location,
}

impl Alternative {
    /// Returns the condition of the tokens that it admits.
    pub(crate) fn goal(&self) -> Formula {
        ask::all([self.condition.clone(), self.shared.clone()])
    }

    /// Returns the condition that its own condition is FALSE.
    pub(crate) fn opposite(&self) -> Formula {
        ask::not(self.condition.clone())
    }
}

/// Returns the clauses of a role.
pub(crate) fn of_role(role: RoleId, context: &RuleContext<'_, '_>) -> Vec<Alternative> {
    let clauses = context.program().clauses(role);
    if !(2..=MAX_ALTERNATIVES).contains(&clauses.len()) {
        return Vec::new();
    }
    let alternative = |clause: &Clause| Alternative {
        issuer: clause.issuer,
        condition: clause.condition.clone(),
        shared: ask::guards(clause),
        location: context.trees.allow(clause.location).unwrap_or(clause.location),
    };
    clauses.iter().map(alternative).collect()
}

/// Returns the parts of each `||` that is the whole condition of a clause, or a part of its `&&`.
pub(crate) fn of_clause(clause: &Clause, context: &RuleContext<'_, '_>) -> Vec<Vec<Alternative>> {
    let Some(when) = context.trees.when(clause.location) else {
        return Vec::new();
    };
    match (&clause.condition, &when.node) {
        (Formula::Any(parts), Expr::Any(written)) => {
            vec![of_parts(clause, parts, written, Formula::always())]
        }
        (Formula::All(parts), Expr::All(written)) => {
            let choices = parts.iter().zip(written).enumerate();
            let choice = |(number, (part, written)): (usize, (&Formula, &Spanned<Expr>))| {
                let (Formula::Any(inner), Expr::Any(written)) = (part, &written.node) else {
                    return None;
                };
                let others = parts.iter().enumerate().filter(|(other, _)| *other != number);
                let others = ask::all(others.map(|(_, other)| other.clone()));
                Some(of_parts(clause, inner, written, others))
            };
            choices.filter_map(choice).collect()
        }
        _ => Vec::new(),
    }
}

fn of_parts(clause: &Clause, parts: &[Formula], written: &[ExprAt], others: Formula) -> Vec<Alternative> {
    if parts.len() > MAX_ALTERNATIVES {
        return Vec::new();
    }
    let shared = ask::all([others, ask::guards(clause)]);
    let alternative = |(part, written): (&Formula, &ExprAt)| Alternative {
        issuer: clause.issuer,
        condition: part.clone(),
        shared: shared.clone(),
        location: Location::new(clause.location.file(), written.span),
    };
    parts.iter().zip(written).map(alternative).collect()
}
