//! The roles that are explained: those that are asked for, the allowed ones and the nearest denied ones.

use crate::explanation::RoleExplanation;
use crate::explanations::Explained;
use crate::failure::Failure;
use crate::location::Locations;
use crate::repair::RepairReport;
use crate::role_names;
use crate::selectors::select;
use crate::tenants;
use rolecall_analysis::Analysis;
use rolecall_engine::{IssuerId, PolicySet, RoleId, UnverifiedClaims};

/// The most allowed roles that are explained at once.
const MOST_ALLOWED: usize = 100;
/// The most denied roles that are explained at once: the nearest.
const MOST_DENIED: usize = 10;

/// Explains the roles that a selector selects, or else all roles with a clause for the issuer.
pub fn explain(
    set: &PolicySet,
    issuer: &str,
    claims: &UnverifiedClaims,
    selector: Option<&str>,
) -> Result<Explained, Failure> {
    let program = set.program();
    let locations = Locations::new(program.files());
    let mut analysis = Analysis::new(set);
    let mut explainer = set.explainer(claims);
    let mut explain = |role: RoleId, repair: Option<RepairReport>| {
        let explanation = explainer.explain(&program[role].name);
        let view = explanation.operator()?;
        Some(RoleExplanation::new(view, &locations, claims).with(repair))
    };
    if let Some(name) = selector.filter(|selector| role_names::is_name(selector)) {
        let explanation = match program.role(name) {
            Some(role) => {
                let repair = RepairReport::new(&analysis.repair(claims, role));
                explain(role, repair)
            }
            None => {
                let names = program.roles().values().map(|role| &*role.name);
                Some(RoleExplanation::unknown(name, role_names::help(name, names)))
            }
        };
        return Ok(Explained {
            roles: explanation.into_iter().collect(),
            is_one: true,
            ..Explained::default()
        });
    }
    let mut roles = match selector {
        Some(selector) => select(set, selector)?,
        None => of_issuer(set, issuer),
    };
    let mut near = analysis.nearest(claims, &roles, MOST_DENIED);
    if selector.is_some() {
        // Roles that are asked for are not folded, as far as there is room.
        for folded in [&mut near.other_tenants, &mut near.other_issuers] {
            let room = MOST_DENIED.saturating_sub(near.roles.len());
            for role in folded.drain(..room.min(folded.len())) {
                near.roles.push((role, analysis.repair(claims, role)));
            }
        }
    }
    let name = |role: &RoleId| program[*role].name.to_string();
    let is_allowed = |role: &RoleId| set.evaluate(claims, &program[*role].name).is_ok();
    roles.retain(is_allowed);
    let further = roles.split_off(roles.len().min(MOST_ALLOWED));
    let mut explained: Vec<RoleExplanation> = roles.iter().filter_map(|role| explain(*role, None)).collect();
    let denied = near.roles.iter();
    explained.extend(denied.filter_map(|(role, repair)| explain(*role, RepairReport::new(repair))));
    Ok(Explained {
        roles: explained,
        further_allowed: further.iter().map(name).collect(),
        further_denied: near.further.iter().map(name).collect(),
        other_projects: near.other_tenants.iter().map(name).collect(),
        tenants: program
            .issuer(issuer)
            .map_or("", |issuer| tenants::noun(&program[issuer].profile)),
        other_issuers: near.other_issuers.len(),
        is_one: false,
    })
}

/// Returns the roles with a clause for an issuer or its twin, in the order of the files.
pub fn of_issuer(set: &PolicySet, issuer: &str) -> Vec<RoleId> {
    let program = set.program();
    let issuers: Vec<IssuerId> = program
        .issuer(issuer)
        .map_or(Vec::new(), |issuer| program.with_twin(issuer).collect());
    let is_from_issuer = |role: &RoleId| {
        let mut clauses = program.clauses(*role).iter();
        clauses.any(|clause| issuers.contains(&clause.issuer))
    };
    program.roles().ids().filter(is_from_issuer).collect()
}
