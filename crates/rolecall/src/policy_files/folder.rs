//! Policy folders, recompiled when their files change.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

use rolecall_engine::{CompileError, Compiler, MAX_FILE_BYTES, PolicySet, Source};

use super::disk::DiskTree;
use super::error::PolicyFilesError;
use super::walk::select;

/// The maximum size of all files of a policy set together, in bytes.
pub const MAX_POLICY_BYTES: usize = 256 * 1024 * 1024;

/// Reads and compiles the policies of a folder, the same files as `policy-check` does.
///
/// ```no_run
/// use rolecall::{Gate, KeySources, policies_from_folder};
///
/// let gate = Gate::builder(policies_from_folder("policies/shop")?, KeySources::new()).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`FolderError`] if the folder is not a policy set, or the policies do not compile.
pub fn policies_from_folder(path: impl Into<PathBuf>) -> Result<PolicySet, FolderError> {
    Ok(PolicyFolder::new(path).compile()?.1)
}

/// A policy folder that can be reloaded.
///
/// ```no_run
/// # fn later() {}
/// use rolecall::{Gate, KeySources, PolicyFolder};
///
/// let mut folder = PolicyFolder::new("policies/shop");
/// let policies = folder.reload()?.ok_or("a folder is new at first")?;
/// let gate = Gate::builder(policies, KeySources::new()).build()?;
/// // Every few seconds, or when the system tells of a change:
/// match folder.reload() {
///     Ok(Some(policies)) => gate.replace_policies(policies)?,
///     Ok(None) => {}
///     Err(error) => eprintln!("the policies stay as they were: {error}"),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "the folder is read by `reload`"]
pub struct PolicyFolder {
    path: PathBuf,
    compiler: Compiler,
    /// The files of the last set that was returned.
    current: Vec<Source>,
}

impl PolicyFolder {
    /// Returns the folder at this path. It is first read by [`PolicyFolder::reload`].
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            compiler: Compiler::default(),
            current: Vec::new(),
        }
    }

    /// Returns the path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the folder. Returns the policies if a file was added, removed or changed since policies were
    /// last returned, and `None` otherwise.
    ///
    /// # Errors
    /// [`FolderError`] if the folder is not a policy set, or the policies do not compile. Each call returns
    /// the error until it is fixed.
    pub fn reload(&mut self) -> Result<Option<PolicySet>, FolderError> {
        let (sources, policies) = match self.sources()? {
            sources if sources == self.current => return Ok(None),
            sources => self.compile_sources(sources)?,
        };
        self.current = sources;
        Ok(Some(policies))
    }

    fn compile(&mut self) -> Result<(Vec<Source>, PolicySet), FolderError> {
        let sources = self.sources()?;
        self.compile_sources(sources)
    }

    fn compile_sources(&mut self, sources: Vec<Source>) -> Result<(Vec<Source>, PolicySet), FolderError> {
        let policies = self.compiler.compile(sources.iter().cloned());
        Ok((sources, policies.map_err(FolderError::Compile)?))
    }

    /// Reads the files.
    fn sources(&self) -> Result<Vec<Source>, FolderError> {
        let tree = DiskTree::open(&self.path).map_err(|problem| FolderError::Files(vec![problem]))?;
        let selection = select(&tree);
        if !selection.problems.is_empty() {
            return Err(FolderError::Files(selection.problems));
        }
        let mut sources = Vec::new();
        let mut budget = MAX_POLICY_BYTES;
        for file in selection.files {
            let one = |problem| FolderError::Files(vec![problem]);
            let bytes = tree.read(&file.path, MAX_FILE_BYTES).map_err(one)?;
            budget = budget.checked_sub(bytes.len()).ok_or_else(|| {
                one(PolicyFilesError::TooLarge {
                    limit: MAX_POLICY_BYTES,
                })
            })?;
            let text = String::from_utf8(bytes);
            let text = text.map_err(|_| one(PolicyFilesError::NotUtf8 { path: file.path }))?;
            sources.push(Source::new(file.name, text));
        }
        Ok(sources)
    }
}

/// The reason why a folder yields no policies.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FolderError {
    /// The folder is not a policy set. The list is never empty.
    Files(Vec<PolicyFilesError>),
    /// The policies do not compile.
    Compile(CompileError),
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
        }
    }
}

impl Error for FolderError {}
