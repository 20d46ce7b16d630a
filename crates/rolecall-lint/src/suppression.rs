//! Comments that suppress findings: `// policy-check: allow(RULE, …) REASON [until YYYY-MM-DD]`.

use crate::date::Date;
use crate::rules;
use rolecall_engine::Location;
use rolecall_syntax::ast::{Comment, CommentKind};
use std::collections::BTreeSet;

/// A comment that suppresses findings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Suppression {
    /// The names of the rules.
    pub rules: Vec<String>,
    /// The reason; never empty.
    pub reason: String,
    /// The last day on which the suppression holds, or `None` if it does not expire.
    pub until: Option<Date>,
    /// The location of the comment.
    pub location: Location,
}

impl Suppression {
    /// Reads a comment. `None` if it is not addressed to the linter; an error says how to write it.
    pub(crate) fn read(comment: &Comment, location: Location) -> Option<Result<Self, String>> {
        match directive(&comment.text).filter(|_| comment.kind == CommentKind::Line) {
            Some(text) => Some(parse(text, &comment.text, location)),
            None => is_meant(&comment.text).then(|| Err(form(&comment.text))),
        }
    }
}

/// The words of other linters instead of `allow`.
const VERBS: [&str; 5] = ["allow", "disable", "ignore", "off", "suppress"];

/// Returns whether a comment is meant for the linter, in whatever form.
fn is_meant(comment: &str) -> bool {
    let text = comment.trim_start_matches(['/', '#', '*', ' ', '\t']);
    let Some((name, rest)) = text.split_at_checked("policy".len()) else {
        return false;
    };
    let Some((other, rest)) = rest
        .trim_start_matches(['-', '_'])
        .split_at_checked("check".len())
    else {
        return false;
    };
    let rest = rest.trim_start();
    let after = rest.trim_start_matches('-');
    let word = after
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or("");
    let is_verb = VERBS.iter().any(|verb| word.eq_ignore_ascii_case(verb));
    let is_named = name.eq_ignore_ascii_case("policy") && other.eq_ignore_ascii_case("check");
    is_named && (rest.starts_with(':') || is_verb)
}

/// Returns how to write a suppression of the rules that a text names.
fn form(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let names: BTreeSet<&str> = words.filter(|word| rules::find(word).is_some()).collect();
    let names = match names.is_empty() {
        true => "RULE".to_owned(),
        false => names.into_iter().collect::<Vec<_>>().join(", "),
    };
    let mark = mark(text);
    format!("write `{mark} policy-check: allow({names}) REASON`")
}

/// Returns the mark with which a comment begins. In YAML, it is `#`.
pub(crate) fn mark(comment: &str) -> &'static str {
    if comment.starts_with('#') { "#" } else { "//" }
}

/// Returns what a comment says to the linter.
fn directive(comment: &str) -> Option<&str> {
    // A second comment on the line is not part of the suppression.
    let second = format!(" {}", mark(comment));
    let comment = comment
        .trim_start_matches(['/', '#'])
        .split(second.as_str())
        .next()?;
    comment.trim().strip_prefix("policy-check:").map(str::trim)
}

/// Parses `allow(RULE, …) REASON [until DATE]`.
fn parse(text: &str, comment: &str, location: Location) -> Result<Suppression, String> {
    let rest = text.strip_prefix("allow").map(str::trim_start);
    let (rules, reason) = rest
        .and_then(|rest| rest.strip_prefix('(')?.split_once(')'))
        .ok_or_else(|| form(comment))?;
    let rules: Vec<String> = rules.split(',').map(|rule| rule.trim().to_owned()).collect();
    if rules.iter().any(String::is_empty) {
        return Err(form(comment));
    }
    let mut reason = reason.trim().trim_start_matches(['-', '–', '—', ':']).trim();
    let mut until = None;
    if let Some((before, date)) = reason
        .rsplit_once("until ")
        .or(reason.strip_prefix("until ").map(|date| ("", date)))
        && date.starts_with(|c: char| c.is_ascii_digit())
    {
        let date = date.trim().trim_end_matches(['.', ']', ')']);
        let read: Date = date
            .parse()
            .map_err(|_| format!("`{date}` is not a date: write it as `until 2027-06-30`"))?;
        until = Some(read);
        reason = before.trim().trim_end_matches(['[', '(', ',', ';']).trim();
    }
    Ok(Suppression {
        rules,
        reason: reason.to_owned(),
        until,
        location,
    })
}
