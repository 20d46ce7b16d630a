//! A pattern accepts every value.

use crate::ask;
use crate::clause::ClauseView;
use crate::finding::{Finding, Fix, Safety};
use crate::linting::Linting;
use crate::proof::well_typed;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::ir::{Formula, Question};
use rolecall_engine::pattern::{GlobSegment, Pattern, Wildcard, WildcardPiece};
use rolecall_syntax::Str;
use std::sync::Arc;

pub(crate) static RULE: Rule = Rule {
    name: "matches-everything",
    summary: "a pattern accepts every value",
    category: Category::Operators,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/matches-everything.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    for asked in view.asked.iter().filter(|asked| asked.wanted) {
        let (claim, location) = (asked.atom.claim, asked.atom.location);
        let Question::Pattern(patterns) = &asked.atom.question else {
            continue;
        };
        let Some(definition) = view.definition(claim).filter(|_| patterns.iter().any(is_open)) else {
            continue;
        };
        let Some(typed) = well_typed(claim, definition.claim_type.scalar()) else {
            continue;
        };
        // Where nothing else says whose token it is, other rules tell of the strangers who get in.
        let mut tenants = view.claims().filter(|(_, definition)| definition.tenant);
        if definition.tenant && !tenants.any(|(tenant, _)| view.pins(tenant)) {
            continue;
        }
        // A line break in a value is nobody's reason to write `.*`.
        let broken = ask::fits(claim, Pattern::Like(Wildcard::new(&line_break())));
        let others = vec![Formula::Atom(Arc::new(asked.atom.clone())), broken];
        if !linting.implies(view.clause.issuer, typed, others) {
            continue;
        }
        let has = format!("has {}", linting.name_at(location).unwrap_or_default());
        let edit = linting
            .name_at(location)
            .and_then(|_| linting.replace(location, has.clone()));
        let fix = edit.map(|edit| Fix::new(Safety::Unsafe, format!("write `{has}`"), vec![edit]));
        let message = format!("`{}` accepts every value", linting.text(location));
        linting.report(
            Finding::new(&RULE, location, message)
                .label("narrows nothing")
                .help("name the values that are meant; if any will do, leave it out, or write `has`")
                .fix(fix),
        );
    }
}

fn line_break() -> Str {
    Str::new("*\\n*").unwrap_or_else(|_| Str::quote(""))
}

/// Whether a pattern writes no text: else there is nothing to prove.
fn is_open(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Glob(glob) => glob.fields().flatten().all(|segment| match segment {
            GlobSegment::Any => true,
            GlobSegment::One(wildcard) => has_no_text(wildcard),
        }),
        Pattern::Like(wildcard) => has_no_text(wildcard),
        Pattern::Matches(regular) => regular.text().starts_with(['.', '[', '(', '\\']),
        _ => false,
    }
}

fn has_no_text(wildcard: &Wildcard) -> bool {
    !wildcard
        .pieces()
        .iter()
        .any(|piece| matches!(piece, WildcardPiece::Text(_)))
}
