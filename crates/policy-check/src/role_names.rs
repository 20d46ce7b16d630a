//! Roles on the command line: names and selectors, and suggestions for unknown ones.

use crate::failure::Failure;
use crate::printable::printable;
use rolecall_engine::{PolicySet, RoleId};
use rolecall_syntax::{did_you_mean, names_there_are};

/// Returns the most similar role, or else a list of all roles.
pub(crate) fn help<'a>(role: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    match did_you_mean(role, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => names_there_are("role", names),
    }
}

/// Returns true for the name of one role, without `*`, that is not a tag.
pub(crate) fn is_name(selector: &str) -> bool {
    !selector.contains('*') && !selector.starts_with('#')
}

/// Returns the roles that a selector selects, in the order of the files.
pub(crate) fn select(set: &PolicySet, selector: &str) -> Result<Vec<RoleId>, Failure> {
    let selected = set.program().select(selector);
    if !selected.is_empty() {
        return Ok(selected);
    }
    let roles = set.program().roles().values();
    let (message, help) = match selector.strip_prefix('#') {
        Some(tag) => {
            let tags: Vec<&str> = roles
                .flat_map(|role| role.tags.iter().map(|tag| &**tag))
                .collect();
            let message = format!("no role has the tag `{}`", printable(tag));
            let near = did_you_mean(tag, tags.iter().copied()).map(|near| format!("did you mean `#{near}`?"));
            let all = || names_there_are("tag", tags.iter().copied());
            (message, near.unwrap_or_else(all))
        }
        None if is_name(selector) => {
            let message = format!("there is no role `{}`", printable(selector));
            (message, help(selector, roles.map(|role| &*role.name)))
        }
        None => {
            let message = format!("no role has a name like `{}`", printable(selector));
            (message, names_there_are("role", roles.map(|role| &*role.name)))
        }
    };
    Err(Failure::new(message).help(help))
}
