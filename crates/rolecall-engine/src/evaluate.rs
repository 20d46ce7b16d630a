//! Reference evaluation of conditions: the semantics of the language, section by section, slow and obvious.
//!
//! The matcher must agree with it. It reads a token by its issuer's profile and returns one of Kleene's three
//! values. Only TRUE grants. External conditions are UNKNOWN, unless a question assumes values for them.

mod assumption;
mod decisive;
mod dependence;
mod follow;
mod nearness;
mod readings;
mod tenant;
mod truth;

use crate::audience::only_audience;
use crate::claim_type::{ClaimType, Literal, Scalar, Typed};
use crate::claims::UnverifiedClaims;
use crate::document::{Json, Members};
use crate::hole::{Hole, is_safe};
use crate::id::{ClaimId, ClauseId, RoleId};
use crate::ir::{Atom, Derivation, External, Formula, Profile, Program, Question, TrustedIssuer};
use crate::pattern::Pattern;
use crate::reason::DenialReason;
pub(crate) use assumption::{AssumedClause, Assumption};
pub use decisive::Decisive;
pub(crate) use decisive::decisive;
pub use dependence::Dependence;
pub(crate) use dependence::dependence;
pub use nearness::Nearness;
pub(crate) use nearness::Ranking;
pub use truth::{Truth, Unknown};

/// The claims of every verified token but `iss` and `aud`.
pub(crate) const VERIFIED: [&str; 3] = ["sub", "exp", "iat"];

/// The values of external conditions.
pub(crate) type Externals<'e> = &'e dyn Fn(&External) -> Truth;

/// Returns the first clause that allows a role, or why none does.
pub(crate) fn decide(program: &Program, role: RoleId, claims: Members<'_>) -> Result<ClauseId, DenialReason> {
    decide_if(program, role, claims, &|_| Truth::Unknown)
}

/// Returns the first clause that allows a role if external conditions have these values, or why none does.
pub(crate) fn decide_if(
    program: &Program,
    role: RoleId,
    claims: Members<'_>,
    externals: Externals<'_>,
) -> Result<ClauseId, DenialReason> {
    let mut furthest = DenialReason::Issuer;
    for clause in program.clause_ids(role) {
        match try_clause(program, clause, claims, externals) {
            Ok(()) => return Ok(clause),
            Err(reason) => furthest = furthest.max(reason),
        }
    }
    Err(furthest)
}

/// Checks a clause. The error is the first step that fails.
pub(crate) fn try_clause(
    program: &Program,
    id: ClauseId,
    claims: Members<'_>,
    externals: Externals<'_>,
) -> Result<(), DenialReason> {
    let clause = &program[id];
    let issuer = &program[clause.issuer];
    let token = ProfileView::new(issuer, claims);
    if !token.is_from(&issuer.issuer.url) {
        return Err(DenialReason::Issuer);
    }
    if !token.is_for(&issuer.issuer.audiences) {
        return Err(DenialReason::Audience);
    }
    if token.unverified().next().is_some() {
        return Err(DenialReason::Unverified);
    }
    let holds = |condition: &Formula| token.truth_if(condition, externals) == Truth::True;
    if !holds(&clause.condition) {
        return Err(DenialReason::Condition);
    }
    if let Some(guard) = clause.failed_guard(holds) {
        return Err(DenialReason::Guard(guard));
    }
    match clause.unfilled(id, |hole| token.fit(hole).is_ok()) {
        Some(grant) => Err(DenialReason::GrantNotFilled(grant)),
        None => Ok(()),
    }
}

impl TrustedIssuer {
    /// Returns the value of a condition over the claims of this issuer. The issuer and the audience of the
    /// claims are not checked.
    pub fn truth(&self, claims: &UnverifiedClaims, condition: &Formula) -> Truth {
        ProfileView::new(self, claims.members()).truth(condition)
    }

    /// Returns the value of a condition over the claims of this issuer, if external conditions have the values
    /// that `externals` returns.
    pub fn truth_if(
        &self,
        claims: &UnverifiedClaims,
        condition: &Formula,
        externals: &dyn Fn(&External) -> Truth,
    ) -> Truth {
        ProfileView::new(self, claims.members()).truth_if(condition, externals)
    }
}

/// The value of a claim as its type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reading<'a> {
    Many(Vec<Typed<'a>>),
    One(Typed<'a>),
}

/// A view of a token through the profile of an issuer.
#[derive(Clone, Copy)]
pub(crate) struct ProfileView<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) derivations: &'a [Derivation],
    pub(crate) claims: Members<'a>,
}

