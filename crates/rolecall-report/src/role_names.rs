//! Names of roles on the command line, and suggestions for unknown ones.

use rolecall_syntax::{did_you_mean, names_there_are};

/// Returns the most similar role, or else a list of all roles.
pub fn help<'a>(role: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    match did_you_mean(role, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => names_there_are("role", names),
    }
}

/// Returns true for the name of one role: no tag, and without `*` and commas.
pub fn is_name(selectors: &str) -> bool {
    !selectors.is_empty() && !selectors.contains(['*', ',']) && !selectors.starts_with('#')
}
