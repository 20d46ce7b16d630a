//! Suppressions: comments that suppress findings, and the findings about such comments.
//!
//! A comment at the end of a line applies to that line. A comment on a line of its own applies to the next
//! item or member of an item, or else to the next line.

use crate::finding::Finding;
use crate::fix::{Edit, Fix};
use crate::report::Suppressed;
use crate::rules::{self, RULES};
use crate::settings::Settings;
use crate::severity::Safety;
use crate::suppression::{Suppression, mark};
use crate::text;
use crate::trees::{Trees, members_of};
use hashbrown::HashMap;
use rolecall_engine::{Location, PolicySet};
use rolecall_syntax::ast::{File, Item};
use rolecall_syntax::{Span, Spanned, did_you_mean};
use std::cmp::Reverse;
use std::ops::Range;

/// The comments of a policy set that suppress findings.
pub(crate) struct Comments {
    scoped: Vec<Scoped>,
}

/// A comment with the text that it applies to.
struct Scoped {
    suppression: Suppression,
    /// The bytes of the file where findings must begin.
    scope: Range<usize>,
    /// The names of rules of which it has suppressed a finding.
    used: Vec<bool>,
}

impl Scoped {
    /// Returns whether the comment applies to a location.
    fn applies_to(&self, location: Location) -> bool {
        location.file() == self.suppression.location.file() && self.scope.contains(&location.span().start)
    }
}

impl Comments {
    /// Reads the comments of the files of a policy set. Those that suppress nothing are reported.
    pub(crate) fn read(set: &PolicySet, trees: &Trees, settings: &Settings) -> (Self, Vec<Finding>) {
        let (mut scoped, mut findings) = (Vec::new(), Vec::new());
        for (id, file) in trees.with_comments() {
            let text = &set.program()[id].text;
            for comment in &file.comments {
                let location = Location::new(id, comment.span);
                let suppression = match Suppression::read(&comment.node, location) {
                    None => continue,
                    Some(Err(help)) => {
                        findings.push(malformed(location, help));
                        continue;
                    }
                    Some(Ok(suppression)) => suppression,
                };
                findings.extend(unknown(&suppression));
                let unusable = expired(&suppression, settings)
                    .or_else(|| without_reason(&suppression, mark(&comment.text)));
                match unusable {
                    Some(finding) => findings.push(finding),
                    None => scoped.push(Scoped {
                        used: vec![false; suppression.rules.len()],
                        scope: scope(text, file, comment.span),
                        suppression,
                    }),
                }
            }
        }
        (Self { scoped }, findings)
    }

    /// Separates the findings that comments suppress from the others.
    pub(crate) fn suppress(&mut self, findings: Vec<Finding>) -> (Vec<Finding>, Vec<Suppressed>) {
        let mut by_rule: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for (number, comment) in self.scoped.iter().enumerate() {
            for (at, rule) in comment.suppression.rules.iter().enumerate() {
                by_rule.entry_ref(rule.as_str()).or_default().push((number, at));
            }
        }
        let (mut kept, mut suppressed) = (Vec::new(), Vec::new());
        for finding in findings {
            let candidates = by_rule.get(finding.rule.name).map_or(&[][..], Vec::as_slice);
            match self.suppressing(&finding, candidates) {
                Some(by) => suppressed.push(Suppressed { finding, by }),
                None => kept.push(finding),
            }
        }
        (kept, suppressed)
    }

    /// Returns the comment that suppresses a finding, and marks it as used. The candidates name the rule.
    fn suppressing(&mut self, finding: &Finding, candidates: &[(usize, usize)]) -> Option<Suppression> {
        let applying = candidates.iter().filter_map(|(number, at)| {
            let comment = self.scoped.get(*number)?;
            let mut locations = [Some(finding.location), finding.clause].into_iter().flatten();
            locations.any(|location| comment.applies_to(location)).then_some((
                *number,
                *at,
                comment.suppression.until,
            ))
        });
        // Of several, the one that holds longest, so that none hides behind another.
        let longest = applying.min_by_key(|(_, _, until)| (until.is_some(), Reverse(*until)));
        let (number, at, _) = longest?;
        let comment = self.scoped.get_mut(number)?;
        *comment.used.get_mut(at)? = true;
        Some(comment.suppression.clone())
    }

    /// Reports the comments that suppress nothing. Rules that are not reported do not count.
    pub(crate) fn unused(&self, set: &PolicySet, settings: &Settings) -> Vec<Finding> {
        let found = self
            .scoped
            .iter()
            .filter_map(|comment| unused(set, settings, comment));
        found.collect()
    }
}

