//! Changes of a role's grants and lifetime.

use super::mapping::Mapping;
use rolecall_engine::ir::{Clause, TrustedIssuer};
use rolecall_engine::{PolicySet, RoleId, Template};
use std::time::Duration;

/// A change of a role's grants or lifetime.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GivenChange {
    /// A grant. If both texts are the same, the declaration of a claim in it has changed.
    Grant {
        /// The name of the grant.
        name: String,
        /// The text in the old version; none if the role did not have the grant.
        old: Option<String>,
        /// The text in the new version; none if the role does not have the grant.
        new: Option<String>,
    },
    /// The lifetime of the role's credentials.
    Ttl {
        /// The lifetime in the old version; none if it is not set.
        old: Option<Duration>,
        /// The lifetime in the new version; none if it is not set.
        new: Option<Duration>,
    },
}

impl GivenChange {
    /// Returns whether more may be granted than before. Another text may grant anything.
    pub fn is_gain(&self) -> bool {
        match self {
            Self::Grant { new, .. } => new.is_some(),
            Self::Ttl { old, new } => old.zip(*new).is_none_or(|(old, new)| new > old),
        }
    }

    /// Returns whether less may be granted than before.
    pub fn is_loss(&self) -> bool {
        match self {
            Self::Grant { old, .. } => old.is_some(),
            Self::Ttl { old, new } => old.zip(*new).is_none_or(|(old, new)| new < old),
        }
    }
}

/// A role of one version, with its policy set.
#[derive(Clone, Copy)]
pub(super) struct Version<'p> {
    pub(super) set: &'p PolicySet,
    pub(super) role: RoleId,
}

/// Returns the changes of a role's grants and lifetime. Grants are compared for the issuers that both
/// versions of the role have; `mapping` maps the claims of these. The tokens of other issuers gain or lose
/// the role itself.
pub(super) fn given<'m>(
    old: Version<'_>,
    new: Version<'_>,
    mapping: impl Fn(&str) -> Option<&'m Mapping>,
) -> Vec<GivenChange> {
    let mut changes = Vec::new();
    let (old_role, new_role) = (&old.set.program()[old.role], &new.set.program()[new.role]);
    let (before, now) = (old_role.ttl(), new_role.ttl());
    if before != now {
        changes.push(GivenChange::Ttl {
            old: before,
            new: now,
        });
    }
    let added = new_role
        .grants
        .iter()
        .filter(|name| !old_role.grants.contains(name));
    for name in old_role.grants.iter().chain(added) {
        let (before, now) = (old.grants(name), new.grants(name));
        let shared = before.iter().filter_map(|one| {
            let other = now.iter().find(|other| other.url() == one.url())?;
            Some((one, other))
        });
        let mut changed = shared.filter(|(one, other)| {
            mapping(one.url())
                .is_none_or(|mapping| !mapping.is_same(one.template, other.template, other.issuer))
        });
        let change = match (before.first(), now.first()) {
            (Some(_), Some(_)) => changed.next().map(|(one, other)| (Some(one), Some(other))),
            (one, other) => Some((one, other)),
        };
        if let Some((one, other)) = change {
            changes.push(GivenChange::Grant {
                name: name.to_string(),
                old: one.map(Grant::text),
                new: other.map(Grant::text),
            });
        }
    }
    changes
}

/// A grant of a role to tokens of one issuer.
struct Grant<'p> {
    issuer: &'p TrustedIssuer,
    template: &'p Template,
}

impl<'p> Version<'p> {
    /// Returns the grants with a name, clause by clause.
    fn grants(self, name: &str) -> Vec<Grant<'p>> {
        let program = self.set.program();
        let grants = &program[self.role].grants;
        let Some(at) = grants.iter().position(|other| **other == *name) else {
            return Vec::new();
        };
        let of_clause = |clause: &'p Clause| {
            Some(Grant {
                issuer: &program[clause.issuer],
                template: clause.grants.get(at)?,
            })
        };
        program.clauses(self.role).iter().filter_map(of_clause).collect()
    }
}

impl Grant<'_> {
    fn url(&self) -> &str {
        &self.issuer.issuer.url
    }

    /// Returns the text as in a policy, with the claims by their own names.
    fn text(&self) -> String {
        self.issuer.profile.written(self.template)
    }
}
