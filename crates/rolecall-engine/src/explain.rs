//! Explanations of decisions: each comparison with the token's value and the accepted values.

mod accepted;
mod contradiction;
mod obstacle;

use crate::certain::next;
use crate::claims::UnverifiedClaims;
use crate::diagnostic::Location;
use crate::document::Members;
use crate::evaluate::{Dependence, ProfileView, Truth, Unknown, decide, dependence};
use crate::grant::GrantFault;
use crate::id::{ClaimId, ClauseId, RoleId};
use crate::ir::{Atom, Clause, Formula, Guard, Program, Role, TrustedIssuer};
use crate::value::Value;
use accepted::accepted;
pub use contradiction::Contradiction;
pub(crate) use contradiction::Contradictions;
pub use obstacle::Obstacles;
pub(crate) use obstacle::obstacles;
use std::collections::HashSet;
use std::sync::Arc;

/// The most comparisons that are explained at once. Fewer if the token is large, since each shows a part of
/// it.
pub(crate) const MAX_EXPLAINED: usize = 100_000;
/// The number of bytes of a token that cost as much as a comparison.
const BYTES_SHOWN: usize = 256;

/// An explanation of a decision on a role.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explanation<'a> {
    /// The role.
    pub role: &'a Role,
    /// The clause that allows it, if one does.
    pub allowed_by: Option<ClauseId>,
    /// The clauses of the role, in the order of the text.
    pub clauses: Vec<ClauseExplanation<'a>>,
    /// The dependence of the decision on external conditions.
    pub dependence: Dependence,
    /// The number of comparisons that are omitted because there are too many.
    pub left_out: usize,
}

/// An explainer of roles for one token. It bounds the number of comparisons over all of them.
#[derive(Debug)]
pub struct Explainer<'a, 'c> {
    program: &'a Program,
    claims: &'c UnverifiedClaims,
    left: usize,
    contradictions: Contradictions,
}

impl<'a, 'c> Explainer<'a, 'c> {
    pub(crate) fn new(program: &'a Program, claims: &'c UnverifiedClaims) -> Self {
        Self {
            program,
            claims,
            left: MAX_EXPLAINED,
            contradictions: Contradictions::default(),
        }
    }

    /// Explains why a role is allowed or denied; `None` if there is no such role.
    pub fn explain(&mut self, role: &str) -> Option<Explanation<'a>> {
        let role = self.program.role(role)?;
        Some(Explanation::new(
            self.program,
            role,
            self.claims,
            (&mut self.left, &mut self.contradictions),
        ))
    }
}

/// The budget of an explanation.
struct Room<'r> {
    /// The number of comparisons that may still be explained.
    left: &'r mut usize,
    /// The price of a comparison.
    price: usize,
    /// The number of omitted comparisons.
    left_out: usize,
    contradictions: &'r mut Contradictions,
}

/// A check of the token's `iss` or `aud` for a clause.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ClaimCheck {
    /// The clause accepts the token's value.
    Matches,
    /// The clause does not accept the token's value; `None` if the token does not have the claim.
    Differs(Option<Value>),
}

impl ClaimCheck {
    /// Returns true if the clause accepts the token's value.
    #[must_use]
    pub fn matches(&self) -> bool {
        matches!(self, Self::Matches)
    }
}

/// The outcome of a clause.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClauseExplanation<'a> {
    /// The id of the clause.
    pub id: ClauseId,
    /// The clause.
    pub clause: &'a Clause,
    /// The issuer of the clause.
    pub issuer: &'a TrustedIssuer,
    /// The check of `iss`: it must be the issuer's URL. If it differs, there are no comparisons and no
    /// guards.
    pub issuer_check: ClaimCheck,
    /// The check of `aud`: the only audience must be one of the issuer's.
    pub audience_check: ClaimCheck,
    /// The claims of every verified token that this one does not have, or not with a value of their type.
    pub unverified: Vec<&'static str>,
    /// The value of the clause's condition.
    pub condition: Truth,
    /// The comparisons of the condition, in the order of the text.
    pub comparisons: Vec<Comparison>,
    /// The guards of the clause, in the order of the text.
    pub guards: Vec<GuardExplanation<'a>>,
    /// The claims that do not fit into the role's grants, in the order of the text.
    pub unfilled: Vec<GrantFault>,
}

/// The outcome of a guard of a clause.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GuardExplanation<'a> {
    /// The guard.
    pub guard: &'a Guard,
    /// The value of its condition.
    pub truth: Truth,
    /// The comparisons of its condition, in the order of the text.
    pub comparisons: Vec<Comparison>,
}

/// The outcome of a comparison.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Comparison {
    /// The location of the comparison.
    pub location: Location,
    /// The claim, as it is written in policies.
    pub claim: String,
    /// The value of the comparison. Under a `!` it is already negated.
    pub truth: Truth,
    /// The reason that it is UNKNOWN, if it is.
    pub unknown: Option<Unknown>,
    /// The token's value; `None` if it does not have the claim.
    pub actual: Option<Value>,
    /// The value that is compared, if it is not what the token writes: the floor of a time.
    pub floor: Option<i64>,
    /// The accepted values, in words.
    pub accepted: String,
    /// The values that the claim could have by its derivations, if it contradicts them.
    pub derived: Vec<String>,
    /// The reason that it contradicts them, if it does.
    pub contradiction: Option<Arc<Contradiction>>,
}

