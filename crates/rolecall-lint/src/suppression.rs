//! Comments that suppress findings: `// policy-check: allow(RULE, …) REASON [until YYYY-MM-DD]`.
//!
//! Such a comment at the end of a line is about that line; on a line of its own, about the item, the member of an item or
//! else the line that comes next.

use crate::finding::{Edit, Finding, Fix, Safety};
use crate::linter::Linted;
use crate::rule::Rule;
use crate::rules::{self, RULES};
use crate::settings::Settings;
use crate::trees::Trees;
use hashbrown::HashMap;
use jiff::civil::Date;
use rolecall_engine::{Location, PolicySet};
use rolecall_syntax::ast::{CommentKind, File, Item};
use rolecall_syntax::{Span, Spanned, did_you_mean};
use std::cmp::Reverse;
use std::ops::Range;

/// A comment that suppresses findings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Suppression {
    /// The names of the rules.
    pub rules: Vec<String>,
    /// Why; never empty.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where it stands.
    pub location: Location,
}

/// What a comment is about: the bytes of the file where findings begin that it suppresses.
struct Scoped {
    suppression: Suppression,
    scope: Range<usize>,
    used: Vec<bool>,
}

impl Scoped {
    /// Whether what begins at a place is suppressed.
    fn is_about(&self, location: Location) -> bool {
        location.file == self.suppression.location.file && self.scope.contains(&location.span.start)
    }
}

/// Takes out what is suppressed, and adds what is wrong with the comments that do it.
pub(crate) fn apply(set: &PolicySet, trees: &Trees, settings: &Settings, findings: Vec<Finding>) -> Linted {
    let mut linted = Linted::default();
    let mut comments = Vec::new();
    for (number, file) in trees.files.iter().enumerate() {
        let text = set
            .program()
            .sources
            .get(number)
            .map_or("", |source| &source.text);
        for comment in file
            .comments
            .iter()
            .filter(|comment| comment.node.kind == CommentKind::Line)
        {
            let location = Location::new(number, comment.span);
            let Some(written) = directive(&comment.node.text) else {
                continue;
            };
            match read(written, location) {
                Ok(suppression) => {
                    let is_expired = suppression
                        .until
                        .zip(settings.today)
                        .is_some_and(|(until, today)| until < today);
                    linted.findings.extend(unknown(&suppression));
                    if is_expired {
                        linted.findings.push(expired(&suppression));
                    } else if suppression.reason.is_empty() {
                        linted.findings.push(without_reason(&suppression));
                    } else {
                        let used = vec![false; suppression.rules.len()];
                        let scope = scope(text, file, comment.span);
                        comments.push(Scoped {
                            suppression,
                            scope,
                            used,
                        });
                    }
                }
                Err(message) => linted.findings.push(malformed(location, message)),
            }
        }
    }
    let mut by_rule: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
    for (number, comment) in comments.iter().enumerate() {
        for (at, rule) in comment.suppression.rules.iter().enumerate() {
            by_rule.entry_ref(rule.as_str()).or_default().push((number, at));
        }
    }
    for finding in findings {
        let of_rule = by_rule.get(finding.rule.name).into_iter().flatten();
        let about = of_rule.filter(|(number, _)| {
            let mut places = [Some(finding.location), finding.clause].into_iter().flatten();
            let comment = comments.get(*number);
            comment.is_some_and(|comment| places.any(|location| comment.is_about(location)))
        });
        // Of several, the one that holds longest, so that none hides behind another.
        let suppressing = about.min_by_key(|(number, _)| {
            let until = comments
                .get(*number)
                .and_then(|comment| comment.suppression.until);
            (until.is_some(), Reverse(until))
        });
        match suppressing.and_then(|(number, at)| Some((comments.get_mut(*number)?, *at))) {
            Some((comment, at)) => {
                if let Some(used) = comment.used.get_mut(at) {
                    *used = true;
                }
                linted.suppressed.push((finding, comment.suppression.clone()));
            }
            None => linted.findings.push(finding),
        }
    }
    for comment in &comments {
        linted.findings.extend(unused(set, settings, comment));
    }
    linted
}

/// What a comment says to the linter.
fn directive(comment: &str) -> Option<&str> {
    // A second comment on the line is none of ours.
    let comment = comment.trim_start_matches('/').split(" //").next()?;
    comment.trim().strip_prefix("policy-check:").map(str::trim)
}

