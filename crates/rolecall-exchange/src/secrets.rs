//! Secrets that the local Vault door serves: a trait, and the store in a folder.

mod folder;

use std::collections::BTreeMap;
use std::fmt;

pub(crate) use folder::Folder;

/// A store of secrets by path.
pub(crate) trait Secrets: Send + Sync + fmt::Debug {
    /// Reads a secret. `None` if there is none at this path, or if the path cannot be one.
    ///
    /// # Errors
    /// [`NotRead`] if there is one that cannot be read.
    fn read(&self, path: &str) -> Result<Option<Secret>, NotRead>;
}

/// A secret: texts by name, and the time at which it was last changed, in seconds since 1970.
#[derive(PartialEq, Eq)]
pub(crate) struct Secret {
    pub(crate) fields: BTreeMap<String, String>,
    pub(crate) changed_at: i64,
}

/// Shows how many fields there are, and nothing of them.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret")
            .field("fields", &self.fields.len())
            .finish_non_exhaustive()
    }
}

/// A secret could not be read, for a reason that is for the operator's log and has nothing of its content.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotRead(pub(crate) String);

impl fmt::Display for NotRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
