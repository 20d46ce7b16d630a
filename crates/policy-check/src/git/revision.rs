//! Git revisions.

use super::repository::Repository;
use super::tree::FolderTree;
use crate::checkout;
use gix::ObjectId;
use gix::bstr::BStr;
use rolecall::{DiskTree, EntryKind, PolicyTree, select};
use rolecall_report::failure::Failure;
use rolecall_report::printable::{path_name, printable};
use std::path::Path;
use std::rc::Rc;

/// The namespaces in which git looks up a short name, in its order (gitrevisions(7)).
const NAMESPACES: [&str; 5] = ["refs/tags/", "refs/heads/", "refs/remotes/", "refs/", ""];

/// A revision of a repository.
#[derive(Clone)]
pub(crate) struct Revision {
    pub(super) repository: Rc<Repository>,
    pub(super) tree: ObjectId,
    /// The name that the user gave.
    name: String,
}

impl Revision {
    /// Finds a revision in the repository that contains a path.
    pub(crate) fn find(name: &str, path: &Path) -> Result<Self, Failure> {
        let shown = printable(name);
        if name.is_empty() || name.starts_with('-') || name.contains(':') || name.contains("..") {
            let failure = Failure::new(format!("`{shown}` is not a git revision"));
            return Err(failure.help("name just a branch, a tag or a commit"));
        }
        let repository = Repository::around(path)?;
        unambiguous(&repository, name)?;
        let tree = tree_of(&repository.objects, name).ok_or_else(|| missing(&repository, name))?;
        Ok(Self {
            repository: Rc::new(repository),
            tree,
            name: name.to_owned(),
        })
    }

    /// Returns the path of a file from the root of the repository, with `/` between its parts; none for a
    /// path outside of it.
    pub(crate) fn path(&self, path: &Path) -> Result<Option<String>, Failure> {
        let located = checkout::locate(path)?;
        let Ok(below) = located.absolute().strip_prefix(&self.repository.root) else {
            return Ok(None);
        };
        let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
        let parts = parts.ok_or_else(|| Failure::new("the path is not UTF-8").help("rename the folder"))?;
        Ok(Some(parts.join("/")))
    }

    /// Returns a folder of the revision, by its path from the root of the repository.
    pub(crate) fn folder(&self, path: &str) -> FolderTree<'_> {
        FolderTree::new(&self.repository.objects, self.tree, path)
    }

    /// Refuses submodules below a folder that may contain policies, since their files are not in this
    /// repository: those that differ between the revision and `HEAD`, those inside a policy set, and those
    /// checked out with policies.
    pub(crate) fn refuse_submodules(&self, path: &Path, sets: &[&Path]) -> Result<(), Failure> {
        let Some(inside) = self.path(path)? else {
            return Ok(());
        };
        let head = tree_of(&self.repository.objects, "HEAD").map(|tree| Self {
            tree,
            name: "HEAD".to_owned(),
            ..self.clone()
        });
        let before = self.submodules(&inside);
        let now = head.iter().flat_map(|head| head.submodules(&inside));
        let now: Vec<(String, ObjectId)> = now.collect();
        for one in before.iter().chain(&now) {
            let folder = path.join(&one.0);
            let is_policy = sets.iter().any(|set| folder.starts_with(set))
                || DiskTree::open(&folder).is_ok_and(|tree| !select(&tree).files.is_empty());
            if is_policy || !before.contains(one) || !now.contains(one) {
                let message = format!(
                    "the files of the submodule `{}` are not available",
                    path_name(&folder)
                );
                let failure = Failure::new(message);
                return Err(failure.help("name a folder of policies without submodules"));
            }
        }
        Ok(())
    }

    /// Returns the submodules below a folder, each with its commit. If the folder is a submodule itself, its
    /// path is empty.
    fn submodules(&self, inside: &str) -> Vec<(String, ObjectId)> {
        let tree = self.folder(inside);
        let paths = match tree.kind("") {
            Ok(Some(EntryKind::Folder)) => select(&tree).repositories,
            Ok(Some(EntryKind::Submodule)) => vec![String::new()],
            _ => Vec::new(),
        };
        let with_commit = |path: String| {
            let commit = tree.object(&path)?;
            Some((path, commit))
        };
        paths.into_iter().filter_map(with_commit).collect()
    }

    /// Returns the name of a file in messages.
    pub(crate) fn shown(&self, path: &str) -> String {
        format!("{}:{path}", self.name)
    }
}

