//! Dependence of decisions on external conditions, which no token decides.

use super::{Truth, decide_if};
use crate::document::Members;
use crate::id::RoleId;
use crate::ir::{External, Program};
use std::sync::Arc;

/// The dependence of a decision on external conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dependence {
    /// It is the same whatever their values are.
    None,
    /// The role is denied while they are not known, and allowed if these have these values. None of them can be
    /// left out.
    AllowedIf(Vec<(Arc<External>, bool)>),
    /// The role is denied while they are not known, and has too many of them to try their values.
    TooMany {
        /// The number of external conditions.
        count: usize,
        /// The most whose values are tried.
        limit: usize,
    },
}

impl Dependence {
    /// The most external conditions whose values are all tried: each doubles the work.
    pub const MAX_TRIED: usize = 10;
}

/// Returns the dependence of the decision on a role on its external conditions.
pub(crate) fn dependence(program: &Program, role: RoleId, claims: Members<'_>) -> Dependence {
    let allows = |values: &[(Arc<External>, Truth)]| {
        let value = |external: &External| {
            let known = values.iter().find(|(known, _)| **known == *external);
            known.map_or(Truth::Unknown, |(_, value)| *value)
        };
        decide_if(program, role, claims, &value).is_ok()
    };
    let externals = program.externals(role).into_iter();
    let mut values: Vec<(Arc<External>, Truth)> = externals.map(|one| (one, Truth::Unknown)).collect();
    if values.is_empty() || allows(&values) {
        return Dependence::None;
    }
    if values.len() > Dependence::MAX_TRIED {
        return Dependence::TooMany {
            count: values.len(),
            limit: Dependence::MAX_TRIED,
        };
    }
    for assignment in 0..1_u32 << values.len() {
        for (position, (_, value)) in (0..).zip(&mut values) {
            *value = Truth::from(assignment & (1 << position) != 0);
        }
        if allows(&values) {
            return Dependence::AllowedIf(needed(values, allows));
        }
    }
    Dependence::None
}

/// Returns the values without those that do not matter.
fn needed(
    mut values: Vec<(Arc<External>, Truth)>,
    allows: impl Fn(&[(Arc<External>, Truth)]) -> bool,
) -> Vec<(Arc<External>, bool)> {
    for position in 0..values.len() {
        let mut without = values.clone();
        if let Some((_, value)) = without.get_mut(position) {
            *value = Truth::Unknown;
        }
        if allows(&without) {
            values = without;
        }
    }
    let known = values.into_iter().filter(|(_, value)| *value != Truth::Unknown);
    known
        .map(|(external, value)| (external, value == Truth::True))
        .collect()
}
