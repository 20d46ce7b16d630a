//! The version that a change is compared with, whose configuration applies.

use crate::checkout;
use crate::git::Revision;
use crate::paths::Paths;
use crate::policy_files::{FileSet, FoundSets, PolicyFile};
use crate::version::Version;
use rolecall_report::failure::Failure;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The version that a change is compared with.
pub(crate) struct Base {
    pub(super) version: Version,
    /// The policy sets of that version.
    pub(super) sets: Vec<FileSet>,
    /// True if the configuration of the change applies instead.
    pub(super) accepts: bool,
}

/// Files by the folder whose configuration applied to them. Files found by their paths without links are
/// separate, marked with `true`: an override may cover only one of the two paths.
pub(super) type FilesByFolder = BTreeMap<(PathBuf, bool), Vec<PolicyFile>>;

impl Base {
    /// Finds a revision of the repository that contains the paths.
    pub(crate) fn at(revision: &str, paths: &Paths, accepts: bool) -> Result<Self, Failure> {
        let first = paths.all().first().map_or(Path::new("."), PathBuf::as_path);
        let revision = Revision::find(revision, first)?;
        for path in paths.all() {
            if revision.path(path)?.is_none() {
                let failure = Failure::new("the paths are in several repositories");
                return Err(failure.help("check each repository separately"));
            }
        }
        let version = Version::Revision(revision);
        // A set that did not exist, or was not a policy set, had no suppressions: its failures do not matter.
        let FoundSets { sets, .. } = paths.find_in(&version);
        Ok(Self::of(version, sets, accepts))
    }

    /// Creates a base from a version and its policy sets.
    pub(crate) fn of(version: Version, sets: Vec<FileSet>, accepts: bool) -> Self {
        Self {
            version,
            sets,
            accepts,
        }
    }

    /// Returns the policy set that was in a folder.
    pub(super) fn set(&self, folder: &Path) -> Option<&FileSet> {
        self.sets.iter().find(|set| set.folder == folder)
    }

    /// Returns the folders whose configurations applied to the files of a set, by the visible paths of the
    /// files and their paths without links. They are the folders of the sets that contained the files, so the
    /// configuration still applies to a set that is moved, split or merged.
    pub(super) fn folders(&self, set: &FileSet, before: Option<&FileSet>) -> Result<FilesByFolder, Failure> {
        let mut folders = FilesByFolder::new();
        let mut sets = Vec::new();
        for old in &self.sets {
            sets.push((
                checkout::locate(&old.folder)?.absolute().to_path_buf(),
                &old.folder,
            ));
        }
        // The deepest first.
        sets.sort_by_key(|(folder, _)| Reverse(folder.components().count()));
        for file in &set.files {
            if let (Version::Disk, Some(before)) = (&self.version, before) {
                let below = file
                    .visible_path
                    .strip_prefix(&set.folder)
                    .unwrap_or(&file.visible_path);
                let file = file.at(&before.folder.join(below));
                let key = (before.folder.clone(), false);
                folders.entry(key).or_default().push(file);
                continue;
            }
            let paths: BTreeSet<&Path> = [Some(file.visible_path.as_path()), file.path()]
                .into_iter()
                .flatten()
                .collect();
            for path in paths {
                let located = checkout::locate(path)?;
                let mut above = sets
                    .iter()
                    .filter(|(folder, _)| located.absolute().starts_with(folder));
                let own = path.parent().unwrap_or(path);
                let folder = above.next().map_or(own, |(_, folder)| folder.as_path());
                let key = (folder.to_path_buf(), path != file.visible_path);
                folders.entry(key).or_default().push(file.at(path));
            }
        }
        Ok(folders)
    }
}
