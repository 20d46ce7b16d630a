//! Git repositories.

use crate::checkout;
use gix::open::Options;
use gix::sec::Trust;
use rolecall_report::failure::Failure;
use rolecall_report::printable::path_name;
use std::fs;
use std::path::{Path, PathBuf};

/// The maximum size of an unpacked object, as a memory limit: many times the size of a policy file.
const MAX_OBJECT: &str = "gitoxide.objects.allocLimit=64m";
/// Replacement objects are ignored: they would change the text of a commit.
const NO_REPLACEMENTS: &str = "core.useReplaceRefs=false";

/// A repository and its work tree.
pub(crate) struct Repository {
    pub(super) objects: gix::Repository,
    /// The root of the work tree.
    pub(super) root: PathBuf,
}

impl Repository {
    /// Opens the repository whose work tree contains a path: that of the working folder, or else that of the
    /// nearest `.git` above the path. A repository committed as files of another one is never opened: it has
    /// no `.git`, since git refuses that name.
    pub(crate) fn around(path: &Path) -> Result<Self, Failure> {
        let located = checkout::locate(path)?;
        located.check()?;
        let root = located
            .root()
            .filter(|root| root.join(".git").symlink_metadata().is_ok());
        let Some(root) = root.map(Path::to_path_buf) else {
            let message = format!("`{}` is not in a git repository", path_name(path));
            return Err(
                Failure::new(message).help("run the command in a clone of the repository with the policies")
            );
        };
        let repository = open(&root)?;
        refuse_inside(&root, repository.git_dir())?;
        let mut below = root.as_path();
        while let Some(outer) = below.parent().and_then(checkout::repository_above) {
            refuse_tracked(&root, &outer)?;
            below = below.ancestors().find(|folder| *folder == outer).unwrap_or(below);
        }
        Ok(Self {
            objects: repository,
            root,
        })
    }
}

/// Returns the URL of the remote `origin` of the repository around a path, if there is one. It may contain a password.
pub(crate) fn origin(path: &Path) -> Option<String> {
    let repository = Repository::around(path).ok()?;
    let configuration = repository.objects.config_snapshot();
    let url = configuration.string("remote.origin.url")?;
    Some(url.to_string())
}

/// Opens a repository of any owner: in CI the runner clones as another user. Nothing in it is executed, so it
/// need not be trusted.
fn open(root: &Path) -> Result<gix::Repository, Failure> {
    let options = Options::isolated()
        .with(Trust::Full)
        .cli_overrides([MAX_OBJECT, NO_REPLACEMENTS]);
    gix::open_opts(root.join(".git"), options.open_path_as_is(true)).map_err(|error| {
        let message = format!("cannot read the git repository `{}`: {error}", path_name(root));
        Failure::new(message).help("run `git fsck` to find the cause; the `reftable` format is not supported")
    })
}

/// Refuses a repository whose objects are among its checked-out files.
fn refuse_inside(root: &Path, git_dir: &Path) -> Result<(), Failure> {
    let [real_root, real_dir, usual] = [root, git_dir, &root.join(".git")].map(fs::canonicalize);
    match (real_root, real_dir, usual) {
        (Ok(root), Ok(dir), Ok(usual)) if dir != root.join(".git") && dir.starts_with(&root) => {
            Err(untrusted(&usual, "its objects are among its checked-out files"))
        }
        (Ok(_), Ok(_), Ok(_)) => Ok(()),
        _ => Err(untrusted(root, "it cannot be found on disk")),
    }
}

/// Refuses a repository in a folder whose files another repository tracks. Submodules and ignored clones are
/// accepted.
fn refuse_tracked(root: &Path, outer: &Path) -> Result<(), Failure> {
    let below = root.strip_prefix(outer).unwrap_or(root);
    let tracked = open(outer)?;
    let tree = match tracked.head_tree() {
        Ok(tree) => tree,
        // Before the first commit no file is tracked.
        Err(_) if tracked.head().is_ok_and(|head| head.is_unborn()) => return Ok(()),
        Err(_) => return Err(untrusted(outer, "its `HEAD` cannot be read")),
    };
    let entry = tree.lookup_entry_by_path(below);
    match entry {
        Ok(Some(entry)) if entry.mode().is_tree() => Err(untrusted(
            root,
            &format!(
                "it is among the files tracked by the repository `{}`",
                path_name(outer)
            ),
        )),
        _ => Ok(()),
    }
}

fn untrusted(repository: &Path, why: &str) -> Failure {
    let message = format!(
        "the git repository `{}` is not used: {why}",
        path_name(repository)
    );
    Failure::new(message).help("run the command in a clone of the repository with the policies")
}
