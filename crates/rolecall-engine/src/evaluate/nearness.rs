//! Nearness of a token to a role: how much of the token keeps the role from being allowed.

use super::ProfileView;
use super::readings::Readings;
use super::tenant::Tenants;
use crate::claims::UnverifiedClaims;
use crate::document::Members;
use crate::id::{ClaimId, IssuerId, RoleId};
use crate::ir::{Clause, Formula, Program};
use std::collections::{BTreeSet, HashMap};

/// The nearness of a token to a role that is denied. Nearer ones are less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Nearness {
    /// A clause of the role names the token's tenant, or no tenant.
    Own {
        /// A lower bound of the number of claims that must have other values. Derived claims count as none.
        claims: usize,
    },
    /// The role is for other tenants of the token's issuer.
    OtherTenant {
        /// A lower bound of the number of claims that must have other values. Derived claims count as none.
        claims: usize,
    },
    /// The role is for tokens of other issuers.
    OtherIssuer,
}

impl Nearness {
    /// Returns a lower bound of the number of claims that must have other values; `None` for a role of other issuers.
    pub fn claims(self) -> Option<usize> {
        match self {
            Self::Own { claims } | Self::OtherTenant { claims } => Some(claims),
            Self::OtherIssuer => None,
        }
    }
}

/// The nearness of one token to many roles.
pub(crate) struct Ranking<'a> {
    program: &'a Program,
    claims: Members<'a>,
    /// The readings of the token by the profile of each issuer that it can be from.
    issuers: HashMap<IssuerId, Option<(Readings<'a>, Tenants)>>,
}

impl<'a> Ranking<'a> {
    pub(crate) fn new(program: &'a Program, claims: &'a UnverifiedClaims) -> Self {
        Self {
            program,
            claims: claims.members(),
            issuers: HashMap::new(),
        }
    }

    /// Returns the nearness of the token to a role that it does not get.
    pub(crate) fn nearness(&mut self, role: RoleId) -> Nearness {
        let clauses = self.program.clauses(role).iter();
        let nearest = clauses.filter_map(|clause| self.of_clause(clause)).min();
        nearest.unwrap_or(Nearness::OtherIssuer)
    }

    /// Returns true if the token is from the clause's issuer, and of a tenant that the clause names.
    pub(crate) fn is_own(&mut self, clause: &Clause) -> bool {
        let read = self.read(clause.issuer);
        read.is_some_and(|(token, tenants)| tenants.are_named_by(clause, token))
    }

    /// Reads the token by the profile of an issuer; `None` if it is from another one.
    fn read(&mut self, issuer: IssuerId) -> Option<&(Readings<'a>, Tenants)> {
        let trusted = &self.program[issuer];
        let claims = self.claims;
        let read = || {
            let token = ProfileView::new(trusted, claims);
            let is_from = token.is_from(&trusted.issuer.url);
            is_from.then(|| (Readings::new(token), Tenants::new(&token)))
        };
        self.issuers.entry(issuer).or_insert_with(read).as_ref()
    }

    fn of_clause(&mut self, clause: &Clause) -> Option<Nearness> {
        let trusted = &self.program[clause.issuer];
        let (token, tenants) = self.read(clause.issuer)?;
        let mut missing = Missing::default();
        for condition in clause.conditions() {
            missing.add(shortfall(condition, false, token));
        }
        if !token.token.is_for(&trusted.issuer.audiences) {
            missing
                .claims
                .extend(trusted.profile.claim_by_path(&["aud".to_owned()]));
        }
        let claims = missing.count();
        Some(match tenants.are_named_by(clause, token) {
            true => Nearness::Own { claims },
            false => Nearness::OtherTenant { claims },
        })
    }
}

/// The claims that must have other values.
#[derive(Default)]
struct Missing {
    /// The claims that must, whatever else changes.
    claims: BTreeSet<ClaimId>,
    /// A lower bound of what alternatives need, among themselves.
    alternatives: usize,
}

impl Missing {
    fn count(&self) -> usize {
        self.claims.len().max(self.alternatives)
    }

    /// Adds what another part of a conjunction needs.
    fn add(&mut self, other: Self) {
        self.claims.extend(other.claims);
        self.alternatives = self.alternatives.max(other.alternatives);
    }
}

/// Returns what keeps a condition, or its negation, from being TRUE.
fn shortfall(formula: &Formula, negated: bool, token: &Readings<'_>) -> Missing {
    match formula {
        Formula::All(parts) | Formula::Any(parts) => {
            let parts = parts.iter().map(|part| shortfall(part, negated, token));
            if matches!(formula, Formula::All(_)) != negated {
                parts.fold(Missing::default(), |mut whole, part| {
                    whole.add(part);
                    whole
                })
            } else {
                let least = parts.map(|part| part.count()).min();
                Missing {
                    claims: BTreeSet::new(),
                    alternatives: least.unwrap_or_default(),
                }
            }
        }
        Formula::Atom(atom, _) => match token.compare(atom) {
            Ok(truth) if truth != negated => Missing::default(),
            _ if token.is_derived(atom.claim) => Missing {
                claims: BTreeSet::new(),
                alternatives: usize::from(!token.may_follow(atom, !negated)),
            },
            // One of several claims is enough.
            _ if atom.question.other_claims().next().is_some() => Missing {
                claims: BTreeSet::new(),
                alternatives: usize::from(!atom.claims().any(|claim| token.is_derived(claim))),
            },
            _ => Missing {
                claims: BTreeSet::from([atom.claim]),
                alternatives: 0,
            },
        },
        Formula::Not(part) => shortfall(part, !negated, token),
        Formula::External(..) | Formula::Unknown => Missing::default(),
    }
}
