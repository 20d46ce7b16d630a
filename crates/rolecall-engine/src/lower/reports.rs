//! Reports: the errors of a policy set, each once, up to a limit.

use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use rolecall_syntax::Span;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The most errors that are reported.
const MAX_REPORTED: usize = 1_000;

/// The error of a step whose cause is already reported.
pub(super) struct Reported;

/// The errors of a policy set.
#[derive(Default)]
pub(super) struct Reports {
    kept: Vec<Diagnostic>,
    /// The hashes of all errors. A role for each of many values has the same errors many times.
    seen: HashSet<u64>,
}

impl Reports {
    /// Adds an error, unless the same message is reported for the same location.
    pub(super) fn add(&mut self, diagnostic: Diagnostic) {
        if self.seen.insert(hash(&diagnostic)) && self.kept.len() < MAX_REPORTED {
            self.kept.push(diagnostic);
        }
    }

    /// Returns the number of errors, including those beyond the limit.
    pub(super) fn count(&self) -> usize {
        self.seen.len()
    }

    /// Returns the kept errors after the first `count` ones.
    pub(super) fn since(&mut self, count: usize) -> impl Iterator<Item = &mut Diagnostic> {
        self.kept.iter_mut().skip(count)
    }

    /// Removes kept errors.
    pub(super) fn remove(&mut self, is_wanted: impl Fn(&Diagnostic) -> bool) {
        let Self { kept, seen } = self;
        kept.retain(|diagnostic| {
            let removed = is_wanted(diagnostic) && seen.remove(&hash(diagnostic));
            !removed
        });
    }

    /// Returns the errors in the order of the files, with the exceeded limit that ended the work and the
    /// number of errors that are left out.
    pub(super) fn finish(self, exceeded: Option<Diagnostic>) -> Vec<Diagnostic> {
        let Self { mut kept, seen } = self;
        let more = seen.iter().skip(kept.len()).count();
        kept.extend(exceeded);
        kept.sort_by(|left, right| (left.location, &left.message).cmp(&(right.location, &right.message)));
        if let (Some(last), 1..) = (kept.last(), more) {
            let location = Location::new(last.location.file(), Span::at(last.location.span().end));
            let message = format!("there are {more} more errors");
            kept.push(Diagnostic::new(ErrorKind::LimitExceeded, location, message).help("fix these first"));
        }
        kept
    }
}

/// Returns what tells errors apart.
fn hash(diagnostic: &Diagnostic) -> u64 {
    let mut hasher = DefaultHasher::new();
    (diagnostic.location, &diagnostic.message).hash(&mut hasher);
    hasher.finish()
}

/// Adds the errors of other reports.
impl Extend<Diagnostic> for Reports {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        diagnostics
            .into_iter()
            .for_each(|diagnostic| self.add(diagnostic));
    }
}

impl IntoIterator for Reports {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.kept.into_iter()
    }
}
