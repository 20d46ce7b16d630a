//! Names of projects that two issuers give to different owners.

use crate::ask;
use crate::clause::{ClauseView, Constraint, constraints};
use crate::context::RuleContext;
use crate::stranger::next_owner;
use rolecall_analysis::Witness;
use rolecall_engine::Location;
use rolecall_engine::ir::{Clause, Question};
use rolecall_engine::pattern::Pattern;

/// A name that two clauses of a role trust from different issuers.
pub(crate) struct Collision {
    pub(crate) location: Location,
    pub(crate) name: String,
    /// The same name in the clause of the other issuer.
    pub(crate) other: Location,
    /// A token of the shared issuer with the name, and with other ids than the clause writes.
    pub(crate) witness: Box<Witness>,
}

/// Returns a name of a project that a clause of a shared issuer does not tie to an id, and that a clause of another issuer
/// trusts as well.
pub(crate) fn collision(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Collision> {
    let program = context.program();
    if program.clauses(view.id).len() < 2 || !view.is_shared() {
        return None;
    }
    let mut elsewhere: Vec<(String, Location)> = Vec::new();
    for clause in program.clauses(view.id) {
        let is_other = !is_one_namespace(view, &program[clause.issuer].issuer.url);
        if is_other && context.example(clause.issuer, ask::whole(clause)).is_some() {
            elsewhere.extend(names_in(clause, context));
        }
    }
    let constraints = view
        .constraints
        .iter()
        .filter(|one| one.wanted && is_name(view, one));
    let others = &elsewhere;
    let mut both = constraints.flat_map(|one| {
        let names = names(&one.atom.question).into_iter();
        names.filter_map(move |name| {
            let (_, other) = others.iter().find(|(other, _)| *other == name)?;
            Some((one, name, *other))
        })
    });
    both.find_map(|(one, name, other)| {
        let condition = ask::all([one.formula(), next_owner(view)]);
        let witness = context.admits(view, condition)?;
        Some(Collision {
            location: one.location,
            name,
            other,
            witness,
        })
    })
}

/// Returns whether a comparison is about the name of the project, alone or in `sub`.
fn is_name(view: &ClauseView<'_>, constraint: &Constraint<'_>) -> bool {
    let claim = constraint.atom.claim;
    let named = [view.claim("project"), view.claim("sub")];
    named.contains(&Some(claim)) && view.is_tenant(claim)
}

/// Returns the names that a clause of another issuer requires.
fn names_in(clause: &Clause, context: &RuleContext<'_, '_>) -> Vec<(String, Location)> {
    let profile = &context.program()[clause.issuer].profile;
    let claims = [profile.claim_by_name("project"), profile.claim_by_name("sub")];
    let constraints = constraints(clause).into_iter();
    let named = constraints.filter(|one| one.wanted && claims.contains(&Some(one.atom.claim)));
    let names = named.flat_map(|one| {
        let names = names(&one.atom.question).into_iter();
        names.map(move |name| (name, one.location))
    });
    names.collect()
}

/// Returns the names that a comparison writes in full.
fn names(question: &Question) -> Vec<String> {
    match question {
        Question::OneOf(literals) => literals.iter().map(ToString::to_string).collect(),
        Question::Pattern(patterns) => {
            let under = patterns.iter().filter_map(|pattern| match pattern {
                Pattern::Under(path) => Some(path.to_string()),
                _ => None,
            });
            under.collect()
        }
        _ => Vec::new(),
    }
}

/// Returns whether a name has the same owner at another issuer: at one below the shared issuer, which a service has for
/// one of its customers.
fn is_one_namespace(view: &ClauseView<'_>, other: &str) -> bool {
    let bare = |url: &str| url.trim_end_matches('/').to_owned();
    let (own, other) = (bare(&view.issuer.issuer.url), bare(other));
    own == other || other.strip_prefix(&own).is_some_and(|rest| rest.starts_with('/'))
}
