//! A decision: allowed or not, by which clause, and what is granted.

use crate::claim_type::Scalar;
use crate::claims::Claims;
use crate::document::{Json, Members};
use crate::evaluate::{Token, Truth};
use crate::ir::{Clause, Program, Role};
use crate::template::Part;
use std::fmt;

/// Whether a token may take a role. Making one never fails.
#[derive(Clone, Copy)]
pub struct Decision<'a> {
    program: &'a Program,
    claims: &'a Claims,
    verdict: Verdict,
}

/// What a decision says, without what it was made of: small enough to be remembered beside a token.
///
/// It means something only together with the policy set and the claims of the decision; see
/// [`PolicySet::recall`](crate::PolicySet::recall).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The place of the role in the program, if the set has it.
    role: Option<usize>,
    /// The clause that allows it, or why none does.
    outcome: Result<usize, Reason>,
}

/// Why a role is denied: how far the clause got that got furthest, from the first step to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
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

impl Reason {
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
    /// Decides on the role that has this place in the program.
    pub(crate) fn new(program: &'a Program, claims: &'a Claims, role: Option<usize>) -> Self {
        let found = role.and_then(|index| program.roles.get(index));
        let outcome = found.map_or(Err(Reason::UnknownRole), |role| {
            decide(program, role, claims.members())
        });
        Self::recall(program, claims, Verdict { role, outcome })
    }

    /// A decision that was made before.
    pub(crate) fn recall(program: &'a Program, claims: &'a Claims, verdict: Verdict) -> Self {
        Self {
            program,
            claims,
            verdict,
        }
    }

    /// What it says.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Whether the token may take the role.
    pub fn is_allowed(&self) -> bool {
        self.verdict.outcome.is_ok()
    }

    /// The role, if the set has it.
    pub fn role(&self) -> Option<&'a Role> {
        self.program.roles.get(self.verdict.role?)
    }

    /// The clause that allows the role, and its index, if one does.
    pub fn clause(&self) -> Option<(usize, &'a Clause)> {
        let index = self.verdict.outcome.ok()?;
        Some((index, self.role()?.clauses.get(index)?))
    }

    /// Why the role is denied, if it is.
    pub fn reason(&self) -> Option<Reason> {
        self.verdict.outcome.err()
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
            .field("outcome", &self.verdict.outcome)
            .finish_non_exhaustive()
    }
}

/// The clause that allows a role, or why none does.
pub(crate) fn decide(program: &Program, role: &Role, claims: Members<'_>) -> Result<usize, Reason> {
    let mut furthest = Reason::Issuer;
    for (index, clause) in role.clauses.iter().enumerate() {
        match try_clause(program, clause, claims) {
            Ok(()) => return Ok(index),
            Err(reason) => furthest = furthest.max(reason),
        }
    }
    Err(furthest)
}

/// Whether a clause allows, or where it stops.
fn try_clause(program: &Program, clause: &Clause, claims: Members<'_>) -> Result<(), Reason> {
    let issuer = program.issuers.get(clause.issuer).ok_or(Reason::Issuer)?;
    let token = Token::new(issuer, claims);
    if !token.is_from(&issuer.issuer.url) {
        return Err(Reason::Issuer);
    }
    if !token.is_for(&issuer.issuer.audiences) {
        return Err(Reason::Audience);
    }
    if token.truth(&clause.condition) != Truth::True {
        return Err(Reason::Condition);
    }
    match clause
        .guards
        .iter()
        .find(|(_, formula)| token.truth(formula) != Truth::True)
    {
        Some((guard, _)) => Err(Reason::Guard(*guard)),
        None => Ok(()),
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
