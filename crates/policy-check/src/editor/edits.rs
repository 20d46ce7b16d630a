//! Changes of texts, and edits that change them.

use super::text::Lines;
use lsp_types::{TextDocumentContentChangeEvent, TextEdit, Uri, WorkspaceEdit};
use rolecall_syntax::Span;
use std::collections::HashMap;

/// Returns edits of documents as one edit of the workspace.
#[allow(
    clippy::mutable_key_type,
    reason = "the protocol's type has URIs as keys, and nothing changes them"
)]
pub(crate) fn workspace_edit(edits: impl IntoIterator<Item = (Uri, TextEdit)>) -> WorkspaceEdit {
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for (uri, edit) in edits {
        changes.entry(uri).or_default().push(edit);
    }
    WorkspaceEdit {
        changes: Some(changes),
        ..WorkspaceEdit::default()
    }
}

/// Returns a text after a change.
pub(crate) fn changed(text: &str, change: TextDocumentContentChangeEvent) -> String {
    let Some(range) = change.range else {
        return change.text;
    };
    let lines = Lines::new(text);
    let (start, end) = (lines.offset(range.start), lines.offset(range.end));
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end.max(start)..).unwrap_or_default();
    format!("{before}{}{after}", change.text)
}

/// Returns the edits that replace a text by another one; none if they are equal.
pub(crate) fn replaced(old: &str, new: &str) -> Vec<TextEdit> {
    if old == new {
        return Vec::new();
    }
    let range = Lines::new(old).range(Span::new(0, old.len()));
    let new_text = new.to_owned();
    vec![TextEdit { range, new_text }]
}
