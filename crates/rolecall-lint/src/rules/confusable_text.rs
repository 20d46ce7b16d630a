//! A text looks like another one, or has something in it that nobody sees.

use crate::finding::{Edit, Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::Location;
use rolecall_syntax::Span;
use unicode_security::{MixedScript, skeleton};

pub(crate) static RULE: Rule = Rule {
    name: "confusable-text",
    summary: "a text looks like another one, or has invisible characters in it",
    category: Category::Identity,
    severity: Severity::High,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/confusable-text.md"),
    check: Check::Set(check),
};

fn check(linting: &mut Linting<'_, '_>) {
    let program = linting.program();
    for (number, file) in linting.trees.files.iter().enumerate() {
        let text = program.sources.get(number).map_or("", |source| &source.text);
        let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t');
        if text.bytes().all(is_plain) {
            continue;
        }
        let is_comment = |at: usize| {
            let after = file.comments.partition_point(|comment| comment.span.start <= at);
            let before = after.checked_sub(1).and_then(|last| file.comments.get(last));
            before.is_some_and(|comment| at < comment.span.end)
        };
        for (at, c) in text.char_indices() {
            // Emoji are joined by invisible characters, in comments.
            let is_bad = is_direction(c) || is_invisible(c) && at > 0 && !is_comment(at);
            if is_bad {
                let location = Location::new(number, Span::new(at, at.saturating_add(c.len_utf8())));
                let fix = Fix::new(Safety::Unsafe, "remove it", vec![Edit::new(location, "")]);
                let message = format!("an invisible character stands here: U+{:04X}", u32::from(c));
                linting.report(
                    Finding::new(&RULE, location, message)
                        .label("nobody sees it")
                        .help(format!(
                            "remove it; if it is meant, write `\\u{{{:x}}}`",
                            u32::from(c)
                        ))
                        .fix(fix),
                );
            }
        }
        for word in words(text).filter(|word| !is_comment(word.start)) {
            let written = word.text(text);
            let looks: String = skeleton(written).collect();
            let is_foreign = !written.chars().any(|c| c.is_ascii_alphabetic());
            if written.is_single_script() && !(is_foreign && looks.is_ascii()) {
                continue;
            }
            linting.report(
                Finding::new(
                    &RULE,
                    Location::new(number, word),
                    format!("`{written}` looks like `{looks}` and is not"),
                )
                .label("letters of another script")
                .help("write it in one script; if it is meant, with `\\u{…}`"),
            );
        }
    }
}

/// Characters that change the order in which text is shown.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that show nothing, or a space that is none.
fn is_invisible(c: char) -> bool {
    let is_joiner =
        matches!(c, '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    let is_space = c.is_whitespace() && !matches!(c, ' ' | '\n' | '\r' | '\t');
    is_joiner
        || is_space
        || c.is_control() && !matches!(c, '\n' | '\r' | '\t')
        || ('\u{e0000}'..='\u{e007f}').contains(&c)
}

/// The runs of letters that are not all ASCII.
fn words(text: &str) -> impl Iterator<Item = Span> {
    let pieces = text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_ascii());
    pieces.map(|word| {
        let start = word.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        Span::new(start, start.saturating_add(word.len()))
    })
}
