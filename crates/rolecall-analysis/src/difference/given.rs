//! What a role gives to whoever gets it: how long that lives, and its grants.

use super::mapping::Mapping;
use rolecall_engine::ir::{Clause, TrustedIssuer};
use rolecall_engine::{Filter, Part, PolicySet, RoleId, Template};
use std::time::Duration;

/// Something that a role gives otherwise than before.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GivenChange {
    /// A grant, with its text; none if it is not there. If both are alike, a claim in it is declared otherwise.
    Grant {
        /// Its name.
        name: String,
        /// Its text before.
        old: Option<String>,
        /// Its text now.
        new: Option<String>,
    },
    /// The lifetime of a credential; `None` if the role does not set one.
    Ttl {
        /// The lifetime before.
        old: Option<Duration>,
        /// The lifetime now.
        new: Option<Duration>,
    },
}

impl GivenChange {
    /// Whether more is given than before, or may be: another text may give anything.
    pub fn is_gain(&self) -> bool {
        match self {
            Self::Grant { new, .. } => new.is_some(),
            Self::Ttl { old, new } => old.zip(*new).is_none_or(|(old, new)| new > old),
        }
    }

    /// Whether less is given than before, or may be.
    pub fn is_loss(&self) -> bool {
        match self {
            Self::Grant { old, .. } => old.is_some(),
            Self::Ttl { old, new } => old.zip(*new).is_none_or(|(old, new)| new < old),
        }
    }
}

/// One version of a role with its policy set.
#[derive(Clone, Copy)]
pub(super) struct Version<'p> {
    pub(super) set: &'p PolicySet,
    pub(super) role: RoleId,
}

/// What a role gives otherwise now. Grants are compared for the issuers that both versions of it have, each given with how its
/// claims are found in the other version: the tokens of others gain or lose the role itself.
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

/// A grant of a role, to tokens of one issuer.
struct Grant<'p> {
    issuer: &'p TrustedIssuer,
    template: &'p Template,
}

impl<'p> Version<'p> {
    /// The grant of a name, clause by clause.
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

    /// The text as policies write it, with the claims by their own names.
    fn text(&self) -> String {
        let mut text = String::new();
        self.write(&self.template.parts, &mut text);
        text
    }

    fn write(&self, parts: &[Part], text: &mut String) {
        for part in parts {
            match part {
                Part::Claim(claim, filter) => {
                    let name = &self.issuer.profile[*claim];
                    let known = Filter::ALL.iter().find(|(_, known)| Some(*known) == *filter);
                    let filter = known.map_or(String::new(), |(name, _)| format!("|{name}"));
                    text.push_str(&format!("{{{name}{filter}}}"));
                }
                Part::Optional(inner) => {
                    text.push('[');
                    self.write(inner, text);
                    text.push(']');
                }
                Part::Text(literal) => text.push_str(literal),
            }
        }
    }
}
