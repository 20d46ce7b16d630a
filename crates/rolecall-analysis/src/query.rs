//! Queries: yes-or-no questions about a token, as a formula and as a check by the engine.

mod confirm;
#[cfg(test)]
mod tests;

pub(crate) use confirm::{Disagreement, Externals, gets};

use crate::budget::Undecided;
use crate::formula::NodeId;
use crate::language::Languages;
use crate::space::Space;
use rolecall_engine::ir::{Clause, External, Formula, Goal, IssuerCondition};
use rolecall_engine::{ClauseId, Dependence, IssuerId, Location, PolicySet, RoleId};
use std::sync::Arc;

/// A yes-or-no question about a token of an issuer.
#[derive(Clone, Debug)]
pub(crate) enum Query<'q> {
    /// All of these hold.
    All(Vec<Self>),
    /// One of these holds.
    Any(Vec<Self>),
    /// The token fulfils the goal.
    Fulfils(&'q Goal),
    /// The token gets the role.
    Gets(RoleId),
    /// The token gets the role by one of these of its clauses.
    GetsBy(RoleId, &'q [ClauseId]),
    /// The query does not hold.
    Not(Box<Self>),
    /// The token gets the role with the opposite of a comparison in its place.
    Opposed(RoleId, Location),
    /// The query holds, whatever the values of external conditions are.
    Whatever(Box<Self>),
}

impl<'q> Query<'q> {
    /// Returns the query whether a token gets one of the roles.
    pub(crate) fn gets_one(roles: &[RoleId]) -> Self {
        Self::Any(roles.iter().copied().map(Query::Gets).collect())
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self::All(vec![self, other])
    }

    pub(crate) fn and_not(self, other: Self) -> Self {
        self.and(Self::Not(Box::new(other)))
    }

    /// Adds the roles that the query is about.
    pub(crate) fn roles(&self, found: &mut Vec<RoleId>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.roles(found)),
            Self::Fulfils(Goal::Role(role))
            | Self::Gets(role)
            | Self::GetsBy(role, _)
            | Self::Opposed(role, _) => found.push(*role),
            Self::Fulfils(Goal::Condition(_)) => {}
            Self::Not(part) | Self::Whatever(part) => part.roles(found),
        }
    }

    /// Returns the query as a formula about tokens of an issuer.
    pub(crate) fn formula(
        &self,
        set: &PolicySet,
        issuer: IssuerId,
        space: &mut Space<'_>,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                let mut nodes = Vec::new();
                for part in parts {
                    let node = part.formula(set, issuer, space, languages)?;
                    languages.meter.room(&mut nodes)?;
                    nodes.push(node);
                }
                Ok(match self {
                    Self::All(_) => space.formulas.all(nodes, &mut languages.meter)?,
                    _ => space.formulas.any(nodes, &mut languages.meter)?,
                })
            }
            Self::Fulfils(Goal::Condition(conditions)) => match condition_for(set, conditions, issuer) {
                Some(of) => space.truth(&of.condition, true, languages),
                None => Ok(NodeId::NEVER),
            },
            Self::Fulfils(Goal::Role(role)) | Self::Gets(role) => {
                if let Some(known) = space.roles.get(role) {
                    return Ok(*known);
                }
                let node = granted(
                    set,
                    clauses_for(set, *role, issuer),
                    issuer,
                    space,
                    languages,
                    &mut truth,
                )?;
                languages.meter.room(&mut space.roles)?;
                space.roles.insert(*role, node);
                Ok(node)
            }
            Self::GetsBy(_, clauses) => granted(
                set,
                some_for(set, clauses, issuer),
                issuer,
                space,
                languages,
                &mut truth,
            ),
            Self::Opposed(role, at) => granted(
                set,
                clauses_for(set, *role, issuer),
                issuer,
                space,
                languages,
                &mut |condition, space, languages| opposed(condition, *at, true, space, languages),
            ),
            Self::Not(part) => {
                let part = part.formula(set, issuer, space, languages)?;
                space.formulas.not(part, &mut languages.meter)
            }
            Self::Whatever(part) => {
                // The engine tries all values to confirm a token.
                let limit = Dependence::MAX_TRIED;
                if part.externals(set, issuer).len() > limit {
                    return Err(Undecided::Externals { limit });
                }
                let part = part.formula(set, issuer, space, languages)?;
                space.whatever(part, languages)
            }
        }
    }

    /// Adds the conditions on tokens of an issuer that the query is about.
    pub(crate) fn conditions<'f>(
        &'f self,
        set: &'f PolicySet,
        issuer: IssuerId,
        found: &mut Vec<&'f Formula>,
    ) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().for_each(|part| part.conditions(set, issuer, found));
            }
            Self::Fulfils(Goal::Condition(conditions)) => {
                found.extend(condition_for(set, conditions, issuer).map(|of| &of.condition));
            }
            Self::Fulfils(Goal::Role(role)) | Self::Gets(role) | Self::Opposed(role, _) => {
                found.extend(clauses_for(set, *role, issuer).flat_map(Clause::conditions));
            }
            Self::GetsBy(_, clauses) => {
                found.extend(some_for(set, clauses, issuer).flat_map(Clause::conditions));
            }
            Self::Not(part) | Self::Whatever(part) => part.conditions(set, issuer, found),
        }
    }

    /// Returns the external conditions that the query is about, sorted and each once.
    fn externals(&self, set: &PolicySet, issuer: IssuerId) -> Vec<Arc<External>> {
        let (mut conditions, mut found) = (Vec::new(), Vec::new());
        self.conditions(set, issuer, &mut conditions);
        let mut add = |external: &Arc<External>| found.push(Arc::clone(external));
        conditions
            .iter()
            .for_each(|condition| condition.each_external(&mut add));
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The formula of the tokens that fulfil a condition.
type Translate<'t> = &'t mut dyn FnMut(&Formula, &mut Space<'_>, &mut Languages) -> Result<NodeId, Undecided>;

/// Translates a condition as it is.
fn truth(condition: &Formula, space: &mut Space<'_>, languages: &mut Languages) -> Result<NodeId, Undecided> {
    space.truth(condition, true, languages)
}

/// Returns the formula of the tokens of an issuer that get a role by some of its clauses, with the formula that
/// `translate` returns for each of their conditions.
fn granted<'c>(
    set: &PolicySet,
    by: impl Iterator<Item = &'c Clause>,
    issuer: IssuerId,
    space: &mut Space<'_>,
    languages: &mut Languages,
    translate: Translate<'_>,
) -> Result<NodeId, Undecided> {
    let mut clauses = Vec::new();
    for clause in by {
        let mut parts = Vec::new();
        if clause.issuer != issuer {
            let twin = &set.program()[clause.issuer].issuer;
            parts.push(space.audience(&twin.audiences, languages)?);
        }
        for condition in clause.conditions() {
            parts.push(translate(condition, space, languages)?);
        }
        clauses.push(space.formulas.all(parts, &mut languages.meter)?);
    }
    space.formulas.any(clauses, &mut languages.meter)
}

/// Returns the formula of the tokens for which a condition is TRUE, or FALSE, with the opposite of a comparison in its
/// place: what is not TRUE where TRUE is wanted, and what is not FALSE where FALSE is.
fn opposed(
    condition: &Formula,
    at: Location,
    wanted: bool,
    space: &mut Space<'_>,
    languages: &mut Languages,
) -> Result<NodeId, Undecided> {
    match condition {
        Formula::All(parts) | Formula::Any(parts) => {
            let mut nodes = Vec::new();
            for part in parts.iter() {
                let node = opposed(part, at, wanted, space, languages)?;
                languages.meter.room(&mut nodes)?;
                nodes.push(node);
            }
            match matches!(condition, Formula::All(_)) == wanted {
                true => space.formulas.all(nodes, &mut languages.meter),
                false => space.formulas.any(nodes, &mut languages.meter),
            }
        }
        Formula::Not(part) => opposed(part, at, !wanted, space, languages),
        Formula::Atom(_, location) if *location == at => {
            let node = space.truth(condition, wanted, languages)?;
            space.formulas.not(node, &mut languages.meter)
        }
        _ => space.truth(condition, wanted, languages),
    }
}

/// Returns the condition of a goal on tokens of an issuer: its own, or that of its twin.
pub(crate) fn condition_for<'c>(
    set: &PolicySet,
    conditions: &'c [IssuerCondition],
    issuer: IssuerId,
) -> Option<&'c IssuerCondition> {
    let mut issuers = set.program().with_twin(issuer);
    issuers.find_map(|issuer| conditions.iter().find(|of| of.issuer == issuer))
}

/// Returns the clauses of a role by which it can be got with a token of an issuer: those of the issuer and of its twin.
pub(crate) fn clauses_for(
    set: &PolicySet,
    role: RoleId,
    issuer: IssuerId,
) -> impl Iterator<Item = &Clause> + Clone {
    of_issuer(set, set.program().clauses(role).iter(), issuer)
}

/// Returns those of some clauses by which a role can be got with a token of an issuer.
pub(crate) fn some_for<'s>(
    set: &'s PolicySet,
    clauses: &[ClauseId],
    issuer: IssuerId,
) -> impl Iterator<Item = &'s Clause> + Clone {
    let clauses = clauses.iter().map(|clause| &set.program()[*clause]);
    of_issuer(set, clauses, issuer)
}

fn of_issuer<'s>(
    set: &PolicySet,
    clauses: impl Iterator<Item = &'s Clause> + Clone,
    issuer: IssuerId,
) -> impl Iterator<Item = &'s Clause> + Clone {
    let issuers = set.program().with_twin(issuer);
    clauses.filter(move |clause| issuers.clone().any(|issuer| clause.issuer == issuer))
}
