//! An exact comparison has a wildcard in it.

use crate::clause::Asked;
use crate::clause::ClauseView;
use crate::finding::{Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::written::literals;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::Glob;
use rolecall_engine::{Location, Scalar};
use rolecall_syntax::ast::Operator;
use rolecall_syntax::ast::{Comparison, Operand};
use rolecall_syntax::{Span, Spanned};

pub(crate) static RULE: Rule = Rule {
    name: "wildcard-in-equality",
    summary: "an exact comparison has a `*` or a `?` in it, which is an ordinary character there",
    category: Category::Operators,
    severity: Severity::High,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/wildcard-in-equality.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    for asked in &view.asked {
        let (Question::OneOf(texts) | Question::ContainsAny(texts) | Question::ContainsAll(texts)) =
            &asked.atom.question
        else {
            continue;
        };
        let scalar = view
            .definition(asked.atom.claim)
            .map(|definition| definition.claim_type.scalar());
        let Some(scalar) = scalar.filter(|scalar| scalar.has_patterns()) else {
            continue;
        };
        let mut texts = texts.iter().filter_map(|text| text.as_text());
        let Some(text) = texts.find(|text| text.contains(['*', '?'])) else {
            continue;
        };
        let location = asked.atom.location;
        let message = if asked.wanted {
            format!("`{text}` is no pattern here: only a value with that very character in it is equal to it")
        } else {
            format!("`{text}` is no pattern here, so that this keeps nobody out")
        };
        let comparison = linting.trees.comparison(location);
        let fix = comparison.and_then(|comparison| pattern(asked, comparison, scalar, linting));
        linting.report(
            Finding::new(&RULE, location, message)
                .label("compared as it is")
                .help("write `like` or `glob` for a pattern")
                .fix(fix),
        );
    }
}

/// The same with an operator that knows wildcards.
fn pattern(
    asked: &Asked<'_>,
    comparison: &Comparison,
    scalar: &Scalar,
    linting: &Linting<'_, '_>,
) -> Option<Fix> {
    let is_glob = |element: &Spanned<Operand>| match &element.node {
        Operand::Text(text) => Some(Glob::new(text).is_ok()),
        _ => None,
    };
    let globs: Vec<bool> = literals(comparison).iter().map(is_glob).collect::<Option<_>>()?;
    let is_path = *scalar == Scalar::Path && globs.iter().all(|is_glob| *is_glob);
    let operator = if is_path { "glob" } else { "like" };
    let Location { file, span } = asked.atom.location;
    let mut edits = vec![linting.operator(file, comparison, operator)?];
    match comparison.operator.node {
        Operator::Equal | Operator::In => {}
        Operator::NotEqual => {
            edits.push(linting.replace(Location::new(file, Span::at(span.start)), "!(")?);
            edits.push(linting.replace(Location::new(file, Span::at(span.end)), ")")?);
        }
        _ => return None,
    }
    Some(Fix::new(Safety::Unsafe, format!("write `{operator}`"), edits))
}
