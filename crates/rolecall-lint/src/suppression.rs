//! Comments that suppress findings: `// policy-check: allow(RULE, …) REASON [until YYYY-MM-DD]`.

use crate::date::Date;
use rolecall_engine::Location;

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
    pub(crate) fn read(comment: &str, location: Location) -> Option<Result<Self, String>> {
        directive(comment).map(|text| parse(text, location))
    }
}

/// Returns what a comment says to the linter.
fn directive(comment: &str) -> Option<&str> {
    // A second comment on the line is not part of the suppression.
    let comment = comment.trim_start_matches('/').split(" //").next()?;
    comment.trim().strip_prefix("policy-check:").map(str::trim)
}

/// Parses `allow(RULE, …) REASON [until DATE]`.
fn parse(text: &str, location: Location) -> Result<Suppression, String> {
    let form = "write `// policy-check: allow(RULE) REASON`";
    let rest = text.strip_prefix("allow").map(str::trim_start).ok_or(form)?;
    let (rules, reason) = rest
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
        .ok_or(form)?;
    let rules: Vec<String> = rules.split(',').map(|rule| rule.trim().to_owned()).collect();
    if rules.iter().any(String::is_empty) {
        return Err(form.to_owned());
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
