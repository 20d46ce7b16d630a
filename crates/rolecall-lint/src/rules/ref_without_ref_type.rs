//! A ref has a name, and may be a branch or a tag.

use crate::ask;
use crate::clause::{Asked, ClauseView};
use crate::finding::{Edit, Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::Location;
use rolecall_engine::ir::Question;
use rolecall_syntax::Span;

pub(crate) static RULE: Rule = Rule {
    name: "ref-without-ref-type",
    summary: "a ref is named, but not whether it is a branch or a tag",
    category: Category::Pipeline,
    severity: Severity::High,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/ref-without-ref-type.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    // Where refs are written in full, `refs/heads/main` is a branch.
    let (Some(name), Some(kind)) = (view.claim("ref"), view.claim("ref_type")) else {
        return;
    };
    if view.writes_full_refs(name) || view.narrows(kind) {
        return;
    }
    let is_short = |asked: &&Asked<'_>| match &asked.atom.question {
        Question::OneOf(literals) => literals.iter().all(|text| !text.to_string().starts_with("refs/")),
        Question::Pattern(patterns) => patterns
            .iter()
            .all(|pattern| !pattern.to_string().contains("refs")),
        _ => false,
    };
    let by_name = view
        .asked(name)
        .find(|asked| asked.required && asked.wanted && is_short(asked));
    let Some(asked) = by_name.or_else(|| in_subject(view, linting)) else {
        return;
    };
    let Some(witness) = linting.lets_in(view, ask::one_of(kind, ["tag"])) else {
        return;
    };
    let location = asked.atom.location;
    let after = Location::new(location.file, Span::at(location.span.end));
    let fix = Fix::new(
        Safety::Unsafe,
        "ask for a branch",
        vec![Edit::new(after, " && ref_type == \"branch\"")],
    );
    let can_follow = linting.is_conjunct(location);
    linting.report(
        Finding::new(
            &RULE,
            location,
            format!("a tag fits `{}` as well as a branch", linting.text(location)),
        )
        .label("a branch or a tag")
        .help("say which: `ref_type == \"branch\"`")
        .witness(witness)
        .fix(can_follow.then_some(fix)),
    );
}

/// A pattern for `sub` with a name for the ref in it, which branches fit: `…:ref_type:*:ref:main`.
fn in_subject<'v, 'p>(view: &'v ClauseView<'p>, linting: &mut Linting<'_, '_>) -> Option<&'v Asked<'p>> {
    let subject = view.claim("sub").filter(|claim| view.is_derived(*claim))?;
    let names_ref = |asked: &&Asked<'_>| match &asked.atom.question {
        Question::Pattern(patterns) => patterns.iter().all(|pattern| {
            let text = pattern.to_string();
            let named = text
                .split_once(":ref:")
                .map(|(_, name)| name.trim_matches(['"', '*', ':']));
            named.is_some_and(|name| !name.is_empty())
        }),
        _ => false,
    };
    let asked = view
        .asked(subject)
        .find(|asked| asked.required && asked.wanted && names_ref(asked))?;
    // One that only tags fit says so itself.
    let kind = view.claim("ref_type")?;
    linting.lets_in(view, ask::one_of(kind, ["branch"]))?;
    Some(asked)
}