/// Returns the bytes where the findings begin that a comment suppresses.
fn scope(text: &str, file: &File, comment: Span) -> Range<usize> {
    let line_start = |at: usize| {
        text::before(text, at)
            .rfind('\n')
            .map_or(0, |at| text::plus(at, 1))
    };
    let line_end = |at: usize| {
        let rest = text::from(text, at);
        rest.find('\n').map_or(text.len(), |end| text::plus(at, end))
    };
    let before = text::from(text::before(text, comment.start), line_start(comment.start));
    if !before.trim().is_empty() {
        return line_start(comment.start)..comment.start;
    }
    // The next line that is neither empty nor a comment.
    let next_line = |at: usize| text.len().min(text::plus(line_end(at), 1));
    let mut start = next_line(comment.end);
    while start < text.len() {
        let line = text::from(text::before(text, line_end(start)), start).trim();
        if !line.is_empty() && !line.starts_with("//") && !line.starts_with('#') {
            break;
        }
        start = next_line(start);
    }
    let end = line_end(start);
    let begins = |span: &Span| (start..end).contains(&span.start);
    let whole = spans(file).find(begins);
    start..whole.map_or(end, |span| span.end.max(end))
}

/// Returns the spans of the items of a file, each before its members.
fn spans(file: &File) -> impl Iterator<Item = Span> {
    let of_item = |item: &Spanned<Item>| std::iter::once(item.span).chain(members_of(&item.node));
    file.items.iter().flat_map(of_item)
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
            None => "`policy-check rules` lists all rules".to_owned(),
        };
        Finding::new(
            &rules::unknown_suppression::RULE.info,
            suppression.location,
            format!("there is no rule `{name}`"),
        )
        .help(help)
    };
    names.map(finding).collect()
}

fn malformed(location: Location, help: String) -> Finding {
    Finding::new(
        &rules::unknown_suppression::RULE.info,
        location,
        "this comment suppresses nothing",
    )
    .help(help)
}

fn expired(suppression: &Suppression, settings: &Settings) -> Option<Finding> {
    let until = suppression.until?;
    let finding = Finding::new(
        &rules::expired_suppression::RULE.info,
        suppression.location,
        format!("this suppression expired on {until}"),
    );
    (until < settings.today?).then(|| finding.help("fix the finding, or extend the date"))
}

fn without_reason(suppression: &Suppression, mark: &str) -> Option<Finding> {
    let rules = suppression.rules.join(", ");
    let finding = Finding::new(
        &rules::suppression_without_reason::RULE.info,
        suppression.location,
        format!("this suppression of `{rules}` has no reason and is ignored"),
    );
    suppression.reason.is_empty().then(|| {
        finding.help(format!(
            "add a reason: `{mark} policy-check: allow({rules}) REASON`"
        ))
    })
}

fn unused(set: &PolicySet, settings: &Settings, comment: &Scoped) -> Option<Finding> {
    let Suppression { rules, location, .. } = &comment.suppression;
    let names = rules
        .iter()
        .zip(&comment.used)
        .filter(|(name, used)| !**used && rules::find(name).is_some_and(|rule| settings.reports(rule)));
    let names: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
    if names.is_empty() {
        return None;
    }
    let is_whole = names.len() == rules.len();
    let is_foreign = set.program().is_foreign(location.file());
    let fix = (is_whole && !is_foreign).then(|| {
        let source = &set.program()[location.file()];
        let location = Location::new(location.file(), with_its_space(&source.text, location.span()));
        Fix::new(Safety::Safe, "remove the comment", vec![Edit::new(location, "")])
    });
    let message = format!(
        "`{}` reports nothing here; the suppression is unused",
        names.join(", ")
    );
    let finding = Finding::new(&rules::unused_suppression::RULE.info, *location, message);
    Some(finding.help("remove the comment").fix(fix))
}

/// Returns the span of a comment with the spaces before it, and with its line if it stands alone there.
fn with_its_space(text: &str, comment: Span) -> Span {
    let before = text::before(text, comment.start);
    let start = before.trim_end_matches([' ', '\t']).len();
    let is_alone = before
        .get(..start)
        .is_none_or(|before| before.is_empty() || before.ends_with('\n'));
    let end = match text.get(comment.end..) {
        Some(rest) if is_alone && rest.starts_with('\n') => text::plus(comment.end, 1),
        Some(rest) if is_alone && rest.starts_with("\r\n") => text::plus(comment.end, 2),
        _ => comment.end,
    };
    Span::new(start, end)
}
