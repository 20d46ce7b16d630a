//! A wildcard is glued to a name.

use crate::ask;
use crate::clause::{Asked, ClauseView};
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::stranger::by_pattern;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{GlobSegment, Pattern, Wildcard, WildcardPiece};
use rolecall_syntax::Str;

pub(crate) static RULE: Rule = Rule {
    name: "prefix-trap",
    summary: "a wildcard is glued to the end of a name, so that longer names fit as well",
    category: Category::Identity,
    severity: Severity::High,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/prefix-trap.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    for asked in view.asked.iter().filter(|asked| asked.wanted) {
        let Some(word) = trap(asked) else {
            continue;
        };
        let claim = asked.atom.claim;
        let ends = [
            format!("*{word}-evil"),
            format!("*{word}-evil/*"),
            format!("*{word}-evil:*"),
        ];
        let ends = ends.iter().filter_map(|text| Str::new(text).ok());
        let longer = ask::any(
            ends.map(|text| ask::fits(claim, Pattern::Like(Wildcard::new(&text))))
                .collect::<Vec<_>>(),
        );
        let Some(witness) = linting.lets_in(view, longer) else {
            continue;
        };
        // Whoever is let in under another owner's name is found by another rule.
        let is_tenant = view.definition(claim).is_some_and(|definition| definition.tenant);
        if is_tenant && by_pattern(view, linting).is_some() {
            continue;
        }
        let severity = if view.is_privileged || is_tenant {
            Severity::High
        } else {
            Severity::Medium
        };
        let location = asked.atom.location;
        linting.report(
            Finding::new(
                &RULE,
                location,
                format!("`{}` is also `{word}-evil`", linting.text(location)),
            )
            .severity(severity)
            .label("the name goes on")
            .help(format!(
                "list the names that are meant, or end the name first: `{word}/*`"
            ))
            .witness(witness),
        );
    }
}

/// The name that a wildcard of a pattern is glued to.
pub(crate) fn trap(asked: &Asked<'_>) -> Option<String> {
    let Question::Pattern(patterns) = &asked.atom.question else {
        return None;
    };
    patterns.iter().find_map(|pattern| match pattern {
        Pattern::Like(wildcard) => glued(wildcard),
        Pattern::Glob(glob) => glob.fields().flatten().find_map(|segment| match segment {
            GlobSegment::One(wildcard) => glued(wildcard),
            GlobSegment::Any => None,
        }),
        Pattern::Matches(regular) => {
            let ends = regular
                .text()
                .split(['|', '(', ')'])
                .filter_map(|part| part.strip_suffix(".*").or(part.strip_suffix(".+")));
            ends.filter_map(last_word).next()
        }
        _ => None,
    })
}

fn glued(wildcard: &Wildcard) -> Option<String> {
    let mut pieces = wildcard.pieces().iter().peekable();
    while let Some(piece) = pieces.next() {
        let WildcardPiece::Text(text) = piece else {
            continue;
        };
        if pieces.next_if_eq(&&WildcardPiece::Run).is_none() {
            continue;
        }
        let ends_here = match pieces.peek() {
            Some(WildcardPiece::Text(next)) => next.starts_with(['/', ':']),
            Some(_) => false,
            None => true,
        };
        if let Some(word) = last_word(text).filter(|_| ends_here) {
            return Some(word);
        }
    }
    None
}

/// The name at the end of a text. One letter is none (`v*`), nor is what ends with a digit (`v1.*`) or a mark (`release-*`).
fn last_word(text: &str) -> Option<String> {
    let word = text.rsplit(|c: char| !c.is_alphanumeric()).next()?;
    let is_name = word.chars().count() > 1 && word.chars().last().is_some_and(char::is_alphabetic);
    is_name.then(|| word.to_owned())
}
