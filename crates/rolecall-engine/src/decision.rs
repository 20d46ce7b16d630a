//! A decision: allowed or not, by which clause, and what is granted.

use crate::claim_type::Scalar;
use crate::claims::Claims;
use crate::document::Json;
use crate::evaluate::Token;
use crate::ir::{Clause, Program, Role};
use crate::narrow::{index, number};
use crate::template::Part;
use std::fmt;

/// Whether a token may take a role. Making one never fails.
#[derive(Clone, Copy)]
pub struct Decision<'a> {
    program: &'a Program,
    claims: &'a Claims,
    cached: CachedDecision,
}

/// What a decision says, without what it was made of: small enough to be remembered beside a token.
///
/// It means something only together with the policy set and the claims of the decision; see
/// [`PolicySet::recall`](crate::PolicySet::recall). In their order, verdicts stand like the roles in the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CachedDecision {
    /// The place of the role in the program; beyond the last if the set does not have it.
    role: u32,
    outcome: Outcome,
}

/// What was decided. Numbers are those of a clause and of a guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Allowed(u32),
    Audience,
    Condition,
    Guard(u32),
    Issuer,
    UnknownRole,
}

impl CachedDecision {
    /// The verdict on a role that the set does not have.
    pub(crate) const UNKNOWN_ROLE: Self = Self {
        role: u32::MAX,
        outcome: Outcome::UnknownRole,
    };

    /// The verdict that a clause allows a role.
    pub(crate) fn allowed(role: u32, clause: u32) -> Self {
        let outcome = Outcome::Allowed(clause);
        Self { role, outcome }
    }

    /// The verdict on a role: the clause that allows it, or why none does.
    pub(crate) fn new(role: usize, outcome: Result<usize, DenialReason>) -> Self {
        Self {
            role: number(role),
            outcome: match outcome {
                Ok(clause) => Outcome::Allowed(number(clause)),
                Err(DenialReason::UnknownRole) => Outcome::UnknownRole,
                Err(DenialReason::Issuer) => Outcome::Issuer,
                Err(DenialReason::Audience) => Outcome::Audience,
                Err(DenialReason::Condition) => Outcome::Condition,
                Err(DenialReason::Guard(guard)) => Outcome::Guard(number(guard)),
            },
        }
    }

    /// The place of the role in the program.
    pub(crate) fn role(self) -> usize {
        index(self.role)
    }

    /// The clause that allows the role, if one does.
    pub(crate) fn clause(self) -> Option<u32> {
        match self.outcome {
            Outcome::Allowed(clause) => Some(clause),
            _ => None,
        }
    }

    /// The clause that allows the role, or why none does.
    fn outcome(self) -> Result<usize, DenialReason> {
        match self.outcome {
            Outcome::Allowed(clause) => Ok(index(clause)),
            Outcome::Audience => Err(DenialReason::Audience),
            Outcome::Condition => Err(DenialReason::Condition),
            Outcome::Guard(guard) => Err(DenialReason::Guard(index(guard))),
            Outcome::Issuer => Err(DenialReason::Issuer),
            Outcome::UnknownRole => Err(DenialReason::UnknownRole),
        }
    }
}

/// Why a role is denied: how far the clause got that got furthest, from the first step to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DenialReason {
    /// The policy set has no such role.
    UnknownRole,
    /// No clause allows the issuer of the token.
    Issuer,
    /// The token is meant for somebody else.
    Audience,
    /// The condition of the clause is not TRUE.
    Condition,
    /// The guard of this index is not TRUE.
    Guard(usize),
}

impl DenialReason {
    /// A word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownRole => "unknown_role",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::Condition => "condition",
            Self::Guard(_) => "guard",
        }
    }
}

impl<'a> Decision<'a> {
    /// A decision that was made.
    pub(crate) fn new(program: &'a Program, claims: &'a Claims, cached: CachedDecision) -> Self {
        Self {
            program,
            claims,
            cached,
        }
    }

    /// What it says.
    pub fn cached(&self) -> CachedDecision {
        self.cached
    }

    /// Whether the token may take the role.
    pub fn is_allowed(&self) -> bool {
        self.cached.outcome().is_ok()
    }

