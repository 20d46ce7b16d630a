//! Policy folders: read as a set of files, and compiled.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use rolecall_engine::{CompileError, Compiler, MAX_FILE_BYTES, PolicySet, Source};

use super::disk::DiskTree;
use super::error::PolicyFilesError;
use super::token_files;
use super::walk::select;

/// The maximum size of all files of a policy set together, in bytes.
pub const MAX_POLICY_BYTES: usize = 256 * 1024 * 1024;

/// Reads and compiles the policies of a folder, the same files as `policy-check` does.
/// [`Gate::watch`](crate::Gate::watch) reads them again whenever they change.
///
/// ```no_run
/// use rolecall::{Gate, KeySources, policies_from_folder};
///
/// let gate = Gate::builder(policies_from_folder("policies/shop")?, KeySources::new()).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`FolderError`] if the folder is not a policy set, the policies do not compile, or they have no role.
pub fn policies_from_folder(path: impl Into<PathBuf>) -> Result<PolicySet, FolderError> {
    let mut folder = PolicyFolder::new(path);
    let sources = folder.read().map_err(FolderError::Files)?;
    folder.compile(&sources)
}

/// Reads the policies of a folder without compiling them, the same files as [`policies_from_folder`] does. For services
/// that check policies before [`Gate::replace_policies`](crate::Gate::replace_policies), and run their tests: the files
/// that tests name with `from` are read, too.
///
/// # Errors
/// [`FolderError::Files`] if the folder is not a policy set.
pub fn policy_sources(path: impl Into<PathBuf>) -> Result<Vec<Source>, FolderError> {
    let tree = DiskTree::open(path).map_err(|problem| FolderError::Files(vec![problem]))?;
    let files = files(&tree).map_err(FolderError::Files)?;
    let (mut sources, paths): (Vec<Source>, Vec<String>) = files.into_iter().unzip();
    token_files::of_folder(&tree, &paths, &mut sources);
    Ok(sources)
}

/// A policy folder that can be read again. Only changed files are parsed again.
pub(crate) struct PolicyFolder {
    path: PathBuf,
    compiler: Compiler,
}

impl PolicyFolder {
    /// Returns the folder at this path.
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            compiler: Compiler::default(),
        }
    }

    /// Reads the files.
    pub(crate) fn read(&self) -> Result<Vec<Source>, Vec<PolicyFilesError>> {
        let tree = DiskTree::open(&self.path).map_err(|problem| vec![problem])?;
        Ok(files(&tree)?.into_iter().map(|(source, _)| source).collect())
    }

    /// Compiles files that were read.
    pub(crate) fn compile(&mut self, sources: &[Source]) -> Result<PolicySet, FolderError> {
        let policies = self.compiler.compile(sources.iter().cloned());
        let policies = policies.map_err(FolderError::Compile)?;
        if policies.program().roles().is_empty() {
            return Err(FolderError::NoRole);
        }
        Ok(policies)
    }
}

/// Reads the policy files of a tree, each with its path without links.
fn files(tree: &DiskTree) -> Result<Vec<(Source, String)>, Vec<PolicyFilesError>> {
    let selection = select(tree);
    if !selection.problems.is_empty() {
        return Err(selection.problems);
    }
    let mut sources = Vec::new();
    let mut budget = MAX_POLICY_BYTES;
    for file in selection.files {
        let one = |problem| vec![problem];
        let bytes = tree.read(&file.path, MAX_FILE_BYTES).map_err(one)?;
        budget = budget.checked_sub(bytes.len()).ok_or_else(|| {
            one(PolicyFilesError::TooLarge {
                limit: MAX_POLICY_BYTES,
            })
        })?;
        let text = String::from_utf8(bytes);
        let not_utf8 = |_| {
            let path = file.path.clone();
            one(PolicyFilesError::NotUtf8 { path })
        };
        sources.push((Source::new(file.name, text.map_err(not_utf8)?), file.path));
    }
    Ok(sources)
}

/// The reason why a folder yields no policies.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FolderError {
    /// The folder is not a policy set. The list is never empty.
    Files(Vec<PolicyFilesError>),
    /// The policies do not compile.
    Compile(CompileError),
    /// The policies have no role. Such a set denies everything, which is rarely intended.
    NoRole,
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Files(problems) => {
                for (number, problem) in problems.iter().enumerate() {
                    let separator = if number == 0 { "" } else { "; " };
                    write!(f, "{separator}{problem}")?;
                }
                Ok(())
            }
            Self::Compile(error) => error.fmt(f),
            Self::NoRole => f.write_str("the policies of the folder have no role"),
        }
    }
}

impl Error for FolderError {}
