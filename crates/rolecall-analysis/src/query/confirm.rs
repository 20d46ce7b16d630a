//! Confirmation: whether a query holds for a token that was found, by the engine.

use super::{Query, condition_for};
use rolecall_engine::ir::{External, Goal};
use rolecall_engine::{IssuerId, PolicySet, RoleId, Truth, UnverifiedClaims};

/// The values of external conditions.
pub(crate) type Externals<'e> = &'e dyn Fn(&External) -> Truth;

/// The reference evaluation and the matcher do not agree.
#[derive(Debug)]
pub(crate) struct Disagreement;

impl Query<'_> {
    /// Returns whether the query holds for a token and these values of external conditions, by the reference
    /// evaluation and by the matcher.
    pub(crate) fn holds(
        &self,
        set: &PolicySet,
        issuer: IssuerId,
        claims: &UnverifiedClaims,
        externals: Externals<'_>,
    ) -> Result<bool, Disagreement> {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                let parts = parts.iter();
                let parts = parts.map(|part| part.holds(set, issuer, claims, externals));
                let parts: Vec<bool> = parts.collect::<Result<_, _>>()?;
                Ok(match self {
                    Self::All(_) => parts.iter().all(|part| *part),
                    _ => parts.iter().any(|part| *part),
                })
            }
            Self::Fulfils(Goal::Condition(conditions)) => {
                let of_issuer = condition_for(set, conditions, issuer);
                let truth =
                    of_issuer.map(|of| set.program()[of.issuer].truth_if(claims, &of.condition, externals));
                Ok(truth == Some(Truth::True))
            }
            Self::Fulfils(Goal::Role(role)) | Self::Gets(role) => gets(set, *role, claims, externals),
            Self::GetsBy(role, clauses) => {
                let mut clauses = clauses.iter();
                let by_one = clauses.any(|clause| set.evaluate_clause(claims, *clause, externals).is_ok());
                match by_one && !gets(set, *role, claims, externals)? {
                    true => Err(Disagreement),
                    false => Ok(by_one),
                }
            }
            Self::Opposed(role, at) => {
                let decisive = set.decisive(claims, *role);
                Ok(decisive.is_allowed != decisive.comparisons.contains(at))
            }
            Self::Not(part) => part.holds(set, issuer, claims, externals).map(|holds| !holds),
            Self::Whatever(part) => {
                let tried = part.externals(set, issuer);
                for assignment in 0..1_u32 << tried.len() {
                    let value = |external: &External| {
                        let mut numbered = (0..).zip(&tried);
                        let known = numbered.find(|(_, known)| ***known == *external);
                        Truth::from(known.is_some_and(|(number, _)| assignment & (1 << number) != 0))
                    };
                    if !part.holds(set, issuer, claims, &value)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }
}

/// Returns whether a token gets a role if external conditions have these values, by the reference evaluation and
/// by the matcher, which takes them for UNKNOWN.
pub(crate) fn gets(
    set: &PolicySet,
    role: RoleId,
    claims: &UnverifiedClaims,
    externals: Externals<'_>,
) -> Result<bool, Disagreement> {
    let name = &set.program()[role].name;
    let said = set.evaluate(claims, name);
    if set.rehearse(claims, name) != said {
        return Err(Disagreement);
    }
    Ok(match set.program().externals(role).as_slice() {
        [] => said.is_ok(),
        _ => set.evaluate_if(claims, name, externals).is_ok(),
    })
}
