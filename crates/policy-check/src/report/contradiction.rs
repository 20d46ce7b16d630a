//! What contradicts what in a role that nobody can get.

use rolecall_analysis::{Analysis, ConflictPart};
use rolecall_engine::PolicySet;
use serde::Serialize;

use super::location::{LinePlace, Locations};
use crate::printable::printable;
use crate::style::{FAINT, paint};

/// Parts of a clause that no token fulfils together.
#[derive(Debug, Serialize)]
pub(crate) struct Contradiction {
    /// The clause, counted from 0.
    #[serde(skip)]
    pub(crate) clause: usize,
    parts: Vec<ContradictionPart>,
}

#[derive(Debug, Serialize)]
struct ContradictionPart {
    #[serde(flatten)]
    place: LinePlace,
    text: String,
}

/// For each clause of a role that no token fulfils, what contradicts what in it.
pub(crate) fn contradictions(
    analysis: &mut Analysis<'_>,
    set: &PolicySet,
    role: usize,
    places: &Locations<'_>,
) -> Vec<Contradiction> {
    let clauses = set.program().roles.get(role).map(|role| role.clauses.as_slice());
    let conflicts = analysis.conflicts(role).into_iter().map(|conflict| {
        let clause = clauses.unwrap_or_default().get(conflict.clause);
        let parts = conflict.parts.into_iter().filter_map(|part| {
            let place = match part {
                ConflictPart::Condition(place) => places.negated(place),
                ConflictPart::Guard(guard) => set.program().guards.get(guard)?.1,
                ConflictPart::Issuer => set.program().issuers.get(clause?.issuer)?.location,
                _ => return None,
            };
            let text = places.words(place);
            let place = places.line(place);
            Some(ContradictionPart { place, text })
        });
        Contradiction {
            clause: conflict.clause,
            parts: parts.collect(),
        }
    });
    conflicts.collect()
}

impl Contradiction {
    /// Writes the parts, indented by two.
    pub(crate) fn write(&self, text: &mut String) {
        text.push_str("  these contradict one another\n");
        for part in &self.parts {
            let (place, part) = (paint(FAINT, &part.place), printable(&part.text));
            text.push_str(&format!("    {place}  {part}\n"));
        }
    }
}
