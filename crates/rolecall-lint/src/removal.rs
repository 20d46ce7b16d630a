//! Removal of items.

use crate::context::RuleContext;
use crate::fix::{Edit, Fix};
use crate::remark::is_remarked;
use crate::severity::Safety;
use crate::text;
use rolecall_engine::Location;
use rolecall_syntax::Span;

/// Returns the fix that removes an item, unless a comment would be lost.
pub(crate) fn remove(
    context: &RuleContext<'_, '_>,
    location: Location,
    safety: Safety,
    what: &str,
) -> Option<Fix> {
    let file = context.trees.file(location.file())?;
    let text = &context.program()[location.file()].text;
    if is_remarked(text, file, location.span()) {
        return None;
    }
    let location = Location::new(location.file(), with_its_lines(text, location.span()));
    Some(Fix::new(
        safety,
        format!("remove {what}"),
        vec![Edit::new(location, "")],
    ))
}

/// Returns the span of an item with its lines, if they contain nothing else, and with one empty line after
/// it. At the end of the file, the empty line is the one before it.
fn with_its_lines(text: &str, item: Span) -> Span {
    let (before, after) = (text::before(text, item.start), text::from(text, item.end));
    let start = before.trim_end_matches([' ', '\t']).len();
    let is_alone = before
        .get(..start)
        .is_none_or(|before| before.is_empty() || before.ends_with('\n'));
    let Some(rest) = line_end(after).filter(|_| is_alone) else {
        return item;
    };
    if rest.trim().is_empty() {
        let kept = before.trim_end().len();
        // The line break before it stays.
        let gap = line_end(text::from(before, kept));
        let start = match kept {
            0 => 0,
            _ => gap.map_or(start, |gap| text::start_of_rest(before, gap)),
        };
        return Span::new(start, text.len());
    }
    let rest = line_end(rest).unwrap_or(rest);
    Span::new(start, text::start_of_rest(text, rest))
}

/// Returns the text after the rest of a line, if that rest is blank.
fn line_end(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches([' ', '\t', '\r']);
    if rest.is_empty() {
        return Some(rest);
    }
    rest.strip_prefix('\n')
}
