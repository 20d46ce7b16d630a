//! Suggestions for unknown roles.

use rolecall_syntax::{did_you_mean, names_there_are};

/// Returns the most similar role, or else a list of all roles.
pub(crate) fn help<'a>(role: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    match did_you_mean(role, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => names_there_are("role", names),
    }
}
