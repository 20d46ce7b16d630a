//! Folders that are policy sets.

use std::collections::BTreeSet;

use rolecall::PolicyFile;

/// The topmost folders that have policies right in them, by their paths. Each is a policy set with all that is below it.
pub(super) fn roots(files: &[PolicyFile]) -> BTreeSet<String> {
    let folder_of = |file: &PolicyFile| match file.name.rsplit_once('/') {
        Some((folder, _)) => folder.to_owned(),
        None => String::new(),
    };
    let folders: BTreeSet<String> = files.iter().map(folder_of).collect();
    let is_below_another = |folder: &str| {
        let above = folder.match_indices('/').map(|(end, _)| end);
        let mut above = above.filter_map(|end| folder.get(..end));
        !folder.is_empty() && (folders.contains("") || above.any(|above| folders.contains(above)))
    };
    folders
        .iter()
        .filter(|folder| !is_below_another(folder))
        .cloned()
        .collect()
}
