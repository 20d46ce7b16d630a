//! Compiling a policy set again and again, as its files change.

use crate::diagnostic::Source;
use crate::lower::lower;
use crate::policy_set::{CompileError, PolicySet};
use hashbrown::HashMap;
use rolecall_syntax::{Parse, parse};
use std::sync::Arc;

/// Compiles a policy set again and again, as its files change: a file that is as it was before is not read again.
///
/// ```
/// use rolecall_engine::{Compiler, Source};
///
/// let issuer = r#"issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }"#;
/// let role = |project| format!("role deploy {{ allow from gitlab when project == \"{project}\" }}");
/// let files = |project| [Source::new("issuer.policy", issuer), Source::new("roles.policy", role(project))];
///
/// let mut compiler = Compiler::default();
/// let before = compiler.compile(files("acme/shop"))?;
/// // Reads only what has changed.
/// let after = compiler.compile(files("acme/web"))?;
/// # assert_eq!((before.program().roles().len(), after.program().roles().len()), (1, 1));
/// # Ok::<(), rolecall_engine::CompileError>(())
/// ```
#[derive(Debug, Default)]
pub struct Compiler {
    /// What was read the last time, by the names of the files.
    known: HashMap<String, Known>,
}

/// A file as it was read.
#[derive(Debug)]
struct Known {
    text: Arc<str>,
    parse: Arc<Parse>,
}

impl PolicySet {
    /// Compiles the files of a policy set. Their order does not matter; a set without roles denies everything.
    ///
    /// # Errors
    /// All errors in the files.
    pub fn compile(sources: impl IntoIterator<Item = Source>) -> Result<Self, CompileError> {
        Compiler::default().compile(sources)
    }
}

impl Compiler {
    /// Compiles the files of a policy set. Their order does not matter; a set without roles denies everything.
    ///
    /// # Errors
    /// All that is wrong with the files.
    pub fn compile(&mut self, sources: impl IntoIterator<Item = Source>) -> Result<PolicySet, CompileError> {
        let mut known = std::mem::take(&mut self.known);
        let read = |source: &Source| {
            let before = known
                .remove(&source.name)
                .filter(|before| before.text == source.text);
            let now = before.unwrap_or_else(|| Known {
                text: Arc::clone(&source.text),
                parse: Arc::new(parse(&source.text)),
            });
            let parse = Arc::clone(&now.parse);
            self.known.insert(source.name.clone(), now);
            parse
        };
        match lower(sources.into_iter().collect(), read) {
            Ok(program) => Ok(PolicySet::new(program)),
            Err((sources, diagnostics)) => Err(CompileError { sources, diagnostics }),
        }
    }
}
