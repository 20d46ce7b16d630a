//! Compilation of policy sets, and recompilation of changed files.

use crate::diagnostic::Source;
use crate::lower::lower;
use crate::policy_set::{CompileError, PolicySet};
use hashbrown::HashMap;
use rolecall_syntax::{Parse, parse};
use std::sync::Arc;

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
    cache: HashMap<String, CachedFile>,
}

/// A file with its syntax tree.
#[derive(Debug)]
struct CachedFile {
    text: Arc<str>,
    parse: Arc<Parse>,
}

impl PolicySet {
    /// Compiles the files of a policy set. Their order does not matter; a set without roles denies
    /// everything.
    ///
    /// # Errors
    /// All errors in the files.
    pub fn compile(sources: impl IntoIterator<Item = Source>) -> Result<Self, CompileError> {
        // The trees are not kept: they are gone before the index is made.
        compile(sources, |source| Arc::new(parse(&source.text)))
    }
}

impl Compiler {
    /// Compiles the files of a policy set. Their order does not matter; a set without roles denies
    /// everything.
    ///
    /// # Errors
    /// All errors in the files.
    pub fn compile(&mut self, sources: impl IntoIterator<Item = Source>) -> Result<PolicySet, CompileError> {
        let mut cache = std::mem::take(&mut self.cache);
        let read = |source: &Source| {
            let before = cache
                .remove(&source.name)
                .filter(|before| before.text == source.text);
            let now = before.unwrap_or_else(|| CachedFile {
                text: Arc::clone(&source.text),
                parse: Arc::new(parse(&source.text)),
            });
            let parse = Arc::clone(&now.parse);
            self.cache.insert(source.name.clone(), now);
            parse
        };
        compile(sources, read)
    }
}

/// Compiles the files of a policy set, which `read` parses.
fn compile(
    sources: impl IntoIterator<Item = Source>,
    read: impl FnMut(&Source) -> Arc<Parse>,
) -> Result<PolicySet, CompileError> {
    match lower(sources.into_iter().collect(), read) {
        Ok(program) => Ok(PolicySet::new(program)),
        Err((sources, diagnostics)) => Err(CompileError { sources, diagnostics }),
    }
}
