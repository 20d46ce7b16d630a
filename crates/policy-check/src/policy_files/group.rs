//! Folders that are policy sets.

use rolecall::PolicyFile;
use std::collections::BTreeSet;

/// Returns the paths of the topmost folders that directly contain policies. Each is one policy set, including
/// its subfolders.
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
