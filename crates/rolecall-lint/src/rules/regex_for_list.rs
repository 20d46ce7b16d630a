//! Regexes that match a few texts.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::written::{is_regex, quoted};
use rolecall_engine::Scalar;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::Pattern;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "regex-for-list",
        summary: "a regex matches only a few texts",
        category: Category::Operators,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Safe),
        page: include_str!("../../docs/regex-for-list.md"),
    },
    check: Check::Constraint(check),
};

/// Longer lists are harder to read than the regex.
const MAX_TEXTS: usize = 16;

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    let location = constraint.location;
    let Question::Pattern(patterns) = &constraint.atom.question else {
        return None;
    };
    let [Pattern::Matches(regular)] = &**patterns else {
        return None;
    };
    let comparison = context
        .trees
        .comparison(location)
        .filter(|comparison| is_regex(comparison))?;
    let texts = regular.texts(MAX_TEXTS).filter(|texts| !texts.is_empty())?;
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    let instead = match quoted.as_slice() {
        [one] => format!("== {one}"),
        many => format!("in [{}]", many.join(", ")),
    };
    // `matches` is TRUE for these texts, FALSE for all others, and UNKNOWN where `in` is. A list cannot
    // contain a text that is not a value of the type. Elsewhere the claim may be of another type.
    let scalar = view.definition(constraint.atom.claim).claim_type.scalar();
    let fits = |scalar: &Scalar| texts.iter().all(|text| scalar.holds(text));
    let is_safe = view.owns(location) || [Scalar::PATH, Scalar::Ref].iter().all(fits);
    let safety = if is_safe { Safety::Safe } else { Safety::Unsafe };
    let edit = edits::compare_with(context, location.file(), comparison, instead.clone());
    let fix = edit
        .filter(|_| fits(scalar))
        .map(|edit| Fix::new(safety, format!("write `{instead}`"), vec![edit]));
    let message = format!("`{}` matches only {}", context.text(location), quoted.join(", "));
    Some(
        Finding::new(&RULE.info, location, message)
            .help(format!("write `{instead}`"))
            .fix(fix),
    )
}
