//! What to say of a role that the policies do not have.

use rolecall_syntax::{did_you_mean, names_there_are};

/// Which role may be meant, or else which there are.
pub(crate) fn help<'a>(role: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    match did_you_mean(role, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => names_there_are("role", names),
    }
}
