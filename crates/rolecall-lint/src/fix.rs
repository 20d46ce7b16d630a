//! Fixes: edits of files that resolve a finding.

use crate::severity::Safety;
use crate::text;
use rolecall_engine::{FileId, Location};

/// A change that resolves a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The change, in the imperative.
    pub message: String,
    /// The effect of the fix on the roles of tokens.
    pub safety: Safety,
    /// The edits, in one file or several. They do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    pub(crate) fn new(safety: Safety, message: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self {
            message: message.into(),
            safety,
            edits,
        }
    }
}

/// A replacement of some text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The text that is replaced; empty where text is only inserted.
    pub location: Location,
    /// The new text.
    pub text: String,
}

impl Edit {
    pub(crate) fn new(location: Location, text: impl Into<String>) -> Self {
        Self {
            location,
            text: text.into(),
        }
    }
}

/// Applies fixes to a file, and returns its new text and the number of applied fixes. Of fixes that overlap,
/// it applies the first: after that, the others may not be needed, or are found again.
pub fn apply<'f>(file: FileId, text: &str, fixes: impl IntoIterator<Item = &'f Fix>) -> (String, usize) {
    let mut edits: Vec<&Edit> = Vec::new();
    let mut applied = Vec::new();
    for fix in fixes {
        let here = || fix.edits.iter().filter(|edit| edit.location.file() == file);
        let is_free = |edit: &Edit| {
            let clashes = |other: &&Edit| {
                let (one, other) = (edit.location.span(), other.location.span());
                one.start < other.end && other.start < one.end || one.start == other.start
            };
            !edits.iter().any(clashes)
        };
        if here().next().is_some() && here().all(is_free) {
            edits.extend(here());
            applied.push(fix);
        }
    }
    edits.sort_by_key(|edit| edit.location);
    let (mut fixed, mut at) = (String::new(), 0);
    for edit in edits {
        let span = edit.location.span();
        fixed.push_str(text::from(text::before(text, span.start), at));
        // Words stay separate: `when!a` becomes `when b`.
        if fixed.ends_with(is_of_word) && edit.text.starts_with(is_of_word) {
            fixed.push(' ');
        }
        fixed.push_str(&edit.text);
        at = span.end;
        let rest = text::from(text, at);
        if edit.text.ends_with(is_of_word) && rest.starts_with(is_of_word) {
            fixed.push(' ');
        }
    }
    fixed.push_str(text::from(text, at));
    (fixed, applied.len())
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}
