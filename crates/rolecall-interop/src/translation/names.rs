//! Names of translated roles. Each has its own.

use super::draft::Draft;
use std::collections::{HashMap, HashSet};

/// Returns the name `SYSTEM:OWNER/NAME` of a role, or as much of it as its document says. A document that does not name the
/// role gives it its own name.
pub(super) fn of_role(system: &str, owner: Option<&str>, name: Option<&str>, file: &str) -> String {
    match (owner, name) {
        (Some(owner), Some(name)) => format!("{system}:{owner}/{name}"),
        (None, Some(name)) => format!("{system}:{name}"),
        (_, None) => format!("{system}:{}", stem(file)),
    }
}

/// Returns the name of a role in a document that names it, but perhaps not its owner: then the owner is the document.
pub(super) fn in_file(system: &str, owner: Option<&str>, name: &str, file: &str) -> String {
    of_role(
        system,
        Some(owner.unwrap_or_else(|| stem(file))),
        Some(name),
        file,
    )
}

/// Gives each role of some files a name of its own. Of roles with one name, each gets the name of its file in addition, so
/// that a statement about the name is about none of them.
pub(super) fn make_unique<'d>(files: impl IntoIterator<Item = (&'d str, &'d mut Vec<Draft>)>) {
    let mut drafts: Vec<(&str, &mut Draft)> = Vec::new();
    for (file, of_file) in files {
        drafts.extend(of_file.iter_mut().map(|draft| (file, draft)));
    }
    let mut number: HashMap<String, usize> = HashMap::new();
    for (_, draft) in &drafts {
        let count = number.entry(draft.name.node.clone()).or_default();
        *count = count.saturating_add(1);
    }
    let is_shared = |name: &str| number.get(name).is_some_and(|count| *count > 1);
    let single = drafts.iter().filter(|(_, draft)| !is_shared(&draft.name.node));
    let mut taken: HashSet<String> = single.map(|(_, draft)| draft.name.node.clone()).collect();
    for (file, draft) in drafts {
        if is_shared(&draft.name.node) {
            draft.name.node = free(format!("{} in {file}", draft.name.node), &mut taken);
        }
    }
}

/// Returns a name if it is free, or else the name with a number.
fn free(name: String, taken: &mut HashSet<String>) -> String {
    let numbered = (2_u64..).map(|number| format!("{name}~{number}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    names.find(|name| taken.insert(name.clone())).unwrap_or(name)
}

/// Returns the name of a file without its folders and endings.
fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}
