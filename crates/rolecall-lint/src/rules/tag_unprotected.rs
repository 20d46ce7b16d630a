//! A tag is asked for, and anybody may make or move it.

use crate::clause::ClauseView;
use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::refs::{is_of_tags, named, of_any_ref, unprotected};
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "tag-unprotected",
    summary: "a tag is asked for that need not be protected",
    category: Category::Pipeline,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/tag-unprotected.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let Some(protected) = view.claim("ref_protected") else {
        return;
    };
    if view.requires(protected) || !is_of_tags(view) {
        return;
    }
    let Some(witness) = linting.lets_in(view, unprotected(view)) else {
        return;
    };
    if of_any_ref(view, linting).is_some() {
        return;
    }
    let kind = view.claim("ref_type").and_then(|claim| view.asked(claim).next());
    let location = named(view)
        .or(kind)
        .map_or(view.head, |asked| asked.atom.location);
    let severity = if view.is_privileged {
        Severity::High
    } else {
        Severity::Medium
    };
    let fix = linting.ask_also(view, &view.name(protected));
    linting.report(
        Finding::new(
            &RULE,
            location,
            format!(
                "anybody who may push can make a tag that fits `{}`",
                linting.text(location)
            ),
        )
        .severity(severity)
        .label("tags can be made, deleted and moved")
        .help("protect the tags and ask for `ref_protected` as well")
        .witness(witness)
        .fix(fix),
    );
}
