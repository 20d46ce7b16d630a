//! Names of files that several links lead to.

use std::collections::BTreeMap;

use super::tree::join;

/// Returns whether a file has the name of a policy file.
pub fn is_policy(name: &str) -> bool {
    name.ends_with(".policy")
}

/// Returns whether a name is that of git's own folder, also on file systems that ignore case.
pub(super) fn is_git(name: &str) -> bool {
    name.eq_ignore_ascii_case(".git")
}

/// Returns the number of parts of a path that begin with a dot.
pub(super) fn hidden_parts(path: &str) -> usize {
    path.split('/').filter(|part| part.starts_with('.')).count()
}

/// Returns the sort key of names: fewest hidden parts first, then fewest parts, then by bytes.
fn rank(name: &str) -> (usize, usize, &str) {
    (hidden_parts(name), name.matches('/').count(), name)
}

/// Gives the entry at a path this name, unless its present one ranks first.
pub(super) fn prefer(names: &mut BTreeMap<String, String>, path: String, name: String) {
    let known = names.entry(path).or_insert_with(|| name.clone());
    if rank(&name) < rank(known) {
        *known = name;
    }
}

/// Gives files the names that they have through links to folders above them, where those rank first.
pub(super) fn through_folders(files: &mut BTreeMap<String, String>, folders: &BTreeMap<String, String>) {
    if folders.is_empty() {
        return;
    }
    for (path, name) in files {
        let through = |end: usize| {
            let (folder, rest) = path.split_at_checked(end)?;
            let link = folders.get(folder)?;
            Some(join(link, rest.trim_start_matches('/')))
        };
        for (end, _) in path.match_indices('/') {
            if let Some(other) = through(end)
                && rank(&other) < rank(name)
            {
                *name = other;
            }
        }
    }
}
