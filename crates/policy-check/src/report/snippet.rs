//! An error with the text that it is about, and a caret under it.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use rolecall_engine::{CompileError, Diagnostic, Place};

use super::location::{Places, floor};
use crate::printable::printable;

/// All errors of a policy set, each followed by an empty line.
pub(crate) fn render_all(error: &CompileError) -> String {
    let mut text = String::new();
    let places = Places::new(&error.sources);
    for diagnostic in &error.diagnostics {
        text.push_str(&render(diagnostic, &places));
        text.push_str("\n\n");
    }
    text
}

/// One error: message, place, text, label, help, and the other places that have to do with it.
fn render(diagnostic: &Diagnostic, places: &Places<'_>) -> String {
    let title = Level::ERROR.primary_title(printable(&diagnostic.message));
    let mut error = show(
        Group::with_title(title),
        diagnostic.place,
        diagnostic.label.as_deref(),
        places,
    );
    if let Some(help) = &diagnostic.help {
        error = error.element(Level::HELP.message(printable(help)));
    }
    let mut groups = vec![error];
    for (place, message) in &diagnostic.notes {
        let title = Level::NOTE.secondary_title(printable(message));
        groups.push(show(Group::with_title(title), *place, None, places));
    }
    Renderer::styled().render(&groups)
}

/// Adds the text of a place to a group, if there is any.
fn show<'a>(group: Group<'a>, place: Place, label: Option<&'a str>, places: &Places<'a>) -> Group<'a> {
    let Some((source, lines, offset)) = places.lines(place) else {
        return group;
    };
    if source.text.is_empty() {
        return group.element(Origin::path(source.name.as_str()));
    }
    let start = floor(lines, place.span.start.saturating_sub(offset));
    let end = floor(lines, place.span.end.saturating_sub(offset)).max(start);
    let annotation = AnnotationKind::Primary
        .span(start..end)
        .label(label.map(printable));
    group.element(
        Snippet::source(lines)
            .line_start(places.line(place).line)
            .path(source.name.as_str())
            .annotation(annotation),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall_engine::Source;
    use rolecall_syntax::Span;

    #[test]
    fn no_place_is_too_odd_to_be_shown() {
        for text in [
            "",
            "\n",
            "a",
            "é\r\n\tü\u{202e}\r\n\n\0 🏳️\u{200d}🌈 x",
            "\r\r\n",
            "a\n\nb\n",
        ] {
            let sources = vec![Source::new("odd.policy", text)];
            for start in 0..text.len() + 3 {
                for end in start..text.len() + 3 {
                    let place = Place::new(0, Span::new(start, end));
                    let diagnostic = Diagnostic::new(place, "odd").label("here").note(place, "there");
                    let error = CompileError {
                        sources: sources.clone(),
                        diagnostics: vec![diagnostic],
                    };
                    assert!(
                        render_all(&error).contains("odd.policy"),
                        "{text:?} {start}..{end}"
                    );
                }
            }
        }
    }
}