    /// The role, if the set has it.
    pub fn role(&self) -> Option<&'a Role> {
        self.program.roles.get(index(self.cached.role))
    }

    /// The clause that allows the role, and its index, if one does.
    pub fn clause(&self) -> Option<(usize, &'a Clause)> {
        let index = self.cached.outcome().ok()?;
        Some((index, self.role()?.clauses.get(index)?))
    }

    /// Why the role is denied, if it is.
    pub fn reason(&self) -> Option<DenialReason> {
        self.cached.outcome().err()
    }

    /// How long what is granted lives, in seconds, if the role is allowed and says so.
    pub fn ttl_seconds(&self) -> Option<u64> {
        self.clause().and(self.role()?.ttl)
    }

    /// What is granted: names and values, in the order of the policy. Nothing if the role is denied.
    ///
    /// # Errors
    /// A value that could mean something else where it is put: see [`GrantError`]. Whoever hands out credentials then
    /// refuses.
    pub fn grants(&self) -> Result<Vec<(&'a str, String)>, GrantError> {
        let (Some(role), Some((_, clause))) = (self.role(), self.clause()) else {
            return Ok(Vec::new());
        };
        let Some(issuer) = self.program.issuers.get(clause.issuer) else {
            return Ok(Vec::new());
        };
        let token = Token::new(issuer, self.claims.members());
        let mut grants = Vec::new();
        for (name, template) in role.grants.iter().zip(&clause.grants) {
            let mut text = String::new();
            for part in &template.parts {
                fill(part, &token, &mut text).map_err(|error| error.of(name))?;
            }
            grants.push((name.as_str(), text));
        }
        Ok(grants)
    }
}

impl fmt::Debug for Decision<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = self.role().map(|role| role.name.as_str());
        f.debug_struct("Decision")
            .field("role", &role)
            .field("outcome", &self.cached.outcome())
            .finish_non_exhaustive()
    }
}

/// A value that can't be put into what a role grants.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GrantError {
    /// The claim has no value that the template could take.
    NoValue {
        /// The name of the grant.
        grant: String,
        /// The claim.
        claim: String,
    },
    /// The value has a character or a segment that could mean something else where it is put.
    UnsafeValue {
        /// The name of the grant.
        grant: String,
        /// The claim.
        claim: String,
        /// The value.
        value: String,
    },
}

impl GrantError {
    fn of(mut self, name: &str) -> Self {
        let (Self::NoValue { grant, .. } | Self::UnsafeValue { grant, .. }) = &mut self;
        name.clone_into(grant);
        self
    }
}

impl fmt::Display for GrantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoValue { grant, claim } => {
                write!(
                    f,
                    "the grant `{grant}` needs the claim `{claim}`, which the token does not have as declared"
                )
            }
            Self::UnsafeValue { grant, claim, value } => {
                let value = Json::Text(value);
                write!(
                    f,
                    "the grant `{grant}` cannot take {value} from the claim `{claim}`: only letters, digits, `.`, `_`, `-`, and `/` in a path, are safe"
                )
            }
        }
    }
}

impl std::error::Error for GrantError {}

fn fill(part: &Part, token: &Token<'_>, text: &mut String) -> Result<(), GrantError> {
    let (id, filter) = match part {
        Part::Claim(id, filter) => (*id, filter),
        Part::Text(literal) => {
            text.push_str(literal);
            return Ok(());
        }
        // Lowering refuses optional parts in grants.
        Part::Optional(_) => return Ok(()),
    };
    let definition = token.profile.claim(id);
    let claim = definition.map(ToString::to_string).unwrap_or_default();
    let value = token.read_one(id).map(|value| value.to_string());
    let value = value.and_then(|value| filter.map_or(Some(value.clone()), |filter| filter.apply(&value)));
    let Some(value) = value else {
        return Err(GrantError::NoValue {
            grant: String::new(),
            claim,
        });
    };
    let is_path = definition.is_some_and(|definition| *definition.claim_type.scalar() == Scalar::Path);
    if !is_safe(&value, is_path) {
        return Err(GrantError::UnsafeValue {
            grant: String::new(),
            claim,
            value,
        });
    }
    text.push_str(&value);
    Ok(())
}

/// Whether a value means nothing but itself in a path, a URL, a name, a query.
fn is_safe(value: &str, is_path: bool) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') || (is_path && c == '/');
    value.chars().all(good)
        && value
            .split('/')
            .all(|segment| !matches!(segment, "" | "." | ".."))
}
