//! The selected files of a policy set.

use super::error::PolicyFilesError;
use super::names;

/// A file of a policy set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct PolicyFile {
    /// The path from the folder of the set, with `/` between the parts. Of several links to a file, the one
    /// that is not hidden and has the fewest parts gives the name: a file of a Kubernetes ConfigMap has the
    /// name that its author gave it.
    pub name: String,
    /// The path from the folder without links, for reading the file.
    pub path: String,
}

impl PolicyFile {
    /// Returns whether a part of the name begins with a dot, so that most tools do not show the file.
    pub fn is_hidden(&self) -> bool {
        names::hidden_parts(&self.name) > 0
    }
}

/// The files of a policy set, and the problems found while selecting them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Selection {
    /// The files, sorted by their names.
    pub files: Vec<PolicyFile>,
    /// The folders that are repositories of their own: submodules, or folders with a `.git` in them.
    pub repositories: Vec<String>,
    /// The reasons why this is not a policy set. If there is one, the files must not be used.
    pub problems: Vec<PolicyFilesError>,
}
