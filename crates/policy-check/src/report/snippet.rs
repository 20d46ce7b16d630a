//! An error with the text that it is about, and a caret under it.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, Title};
use rolecall_engine::{CompileError, Diagnostic, Location, Value};
use rolecall_lint::{Finding, Safety, Severity};

use super::location::{Locations, floor};
use crate::printable::{mask_tokens, printable};

/// What is shown: a message with its place, and what belongs to it.
pub(crate) struct Shown<'a> {
    title: Title<'a>,
    location: Location,
    label: Option<&'a str>,
    /// What to know and what to do: lines below the text.
    remarks: Vec<(Level<'static>, String)>,
    notes: &'a [(Location, String)],
}

impl<'a> Shown<'a> {
    /// An error of policies that do not compile.
    pub(crate) fn error(diagnostic: &'a Diagnostic) -> Self {
        let help = diagnostic.help.iter().map(|help| (Level::HELP, help.clone()));
        Self {
            title: Level::ERROR.primary_title(printable(&diagnostic.message)),
            location: diagnostic.location,
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
            location: finding.location,
            label: finding.label.as_deref(),
            remarks,
            notes: &finding.notes,
        }
    }
}

/// All errors of a policy set, each followed by an empty line.
pub(crate) fn render_all(error: &CompileError) -> String {
    let places = Locations::new(&error.sources);
    let errors = error
        .diagnostics
        .iter()
        .map(|error| render(&Shown::error(error), &places));
    errors.collect()
}

/// What is shown, followed by an empty line: message, place, text, label, remarks, and the other places that have to do with
/// it.
pub(crate) fn render(shown: &Shown<'_>, places: &Locations<'_>) -> String {
    let group = Group::with_title(shown.title.clone());
    let mut first = show(group, shown.location, shown.label, places);
    for (level, text) in &shown.remarks {
        first = first.element(level.clone().message(printable(text)));
    }
    let mut groups = vec![first];
    for (location, message) in shown.notes {
        let title = Level::NOTE.secondary_title(printable(message));
        groups.push(show(Group::with_title(title), *location, None, places));
    }
    Renderer::styled().render(&groups) + "\n\n"
}

/// Adds the text of a place to a group, if there is any.
fn show<'a>(
    group: Group<'a>,
    location: Location,
    label: Option<&'a str>,
    places: &Locations<'a>,
) -> Group<'a> {
    let Some((source, lines, offset)) = places.lines(location) else {
        return group;
    };
    if source.text.is_empty() {
        return group.element(Origin::path(printable(&source.name)));
    }
    let start = floor(lines, location.span().start.saturating_sub(offset));
    let end = floor(lines, location.span().end.saturating_sub(offset)).max(start);
    let excerpt = Excerpt::new(lines, start..end);
    let annotation = AnnotationKind::Primary
        .span(excerpt.range)
        .label(label.map(printable));
    let location = places.location(location);
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

/// An excerpt of the lines of a place, and the range of the place in it.
struct Excerpt<'a> {
    text: Cow<'a, str>,
    range: Range<usize>,
    /// True if it begins where the first line does, so that columns are the same.
    from_the_start: bool,
}

/// The most bytes of lines that are shown whole.
const WHOLE: usize = 4 * 1024;
/// The bytes that are shown of longer ones, before the place and from where it begins.
const BEFORE: usize = 100;
/// The most bytes of a token, which is hidden in an excerpt even if only its end is in it.
const LONGEST_TOKEN: usize = 16 * 1024;
const AFTER: usize = 300;

impl<'a> Excerpt<'a> {
    fn new(lines: &'a str, range: Range<usize>) -> Self {
        if lines.len() <= WHOLE {
            return Self {
                text: safe_to_show(lines),
                range,
                from_the_start: true,
            };
        }
        let from = floor(lines, range.start.saturating_sub(BEFORE));
        let rest = lines.get(from..floor(lines, range.start.saturating_add(AFTER)));
        let line = rest.unwrap_or_default().split('\n').next().unwrap_or_default();
        let is_cut = |at: usize| {
            lines
                .get(at..)
                .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('\n'))
        };
        let before = if from > 0 { ELLIPSIS } else { "" };
        let after = if is_cut(from.saturating_add(line.len())) {
            ELLIPSIS
        } else {
            ""
        };
        let location = |byte: usize| {
            byte.saturating_sub(from)
                .min(line.len())
                .saturating_add(before.len())
        };
        // A token may begin far before the excerpt: it is recognised only as a whole.
        let around = floor(lines, from.saturating_sub(LONGEST_TOKEN));
        let to = from.saturating_add(line.len()).saturating_add(LONGEST_TOKEN);
        let window = lines.get(around..floor(lines, to)).unwrap_or_default();
        let safe = safe_to_show(window);
        let start = from.saturating_sub(around);
        let shown = safe
            .get(start..start.saturating_add(line.len()))
            .unwrap_or_default();
        Self {
            text: Cow::Owned([before, shown, after].concat()),
            range: location(range.start)..location(range.end),
            from_the_start: from == 0,
        }
    }
}

/// The sign for the rest of a line.
const ELLIPSIS: &str = "…";

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
    use rolecall_engine::{Arena, Source};
    use rolecall_syntax::Span;

    /// Shows a place in a text, without colours.
    fn shown(text: &str, start: usize, end: usize) -> String {
        let mut sources = Arena::new();
        let file = sources.push(Source::new("long.policy", text));
        let location = Location::new(file, Span::new(start, end));
        let error = CompileError {
            sources,
            diagnostics: vec![Diagnostic::new(location, "odd").note(location, "there")],
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
                    let diagnostic = Diagnostic::new(location, "odd")
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
