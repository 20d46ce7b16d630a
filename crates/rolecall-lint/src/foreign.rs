//! Findings in documents in other languages, which their translation reports.

use crate::finding::Finding;
use crate::rules::find;
use rolecall_engine::Location;

/// Creates the finding of a rule in a document in another language; `None` if no rule has the name.
pub fn foreign(
    rule: &str,
    location: Location,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Option<Finding> {
    Some(Finding::new(find(rule)?, location, message).help(help))
}
