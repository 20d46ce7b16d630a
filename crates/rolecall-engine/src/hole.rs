//! Holes: the claims that grants insert, and the values that may stand there.

use crate::id::ClaimId;
use crate::template::{Filter, Part, Template};

/// A claim that a grant inserts, with its filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Hole {
    pub(crate) claim: ClaimId,
    pub(crate) filter: Option<Filter>,
}

impl Template {
    /// Returns the claims that a grant inserts.
    pub(crate) fn holes(&self) -> impl Iterator<Item = Hole> {
        self.parts.iter().filter_map(|part| match part {
            Part::Claim(claim, filter) => {
                let (claim, filter) = (*claim, *filter);
                Some(Hole { claim, filter })
            }
            // Lowering refuses optional parts in grants.
            Part::Optional(_) | Part::Text(_) => None,
        })
    }
}

/// Returns true if a value has one meaning in a path, a URL, a name and a query.
pub(crate) fn is_safe(value: &str, is_path: bool) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') || (is_path && c == '/');
    value.chars().all(good)
        && value
            .split('/')
            .all(|segment| !matches!(segment, "" | "." | ".."))
}
