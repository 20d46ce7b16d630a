//! Contradictions in the clauses of a role that no token can get.

use crate::layout::LayoutReport;
use crate::location::{LineLocation, Locations};
use crate::printable::printable;
use crate::style::{FAINT, paint};
use rolecall_analysis::{Analysis, ConflictPart};
use rolecall_engine::{PolicySet, RoleId};
use serde::Serialize;

/// Parts of a clause that no token can meet together.
#[derive(Debug, Serialize)]
pub struct Contradiction {
    /// The index of the clause, from 0.
    #[serde(skip)]
    pub clause: usize,
    parts: Vec<ContradictionPart>,
    /// The layout that the first part asks for, if the issuer does not declare it.
    #[serde(skip_serializing_if = "Option::is_none")]
    layout: Option<LayoutReport>,
}

#[derive(Debug, Serialize)]
struct ContradictionPart {
    #[serde(flatten)]
    location: LineLocation,
    text: String,
}

/// Returns the contradictions of all clauses of a role that no token can meet.
pub fn contradictions(
    analysis: &mut Analysis<'_>,
    set: &PolicySet,
    role: RoleId,
    locations: &Locations<'_>,
) -> Vec<Contradiction> {
    let program = set.program();
    let conflicts = analysis.conflicts(role).into_iter().map(|conflict| {
        let issuer = program[conflict.clause].issuer;
        let parts = conflict.parts.into_iter().filter_map(|part| {
            let location = match part {
                ConflictPart::Condition(location) => locations.negated(location),
                ConflictPart::Guard(guard) => program[guard].location,
                ConflictPart::Issuer => program[issuer].location,
                _ => return None,
            };
            let text = locations.words(location);
            if text.is_empty() {
                // The issuer of roles in another language is written nowhere.
                return None;
            }
            let location = locations.line(location);
            Some(ContradictionPart { location, text })
        });
        Contradiction {
            clause: program.clause_number(role, conflict.clause),
            parts: parts.collect(),
            layout: conflict.unknown_layout.as_deref().map(LayoutReport::from),
        }
    });
    conflicts.collect()
}

impl Contradiction {
    /// Writes the parts, indented by two.
    pub fn write(&self, text: &mut String) {
        match &self.layout {
            Some(layout) => text.push_str(&format!("  {}\n", printable(layout.message()))),
            None => text.push_str("  these contradict each other\n"),
        }
        for part in &self.parts {
            let (location, part) = (paint(FAINT, &part.location), printable(&part.text));
            text.push_str(&format!("    {location}  {part}\n"));
        }
        if let Some(layout) = &self.layout {
            layout.write_help("    ", text);
        }
    }
}
