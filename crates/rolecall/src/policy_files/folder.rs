//! Policies of a folder, compiled again when its files change.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

use rolecall_engine::{CompileError, Compiler, MAX_FILE_BYTES, PolicySet, Source};

use super::disk::DiskTree;
use super::error::PolicyFilesError;
use super::walk::select;

/// The most bytes that the files of a policy set may have together.
pub const MAX_POLICY_BYTES: usize = 256 * 1024 * 1024;

/// Reads and compiles the policies of a folder: the same files as `policy-check` takes.
///
/// ```no_run
/// use rolecall::{Gate, KeySources, policies_from_folder};
///
/// let gate = Gate::builder(policies_from_folder("policies/shop")?, KeySources::new()).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`FolderError`] if the folder does not hold a policy set, or the policies do not compile.
pub fn policies_from_folder(path: impl Into<PathBuf>) -> Result<PolicySet, FolderError> {
    Ok(PolicyFolder::new(path).compile()?.1)
}

/// A folder of policies that is read again and again.
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
pub struct PolicyFolder {
    path: PathBuf,
    compiler: Compiler,
    /// The files of the last set that was given out.
    current: Vec<Source>,
}

impl PolicyFolder {
    /// The folder at this path. It is read when policies are asked for.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            compiler: Compiler::default(),
            current: Vec::new(),
        }
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the folder. Returns the policies if a file is new, gone or other than when policies were returned before, and
    /// `None` if all is as it was.
    ///
    /// # Errors
    /// [`FolderError`] if the folder does not hold a policy set, or the policies do not compile; again and again, until that is
    /// fixed.
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
        let mut total: usize = 0;
        for file in selection.files {
            let one = |problem| FolderError::Files(vec![problem]);
            let bytes = tree.read(&file.path, MAX_FILE_BYTES).map_err(one)?;
            total = total.saturating_add(bytes.len());
            if total > MAX_POLICY_BYTES {
                return Err(one(PolicyFilesError::TooLarge {
                    limit: MAX_POLICY_BYTES,
                }));
            }
            let text = String::from_utf8(bytes);
            let text = text.map_err(|_| one(PolicyFilesError::NotUtf8 { path: file.path }))?;
            sources.push(Source::new(file.name, text));
        }
        Ok(sources)
    }
}

/// A reason why there are no policies.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FolderError {
    /// The folder does not hold a policy set; never empty.
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
