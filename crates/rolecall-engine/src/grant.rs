//! Grants: the texts of a role's templates, with values of the token filled in.
//!
//! A clause allows only if each claim in the grants of its role fits: it reads as in a comparison, its filter
//! has a value, and the value has one meaning wherever it stands. So filling a granted role's grants succeeds.

use crate::document::Json;
use crate::evaluate::ProfileView;
use crate::hole::Hole;
use crate::ir::Clause;
use crate::template::{Part, Template};
use std::fmt;

/// The reason that a claim does not fit into a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GrantFault {
    /// The token does not have the claim, or not with a value that the template takes.
    NoValue {
        /// The name of the grant.
        grant: String,
        /// The claim, as it is written in policies.
        claim: String,
    },
    /// The value has a character or a segment that could change the meaning of the text around it.
    UnsafeValue {
        /// The name of the grant.
        grant: String,
        /// The claim, as it is written in policies.
        claim: String,
        /// The token's value.
        value: String,
    },
}

impl GrantFault {
    /// Returns the name of the grant.
    pub fn grant(&self) -> &str {
        match self {
            Self::NoValue { grant, .. } | Self::UnsafeValue { grant, .. } => grant,
        }
    }

    /// Returns the claim, as it is written in policies.
    pub fn claim(&self) -> &str {
        match self {
            Self::NoValue { claim, .. } | Self::UnsafeValue { claim, .. } => claim,
        }
    }

    /// Returns the token's value that is not safe, if that is the reason.
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::NoValue { .. } => None,
            Self::UnsafeValue { value, .. } => Some(value),
        }
    }
}

impl fmt::Display for GrantFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoValue { grant, claim } => {
                write!(
                    f,
                    "the grant `{grant}` needs the claim `{claim}`, and the token has no value of its type"
                )
            }
            Self::UnsafeValue { grant, claim, value } => {
                let value = Json::Text(value);
                write!(
                    f,
                    "the grant `{grant}` cannot use {value} of the claim `{claim}`: \
                     only letters, digits, `.`, `_`, `-`, and `/` in a path are safe"
                )
            }
        }
    }
}

impl ProfileView<'_> {
    /// Returns the reasons that the claims in a clause's grants do not fit. `names` are those of the grants.
    pub(crate) fn faults(&self, clause: &Clause, names: &[impl AsRef<str>]) -> Vec<GrantFault> {
        let fault = |(grant, hole): (usize, Hole)| {
            let value = self.fit(hole).err()?;
            let grant = names.get(grant).map_or("", AsRef::as_ref).to_owned();
            let claim = self.profile[hole.claim].to_string();
            Some(match value {
                Some(value) => GrantFault::UnsafeValue { grant, claim, value },
                None => GrantFault::NoValue { grant, claim },
            })
        };
        clause.holes().filter_map(fault).collect()
    }

    /// Returns the text of a grant; `None` if a claim in it does not fit.
    pub(crate) fn fill(&self, template: &Template) -> Option<String> {
        let mut text = String::new();
        for part in &template.parts {
            match part {
                Part::Claim(claim, filter) => {
                    let (claim, filter) = (*claim, *filter);
                    text.push_str(&self.fit(Hole { claim, filter }).ok()?);
                }
                Part::Text(literal) => text.push_str(literal),
                // Lowering refuses optional parts in grants.
                Part::Optional(_) => return None,
            }
        }
        Some(text)
    }
}
