//! Roles and `allow`s as they are written.

use super::{AllowUse, RoleUse, State};
use crate::report::written_names::WrittenNames;
use rolecall_analysis::written_roles;
use rolecall_engine::{ClauseId, Location, PolicySet, RoleId};
use rolecall_report::location::Locations;
use std::collections::{BTreeMap, BTreeSet};

/// Returns some roles with their `allow`s, in the order of the files: those of policies, and then those of documents.
pub(super) fn written(
    set: &PolicySet,
    chosen: &[RoleId],
    is_inexact: impl Fn(RoleId) -> bool,
) -> Vec<RoleUse> {
    let program = set.program();
    let chosen: BTreeSet<RoleId> = chosen.iter().copied().collect();
    let names = WrittenNames::new(set);
    let locations = Locations::new(program.files());
    let own = written_roles(set).into_iter().filter_map(|mut written| {
        let name = names.name(set, &written);
        written.roles.retain(|role| chosen.contains(role));
        (!written.roles.is_empty()).then_some((name, written.location, written.roles))
    });
    let foreign = chosen.iter().map(|id| (id, &program[*id]));
    let foreign = foreign.filter(|(_, role)| program.is_foreign(role.location.file()));
    let foreign = foreign.map(|(id, role)| (role.name.to_string(), role.location, vec![*id]));
    let roles = own.chain(foreign).map(|(name, location, roles)| RoleUse {
        name,
        location,
        allows: allows(set, &roles, &locations),
        used: BTreeSet::new(),
        moved: 0,
        earlier: 0,
        is_inexact: roles.iter().any(|role| is_inexact(*role)),
        roles,
    });
    roles.collect()
}

/// Returns the `allow`s of roles that are written together.
fn allows(set: &PolicySet, roles: &[RoleId], locations: &Locations<'_>) -> Vec<AllowUse> {
    let program = set.program();
    let mut clauses: BTreeMap<Location, Vec<(RoleId, ClauseId)>> = BTreeMap::new();
    for role in roles {
        for clause in program.clause_ids(*role) {
            let at = program[clause].location;
            clauses.entry(at).or_default().push((*role, clause));
        }
    }
    let allows = clauses.into_iter().map(|(location, clauses)| AllowUse {
        location,
        place: (
            program[location.file()].name.clone(),
            locations.line(location).line,
        ),
        clauses,
        state: State::Unused,
        removal: None,
    });
    allows.collect()
}