impl<'a> ProfileView<'a> {
    pub(crate) fn new(issuer: &'a TrustedIssuer, claims: Members<'a>) -> Self {
        Self {
            profile: &issuer.profile,
            derivations: issuer.enforced(),
            claims,
        }
    }

    /// Returns the value of a claim, of any type but `null`.
    pub(crate) fn value(&self, id: ClaimId) -> Result<Json<'a>, Unknown> {
        match lookup(self.claims, &self.profile[id].path) {
            None => Err(Unknown::Absent),
            Some(Json::Null) => Err(Unknown::Null),
            Some(value) => Ok(value),
        }
    }

    /// Returns the value of a time that the token writes as a decimal: the floor, which differs from what is
    /// written.
    pub(crate) fn floor(&self, id: ClaimId) -> Option<i64> {
        match (&self.profile[id].claim_type, self.value(id)) {
            (ClaimType::Scalar(Scalar::Time), Ok(Json::Decimal(decimal))) => decimal.floor(),
            _ => None,
        }
    }

    /// Returns the value of a claim as its type.
    fn typed(&self, id: ClaimId) -> Result<Reading<'a>, Unknown> {
        let value = self.value(id)?;
        let claim_type = &self.profile[id].claim_type;
        let reading = match (claim_type, value) {
            (ClaimType::Scalar(scalar), value) => scalar.read(value).map(Reading::One),
            (ClaimType::List(scalar), Json::List(items)) => items
                .map(|item| scalar.read(item))
                .collect::<Option<_>>()
                .map(Reading::Many),
            (ClaimType::List(scalar), value) => scalar.read(value).map(|one| Reading::Many(vec![one])),
        };
        reading.ok_or(Unknown::NotOfType)
    }

    /// Returns the claims of every verified token that this one does not have with a value of their type. A
    /// `sub` is not empty either. `iss` and `aud` are checked against those of the issuer.
    pub(crate) fn unverified(&self) -> impl Iterator<Item = &'static str> {
        VERIFIED.into_iter().filter(|name| {
            let claim = self.profile.claim_by_path(&[(*name).to_owned()]);
            let value = claim.map(|claim| self.typed(claim));
            match value {
                Some(Ok(Reading::One(value))) => value.as_text() == Some(""),
                _ => true,
            }
        })
    }

    /// Returns the value of a claim as its type. It must be well typed, and agree with a derivation if the
    /// claim has any.
    pub(crate) fn read(&self, id: ClaimId) -> Result<Reading<'a>, Unknown> {
        let reading = self.typed(id)?;
        let mut derivations = self
            .derivations
            .iter()
            .filter(|derivation| derivation.claim == id)
            .peekable();
        let derived = derivations.peek().is_some();
        let agrees = |derivation: &Derivation| match (&reading, self.derive(derivation)) {
            (Reading::One(value), Some(derived)) => value.to_string() == derived,
            _ => false,
        };
        if derived && !derivations.any(agrees) {
            Err(Unknown::Contradiction)
        } else {
            Ok(reading)
        }
    }

    /// Returns true if the issuer derives a claim.
    fn is_derived(&self, claim: ClaimId) -> bool {
        let mut derivations = self.derivations.iter();
        derivations.any(|derivation| derivation.claim == claim)
    }

    /// Returns the value of a claim that is not a list.
    pub(crate) fn read_one(&self, id: ClaimId) -> Option<Typed<'a>> {
        match self.read(id) {
            Ok(Reading::One(value)) => Some(value),
            _ => None,
        }
    }

    /// Returns the value of a claim that a grant inserts; the error is the filtered value that is not safe, if
    /// there is one.
    pub(crate) fn fit(&self, hole: Hole) -> Result<String, Option<String>> {
        let value = self.read_one(hole.claim).ok_or(None)?.to_string();
        let value = match hole.filter {
            Some(filter) => filter.apply(&value).ok_or(None)?,
            None => value,
        };
        if is_safe(&value, self.profile[hole.claim].claim_type.scalar().is_path()) {
            Ok(value)
        } else {
            Err(Some(value))
        }
    }

    /// Returns the text that a derivation makes of the token, if it applies and the token has all claims that
    /// it needs.
    pub(crate) fn derive(&self, derivation: &Derivation) -> Option<String> {
        if self.truth(&derivation.when) != Truth::True {
            return None;
        }
        derivation
            .template
            .render(&|id| self.read_one(id), &|id| self.value(id).is_err())
    }

    /// Returns the value of a condition.
    pub(crate) fn truth(&self, formula: &Formula) -> Truth {
        self.truth_if(formula, &|_| Truth::Unknown)
    }

    /// Returns the value of a condition if external conditions have these values.
    pub(crate) fn truth_if(&self, formula: &Formula, externals: Externals<'_>) -> Truth {
        match formula {
            Formula::All(parts) => {
                let truths = parts.iter().map(|part| self.truth_if(part, externals));
                truths.fold(Truth::True, Truth::min)
            }
            Formula::Any(parts) => {
                let truths = parts.iter().map(|part| self.truth_if(part, externals));
                truths.fold(Truth::False, Truth::max)
            }
            Formula::Atom(atom, _) => self.compare(atom).map_or(Truth::Unknown, Truth::from),
            Formula::External(external, _) => externals(external),
            Formula::Not(part) => !self.truth_if(part, externals),
            Formula::Unknown => Truth::Unknown,
        }
    }

    /// Returns true if a comparison holds. The error is the reason that it is UNKNOWN.
    pub(crate) fn compare(&self, atom: &Atom) -> Result<bool, Unknown> {
        if matches!(atom.question, Question::Present) {
            return Ok(self.value(atom.claim).is_ok());
        }
        if atom.question == Question::Null {
            return Ok(self.value(atom.claim) == Err(Unknown::Null));
        }
        if let Question::Fits(filter) = atom.question {
            let claim = atom.claim;
            return Ok(self.fit(Hole { claim, filter }).is_ok());
        }
        self.answer(&atom.question, &self.read(atom.claim)?)
    }

    /// Returns the answer to a question about the value of a claim. The error is the reason that it is UNKNOWN.
    fn answer(&self, question: &Question, reading: &Reading<'_>) -> Result<bool, Unknown> {
        Ok(match (question, reading) {
            (Question::OneOf(literals), Reading::One(value)) => is_among(value, literals),
            (Question::SameAs(other), Reading::One(value)) => match self.read(*other)? {
                Reading::One(other) => *value == other,
                Reading::Many(_) => false,
            },
            (Question::Filled(template), Reading::One(value)) => {
                let text = template.render(&|id| self.read_one(id), &|id| self.value(id).is_err());
                value.to_string() == text.ok_or(Unknown::NoText)?
            }
            (Question::Order(order, literal), Reading::One(value)) => {
                value.as_int().is_some_and(|number| order.holds(number, *literal))
            }
            (Question::Pattern(patterns), Reading::One(value)) => fits(value, patterns),
            (Question::ContainsPattern(patterns), Reading::Many(values)) => {
                values.iter().any(|value| fits(value, patterns))
            }
            (Question::Only(literal), Reading::Many(values)) => {
                !values.is_empty() && values.iter().all(|value| value == literal)
            }
            (Question::ContainsAny(literals), Reading::Many(values)) => {
                values.iter().any(|value| is_among(value, literals))
            }
            (Question::ContainsAll(literals), Reading::Many(values)) => literals
                .iter()
                .all(|literal| values.iter().any(|value| value == literal)),
            // Lowering makes only questions that fit the claim's type. Any other question does not hold.
            _ => false,
        })
    }

    /// Returns true if `iss` is the issuer's URL.
    pub(crate) fn is_from(&self, url: &str) -> bool {
        self.claims.get("iss") == Some(Json::Text(url))
    }

    /// Returns true if the token has exactly one audience, and it is one of these.
    pub(crate) fn is_for(&self, audiences: &[String]) -> bool {
        let only = self.claims.get("aud").and_then(only_audience);
        only.is_some_and(|only| audiences.iter().any(|audience| audience == only))
    }
}

fn fits(value: &Typed<'_>, patterns: &[Pattern]) -> bool {
    value
        .as_text()
        .is_some_and(|text| patterns.iter().any(|pattern| pattern.accepts(text)))
}

fn is_among(value: &Typed<'_>, literals: &[Literal]) -> bool {
    literals.iter().any(|literal| literal == value)
}

/// Returns the value of a token at a path.
pub(crate) fn lookup<'a>(claims: Members<'a>, path: &[String]) -> Option<Json<'a>> {
    let (first, rest) = path.split_first()?;
    let value = claims.get(first)?;
    match (rest, value) {
        ([], value) => Some(value),
        (rest, Json::Object(object)) => lookup(object, rest),
        _ => None,
    }
}
