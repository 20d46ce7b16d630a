//! Grants: the texts of a role's templates, with values of the token filled in.

use crate::claim_type::Scalar;
use crate::document::Json;
use crate::evaluate::ProfileView;
use crate::template::{Part, Template};
use std::fmt;

/// Returns the text of a grant for a token.
pub(crate) fn render(name: &str, template: &Template, token: &ProfileView<'_>) -> Result<String, GrantError> {
    let mut text = String::new();
    for part in &template.parts {
        fill(name, part, token, &mut text)?;
    }
    Ok(text)
}

/// An error in filling a grant: the token's value cannot be put into it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GrantError {
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

impl fmt::Display for GrantError {
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

impl std::error::Error for GrantError {}

/// Adds a part of the grant with this name.
fn fill(grant: &str, part: &Part, token: &ProfileView<'_>, text: &mut String) -> Result<(), GrantError> {
    let (id, filter) = match part {
        Part::Claim(id, filter) => (*id, filter),
        Part::Text(literal) => {
            text.push_str(literal);
            return Ok(());
        }
        Part::Optional(_) => {
            debug_assert!(false, "lowering refuses optional parts in grants");
            return Ok(());
        }
    };
    let claim = &token.profile[id];
    let value = token.read_one(id).map(|value| value.to_string());
    let value = value.and_then(|value| match filter {
        Some(filter) => filter.apply(&value),
        None => Some(value),
    });
    let Some(value) = value else {
        return Err(GrantError::NoValue {
            grant: grant.to_owned(),
            claim: claim.to_string(),
        });
    };
    if !is_safe(&value, *claim.claim_type.scalar() == Scalar::Path) {
        return Err(GrantError::UnsafeValue {
            grant: grant.to_owned(),
            claim: claim.to_string(),
            value,
        });
    }
    text.push_str(&value);
    Ok(())
}

/// Returns true if a value has one meaning in a path, a URL, a name and a query.
fn is_safe(value: &str, is_path: bool) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') || (is_path && c == '/');
    value.chars().all(good)
        && value
            .split('/')
            .all(|segment| !matches!(segment, "" | "." | ".."))
}
