//! A wildcard stands for more than the one part that it seems to.

use crate::ask;
use crate::clause::ClauseView;
use crate::finding::{Edit, Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{Glob, Pattern, Wildcard, WildcardPiece};
use rolecall_engine::{Place, Scalar};
use rolecall_syntax::Str;
use rolecall_syntax::ast::{Operand, Operator};

pub(crate) static RULE: Rule = Rule {
    name: "wildcard-crosses-delimiter",
    summary: "a wildcard in `like` may stand for more than the part where it is written",
    category: Category::Identity,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/wildcard-crosses-delimiter.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    for asked in view.asked.iter().filter(|asked| asked.wanted) {
        let Question::Pattern(patterns) = &asked.atom.question else {
            continue;
        };
        let claim = asked.atom.claim;
        let is_path = view.definition(claim).is_some_and(|definition| *definition.claim_type.scalar() == Scalar::Path);
        let is_made = view.is_derived(claim);
        if !is_path && !is_made && view.claim("sub") != Some(claim) {
            continue;
        }
        for pattern in patterns.iter() {
            let Pattern::Like(wildcard) = pattern else {
                continue;
            };
            let Some(written) = as_glob(wildcard, is_path || is_made) else {
                continue;
            };
            let globs = globs(&written);
            if globs.is_empty() {
                continue;
            }
            let no_glob = globs.iter().map(|glob| ask::not(ask::fits(claim, glob.clone())));
            let crosses = ask::all([ask::fits(claim, pattern.clone())].into_iter().chain(no_glob));
            let Some(witness) = linting.lets_in(view, crosses) else {
                continue;
            };
            let narrow = globs.first().map(|glob| ask::fits(claim, glob.clone()));
            let is_of_use = narrow.is_some_and(|narrow| linting.lets_in(view, narrow).is_some());
            let place = asked.atom.place;
            linting.report(
                Finding::new(&RULE, place, format!("a `*` of {pattern} may stand for several parts of `{}`", view.name(claim)))
                    .label("`*` also stands for `/` and `:` here")
                    .help("write it with `glob`, where `*` stays in its part, or compare the claims of their own")
                    .witness(witness)
                    .fix(is_of_use.then(|| fix(linting, place, &written)).flatten()),
            );
            break;
        }
    }
}

/// The same as a glob, if a wildcard stands before its end. One that is a whole part may be several segments of a path, but not
/// of several parts.
fn as_glob(wildcard: &Wildcard, whole_is_any: bool) -> Option<String> {
    let pieces = wildcard.pieces();
    let (_, inner) = pieces.split_last()?;
    if !inner.contains(&WildcardPiece::Run) {
        return None;
    }
    let mut glob = String::new();
    let mut rest = pieces.iter().peekable();
    while let Some(piece) = rest.next() {
        match piece {
            WildcardPiece::One => glob.push('?'),
            WildcardPiece::Run => {
                let begins = glob.is_empty() || glob.ends_with(['/', ':']);
                let ends = match rest.peek() {
                    Some(WildcardPiece::Text(text)) => text.starts_with(['/', ':']),
                    Some(_) => false,
                    None => true,
                };
                glob.push_str(if whole_is_any && begins && ends { "**" } else { "*" });
            }
            WildcardPiece::Text(text) => {
                glob.push_str(&Str::quote(text).raw().replace('*', "\\*").replace('?', "\\?"));
            }
        }
    }
    Some(glob)
}

/// The pattern as a glob. After a wildcard at the end, more parts may come: that is what such a one is for.
fn globs(written: &str) -> Vec<Pattern> {
    const MOST_PARTS: usize = 10;
    let more = if written.ends_with('*') { MOST_PARTS } else { 0 };
    let texts = (0..=more).map(|more| format!("{written}{}", ":**".repeat(more)));
    let globs = texts.filter_map(|text| Glob::new(&Str::new(&text).ok()?).ok());
    globs.map(Pattern::Glob).collect()
}

fn fix(linting: &Linting<'_, '_>, place: Place, written: &str) -> Option<Fix> {
    let comparison = linting.trees.comparison(place)?;
    if comparison.operator.node != Operator::Like || !matches!(comparison.operand.node, Operand::Text(_)) {
        return None;
    }
    let at = |span| Place::new(place.file, span);
    let edits = vec![
        Edit::new(at(comparison.operator.span), "glob"),
        Edit::new(at(comparison.operand.span), format!("\"{written}\"")),
    ];
    Some(Fix::new(Safety::Unsafe, format!("write `glob \"{written}\"`"), edits))
}
