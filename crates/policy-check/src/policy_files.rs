//! Finding the policy sets at paths.

mod file;
mod group;
mod unseen;

use crate::checkout;
use crate::git::FolderTree;
use crate::input::{MAX_FILE_BYTES, is_stdin};
use crate::version::{Version, problem_in};
pub(crate) use file::{FileSet, PolicyFile};
use file::{Reader, Text, text};
use rolecall::{DiskTree, PolicyFilesError, PolicyTree, Resolved, Selection, resolve};
use rolecall_report::failure::Failure;
use rolecall_report::policy_text::{MAX_FOREIGN_BYTES, named_text, policy_text};
use rolecall_report::printable::{path_name, printable};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The policy sets at some paths, and the failures of the search.
#[derive(Debug, Default)]
pub(crate) struct FoundSets {
    /// The policy sets: first that of the named files, then the others in the order of their folders.
    pub(crate) sets: Vec<FileSet>,
    /// The paths that could not be read or contain no policies.
    pub(crate) failures: Vec<Failure>,
}

/// Finds the policy sets of some paths.
pub(crate) fn find(paths: &[PathBuf], stdin_name: &str, version: &Version) -> FoundSets {
    let mut found = FoundSets::default();
    let mut named = BTreeMap::new();
    let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
    for path in paths {
        if is_stdin(path) {
            let name = printable(stdin_name).into_owned();
            named.insert(
                (true, name.clone()),
                (PathBuf::new(), PolicyFile::named(name, path, Text::Stdin)),
            );
            continue;
        }
        match entry(path, version) {
            Ok(Entry::Folder) => {
                // Without a trailing `/`.
                folders.insert(path.components().collect::<PathBuf>());
            }
            Ok(Entry::File(file)) => {
                let folder = path.parent().unwrap_or(path).to_path_buf();
                named.insert((false, file.name.clone()), (folder, file));
            }
            Err(failure) => found.failures.push(failure),
        }
    }
    if let Some((folder, _)) = named.values().next() {
        let folder = folder.clone();
        let files: Vec<PolicyFile> = named.into_values().map(|(_, file)| file).collect();
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        found.sets.push(FileSet {
            name: names.join(", "),
            folder,
            files,
            unseen: BTreeMap::new(),
        });
    }
    let mut sets = BTreeMap::new();
    for folder in folders {
        match below(&folder, version) {
            Ok(below) if below.is_empty() => {
                let name = version.shown(&folder);
                found.failures.push(problem_in(&name, &PolicyFilesError::Empty));
            }
            Ok(below) => sets.extend(below.into_iter().map(|set| (set.folder.clone(), set))),
            Err(failures) => found.failures.extend(failures),
        }
    }
    found.sets.extend(sets.into_values());
    found
}

/// Returns the policy sets at a path; none if it does not exist or is a folder without policies.
pub(crate) fn sets_at(path: &Path, version: &Version) -> Result<Vec<FileSet>, Vec<Failure>> {
    let one = |failure| vec![failure];
    if !version.exists(path).map_err(one)? {
        return Ok(Vec::new());
    }
    match entry(path, version).map_err(one)? {
        Entry::Folder => below(path, version),
        Entry::File(file) => Ok(vec![FileSet {
            name: file.name.clone(),
            folder: path.parent().unwrap_or(path).to_path_buf(),
            files: vec![file],
            unseen: BTreeMap::new(),
        }]),
    }
}

/// A path argument: a folder or a file.
enum Entry {
    Folder,
    File(PolicyFile),
}

fn entry(path: &Path, version: &Version) -> Result<Entry, Failure> {
    if let Some((revision, inside)) = version.revision(path)? {
        let root = revision.folder("");
        let name = revision.shown(&inside);
        let failure = |problem: PolicyFilesError| problem_in(&name, &problem);
        if root.kind(&inside).map_err(failure)? != Some(rolecall::EntryKind::File) {
            return Ok(Entry::Folder);
        }
        let text = text(root.read(&inside, MAX_FOREIGN_BYTES), named_text).map_err(failure)?;
        let (folder, file) = inside.rsplit_once('/').unwrap_or(("", &inside));
        let text = Reader::new().read(&revision.folder(folder), file, text);
        return Ok(Entry::File(PolicyFile::named(name, path, text)));
    }
    checkout::locate(path)?.check()?;
    if path.is_dir() {
        return Ok(Entry::Folder);
    }
    let text = Text::Named(path.to_path_buf());
    Ok(Entry::File(PolicyFile::named(path_name(path), path, text)))
}

