//! Sessions: linting a policy set again and again while it changes.

use crate::linter::{Linter, Part};
use crate::memory::Memory;
use crate::places::Places;
use crate::report::LintReport;
use crate::settings::Settings;
use rolecall_engine::{CompileError, Compiler, ParsedFile, PolicySet, RoleId, Source};

/// A policy set that changes, as in an editor. Only changed files are parsed again, and only roles whose findings a change
/// can affect are examined again. The report is the one that a new [`Linter`] makes.
///
/// ```
/// use rolecall_engine::Source;
/// use rolecall_lint::{Session, Settings};
///
/// let file = |project: &str| {
///     let issuer = r#"issuer ci { url "https://ci.acme.example" profile gitlab-ci audience "https://sts.acme.example" }"#;
///     Source::new("acme.policy", format!("{issuer}\nrole deploy {{ allow from ci when project == \"{project}\" }}"))
/// };
/// let (mut session, settings) = (Session::default(), Settings::default());
///
/// let set = session.compile([file("acme/shop")])?;
/// let before = session.lint(&set, &settings);
/// let set = session.compile([file("acme/web")])?;
/// let after = session.lint(&set, &settings);
/// assert_eq!(before.findings.len(), after.findings.len());
/// # Ok::<(), rolecall_engine::CompileError>(())
/// ```
#[derive(Debug, Default)]
pub struct Session {
    compiler: Compiler,
    files: Vec<ParsedFile>,
    memory: Memory,
}

impl Session {
    /// Takes the files of the set as they are now, and returns them. A caller with threads can parse them before it
    /// compiles them.
    pub fn read(&mut self, sources: impl IntoIterator<Item = Source>) -> &[ParsedFile] {
        self.files = self.compiler.files(sources);
        &self.files
    }

    /// Compiles the set from its files as they are now.
    ///
    /// # Errors
    /// All errors in the files.
    pub fn compile(&mut self, sources: impl IntoIterator<Item = Source>) -> Result<PolicySet, CompileError> {
        self.read(sources);
        PolicySet::compile_files(self.files.iter().cloned())
    }

    /// Lints the set that was compiled last, on this thread.
    pub fn lint(&mut self, set: &PolicySet, settings: &Settings) -> LintReport {
        self.lint_with(set, settings, |linter, roles| {
            let mut parts = linter.roles(roles.iter().copied());
            parts.push(linter.whole());
            parts
        })
    }

    /// Lints the set that was compiled last. `run` runs the rules, on threads if it likes: [`Linter::roles`] on the
    /// roles that it gets, and [`Linter::whole`].
    pub fn lint_with(
        &mut self,
        set: &PolicySet,
        settings: &Settings,
        run: impl FnOnce(&Linter<'_>, &[RoleId]) -> Vec<Part>,
    ) -> LintReport {
        let linter = Linter::with_files(set, &self.files, settings);
        let places = Places::new(set.program(), &linter.trees, settings);
        if linter.compares_roles() {
            self.memory = Memory::default();
        }
        let stale = self.memory.recall(set, places);
        let known = self.memory.parts(set);
        let mut parts = run(&linter, &stale);
        self.memory.add(set, &parts);
        parts.extend(known);
        linter.finish(parts)
    }
}
