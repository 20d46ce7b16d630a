//! Judgement of a policy set before it is used.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use rolecall::{PolicySet, Source};
use rolecall_engine::CompileError;
use rolecall_syntax::line_column;

use super::names::Names;
use super::{digest, new_access, proofs, rules};
use crate::config::{Config, IssuerUrl, Reload};
use crate::failure::Failure;

/// The maximum number of faults that are reported of a set.
const MAX_FAULTS: usize = 20;

/// The policies with which new ones are compared.
#[derive(Clone, Copy, Debug)]
pub(super) enum Before<'a> {
    /// There were none, or the comparison is not wanted.
    Nothing,
    Set(&'a PolicySet),
    /// There were some, which do not compile any more.
    Unknown,
}

/// The requirements on policy sets.
#[derive(Clone, Debug)]
pub(crate) struct Judge {
    issuer: IssuerUrl,
    reload: Reload,
    approved: Option<PathBuf>,
    /// The folder of the policies, which has the lock of names, too.
    folder: PathBuf,
}

impl Judge {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            issuer: config.issuer.clone(),
            reload: config.reload,
            approved: config.approved.clone(),
            folder: config.policies.clone(),
        }
    }

    /// Compiles a set, runs its tests, proves its assertions, and compares it with the names and the set before. A panic is a
    /// fault of the set: the one before stays in use.
    ///
    /// # Errors
    /// The faults: one at least.
    pub(super) fn judge(&self, sources: &[Source], before: Before<'_>) -> Result<PolicySet, Vec<Failure>> {
        contained(|| self.judged(sources, before))
    }

    fn judged(&self, sources: &[Source], before: Before<'_>) -> Result<PolicySet, Vec<Failure>> {
        let set = self.tested(sources)?;
        let names = Names::read(&self.folder).map_err(|failure| vec![failure])?;
        let faults = names.map(|names| names.faults(&set)).unwrap_or_default();
        if !faults.is_empty() {
            return Err(faults);
        }
        if self.reload != Reload::NoNewAccess {
            return Ok(set);
        }
        let digest = digest(sources);
        if self.approvals().lines().any(|line| line.trim() == digest) {
            return Ok(set);
        }
        let help = match &self.approved {
            Some(path) => format!("to approve it, add the line `{digest}` to `{}`", path.display()),
            None => format!("to approve it, name a file with the line `{digest}` in `approved`"),
        };
        let gains = match before {
            Before::Nothing => return Ok(set),
            Before::Set(before) => new_access::new_access(before, &set),
            Before::Unknown => vec!["the policies that were used last can no longer be read".to_owned()],
        };
        let faults: Vec<Failure> = gains
            .into_iter()
            .take(MAX_FAULTS)
            .map(|gain| Failure::new(gain).help(&*help))
            .collect();
        if faults.is_empty() { Ok(set) } else { Err(faults) }
    }

    /// Judges a set by itself, whatever its names were before.
    ///
    /// # Errors
    /// The faults: one at least.
    pub(super) fn alone(&self, sources: &[Source]) -> Result<PolicySet, Vec<Failure>> {
        contained(|| self.tested(sources))
    }

    fn tested(&self, sources: &[Source]) -> Result<PolicySet, Vec<Failure>> {
        let set = PolicySet::compile(sources.iter().cloned()).map_err(|error| errors(&error))?;
        if set.program().roles().is_empty() {
            return Err(vec![
                Failure::new("the policies have no role")
                    .help("name the folder of the policies in `policies`"),
            ]);
        }
        let mut faults = rules::faults(&set, &self.issuer);
        faults.extend(proofs::failed_tests(&set).take(MAX_FAULTS));
        faults.extend(proofs::unproved(&set).take(MAX_FAULTS));
        faults.truncate(MAX_FAULTS);
        if faults.is_empty() { Ok(set) } else { Err(faults) }
    }

    /// Returns the other files that a judgement depends on.
    pub(super) fn files(&self) -> [String; 2] {
        let names = fs::read_to_string(self.folder.join(Names::FILE));
        [self.approvals(), names.unwrap_or_default()]
    }

    /// Returns the file of approved digests; without one, none is approved.
    fn approvals(&self) -> String {
        let read = self.approved.as_ref().map(fs::read_to_string);
        read.and_then(Result::ok).unwrap_or_default()
    }
}

/// Runs a judgement, and returns a fault if it panics.
fn contained<T>(judgement: impl FnOnce() -> Result<T, Vec<Failure>>) -> Result<T, Vec<Failure>> {
    catch_unwind(AssertUnwindSafe(judgement)).unwrap_or_else(|_| {
        Err(vec![Failure::new("the policies cannot be judged").help(
            "the log says why: report it, it is a fault of the exchange",
        )])
    })
}

fn errors(error: &CompileError) -> Vec<Failure> {
    let diagnostics = error.diagnostics.iter().take(MAX_FAULTS);
    let shown = diagnostics.map(|diagnostic| {
        let source = &error.sources[diagnostic.location.file()];
        let (line, column) = line_column(&source.text, diagnostic.location.span().start);
        let message = format!("{}:{line}:{column}: {}", source.name, diagnostic.message);
        Failure::new(message).help("`policy-check check` shows the place")
    });
    shown.collect()
}
