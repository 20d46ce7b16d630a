//! The operator's view of a decision: each check with the token's value and the accepted values.

use super::comparison::Comparison;
use super::tree::{self, ConditionTree};
use super::{Contradictions, Room, price};
use crate::claims::UnverifiedClaims;
use crate::document::Members;
use crate::evaluate::{Dependence, ProfileView, Ranking, Truth, decide, dependence};
use crate::grant::GrantFault;
use crate::id::{ClauseId, RoleId};
use crate::ir::{Clause, Guard, Program, Role, TrustedIssuer};
use crate::value::Value;

/// The operator's view of a decision on a role. It has the accepted values, so it must not reach a requester, who
/// would learn what to forge or to ask for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OperatorView<'a> {
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
    /// The check of `iss`: it must be the issuer's URL. If it differs, `condition` is `None` and
    /// `guards` is empty.
    pub issuer_check: ClaimCheck,
    /// The check of `aud`: the only audience must be one of the issuer's.
    pub audience_check: ClaimCheck,
    /// True if the token is from the clause's issuer, and of a tenant that the clause names: its condition and its
    /// guards would hold if all comparisons that do not tell tenants apart did.
    pub is_own_tenant: bool,
    /// The claims of every verified token that this one does not have, or not with a value of their type.
    pub unverified: Vec<&'static str>,
    /// The condition of the clause; `None` for a token of another issuer, whose profile says nothing about it.
    pub condition: Option<ConditionTree>,
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
    /// Its condition.
    pub condition: ConditionTree,
}

impl<'a> OperatorView<'a> {
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
        // Of many clauses, all read the token by the profiles of a few issuers.
        let mut ranking = Ranking::new(program, claims);
        let claims = claims.members();
        let clauses = program
            .clause_ids(role)
            .map(|clause| ClauseExplanation {
                is_own_tenant: ranking.is_own(&program[clause]),
                ..explain_clause(program, role, clause, claims, &mut room)
            })
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

impl ClauseExplanation<'_> {
    /// Returns true if the clause allows the role.
    pub fn holds(&self) -> bool {
        let mut guards = self.guards.iter();
        self.issuer_check.matches()
            && self.audience_check.matches()
            && self.unverified.is_empty()
            && self
                .condition
                .as_ref()
                .is_some_and(|condition| condition.truth() == Truth::True)
            && guards.all(|guard| guard.condition.truth() == Truth::True)
            && self.unfilled.is_empty()
    }

    /// Returns the comparisons of the condition and of the guards, in the order of the text.
    pub fn comparisons(&self) -> Vec<&Comparison> {
        let trees = self.trees();
        trees.flat_map(ConditionTree::comparisons).collect()
    }

    /// Returns the condition and those of the guards.
    pub(super) fn trees(&self) -> impl Iterator<Item = &ConditionTree> {
        let guards = self.guards.iter().map(|guard| &guard.condition);
        self.condition.iter().chain(guards)
    }
}

/// Explains a clause, apart from its tenant.
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
    let mut explanation = ClauseExplanation {
        id,
        clause,
        issuer,
        issuer_check: check(token.is_from(&issuer.issuer.url), "iss"),
        audience_check: check(token.is_for(&issuer.issuer.audiences), "aud"),
        is_own_tenant: false,
        unverified: Vec::new(),
        condition: None,
        guards: Vec::new(),
        unfilled: Vec::new(),
    };
    if explanation.issuer_check.matches() {
        explanation.condition = Some(tree::explain(&clause.condition, false, issuer, &token, room));
        let guards = clause.guards().iter().map(|guard| GuardExplanation {
            guard: &program[guard.guard],
            condition: tree::explain(&guard.condition, false, issuer, &token, room),
        });
        explanation.guards = guards.collect();
        explanation.unverified = token.unverified().collect();
        explanation.unfilled = token.faults(clause, &program[role].grants);
    }
    explanation
}
