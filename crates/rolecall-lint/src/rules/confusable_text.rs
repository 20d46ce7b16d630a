//! Texts that look like other texts, or contain invisible characters.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::fix::{Edit, Fix};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::text;
use rolecall_engine::{FileId, Location};
use rolecall_syntax::ast::File;
use rolecall_syntax::{Span, is_invisible};
use unicode_security::{MixedScript, skeleton};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "confusable-text",
        summary: "a text looks like another one, or contains invisible characters",
        category: Category::Identity,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/confusable-text.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let program = context.program();
    let found = context.trees.files();
    let found = found.map(|(id, file)| ((id, file), &program[id]));
    let found = found.filter(|(_, source)| !source.text.bytes().all(is_plain));
    found
        .flat_map(|((id, file), source)| {
            let mut findings = invisible(id, file, &source.text);
            findings.extend(confusable(id, file, &source.text));
            findings
        })
        .collect()
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')
}

fn is_in_comment(file: &File, at: usize) -> bool {
    let after = file.comments.partition_point(|comment| comment.span.start <= at);
    let before = after.checked_sub(1).and_then(|last| file.comments.get(last));
    before.is_some_and(|comment| at < comment.span.end)
}

fn invisible(id: FileId, file: &File, text: &str) -> Vec<Finding> {
    // Emoji are joined by invisible characters, in comments.
    let is_bad = |at: usize, c: char| is_direction(c) || is_hidden(c) && at > 0 && !is_in_comment(file, at);
    let found = text.char_indices().filter(|(at, c)| is_bad(*at, *c));
    let finding = |(at, c): (usize, char)| {
        let location = Location::new(id, Span::new(at, text::plus(at, c.len_utf8())));
        let fix = Fix::new(Safety::Unsafe, "remove it", vec![Edit::new(location, "")]);
        let message = format!("invisible character U+{:04X}", u32::from(c));
        Finding::new(&RULE.info, location, message)
            .label("not visible")
            .help(format!(
                "remove it; if it is intended, write `\\u{{{:x}}}`",
                u32::from(c)
            ))
            .fix(fix)
    };
    found.map(finding).collect()
}

fn confusable(id: FileId, file: &File, text: &str) -> Vec<Finding> {
    let found = words(text).filter(|word| !is_in_comment(file, word.start));
    let finding = |word: Span| {
        let written = word.text(text);
        let looks: String = skeleton(written).collect();
        let is_foreign = !written.chars().any(|c| c.is_ascii_alphabetic());
        if written.is_single_script() && !(is_foreign && looks.is_ascii()) {
            return None;
        }
        let message = format!("`{written}` looks like `{looks}`, but has other letters");
        let finding = Finding::new(&RULE.info, Location::new(id, word), message)
            .label("letters of another script")
            .help("use letters of one script; if they are intended, write them as `\\u{…}`");
        Some(finding)
    };
    found.filter_map(finding).collect()
}

/// Returns whether a character changes the direction in which text is shown.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns whether a character is not visible, or is a space that is not an ASCII one.
fn is_hidden(c: char) -> bool {
    let is_ordinary = matches!(c, ' ' | '\n' | '\r' | '\t');
    !is_ordinary && (is_invisible(c) || c.is_whitespace())
}

/// Returns the runs of letters that are not all ASCII.
fn words(text: &str) -> impl Iterator<Item = Span> {
    let pieces = text.split(|c: char| !c.is_alphabetic());
    let mut start = 0;
    let spans = pieces.map(move |word| {
        let span = Span::new(start, text::plus(start, word.len()));
        let separator = text::from(text, span.end).chars().next();
        start = text::plus(span.end, separator.map_or(0, char::len_utf8));
        (word, span)
    });
    spans.filter(|(word, _)| !word.is_ascii()).map(|(_, span)| span)
}
