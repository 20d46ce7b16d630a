//! Documentation in policies: the `///` comments before an item or a member.

use rolecall_report::text;
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{Comment, CommentKind};

/// Returns the lines of the documentation that ends directly before an offset. The comments are all those of the text.
pub(crate) fn lines_before(comments: &[Spanned<Comment>], source: &str, offset: usize) -> Vec<String> {
    let before = comments.partition_point(|comment| comment.span.start < offset);
    let mut start = offset;
    let mut lines = Vec::new();
    for comment in comments.iter().take(before).rev() {
        let between = text::before(source, start).get(comment.span.end..);
        let is_next = between.is_some_and(|between| between.trim().is_empty());
        if !is_next || comment.node.kind != CommentKind::Doc {
            break;
        }
        let line = comment.node.text.trim_start_matches('/');
        lines.push(line.strip_prefix(' ').unwrap_or(line).to_owned());
        start = comment.span.start;
    }
    lines.reverse();
    lines
}
