//! A pattern names branches that anybody may make.

use crate::clause::ClauseView;
use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::refs::{is_of_tags, of_unprotected_ref, pattern};
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::rules::prefix_trap;

pub(crate) static RULE: Rule = Rule {
    name: "branch-pattern",
    summary: "a pattern stands for branches that need not be protected",
    category: Category::Pipeline,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/branch-pattern.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let (Some(protected), Some(asked)) = (view.claim("ref_protected"), pattern(view)) else {
        return;
    };
    if view.requires(protected) || is_of_tags(view) || prefix_trap::trap(asked).is_some() {
        return;
    }
    let Some((witness, severity)) = of_unprotected_ref(view, linting) else {
        return;
    };
    let fix = linting.ask_also(view, &view.name(protected));
    let location = asked.atom.location;
    linting.report(
        Finding::new(
            &RULE,
            location,
            format!(
                "anybody who may push can make a branch that fits `{}`",
                linting.text(location)
            ),
        )
        .severity(severity)
        .label("a name is no protection")
        .help("protect the branches of this pattern and ask for `ref_protected` as well")
        .witness(witness)
        .fix(fix),
    );
}
