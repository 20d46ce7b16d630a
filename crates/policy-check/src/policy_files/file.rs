//! Policy files, and the files of one set.

use crate::git::FolderTree;
use crate::input::{self, MAX_FILE_BYTES};
use crate::version::problem_in;
use rolecall::{
    DiskTree, MAX_KEY_SET_BYTES, MAX_TOKEN_FILES_BYTES, PolicyFilesError, Source, test_files, token_file,
};
use rolecall_report::failure::Failure;
use rolecall_report::policy_text::{PolicyText, policy_text, too_large};
use rolecall_report::printable::path_name;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A policy file.
#[derive(Clone)]
pub(crate) struct PolicyFile {
    /// The name in messages.
    pub(crate) name: String,
    /// The path on disk under its visible name, where the file is or would be.
    pub(crate) visible_path: PathBuf,
    /// True if a part of the path below the named folder begins with a dot.
    pub(super) is_hidden: bool,
    pub(super) text: Text,
}

/// The source of a file's text.
#[derive(Clone)]
pub(super) enum Text {
    /// A file that an argument names.
    Named(PathBuf),
    /// A file in a folder, by its path without links.
    Below(Arc<DiskTree>, String, PathBuf),
    /// The text of a file at a revision, and the files that its tests name.
    Read(Arc<PolicyText>, Arc<TokenFiles>),
    /// Standard input.
    Stdin,
}

/// The files that the tests of a policy file name, by their relative paths.
type TokenFiles = BTreeMap<String, Result<Vec<u8>, PolicyFilesError>>;

/// The files of a revision. They are read at once, since no repository is shared by threads.
pub(super) struct Reader {
    /// The bytes that token files may still have.
    left: Cell<usize>,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self {
            left: Cell::new(MAX_TOKEN_FILES_BYTES),
        }
    }

    /// Returns the text of a policy file with the files that its tests name.
    pub(super) fn read(&self, tree: &FolderTree<'_>, policy: &str, text: PolicyText) -> Text {
        let mut files = TokenFiles::new();
        if let PolicyText::Text(text) = &text {
            for path in test_files(&Source::new(policy, text.as_str())) {
                let read = self.token_file(tree, policy, &path);
                files.insert(path, read);
            }
        }
        Text::Read(Arc::new(text), Arc::new(files))
    }

    fn token_file(
        &self,
        tree: &FolderTree<'_>,
        policy: &str,
        path: &str,
    ) -> Result<Vec<u8>, PolicyFilesError> {
        let bytes = tree.read(&token_file(tree, policy, path)?, MAX_KEY_SET_BYTES)?;
        let left = self.left.get().checked_sub(bytes.len());
        self.left.set(left.ok_or(PolicyFilesError::TooLarge {
            limit: MAX_TOKEN_FILES_BYTES,
        })?);
        Ok(bytes)
    }
}

impl PolicyFile {
    /// Creates a file that an argument names.
    pub(super) fn named(name: String, path: &Path, text: Text) -> Self {
        Self {
            name,
            visible_path: path.to_path_buf(),
            is_hidden: false,
            text,
        }
    }

    /// Returns the same file under another path.
    pub(crate) fn at(&self, path: &Path) -> Self {
        Self {
            visible_path: path.to_path_buf(),
            ..self.clone()
        }
    }

    /// Reads the text.
    pub(crate) fn read(&self) -> Result<PolicyText, Failure> {
        match &self.text {
            Text::Named(path) => input::policy_file(path),
            Text::Below(tree, path, _) => {
                let text = text(tree.read(path, MAX_FILE_BYTES), policy_text);
                text.map_err(|problem| problem_in(&self.name, &problem))
            }
            Text::Read(text, _) => Ok(PolicyText::clone(text)),
            Text::Stdin => input::policy_stdin(),
        }
    }

    /// Reads a file that a test of this one names, by its relative path; `None` for standard input, which has no folder.
    pub(crate) fn read_token_file(
        &self,
        path: &str,
        limit: usize,
    ) -> Result<Option<Vec<u8>>, PolicyFilesError> {
        let bytes = match &self.text {
            Text::Named(file) => {
                let tree = DiskTree::open(file.parent().unwrap_or(file))?;
                tree.read(&token_file(&tree, "", path)?, limit)
            }
            Text::Below(tree, file, _) => tree.read(&token_file(tree, file, path)?, limit),
            Text::Read(_, files) => match files.get(path).cloned() {
                Some(Ok(bytes)) if bytes.len() > limit => Err(PolicyFilesError::FileTooLarge {
                    path: path.to_owned(),
                    bytes: bytes.len(),
                    limit,
                }),
                Some(read) => read,
                None => return Ok(None),
            },
            Text::Stdin => return Ok(None),
        };
        bytes.map(Some)
    }

    /// Returns the path on disk without links; none for a text that is not on disk.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.text {
            Text::Named(path) | Text::Below(_, _, path) => Some(path),
            Text::Read(..) | Text::Stdin => None,
        }
    }
}

/// Shows only the name, since the text can be long.
impl fmt::Debug for PolicyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PolicyFile").field(&self.name).finish()
    }
}

/// The files of one policy set, in the order of their names.
#[derive(Clone, Debug)]
pub(crate) struct FileSet {
    /// The folder, or the names of the files.
    pub(crate) name: String,
    /// The folder, or that of the first named file.
    pub(crate) folder: PathBuf,
    /// The files; never empty.
    pub(crate) files: Vec<PolicyFile>,
    /// The files that most tools do not show, each with the reason.
    pub(crate) unseen: BTreeMap<String, &'static str>,
}

impl FileSet {
    /// Returns whether the set is a folder on disk, so that a new file in the folder is one of its files.
    pub(crate) fn is_folder(&self) -> bool {
        let mut files = self.files.iter();
        files.all(|file| matches!(file.text, Text::Below(..)))
    }

    /// Adds the files of another set.
    pub(crate) fn join(&mut self, other: &Self) {
        self.name = format!("{}, {}", self.name, other.name);
        self.files.extend(other.files.iter().cloned());
        let unseen = other.unseen.iter().map(|(file, reason)| (file.clone(), *reason));
        self.unseen.extend(unseen);
    }

    /// Returns the same files with the names that they would have in another folder on disk, so that their
    /// findings can be compared.
    pub(crate) fn named_in(&self, folder: &Path) -> Self {
        let mut set = self.clone();
        for file in &mut set.files {
            if let Ok(below) = file.visible_path.strip_prefix(&self.folder) {
                file.name = path_name(&folder.join(below));
            }
        }
        set
    }
}

/// Converts the result of reading a file. A file that is too large is not an error here.
pub(super) fn text(
    read: Result<Vec<u8>, PolicyFilesError>,
    of_bytes: fn(Vec<u8>) -> PolicyText,
) -> Result<PolicyText, PolicyFilesError> {
    match read {
        Ok(bytes) => Ok(of_bytes(bytes)),
        Err(PolicyFilesError::FileTooLarge { bytes, .. }) => Ok(too_large(bytes)),
        Err(problem) => Err(problem),
    }
}
