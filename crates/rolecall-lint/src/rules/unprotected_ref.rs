//! A ref is named, and need not be protected.

use crate::clause::ClauseView;
use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::refs::{is_of_tags, named, of_unprotected_ref, pattern};
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "unprotected-ref",
    summary: "a ref is named, but need not be protected",
    category: Category::Pipeline,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/unprotected-ref.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let (Some(protected), Some(asked)) = (view.claim("ref_protected"), named(view)) else {
        return;
    };
    // Tags and patterns have rules of their own.
    if view.requires(protected) || is_of_tags(view) || pattern(view).is_some() {
        return;
    }
    let Some((witness, severity)) = of_unprotected_ref(view, linting) else {
        return;
    };
    let fix = linting.ask_also(view, &view.name(protected));
    let message = format!(
        "`{}` may be a ref that nobody protects",
        linting.text(asked.atom.location)
    );
    linting.report(
        Finding::new(&RULE, asked.atom.location, message)
            .severity(severity)
            .label("its name alone is no protection")
            .help("ask for `ref_protected` as well: the role is then lost when the protection is")
            .witness(witness)
            .fix(fix),
    );
}
