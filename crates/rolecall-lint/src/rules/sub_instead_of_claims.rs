//! Comparisons of `sub` that other claims can replace.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "sub-instead-of-claims",
        summary: "`sub` is compared instead of the claims that it is composed of",
        category: Category::Identity,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Pedantic,
        fix: None,
        page: include_str!("../../docs/sub-instead-of-claims.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    let sub = view.claim("sub").filter(|claim| view.is_derived(*claim))?;
    if constraint.atom.claim != sub || !constraint.names() {
        return None;
    }
    let derivations = view.issuer.derivations.iter();
    let derivations = derivations.filter(|derivation| derivation.claim == sub);
    let parts = derivations.flat_map(|derivation| derivation.template.claims().map(|(claim, _)| claim));
    let mut names: Vec<String> = Vec::new();
    for name in parts.map(|claim| format!("`{}`", view.name(claim))) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(4);
    let location = constraint.location;
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!("`{}` depends on the format of `sub`", context.text(location)),
        )
        .label("each project can choose the format")
        .help(format!(
            "compare the claims that it is composed of, such as {}",
            names.join(", ")
        )),
    )
}
