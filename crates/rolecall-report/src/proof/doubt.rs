//! Doubts about results: a role that is not translated exactly may decide otherwise in its source.

use crate::foreign::Foreign;
use crate::location::Locations;
use rolecall_engine::RoleId;
use rolecall_engine::ir::{Assertion, Goal, Program, Statement};
use rolecall_interop::{Fidelity, TranslatedRole};

/// The tokens that a result needs of a translated role to hold for the role's source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// All tokens of the source. The translated role may have more.
    NoFewer,
    /// Only tokens of the source. The translated role may have fewer.
    NoMore,
    /// The tokens of the source.
    Same,
}

/// Returns the first reason why the result of an assertion does not hold for the sources of the roles: a role that is not
/// translated exactly and could decide otherwise, or information that the files lack.
pub(super) fn doubt(
    foreign: &Foreign,
    program: &Program,
    assertion: &Assertion,
    is_proved: bool,
    locations: &Locations<'_>,
) -> Option<String> {
    let coverage = foreign.coverage();
    let known = |name: &str| coverage.roles.iter().find(|role| role.name == name);
    let refused = match may_be_other(&assertion.statement, is_proved) {
        true => assertion.untranslated.first().and_then(|name| known(name)),
        false => None,
    };
    let inexact = || {
        let needed = needs(&assertion.statement, is_proved).into_iter();
        let mut roles = needed.filter_map(|(role, needs)| Some((known(&program[role].name)?, needs)));
        let unmet = roles.find(|(role, needs)| !is_met(&role.fidelity, *needs));
        unmet.map(|(role, _)| role)
    };
    let could = |role: &TranslatedRole| {
        let place = foreign.location(program, role).map(|place| locations.line(place));
        let place = place.map_or_else(String::new, |place| format!(": {place}"));
        let name = &role.name;
        format!("`{name}` is not translated exactly, and could decide otherwise{place}")
    };
    let missing = || coverage.missing.first().filter(|_| is_proved);
    let role = refused.or_else(inexact).map(could);
    role.or_else(|| Some(missing()?.1.message.clone()))
}

/// Returns whether roles that nothing is known about could change a result. A token that contradicts a statement does so
/// whatever the other roles are.
fn may_be_other(statement: &Statement, is_proved: bool) -> bool {
    is_proved || matches!(statement, Statement::Covers(..) | Statement::Equivalent(..))
}

/// Returns whether a translated role has the tokens that a result needs of it.
fn is_met(fidelity: &Fidelity, needs: Needs) -> bool {
    match fidelity {
        Fidelity::Narrower(_) => needs == Needs::NoMore,
        Fidelity::Refused(_) => false,
        Fidelity::Wider(_) => needs == Needs::NoFewer,
        _ => true,
    }
}

/// Returns the roles of a statement, each with the tokens that the result needs of it.
fn needs(statement: &Statement, is_proved: bool) -> Vec<(RoleId, Needs)> {
    // A statement about all tokens of a role is proved if no token is left out, and refuted by one that gets the role.
    let (all, other) = match is_proved {
        true => (Needs::NoFewer, Needs::NoMore),
        false => (Needs::NoMore, Needs::NoFewer),
    };
    let each = |roles: &[RoleId], needs| -> Vec<(RoleId, Needs)> {
        roles.iter().map(|role| (*role, needs)).collect()
    };
    match statement {
        Statement::Covers(first, second) => [each(first, other), each(second, all)].concat(),
        Statement::Disjoint(groups) => each(&groups.concat(), all),
        Statement::Equivalent(first, second) => {
            [each(first, Needs::Same), each(second, Needs::Same)].concat()
        }
        Statement::Implies(roles, Goal::Role(role)) => [each(roles, all), each(&[*role], other)].concat(),
        Statement::Implies(roles, _) | Statement::Never(roles, _) => each(roles, all),
        Statement::Possible(roles, _) => each(roles, other),
        _ => Vec::new(),
    }
}