/// Returns the policy sets in a folder.
fn below(folder: &Path, version: &Version) -> Result<Vec<FileSet>, Vec<Failure>> {
    let one = |failure| vec![failure];
    let Some((revision, inside)) = version.revision(folder).map_err(one)? else {
        let open = |path: &str| DiskTree::open(join(folder, path)).map(Arc::new);
        let file = |tree: &Arc<DiskTree>, path: &Path, file: &rolecall::PolicyFile| {
            let real = join(path, &file.path);
            Ok(Text::Below(Arc::clone(tree), file.path.clone(), real))
        };
        let name = |path: &Path| path_name(path);
        let mut sets = sets(folder, open, file, name)?;
        for set in &mut sets {
            set.unseen = unseen::files(set).map_err(one)?;
        }
        return Ok(sets);
    };
    let open = |path: &str| {
        let whole = join(Path::new(&inside), path);
        let whole = whole.to_string_lossy();
        // As on disk, a link within the repository may lead to the folder.
        match resolve(&revision.folder(""), &whole)? {
            Resolved::Folder(real) => Ok(revision.folder(&real)),
            _ => Err(PolicyFilesError::NotAFile {
                path: whole.into_owned(),
            }),
        }
    };
    let reader = Reader::new();
    let file = |tree: &FolderTree<'_>, _: &Path, file: &rolecall::PolicyFile| {
        let read = tree.read(&file.path, MAX_FILE_BYTES);
        Ok(reader.read(tree, &file.path, text(read, policy_text)?))
    };
    let name = |path: &Path| version.shown(path);
    sets(folder, open, file, name)
}

/// Returns the policy sets in a folder, on disk or at a revision. Each set is read as if its own folder had
/// been named, so that it has the same files as in a service that loads this folder.
fn sets<T: PolicyTree>(
    folder: &Path,
    open: impl Fn(&str) -> Result<T, PolicyFilesError>,
    text: impl Fn(&T, &Path, &rolecall::PolicyFile) -> Result<Text, PolicyFilesError>,
    name: impl Fn(&Path) -> String,
) -> Result<Vec<FileSet>, Vec<Failure>> {
    let failures = |path: &Path, problems: Vec<PolicyFilesError>| -> Vec<Failure> {
        problems
            .iter()
            .map(|problem| problem_in(&name(path), problem))
            .collect()
    };
    let one = |path: &Path, problem| failures(path, vec![problem]);
    let mut sets = Vec::new();
    let whole = open("").map_err(|problem| one(folder, problem))?;
    let found = select(&whole).map_err(|problems| failures(folder, problems))?;
    for root in group::roots(&found.files) {
        let path = join(folder, &root);
        let tree = open(&root).map_err(|problem| one(&path, problem))?;
        let selected = match root.as_str() {
            "" => found.clone(),
            _ => select(&tree).map_err(|problems| failures(&path, problems))?,
        };
        let mut files = Vec::new();
        for file in &selected.files {
            let visible_path = join(&path, &file.name);
            files.push(PolicyFile {
                name: name(&visible_path),
                visible_path,
                is_hidden: file.is_hidden() || root.split('/').any(|part| part.starts_with('.')),
                text: text(&tree, &path, file).map_err(|problem| one(&path, problem))?,
            });
        }
        sets.push(FileSet {
            name: name(&path),
            folder: path,
            files,
            unseen: BTreeMap::new(),
        });
    }
    Ok(sets)
}

fn select(tree: &impl PolicyTree) -> Result<Selection, Vec<PolicyFilesError>> {
    let selection = rolecall::select(tree);
    match selection.problems.is_empty() {
        true => Ok(selection),
        false if selection.problems == [PolicyFilesError::Empty] => Ok(Selection::default()),
        false => Err(selection.problems),
    }
}

/// Returns the path of an entry in a folder.
fn join(folder: &Path, below: &str) -> PathBuf {
    if below.is_empty() {
        return folder.to_path_buf();
    }
    folder.join(below)
}
