//! An error with the text that it is about, and a caret under it.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, Title};
use rolecall_engine::{CompileError, Diagnostic, Place, Value};
use rolecall_lint::{Finding, Safety, Severity};

use super::location::{Places, floor};
use crate::printable::{mask_tokens, printable};

/// What is shown: a message with its place, and what belongs to it.
pub(crate) struct Shown<'a> {
    title: Title<'a>,
    place: Place,
    label: Option<&'a str>,
    /// What to know and what to do: lines below the text.
    remarks: Vec<(Level<'static>, String)>,
    notes: &'a [(Place, String)],
}

impl<'a> Shown<'a> {
    /// An error of policies that do not compile.
    pub(crate) fn error(diagnostic: &'a Diagnostic) -> Self {
        let help = diagnostic.help.iter().map(|help| (Level::HELP, help.clone()));
        Self {
            title: Level::ERROR.primary_title(printable(&diagnostic.message)),
            place: diagnostic.place,
            label: diagnostic.label.as_deref(),
            remarks: help.collect(),
            notes: &diagnostic.notes,
        }
    }

    /// What a rule found; with the address of its page, if it is published.
    pub(crate) fn finding(finding: &'a Finding, page: Option<&'a str>) -> Self {
        let level = match finding.severity {
            Severity::High => Level::ERROR.with_name("high"),
            Severity::Medium => Level::WARNING.with_name("medium"),
            Severity::Low => Level::NOTE.with_name("low"),
            Severity::Info => Level::INFO,
        };
        let mut title = level
            .primary_title(printable(&finding.message))
            .id(finding.rule.name);
        if let Some(page) = page {
            title = title.id_url(page);
        }
        let mut remarks = Vec::new();
        if let Some(witness) = &finding.witness {
            let token = Value::Object(witness.token.clone()).to_string();
            remarks.push((Level::NOTE.with_name("token"), token));
        }
        remarks.extend(finding.help.iter().map(|help| (Level::HELP, help.clone())));
        if let Some(fix) = &finding.fix {
            let flag = match fix.safety {
                Safety::Safe => "--fix",
                Safety::Unsafe => "--unsafe-fixes",
            };
            remarks.push((Level::HELP.with_name("fix"), format!("`{flag}`: {}", fix.message)));
        }
        Self {
            title,
            place: finding.place,
            label: finding.label.as_deref(),
            remarks,
            notes: &finding.notes,
        }
    }
}

/// All errors of a policy set, each followed by an empty line.
pub(crate) fn render_all(error: &CompileError) -> String {
    let places = Places::new(&error.sources);
    let errors = error
        .diagnostics
        .iter()
        .map(|error| render(&Shown::error(error), &places));
    errors.collect()
}

/// What is shown, followed by an empty line: message, place, text, label, remarks, and the other places that have to do with
/// it.
pub(crate) fn render(shown: &Shown<'_>, places: &Places<'_>) -> String {
    let group = Group::with_title(shown.title.clone());
    let mut first = show(group, shown.place, shown.label, places);
    for (level, text) in &shown.remarks {
        first = first.element(level.clone().message(printable(text)));
    }
    let mut groups = vec![first];
    for (place, message) in shown.notes {
        let title = Level::NOTE.secondary_title(printable(message));
        groups.push(show(Group::with_title(title), *place, None, places));
    }
    Renderer::styled().render(&groups) + "\n\n"
}

/// Adds the text of a place to a group, if there is any.
fn show<'a>(group: Group<'a>, place: Place, label: Option<&'a str>, places: &Places<'a>) -> Group<'a> {
    let Some((source, lines, offset)) = places.lines(place) else {
        return group;
    };
    if source.text.is_empty() {
        return group.element(Origin::path(printable(&source.name)));
    }
    let start = floor(lines, place.span.start.saturating_sub(offset));
    let end = floor(lines, place.span.end.saturating_sub(offset)).max(start);
    let annotation = AnnotationKind::Primary
        .span(start..end)
        .label(label.map(printable));
    group.element(
        Snippet::source(safe_to_show(lines))
            .line_start(places.line(place).line)
            .path(printable(&source.name))
            .annotation(annotation),
    )
}

/// The lines without tokens, and without the characters that are shown as they are otherwise: the control characters U+0080
/// to U+009F, which some terminals obey (ECMA-48, 8.2). What stands for them has as many bytes.
fn safe_to_show(lines: &str) -> Cow<'_, str> {
    let lines = mask_tokens(lines);
    let is_obeyed = |c: char| ('\u{80}'..='\u{9f}').contains(&c);
    match lines.contains(is_obeyed) {
        true => Cow::Owned(lines.replace(is_obeyed, "\u{b7}")),
        false => lines,
    }
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
