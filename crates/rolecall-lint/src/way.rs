//! Ways to get roles: clauses, each with its width and the parts of its condition by their subjects.

use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::linter::Linter;
use crate::tells::tells_tenant;
use crate::width::{Width, width};
use rolecall_analysis::{Analysis, conjuncts};
use rolecall_engine::ir::{Atom, Formula};
use rolecall_engine::{ClaimId, ClauseId, RoleId};

/// A way to get a role: one clause.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Way {
    /// The role.
    pub role: RoleId,
    /// The clause.
    pub clause: ClauseId,
    /// The tokens that it admits.
    pub width: Width,
    /// The comparisons that name tenants: those that must hold in some alternative, of guards, too.
    pub tenants: Vec<Atom>,
    /// The parts of the clause's own condition that must all hold, in the order of the text.
    pub parts: Vec<(Aspect, Formula)>,
}

/// The subject of a part of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    /// The tenant: projects, groups, owners and their ids. The part may be about more than that.
    Tenant,
    /// The source in a project: refs, commits, configuration files, environments and triggers.
    Source,
    /// Everything else.
    Other,
}

impl Linter<'_> {
    /// Returns the ways to get some roles, in the order of the text. Different threads may ask for different roles.
    pub fn ways(&self, roles: impl IntoIterator<Item = RoleId>) -> Vec<Way> {
        let mut analysis = Analysis::new(self.set);
        let mut context = self.context(&mut analysis);
        let mut ways = Vec::new();
        for role in roles {
            let clauses = self.set.program().clause_ids(role);
            let views = self.views(role, false);
            ways.extend(
                clauses
                    .zip(&views)
                    .map(|(clause, view)| way(clause, view, &mut context)),
            );
        }
        ways
    }
}

fn way(clause: ClauseId, view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Way {
    let named = view.constraints.iter().filter(|one| one.wanted);
    let mut tenants: Vec<Atom> = Vec::new();
    for atom in named
        .map(|one| one.atom)
        .filter(|atom| tells_tenant(view, atom.claim))
    {
        if !tenants.contains(atom) {
            tenants.push(atom.clone());
        }
    }
    let parts = conjuncts(&view.clause.condition).into_iter();
    Way {
        role: view.id,
        clause,
        width: width(view, context),
        tenants,
        parts: parts.map(|part| (aspect(view, &part), part)).collect(),
    }
}

fn aspect(view: &ClauseView<'_>, part: &Formula) -> Aspect {
    let mut claims: Vec<ClaimId> = Vec::new();
    part.each_atom(&mut |atom, _| claims.extend(atom.claims()));
    if claims.iter().any(|claim| tells_tenant(view, *claim)) {
        Aspect::Tenant
    } else if claims.iter().any(|claim| view.is_of_source(*claim)) {
        Aspect::Source
    } else {
        Aspect::Other
    }
}
