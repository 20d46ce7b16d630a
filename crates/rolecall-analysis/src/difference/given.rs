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
    let mut names: Vec<&str> = Vec::new();
    for name in old_role.grants.iter().chain(&*new_role.grants) {
        if !names.contains(&&**name) {
            names.push(name);
        }
    }
    for name in names {
        let (before, now) = (old.grants(name), new.grants(name));
        let is_same = |one: &Text<'_>, other: &Text<'_>| {
            mapping(one.url())
                .is_some_and(|mapping| mapping.is_same(one.template, other.template, other.issuer))
        };
        let (lost, gained) = match (before.first(), now.first()) {
            (Some(_), Some(_)) => changed(&before, &now, is_same),
            _ => (
                before.first().map_or(&[][..], Vec::as_slice).iter().collect(),
                now.first().map_or(&[][..], Vec::as_slice).iter().collect(),
            ),
        };
        for at in 0..lost.len().max(gained.len()) {
            changes.push(GivenChange::Grant {
                name: name.to_owned(),
                old: lost.get(at).map(|text| text.text()),
                new: gained.get(at).map(|text| text.text()),
            });
        }
    }
    changes
}

/// Returns the texts that only one of two versions gives to tokens of an issuer that both have: the first such issuer.
fn changed<'t, 'p>(
    before: &'t [Vec<Text<'p>>],
    now: &'t [Vec<Text<'p>>],
    is_same: impl Fn(&Text<'_>, &Text<'_>) -> bool,
) -> (Vec<&'t Text<'p>>, Vec<&'t Text<'p>>) {
    for old in before {
        let url = |texts: &Vec<Text<'p>>| texts.first().map(|text| text.url().to_owned());
        let Some(new) = now.iter().find(|new| url(new) == url(old)) else {
            continue;
        };
        let lost = old
            .iter()
            .filter(|one| !new.iter().any(|other| is_same(one, other)));
        let gained = new
            .iter()
            .filter(|other| !old.iter().any(|one| is_same(one, other)));
        let (lost, gained): (Vec<_>, Vec<_>) = (lost.collect(), gained.collect());
        if !lost.is_empty() || !gained.is_empty() {
            return (lost, gained);
        }
    }
    (Vec::new(), Vec::new())
}

/// A text that a role grants to tokens of one issuer.
struct Text<'p> {
    issuer: &'p TrustedIssuer,
    template: &'p Template,
}

impl<'p> Version<'p> {
    /// Returns the texts of a grant, clause by clause. There are none if the role does not have the grant.
    fn grants(self, name: &str) -> Vec<Vec<Text<'p>>> {
        let program = self.set.program();
        let grants = &program[self.role].grants;
        if !grants.iter().any(|known| **known == *name) {
            return Vec::new();
        }
        let of_clause = |clause: &'p Clause| {
            let texts = grants.iter().zip(clause.grants());
            let texts = texts.filter(|(known, _)| ***known == *name);
            let text = |(_, template)| Text {
                issuer: &program[clause.issuer],
                template,
            };
            texts.map(text).collect()
        };
        program.clauses(self.role).iter().map(of_clause).collect()
    }
}

impl Text<'_> {
    fn url(&self) -> &str {
        &self.issuer.issuer.url
    }

    /// Returns the text as in a policy, with the claims by their own names.
    fn text(&self) -> String {
        self.issuer.profile.written(self.template)
    }
}
