//! Profiles: the claims of an issuer's tokens.

use super::formula::Formula;
use crate::arena::Arena;
use crate::built_in;
use crate::claim_type::ClaimType;
use crate::diagnostic::Location;
use crate::id::{ClaimId, IssuerId};
use crate::issuer::{Issuer, TokenKind};
use crate::template::Template;
use hashbrown::HashMap;
use std::collections::HashSet;
use std::ops::Index;
use std::sync::Arc;

/// The claims of an issuer's tokens. Indexed by a [`ClaimId`], it gives the definition of the claim.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Profile {
    /// The profile's name in the policies.
    pub name: String,
    /// The kind of the tokens.
    pub tokens: TokenKind,
    /// The names of the profiles that this one extends, the nearest first.
    pub extends: Vec<String>,
    /// The `profile` item; `None` only for a profile that is not in a policy set.
    pub location: Option<Location>,
    /// The URLs of issuers that also issue tokens to other organisations, exactly as in `iss`.
    pub shared: Vec<String>,
    /// The derivations of claims from other claims.
    pub derivations: Vec<Derivation>,
    /// The claims, the registered ones first.
    claims: Arena<ClaimId, ClaimDefinition>,
    /// The claims by their paths.
    by_path: HashMap<Vec<String>, ClaimId>,
    /// The claims by their aliases, and by their path if it is one name.
    by_name: HashMap<String, ClaimId>,
    /// The first names of longer paths.
    objects: HashSet<String>,
}

/// A claim of a profile.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClaimDefinition {
    /// The member names from the top of the token inward.
    pub path: Vec<String>,
    /// Other names for the claim in policies.
    pub aliases: Vec<String>,
    /// The type that a value must have to be compared.
    pub claim_type: ClaimType,
    /// The trust that its value deserves.
    pub trust: Trust,
    /// True if the claim distinguishes the customers of a shared issuer.
    pub tenant: bool,
    /// True if tokens may omit the claim.
    pub optional: bool,
    /// True if the claim may be null, which `is null` tests.
    pub nullable: bool,
    /// The declaration; `None` for a registered claim.
    pub location: Option<Location>,
}

/// The trust that a claim's value deserves. It never changes a decision; the linter reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// The author of the pipeline chooses the value.
    Author,
    /// The value is never reused.
    Immutable,
    /// The CI system vouches for the value.
    #[default]
    Platform,
    /// The value is a name that can be given up and taken by another owner.
    Recyclable,
}

impl Trust {
    /// Returns the word for it in a profile.
    pub fn word(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Immutable => "immutable",
            Self::Platform => "platform",
            Self::Recyclable => "recyclable",
        }
    }
}

/// A derivation of a claim from other claims: `derive CLAIM = TEMPLATE when CONDITION`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Derivation {
    /// The derived claim.
    pub claim: ClaimId,
    /// The text with claims in it.
    pub template: Template,
    /// The condition for this derivation to apply.
    pub when: Formula,
    /// The `derive` statement.
    pub location: Location,
}

/// An issuer and its profile.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TrustedIssuer {
    /// The settings of the verifier.
    pub issuer: Issuer,
    /// The claims of its tokens.
    pub profile: Arc<Profile>,
    /// The derivations of the profile. Those of the issuer itself replace the profile's for the same claim.
    pub derivations: Vec<Derivation>,
    /// True if a derived claim can be compared only if it equals one of its derivations. False for the issuers of foreign
    /// roles: there, only the analysis assumes it.
    pub is_enforced: bool,
    /// The other issuer with the same URL: a set has two if its policies and its documents trust it. Both have the same
    /// profile and derivations, and each has its audiences.
    pub twin: Option<IssuerId>,
    /// The `issuer` item.
    pub location: Location,
}

impl TrustedIssuer {
    /// Returns the derivations of which a derived claim must equal one to be compared.
    pub(crate) fn enforced(&self) -> &[Derivation] {
        match self.is_enforced {
            true => &self.derivations,
            false => &[],
        }
    }

    /// Returns true if strangers also get tokens of the issuer: its profile or a built-in one says so.
    pub fn is_shared(&self) -> bool {
        let url = self.issuer.url.trim_end_matches('/');
        let mut shared = self.profile.shared.iter();
        shared.any(|shared| shared.trim_end_matches('/') == url) || built_in::is_shared(url)
    }
}

impl Profile {
    /// Creates a profile with claims, and without derivations.
    pub(crate) fn with_claims(
        name: &str,
        location: Location,
        claims: impl IntoIterator<Item = ClaimDefinition>,
    ) -> Self {
        let mut profile = Self {
            name: name.to_owned(),
            location: Some(location),
            ..Self::default()
        };
        for claim in claims {
            profile.declare(claim);
        }
        profile
    }

    /// Adds a claim, or replaces the one at the same path.
    pub(crate) fn declare(&mut self, claim: ClaimDefinition) -> ClaimId {
        let path = claim.path.clone();
        let aliases = claim.aliases.clone();
        let known = self.by_path.get(&path).copied();
        let id = match known.and_then(|id| Some((id, self.claims.get_mut(id)?))) {
            Some((id, old)) => {
                *old = claim;
                id
            }
            None => self.claims.push(claim),
        };
        match path.as_slice() {
            // An alias wins over a claim with the same name.
            [name] => {
                self.by_name.entry(name.clone()).or_insert(id);
            }
            [first, ..] => {
                self.objects.insert(first.clone());
            }
            [] => {}
        }
        self.by_name.extend(aliases.into_iter().map(|alias| (alias, id)));
        self.by_path.insert(path, id);
        id
    }

    /// Returns true if the profile has a name, or extends the profile with that name.
    pub fn is(&self, name: &str) -> bool {
        self.name == name || self.extends.iter().any(|base| base == name)
    }

    /// Returns a profile with another name that extends this one and has no derivations yet.
    pub(crate) fn extended(&self, name: &str, location: Location) -> Self {
        let mut extends = vec![self.name.clone()];
        extends.extend(self.extends.iter().cloned());
        Self {
            name: name.to_owned(),
            location: Some(location),
            extends,
            derivations: Vec::new(),
            ..self.clone()
        }
    }

    /// Returns the claims, the registered ones first.
    pub fn claims(&self) -> &Arena<ClaimId, ClaimDefinition> {
        &self.claims
    }

    /// Returns the claim with a name or an alias.
    pub fn claim_by_name(&self, name: &str) -> Option<ClaimId> {
        self.by_name.get(name).copied()
    }

    /// Returns the names and the aliases of claims.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// Returns true if a claim is inside an object with this name, at any depth.
    pub(crate) fn has_object(&self, name: &str) -> bool {
        self.objects.contains(name)
    }

    /// Returns the claim at a path.
    pub fn claim_by_path(&self, path: &[String]) -> Option<ClaimId> {
        self.by_path.get(path).copied()
    }
}

impl Index<ClaimId> for Profile {
    type Output = ClaimDefinition;

    #[inline]
    fn index(&self, id: ClaimId) -> &ClaimDefinition {
        &self.claims[id]
    }
}