/// Returns the tree of a revision, if the repository has it.
fn tree_of(repository: &gix::Repository, name: &str) -> Option<ObjectId> {
    let commit = repository.rev_parse_single(name).ok()?;
    let tree = commit.object().ok()?.peel_to_tree().ok()?;
    Some(tree.id)
}

/// Refuses an ambiguous name. Git would prefer a tag to a branch, and an author who may push tags need not be
/// trusted with the branch.
fn unambiguous(repository: &Repository, name: &str) -> Result<(), Failure> {
    let base = name.split_once(['~', '^']).map_or(name, |(base, _)| base);
    let base = base.split_once("@{").map_or(base, |(base, _)| base);
    let objects = &repository.objects;
    let mut meanings = Vec::new();
    for namespace in NAMESPACES {
        let full = format!("{namespace}{base}");
        if full.starts_with("refs/") && exists(objects, &full) {
            meanings.push(full);
        }
    }
    // The default branch of a remote.
    let head = format!("refs/remotes/{base}/HEAD");
    if exists(objects, &head) {
        meanings.push(head);
    }
    // A commit by its hash, or in the form of `git describe`.
    let described = base.rsplit_once("-g").map_or(base, |(_, hash)| hash);
    let is_hex = described.len() >= 4 && described.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex && !meanings.is_empty() {
        meanings.push(format!("the commit {described}"));
    }
    let [_, .., full] = meanings.as_slice() else {
        return Ok(());
    };
    let message = format!(
        "`{}` is ambiguous: {}",
        printable(name),
        printable(&meanings.join(", "))
    );
    Err(Failure::new(message).help(format!(
        "write the intended one in full, such as `{}`",
        printable(full)
    )))
}

/// Returns whether there is a reference of exactly this name.
fn exists(repository: &gix::Repository, full: &str) -> bool {
    let found = repository.try_find_reference(BStr::new(full));
    found.is_ok_and(|found| found.is_some_and(|found| found.name().as_bstr() == full))
}

/// Creates the failure to find a revision.
fn missing(repository: &Repository, name: &str) -> Failure {
    let shown = printable(name);
    if repository.objects.is_shallow().unwrap_or(true) {
        let failure = Failure::new(format!("the shallow clone does not have the revision `{shown}`"));
        return failure.help(fetching(&shown, " --depth=1"));
    }
    let failure = Failure::new(format!("the repository has no revision `{shown}`"));
    failure.help(fetching(&shown, ""))
}

/// Returns the help for fetching a revision, and the name to use afterwards.
fn fetching(name: &str, depth: &str) -> String {
    let remote = name.strip_prefix("refs/remotes/").unwrap_or(name);
    let is_hash = name.len() >= 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    match remote.split_once('/') {
        _ if is_hash => format!("fetch it first: `git fetch{depth} origin {name}`"),
        Some(("refs", _)) => format!("fetch it first: `git fetch{depth} origin +refs/heads/BRANCH:{name}`"),
        Some((remote, branch)) => format!(
            "fetch it first: \
             `git fetch{depth} {remote} +refs/heads/{branch}:refs/remotes/{remote}/{branch}`"
        ),
        None => format!(
            "if it is a branch, fetch it with \
             `git fetch{depth} origin +refs/heads/{name}:refs/remotes/origin/{name}`, and name \
             `refs/remotes/origin/{name}`"
        ),
    }
}
