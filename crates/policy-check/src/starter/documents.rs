//! Documents in other languages in the working folder, whose roles are a better beginning than new ones.

use crate::loaded::{Loaded, load};
use crate::paths::find_together;
use crate::version::Version;
use rolecall::{DiskTree, EntryKind, PolicyTree};
use rolecall_engine::{PolicySet, Source};
use rolecall_interop::ForeignFile;
use rolecall_report::failure::Failure;
use std::path::PathBuf;

/// The deepest folders that are searched.
const MAX_DEPTH: usize = 3;
/// The most files that are looked at.
const MAX_FILES: usize = 1_000;
/// The largest file that is looked at, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// Finds documents that give roles to CI jobs, and returns those of the first folder that has any.
pub(crate) fn find_documents() -> Option<Loaded> {
    let tree = DiskTree::open(".").ok()?;
    let mut left = MAX_FILES;
    let mut folders = vec![(String::new(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let mut documents = Vec::new();
        for entry in tree.list(&folder).unwrap_or_default() {
            let Some(name) = entry.name.to_str() else { continue };
            let path = match folder.as_str() {
                "" => name.to_owned(),
                folder => format!("{folder}/{name}"),
            };
            let is_skipped =
                (name.starts_with('.') && name != ".github") || matches!(name, "node_modules" | "target");
            match entry.kind {
                EntryKind::Folder if !is_skipped && depth < MAX_DEPTH => {
                    folders.push((path, depth.saturating_add(1)));
                }
                EntryKind::File if is_document(&tree, &path, &mut left) => {
                    documents.push(PathBuf::from(path));
                }
                _ => {}
            }
        }
        if let Some(loaded) = with_roles(&documents) {
            return Some(loaded);
        }
    }
    None
}

/// Reads the documents that an option names.
pub(crate) fn read_documents(paths: &[PathBuf]) -> Result<Loaded, Failure> {
    let found = find_together(paths, "-", &Version::Disk);
    if let Some(failure) = found.failures.into_iter().next() {
        return Err(failure);
    }
    let no_roles = || {
        Failure::new("the documents have no roles for CI jobs")
            .help("`policy-check check FILE` tells what they have")
    };
    let loaded = load(found.sets.first().ok_or_else(no_roles)?);
    let loaded = loaded.map_err(|failures| failures.into_iter().next().unwrap_or_else(no_roles))?;
    if let Err(error) = &loaded.outcome {
        let first = error
            .diagnostics
            .first()
            .map_or("", |first| first.message.as_str());
        let message = format!("`{}` cannot be read: {first}", loaded.name);
        return Err(Failure::new(message).help("`policy-check check FILE` shows the place"));
    }
    has_roles(&loaded).then_some(loaded).ok_or_else(no_roles)
}

/// Returns whether a file is a document that may say who gets roles.
fn is_document(tree: &DiskTree, path: &str, left: &mut usize) -> bool {
    let ends = [".json", ".tf", ".yaml", ".yml"];
    if !ends.iter().any(|end| path.ends_with(end)) || *left == 0 {
        return false;
    }
    *left = left.saturating_sub(1);
    let text = tree.read(path, MAX_BYTES).ok();
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
    text.is_some_and(|text| ForeignFile::read(Source::new(path, text)).is_ok())
}

/// Loads documents as one set; `None` if they cannot be read, or give no role.
fn with_roles(documents: &[PathBuf]) -> Option<Loaded> {
    (!documents.is_empty()).then(|| read_documents(documents).ok())?
}

/// Returns whether a set of documents alone gives roles.
fn has_roles(loaded: &Loaded) -> bool {
    let has_role = |set: &PolicySet| !set.program().roles().is_empty();
    loaded.outcome.as_ref().is_ok_and(has_role) && loaded.foreign.count() == loaded.files.len()
}