/// Reads `allow(RULE, …) REASON [until DATE]`.
fn read(text: &str, location: Location) -> Result<Suppression, String> {
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
            .map_err(|_| format!("`{date}` is no date: write it as `until 2027-06-30`"))?;
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

/// Where the findings begin that a comment suppresses.
fn scope(text: &str, file: &File, comment: Span) -> Range<usize> {
    let line_start = |at: usize| {
        text.get(..at)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |at| at.saturating_add(1))
    };
    let line_end = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        rest.find('\n').map_or(text.len(), |end| at.saturating_add(end))
    };
    let before = text
        .get(line_start(comment.start)..comment.start)
        .unwrap_or_default();
    if !before.trim().is_empty() {
        return line_start(comment.start)..comment.start;
    }
    // The next line that is neither empty nor a comment.
    let mut start = line_end(comment.end).saturating_add(1);
    while start < text.len() {
        let line = text.get(start..line_end(start)).unwrap_or_default().trim();
        if !line.is_empty() && !line.starts_with("//") {
            break;
        }
        start = line_end(start).saturating_add(1);
    }
    let end = line_end(start);
    let begins = |span: &Span| (start..end).contains(&span.start);
    let whole = spans(file).find(begins);
    start..whole.map_or(end, |span| span.end.max(end))
}

/// The items of a file, each before its members.
fn spans(file: &File) -> impl Iterator<Item = Span> {
    let of_item = |item: &Spanned<Item>| std::iter::once(item.span).chain(members_of(&item.node));
    file.items.iter().flat_map(of_item)
}

/// The members of a role, an issuer or a profile.
pub(crate) fn members_of(item: &Item) -> Vec<Span> {
    match item {
        Item::Issuer(issuer) => issuer.members.iter().map(|member| member.span).collect(),
        Item::Profile(profile) => profile.members.iter().map(|member| member.span).collect(),
        Item::Role(role) => role.members.iter().map(|member| member.span).collect(),
        _ => Vec::new(),
    }
}

fn unknown(suppression: &Suppression) -> Vec<Finding> {
    let names = suppression
        .rules
        .iter()
        .filter(|name| rules::find(name).is_none());
    let finding = |name: &String| {
        let known = RULES.iter().map(|rule| rule.name);
        let help = match did_you_mean(name, known) {
            Some(known) => format!("did you mean `{known}`?"),
            None => "`policy-check rules` lists them".to_owned(),
        };
        Finding::new(
            &rules::unknown_suppression::RULE,
            suppression.location,
            format!("there is no rule `{name}`"),
        )
        .help(help)
    };
    names.map(finding).collect()
}

fn malformed(location: Location, message: String) -> Finding {
    Finding::new(
        &rules::unknown_suppression::RULE,
        location,
        "this comment suppresses nothing",
    )
    .help(message)
}

fn expired(suppression: &Suppression) -> Finding {
    let until = suppression.until.map(|date| date.to_string()).unwrap_or_default();
    Finding::new(
        &rules::expired_suppression::RULE,
        suppression.location,
        format!("this held until {until}"),
    )
    .help("mend what it allowed, or say until when it is still right")
}

fn without_reason(suppression: &Suppression) -> Finding {
    let rules = suppression.rules.join(", ");
    let message = format!("`{rules}` is allowed without a reason, so it is not");
    Finding::new(
        &rules::suppression_without_reason::RULE,
        suppression.location,
        message,
    )
    .help(format!("say why: `// policy-check: allow({rules}) REASON`"))
}

/// What of a comment suppresses nothing; nothing is said of rules that are not told.
fn unused(set: &PolicySet, settings: &Settings, comment: &Scoped) -> Vec<Finding> {
    let Suppression { rules, location, .. } = &comment.suppression;
    let is_told = |rule: &'static Rule| settings.asks(rule);
    let names = rules
        .iter()
        .zip(&comment.used)
        .filter(|(name, used)| !**used && rules::find(name).is_some_and(is_told));
    let names: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let fix = (names.len() == rules.len()).then(|| {
        let text = set
            .program()
            .sources
            .get(location.file)
            .map_or("", |source| &source.text);
        let location = Location::new(location.file, with_its_space(text, location.span));
        Fix::new(Safety::Safe, "remove the comment", vec![Edit::new(location, "")])
    });
    let message = format!("`{}` would not be found here", names.join(", "));
    vec![
        Finding::new(&rules::unused_suppression::RULE, *location, message)
            .help("remove the comment")
            .fix(fix),
    ]
}

/// A comment with the spaces before it, and with its line if it stands alone there.
fn with_its_space(text: &str, comment: Span) -> Span {
    let before = text.get(..comment.start).unwrap_or_default();
    let start = before.trim_end_matches([' ', '\t']).len();
    let is_alone = before
        .get(..start)
        .is_none_or(|before| before.is_empty() || before.ends_with('\n'));
    let end = match text.get(comment.end..) {
        Some(rest) if is_alone && rest.starts_with('\n') => comment.end.saturating_add(1),
        Some(rest) if is_alone && rest.starts_with("\r\n") => comment.end.saturating_add(2),
        _ => comment.end,
    };
    Span::new(start, end)
}
