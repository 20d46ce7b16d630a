//! Errors and findings with an excerpt of the text and carets below it.

mod excerpt;

use crate::location::Locations;
use crate::printable::printable;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, Title};
use excerpt::Excerpt;
use rolecall_engine::{CompileError, Diagnostic, Location, Note, Value};
use rolecall_lint::{Finding, Safety, Severity};

/// A message with its location, notes and help.
#[derive(Debug)]
pub struct Message<'a> {
    title: Title<'a>,
    location: Location,
    label: Option<&'a str>,
    /// The token, help and fix: lines below the text.
    remarks: Vec<(Level<'static>, String)>,
    notes: &'a [Note],
}

impl<'a> Message<'a> {
    /// Creates the message for a compile error.
    pub fn error(diagnostic: &'a Diagnostic) -> Self {
        let help = diagnostic.help.iter().map(|help| (Level::HELP, help.clone()));
        Self {
            title: Level::ERROR
                .primary_title(printable(&diagnostic.message))
                .id(diagnostic.kind.code()),
            location: diagnostic.location,
            label: diagnostic.label.as_deref(),
            remarks: help.collect(),
            notes: &diagnostic.notes,
        }
    }

    /// Creates the message for a finding, with the URL of its rule page if that is published.
    pub fn finding(finding: &'a Finding, page: Option<&'a str>) -> Self {
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
            location: finding.location,
            label: finding.label.as_deref(),
            remarks,
            notes: &finding.notes,
        }
    }
}

/// Renders all errors of a policy set, each followed by an empty line.
pub fn render_all(error: &CompileError) -> String {
    let locations = Locations::new(&error.sources);
    let errors = error
        .diagnostics
        .iter()
        .map(|error| render(&Message::error(error), &locations));
    errors.collect()
}

/// Renders a message, followed by an empty line: title, location, text, label, remarks and notes.
pub fn render(message: &Message<'_>, locations: &Locations<'_>) -> String {
    let group = Group::with_title(message.title.clone());
    let mut first = show(group, message.location, message.label, locations);
    for (level, text) in &message.remarks {
        first = first.element(level.clone().message(printable(text)));
    }
    let mut groups = vec![first];
    for Note {
        location, message, ..
    } in message.notes
    {
        let title = Level::NOTE.secondary_title(printable(message));
        groups.push(show(Group::with_title(title), *location, None, locations));
    }
    Renderer::styled().render(&groups) + "\n\n"
}

/// Adds the text at a location to a group, if there is any.
fn show<'a>(
    group: Group<'a>,
    location: Location,
    label: Option<&'a str>,
    locations: &Locations<'a>,
) -> Group<'a> {
    let (source, lines, range) = locations.lines(location);
    if source.text.is_empty() {
        return group.element(Origin::path(printable(&source.name)));
    }
    let excerpt = Excerpt::new(lines, range);
    let annotation = AnnotationKind::Primary
        .span(excerpt.range)
        .label(label.map(printable));
    let location = locations.location(location);
    let snippet = Snippet::source(excerpt.text)
        .line_start(location.line)
        .annotation(annotation);
    if excerpt.from_the_start {
        return group.element(snippet.path(printable(&source.name)));
    }
    let origin = Origin::path(printable(&source.name)).line(location.line);
    group
        .element(origin.char_column(location.column))
        .element(snippet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall_engine::{Arena, ErrorKind, Source};
    use rolecall_syntax::Span;

    /// Renders an error at a location, without colours.
    fn shown(text: &str, start: usize, end: usize) -> String {
        let mut sources = Arena::new();
        let file = sources.push(Source::new("long.policy", text));
        let location = Location::new(file, Span::new(start, end));
        let error = CompileError {
            sources,
            diagnostics: vec![Diagnostic::new(ErrorKind::Syntax, location, "odd").note(location, "there")],
        };
        anstream::adapter::strip_str(&render_all(&error)).to_string()
    }

    #[test]
    fn of_a_long_line_only_the_surroundings_are_shown() {
        let line = "é".repeat(100_000);
        let text = shown(&format!("a\n{line}!{line}\nb"), 200_002, 200_003);
        assert!(text.contains("long.policy:2:100001"), "{text}");
        assert!(text.contains('!') && text.len() < 2_000, "{text}");
        let caret = text.lines().position(|line| line.contains('^')).unwrap();
        let column = |line: usize, c: char| text.lines().nth(line).unwrap().chars().position(|d| d == c);
        assert_eq!(column(caret, '^'), column(caret - 1, '!'), "{text}");
        let whole = shown(&format!("{line}\n{line}"), 0, 400_001);
        assert!(
            whole.contains("long.policy:1:1") && whole.len() < 4_000,
            "{whole}"
        );
        let lines = shown(&"x\n".repeat(100_000), 0, 200_000);
        assert!(
            lines.contains("long.policy:1:1") && lines.len() < 1_000,
            "{lines}"
        );
    }

    #[test]
    fn half_a_token_is_hidden_too() {
        let token = format!(
            "eyJhbGciOiJSUzI1NiJ9.{}.{}",
            "eyJzdWIiOiJhIn0".repeat(100),
            "c2ln".repeat(100)
        );
        let line = format!("{}{token}{}", "a ".repeat(5_000), " b".repeat(5_000));
        let at = 10_000 + token.len() - 50;
        let text = shown(&line, at, at + 5);
        assert!(!text.contains("c2lnc2ln") && text.contains('^'), "{text}");
    }

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
            let mut sources = Arena::new();
            let file = sources.push(Source::new("odd.policy", text));
            for start in 0..text.len() + 3 {
                for end in start..text.len() + 3 {
                    let location = Location::new(file, Span::new(start, end));
                    let diagnostic = Diagnostic::new(ErrorKind::Syntax, location, "odd")
                        .label("here")
                        .note(location, "there");
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
