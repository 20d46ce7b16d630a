//! The nearest of many roles, with what would give them to a token.

use super::Repair;
use crate::analysis::Analysis;
use rolecall_engine::{Nearness, RoleId, UnverifiedClaims};

/// The roles that a token does not get.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Nearest {
    /// The nearest roles with their repairs, the nearest first. Of equally near ones, those that come first by name.
    pub roles: Vec<(RoleId, Repair)>,
    /// The other roles for the token's tenant, the nearest first by a lower bound of the changes.
    pub further: Vec<RoleId>,
    /// The roles for other tenants of the token's issuer, likewise.
    pub other_tenants: Vec<RoleId>,
    /// The roles for tokens of other issuers, by name.
    pub other_issuers: Vec<RoleId>,
}

impl Analysis<'_> {
    /// Returns those of some roles that a token does not get, and what would give it the nearest ones, at most this many.
    /// Roles of other tenants are among those only if there are none for the token's own. The roles are sorted.
    pub fn nearest(&mut self, claims: &UnverifiedClaims, roles: &[RoleId], most: usize) -> Nearest {
        let program = self.set.program();
        let mut near = Nearest {
            roles: Vec::new(),
            further: Vec::new(),
            other_tenants: Vec::new(),
            other_issuers: Vec::new(),
        };
        // The bounds rank the roles; only as many as can be among the nearest are worked out.
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for (nearness, role) in self.set.nearest(claims, roles) {
            match nearness {
                Nearness::Own { claims } => own.push((claims, role)),
                Nearness::OtherTenant { claims } => others.push((claims, role)),
                _ => near.other_issuers.push(role),
            }
        }
        if own.is_empty() {
            std::mem::swap(&mut own, &mut others);
        }
        let rank = |repair: &Repair, role: RoleId| (repair.size().unwrap_or(usize::MAX), &program[role].name);
        let mut rest = own.into_iter();
        let mut worked_out: Vec<(RoleId, Repair)> = Vec::new();
        for (bound, role) in rest.by_ref() {
            if let Some((last, repair)) = most.checked_sub(1).and_then(|last| worked_out.get(last))
                && rank(repair, *last) <= (bound, &program[role].name)
            {
                near.further.push(role);
                break;
            }
            let repair = self.repair(claims, role);
            let place =
                worked_out.partition_point(|(known, other)| rank(other, *known) <= rank(&repair, role));
            worked_out.insert(place, (role, repair));
        }
        let further = worked_out.split_off(most.min(worked_out.len()));
        near.further
            .splice(0..0, further.into_iter().map(|(role, _)| role));
        near.further.extend(rest.map(|(_, role)| role));
        near.roles = worked_out;
        near.other_tenants = others.into_iter().map(|(_, role)| role).collect();
        near
    }
}
