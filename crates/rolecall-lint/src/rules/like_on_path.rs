//! A flat wildcard is asked of a path.

use crate::ask;
use crate::clause::ClauseView;
use crate::finding::{Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::written::{literals, quoted};
use rolecall_engine::Scalar;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{Glob, Pattern, Wildcard, WildcardPiece};
use rolecall_syntax::Str;
use rolecall_syntax::ast::{Comparison, Operand, Operator};

pub(crate) static RULE: Rule = Rule {
    name: "like-on-path",
    summary: "a `*` of `like` crosses the `/` of a path",
    category: Category::Operators,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/like-on-path.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    for asked in view.asked.iter().filter(|asked| asked.wanted) {
        let (claim, location) = (asked.atom.claim, asked.atom.location);
        let Question::Pattern(patterns) = &asked.atom.question else {
            continue;
        };
        if view
            .definition(claim)
            .is_none_or(|definition| *definition.claim_type.scalar() != Scalar::Path)
        {
            continue;
        }
        let mut crossing = patterns.iter().filter_map(|pattern| match pattern {
            Pattern::Like(wildcard) if begins_with_owner(wildcard) => Some((pattern, glob(wildcard)?)),
            _ => None,
        });
        let Some((pattern, glob)) = crossing.next() else {
            continue;
        };
        let deeper = ask::all([
            ask::fits(claim, pattern.clone()),
            ask::not(ask::fits(claim, Pattern::Glob(glob))),
        ]);
        let Some(witness) = linting.lets_in(view, deeper) else {
            continue;
        };
        let severity = if view.is_privileged {
            Severity::Medium
        } else {
            Severity::Low
        };
        let comparison = linting.trees.comparison(location);
        let fix = comparison.and_then(|comparison| path_aware(location.file, comparison, linting));
        let message = format!("the wildcard of `{}` also stands for `/`", linting.text(location));
        linting.report(
            Finding::new(&RULE, location, message)
                .severity(severity)
                .label("paths of any depth fit")
                .help("write `glob`, whose `*` stays in a segment, or `under` for all that is below")
                .witness(witness)
                .fix(fix),
        );
    }
}

/// Whether the owner is written out: a wildcard in its name is another rule's business.
fn begins_with_owner(wildcard: &Wildcard) -> bool {
    matches!(wildcard.pieces().first(), Some(WildcardPiece::Text(text)) if text.contains('/'))
}

/// The glob that is written as the wildcard is.
fn glob(wildcard: &Wildcard) -> Option<Glob> {
    Glob::new(&Str::new(&wildcard.to_string()).ok()?).ok()
}

fn path_aware(file: usize, comparison: &Comparison, linting: &Linting<'_, '_>) -> Option<Fix> {
    if comparison.operator.node != Operator::Like {
        return None;
    }
    let is_glob = |text: &Operand| matches!(text, Operand::Text(text) if Glob::new(text).is_ok());
    if let Operand::Text(text) = &comparison.operand.node
        && let Some(folder) = text.raw().strip_suffix("/*")
        && !folder.contains(['*', '?', '\\'])
    {
        let under = format!("under {}", quoted(folder));
        let edit = linting.compare_with(file, comparison, under.clone())?;
        return Some(Fix::new(Safety::Unsafe, format!("write `{under}`"), vec![edit]));
    }
    let all = literals(comparison).iter().all(|element| is_glob(&element.node));
    let edit = all
        .then(|| linting.operator(file, comparison, "glob"))
        .flatten()?;
    Some(Fix::new(Safety::Unsafe, "write `glob`", vec![edit]))
}
