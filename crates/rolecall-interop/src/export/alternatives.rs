//! Alternatives: the ways to get a role, each a conjunction of comparisons.

use super::Refusal;
use rolecall_engine::ir::{Clause, Formula, Profile, Program, Question, TrustedIssuer};
use rolecall_engine::{ClaimId, RoleId};

/// The most alternatives of a role.
const MAX_ALTERNATIVES: usize = 256;

/// A comparison that must hold, or whose negation must.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Demand<'p> {
    pub(super) claim: ClaimId,
    pub(super) question: &'p Question,
    pub(super) holds: bool,
}

/// A way to get a role: a token of the issuer that fulfils all demands gets it.
#[derive(Clone, Debug)]
pub(super) struct Alternative<'p> {
    pub(super) issuer: &'p TrustedIssuer,
    pub(super) demands: Vec<Demand<'p>>,
}

impl<'p> Alternative<'p> {
    pub(super) fn profile(&self) -> &'p Profile {
        &self.issuer.profile
    }

    /// Returns the demands on a claim.
    pub(super) fn demands_on(&self, claim: ClaimId) -> impl Iterator<Item = &Demand<'p>> {
        self.demands.iter().filter(move |demand| demand.claim == claim)
    }

    /// Returns the claims with demands, each once, in the order of the profile.
    pub(super) fn claims(&self) -> Vec<ClaimId> {
        let mut claims: Vec<ClaimId> = self.demands.iter().map(|demand| demand.claim).collect();
        claims.sort_unstable();
        claims.dedup();
        claims
    }
}

/// Returns the ways to get a role. The fit of its grants is left out: other systems have no grants.
pub(super) fn alternatives(program: &Program, role: RoleId) -> Result<Vec<Alternative<'_>>, Refusal> {
    let mut all = Vec::new();
    for clause in program.clauses(role) {
        let issuer = &program.issuers()[clause.issuer];
        let demands = essential(of_clause(clause)?).into_iter();
        all.extend(demands.map(|demands| Alternative { issuer, demands }));
    }
    match all.len() {
        0..=MAX_ALTERNATIVES => Ok(all),
        _ => Err(too_many()),
    }
}

/// Returns the conjunctions without those that contradict themselves, and without those that demand all of another one and
/// more.
fn essential(mut all: Vec<Vec<Demand<'_>>>) -> Vec<Vec<Demand<'_>>> {
    for demands in &mut all {
        let mut kept: Vec<Demand<'_>> = Vec::new();
        for demand in demands.drain(..) {
            if !kept.contains(&demand) {
                kept.push(demand);
            }
        }
        *demands = kept;
    }
    all.retain(|demands| {
        let is_opposite = |demand: &Demand<'_>| {
            let holds = !demand.holds;
            demands.contains(&Demand { holds, ..*demand })
        };
        !demands.iter().any(is_opposite)
    });
    all.sort_by_key(Vec::len);
    let mut kept: Vec<Vec<Demand<'_>>> = Vec::new();
    for demands in all {
        if !kept
            .iter()
            .any(|fewer| fewer.iter().all(|demand| demands.contains(demand)))
        {
            kept.push(demands);
        }
    }
    kept
}

fn of_clause(clause: &Clause) -> Result<Vec<Vec<Demand<'_>>>, Refusal> {
    let guards = clause.guards().iter().map(|guard| &guard.condition);
    let conditions = std::iter::once(&clause.condition).chain(guards);
    conditions
        .map(|condition| normal(condition, true))
        .try_fold(vec![Vec::new()], |one, other| both(&one, other))
}

/// Returns the disjunctive normal form of a condition that must hold, or must not. A comparison whose negation must hold is
/// one of a claim that can be compared, as `!` is in a policy.
fn normal(condition: &Formula, holds: bool) -> Result<Vec<Vec<Demand<'_>>>, Refusal> {
    match condition {
        Formula::All(parts) if holds => parts
            .iter()
            .map(|part| normal(part, true))
            .try_fold(vec![Vec::new()], |one, other| both(&one, other)),
        Formula::Any(parts) if !holds => parts
            .iter()
            .map(|part| normal(part, false))
            .try_fold(vec![Vec::new()], |one, other| both(&one, other)),
        Formula::All(parts) | Formula::Any(parts) => {
            let mut alternatives = Vec::new();
            for part in &**parts {
                alternatives.extend(normal(part, holds)?);
            }
            bounded(alternatives)
        }
        Formula::Atom(atom, _) => Ok(vec![vec![Demand {
            claim: atom.claim,
            question: &atom.question,
            holds,
        }]]),
        Formula::Not(part) => normal(part, !holds),
        // Neither it nor its negation holds.
        Formula::Unknown => Ok(Vec::new()),
        Formula::External(external, _) => Err(Refusal {
            message: format!("`{}` is a condition that no token decides", external.text),
            help: "policies have no such conditions: write the policy without it".to_owned(),
        }),
    }
}

/// Returns the conjunctions of each alternative of one side with each of the other one.
fn both<'p>(
    one: &[Vec<Demand<'p>>],
    other: Result<Vec<Vec<Demand<'p>>>, Refusal>,
) -> Result<Vec<Vec<Demand<'p>>>, Refusal> {
    let other = other?;
    if one.len().saturating_mul(other.len()) > MAX_ALTERNATIVES {
        return Err(too_many());
    }
    let joined = one
        .iter()
        .flat_map(|one| other.iter().map(move |other| [one.as_slice(), other].concat()));
    Ok(joined.collect())
}

fn bounded<'p>(alternatives: Vec<Vec<Demand<'p>>>) -> Result<Vec<Vec<Demand<'p>>>, Refusal> {
    match alternatives.len() {
        0..=MAX_ALTERNATIVES => Ok(alternatives),
        _ => Err(too_many()),
    }
}

fn too_many() -> Refusal {
    Refusal {
        message: format!("there are more than {MAX_ALTERNATIVES} ways to get the role"),
        help: "split the role, or write `in [...]` for alternatives of one claim".to_owned(),
    }
}
