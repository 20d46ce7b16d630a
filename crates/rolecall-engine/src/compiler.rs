//! Compilation of policy sets, and recompilation of changed files.

use crate::lower::lower;
use crate::parsed_file::ParsedFile;
use crate::policy_set::{CompileError, PolicySet};
use crate::source::Source;
use hashbrown::HashMap;

/// A compiler that keeps the syntax trees of the last set: a file that has not changed is not parsed again.
///
/// ```
/// use rolecall_engine::{Compiler, Source};
///
/// let issuer = r#"issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience
/// "https://sts.acme.example" }"#; let role = |project| format!("role deploy {{ allow from gitlab when
/// project == \"{project}\" }}"); let files = |project| [Source::new("issuer.policy", issuer),
/// Source::new("roles.policy", role(project))];
///
/// let mut compiler = Compiler::default();
/// let before = compiler.compile(files("acme/shop"))?;
/// // Parses only the changed file.
/// let after = compiler.compile(files("acme/web"))?;
/// # assert_eq!((before.program().roles().len(), after.program().roles().len()), (1, 1));
/// # Ok::<(), rolecall_engine::CompileError>(())
/// ```
#[derive(Debug, Default)]
pub struct Compiler {
    /// The files of the last set, by their names.
    files: HashMap<String, ParsedFile>,
}

impl PolicySet {
    /// Compiles the files of a policy set. Their order does not matter; a set without roles denies
    /// everything.
    ///
    /// # Errors
    /// All errors in the files.
    pub fn compile(sources: impl IntoIterator<Item = Source>) -> Result<Self, CompileError> {
        // The trees are not kept: they are gone before the index is made.
        Self::compile_files(sources.into_iter().map(ParsedFile::new))
    }

    /// Compiles files as [`compile`](Self::compile) does, with the syntax trees that they have.
    ///
    /// # Errors
    /// All errors in the files.
    pub fn compile_files(files: impl IntoIterator<Item = ParsedFile>) -> Result<Self, CompileError> {
        match lower(files.into_iter().collect()) {
            Ok(program) => Ok(Self::new(program)),
            Err((sources, diagnostics)) => Err(CompileError { sources, diagnostics }),
        }
    }
}

impl Compiler {
    /// Compiles the files of a policy set. Their order does not matter; a set without roles denies
    /// everything.
    ///
    /// # Errors
    /// All errors in the files.
    pub fn compile(&mut self, sources: impl IntoIterator<Item = Source>) -> Result<PolicySet, CompileError> {
        PolicySet::compile_files(self.files(sources))
    }

    /// Returns the files of a policy set, those that have not changed with the trees of the last set.
    pub fn files(&mut self, sources: impl IntoIterator<Item = Source>) -> Vec<ParsedFile> {
        let mut before = std::mem::take(&mut self.files);
        let file = |source: Source| {
            let file = match before.remove(&source.name) {
                Some(known) if known.source().text == source.text => known.with_source(source),
                _ => ParsedFile::new(source),
            };
            self.files.insert(file.source().name.clone(), file.clone());
            file
        };
        sources.into_iter().map(file).collect()
    }
}
