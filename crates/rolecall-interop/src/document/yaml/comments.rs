//! Comments of YAML: from a `#` at the start of a line or after a space to the end of the line.

use crate::document::{Node, Value};
use rolecall_syntax::ast::{Comment, CommentKind};
use rolecall_syntax::{Span, Spanned};

/// Returns the comments of a document, in the order of its text.
pub(crate) fn comments(text: &str, document: &Node) -> Vec<Spanned<Comment>> {
    let mut scalars = Vec::new();
    collect(document, &mut scalars);
    let is_in_scalar = |place: usize| {
        let before = scalars.partition_point(|scalar| scalar.start <= place);
        let last = before.checked_sub(1).and_then(|last| scalars.get(last));
        last.is_some_and(|scalar| place < scalar.end)
    };
    let mut comments = Vec::new();
    let mut start: usize = 0;
    for line in text.split_inclusive('\n') {
        let end = start.saturating_add(line.trim_end().len());
        let mark = line.char_indices().find(|(at, character)| {
            let before = line.get(..*at).unwrap_or_default();
            let place = start.saturating_add(*at);
            *character == '#' && (before.is_empty() || before.ends_with([' ', '\t'])) && !is_in_scalar(place)
        });
        if let Some((at, _)) = mark {
            let span = Span::new(start.saturating_add(at), end);
            let text = span.text(text).to_owned();
            let kind = CommentKind::Line;
            comments.push(Spanned::new(Comment { text, kind }, span));
        }
        start = start.saturating_add(line.len());
    }
    comments
}

/// Collects the locations of scalars in the order of the text, in which a `#` is a character.
fn collect(node: &Node, scalars: &mut Vec<Span>) {
    match &node.node {
        Value::List(elements) => elements.iter().for_each(|element| collect(element, scalars)),
        Value::Map(members) => {
            for member in members {
                scalars.push(member.name.span);
                collect(&member.value, scalars);
            }
        }
        _ => scalars.push(node.span),
    }
}
