//! Ref names that may be branches or tags.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::fix::{Edit, Fix};
use crate::outline::{has_text, outlines, with_gaps};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use rolecall_engine::Location;
use rolecall_engine::ir::Question;
use rolecall_syntax::Span;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "ref-without-ref-type",
        summary: "a ref is named, but may be a branch or a tag",
        category: Category::Pipeline,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/ref-without-ref-type.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    // Full refs include the type: `refs/heads/main` is a branch.
    let (name, kind) = (view.claim("ref")?, view.claim("ref_type")?);
    if view.writes_full_refs(name) || view.narrows(kind) {
        return None;
    }
    let is_short = |constraint: &&Constraint<'_>| match &constraint.atom.question {
        Question::OneOf(literals) => literals.iter().all(|text| !text.to_string().starts_with("refs/")),
        Question::Pattern(patterns) => {
            let mut outlines = patterns.iter().flat_map(outlines);
            outlines.all(|outline| !has_text(&outline, "refs"))
        }
        _ => false,
    };
    let by_name = view
        .constraints_on(name)
        .find(|constraint| constraint.required && constraint.wanted && is_short(constraint));
    let constraint = by_name.or_else(|| in_subject(view, context))?;
    let witness = context.admits(view, ask::one_of(kind, ["tag"]))?;
    let location = constraint.location;
    let after = Location::new(location.file(), Span::at(location.span().end));
    let fix = Fix::new(
        Safety::Unsafe,
        "require a branch",
        vec![Edit::new(after, " && ref_type == \"branch\"")],
    );
    let can_follow = context.is_conjunct(location);
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!("a tag also matches `{}`", context.text(location)),
        )
        .label("a branch or a tag")
        .wants(view, view.claim("ref_type"))
        .help("also compare the type: `ref_type == \"branch\"`")
        .witness(witness)
        .fix(can_follow.then_some(fix)),
    )
}

/// Returns a pattern for `sub` that names a ref and matches branches: `…:ref_type:*:ref:main`.
fn in_subject<'v, 'p>(
    view: &'v ClauseView<'p>,
    context: &mut RuleContext<'_, '_>,
) -> Option<&'v Constraint<'p>> {
    let subject = view.claim("sub").filter(|claim| view.is_derived(*claim))?;
    let names_ref = |constraint: &&Constraint<'_>| match &constraint.atom.question {
        Question::Pattern(patterns) => patterns.iter().flat_map(outlines).all(|outline| {
            let text = with_gaps(&outline, '*');
            let named = text
                .split_once(":ref:")
                .map(|(_, name)| name.trim_matches(['*', ':']));
            named.is_some_and(|name| !name.is_empty())
        }),
        _ => false,
    };
    let named = view
        .constraints_on(subject)
        .find(|one| one.required && one.wanted && names_ref(one))?;
    // A pattern that only tags match is deliberate.
    let kind = view.claim("ref_type")?;
    context.admits(view, ask::one_of(kind, ["branch"]))?;
    Some(named)
}