impl<'a> Explanation<'a> {
    /// Explains a role. `left` is the number of comparisons that may still be explained, and
    /// `contradictions` has those of the token.
    pub(crate) fn new(
        program: &'a Program,
        role: RoleId,
        claims: &UnverifiedClaims,
        (left, contradictions): (&mut usize, &mut Contradictions),
    ) -> Self {
        let mut room = Room {
            left,
            price: price(claims),
            left_out: 0,
            contradictions,
        };
        let claims = claims.members();
        let clauses = program
            .clause_ids(role)
            .map(|clause| explain_clause(program, role, clause, claims, &mut room))
            .collect();
        Self {
            role: &program[role],
            allowed_by: decide(program, role, claims).ok(),
            clauses,
            dependence: dependence(program, role, claims),
            left_out: room.left_out,
        }
    }
}

/// Returns the price of an explained comparison: each shows a part of the token.
pub(crate) fn price(claims: &UnverifiedClaims) -> usize {
    next(claims.bytes() / BYTES_SHOWN)
}

fn explain_clause<'a>(
    program: &'a Program,
    role: RoleId,
    id: ClauseId,
    claims: Members<'_>,
    room: &mut Room<'_>,
) -> ClauseExplanation<'a> {
    let clause = &program[id];
    let issuer = &program[clause.issuer];
    let token = ProfileView::new(issuer, claims);
    let check = |matches: bool, claim: &str| {
        if matches {
            ClaimCheck::Matches
        } else {
            ClaimCheck::Differs(claims.get(claim).map(Value::from))
        }
    };
    let issuer_check = check(token.is_from(&issuer.issuer.url), "iss");
    let audience_check = check(token.is_for(&issuer.issuer.audiences), "aud");
    let mut explanation = ClauseExplanation {
        id,
        clause,
        issuer,
        issuer_check,
        audience_check,
        condition: token.truth(&clause.condition),
        unverified: Vec::new(),
        comparisons: Vec::new(),
        guards: Vec::new(),
        unfilled: Vec::new(),
    };
    if explanation.issuer_check.matches() {
        let token = (issuer, &token);
        explanation.comparisons = comparisons(&clause.condition, token, room);
        let guards = clause.guards.iter().map(|guard| GuardExplanation {
            guard: &program[guard.guard],
            truth: token.1.truth(&guard.condition),
            comparisons: comparisons(&guard.condition, token, room),
        });
        explanation.guards = guards.collect();
        explanation.unverified = token.1.unverified().collect();
        explanation.unfilled = token.1.faults(clause, &program[role].grants);
    }
    explanation
}

/// A token, and the issuer whose profile it is read by.
type Token<'t> = (&'t TrustedIssuer, &'t ProfileView<'t>);

fn comparisons(formula: &Formula, token: Token<'_>, room: &mut Room<'_>) -> Vec<Comparison> {
    let mut found = Vec::new();
    collect(formula, false, token, &mut found, room);
    found
}

fn collect(
    formula: &Formula,
    negated: bool,
    token: Token<'_>,
    found: &mut Vec<Comparison>,
    room: &mut Room<'_>,
) {
    match formula {
        Formula::All(parts) | Formula::Any(parts) => {
            for part in parts.iter() {
                collect(part, negated, token, found, room);
            }
        }
        Formula::Atom(..) if *room.left == 0 => room.left_out = next(room.left_out),
        Formula::Atom(atom, location) => {
            // The last comparison is explained even if less than its price is left.
            *room.left = room.left.saturating_sub(room.price);
            let (issuer, view) = token;
            let mut comparison = compare(atom, *location, negated, view);
            if comparison.unknown == Some(Unknown::Contradiction) {
                let claim = contradicted(atom, view);
                comparison.contradiction =
                    claim.map(|claim| room.contradictions.of(claim, issuer, view, room.left));
            }
            found.push(comparison);
        }
        Formula::Not(part) => collect(part, !negated, token, found, room),
        Formula::External(..) | Formula::Unknown => {}
    }
}

/// Explains a comparison, without the cause of a contradiction.
fn compare(atom: &Atom, location: Location, negated: bool, token: &ProfileView<'_>) -> Comparison {
    let outcome = token.compare(atom);
    let truth = outcome.map_or(Truth::Unknown, Truth::from);
    let definition = &token.profile[atom.claim];
    let unknown = outcome.err();
    let is_contradiction = unknown == Some(Unknown::Contradiction);
    let derived = if is_contradiction {
        let own = token
            .derivations
            .iter()
            .filter(|derivation| derivation.claim == atom.claim);
        // Optional parts make derivations that give the same text.
        let mut seen = HashSet::new();
        own.filter_map(|derivation| token.derive(derivation))
            .filter(|text| seen.insert(text.clone()))
            .collect()
    } else {
        Vec::new()
    };
    Comparison {
        location,
        claim: definition.to_string(),
        truth: if negated { !truth } else { truth },
        unknown,
        actual: crate::evaluate::lookup(token.claims, &definition.path).map(Value::from),
        floor: token.floor(atom.claim),
        accepted: accepted(&atom.question, negated, token),
        derived,
        contradiction: None,
    }
}

/// Returns the claim of a comparison that contradicts the claims that it is derived from.
fn contradicted(atom: &Atom, token: &ProfileView<'_>) -> Option<ClaimId> {
    let mut claims = std::iter::once(atom.claim).chain(atom.question.other_claims());
    claims.find(|claim| token.read(*claim).err() == Some(Unknown::Contradiction))
}
