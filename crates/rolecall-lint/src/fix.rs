//! Making fixes.

use crate::finding::{Edit, Fix};

/// A file with some fixes made, and how many of them were. Of fixes that overlap, the first is made: after that, the others
/// may not be needed, or are found again.
pub fn apply<'f>(file: usize, text: &str, fixes: impl IntoIterator<Item = &'f Fix>) -> (String, usize) {
    let mut edits: Vec<&Edit> = Vec::new();
    let mut made: usize = 0;
    for fix in fixes {
        let here = || fix.edits.iter().filter(|edit| edit.location.file == file);
        let is_free = |edit: &Edit| {
            let clashes = |other: &&Edit| {
                let (one, other) = (edit.location.span, other.location.span);
                one.start < other.end && other.start < one.end || one.start == other.start
            };
            !edits.iter().any(clashes)
        };
        if here().next().is_some() && here().all(is_free) {
            edits.extend(here());
            made = made.saturating_add(1);
        }
    }
    edits.sort_by_key(|edit| edit.location);
    let (mut fixed, mut at) = (String::new(), 0);
    for edit in edits {
        let span = edit.location.span;
        fixed.push_str(text.get(at..span.start).unwrap_or_default());
        // A word stays one: `when!a` becomes `when b`.
        if fixed.ends_with(is_of_word) && edit.text.starts_with(is_of_word) {
            fixed.push(' ');
        }
        fixed.push_str(&edit.text);
        at = span.end;
        let rest = text.get(at..).unwrap_or_default();
        if edit.text.ends_with(is_of_word) && rest.starts_with(is_of_word) {
            fixed.push(' ');
        }
    }
    fixed.push_str(text.get(at..).unwrap_or_default());
    (fixed, made)
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}
