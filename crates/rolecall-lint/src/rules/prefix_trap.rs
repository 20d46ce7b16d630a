//! Wildcards directly after a name.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::prefix::unfinished_name;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::stranger::other_project;
use crate::tenants::is_open_by_pattern;
use crate::vocabulary::COMMITS;
use rolecall_engine::Scalar;
use rolecall_engine::pattern::{Pattern, Wildcard};
use rolecall_syntax::Str;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "prefix-trap",
        summary: "a wildcard directly follows a name, so that longer names also match",
        category: Category::Identity,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/prefix-trap.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    if !constraint.wanted {
        return None;
    }

    let word = unfinished_name(constraint)?;
    let claim = constraint.atom.claim;
    let commits = COMMITS.iter().filter_map(|name| view.claim(name));
    // No one chooses these values.
    let is_fixed = matches!(view.definition(claim).claim_type.scalar(), Scalar::Enum { .. });
    if is_fixed || commits.into_iter().any(|commit| commit == claim) {
        return None;
    }
    let is_tenant = view.is_tenant(claim);
    let ends = [
        format!("*{word}-evil"),
        format!("*{word}-evil/*"),
        format!("*{word}-evil:*"),
    ];
    let ends = ends.iter().filter_map(|text| Str::new(text).ok());
    let longer = ask::any(
        ends.map(|text| ask::fits(claim, Pattern::Like(Wildcard::new(&text))))
            .collect::<Vec<_>>(),
    );
    // An id of the project rules out longer names of projects, but not of other parts of `sub`.
    let longer = if is_tenant && !view.is_derived(claim) {
        ask::all([longer, other_project(view)])
    } else {
        longer
    };
    let witness = context.admits(view, longer)?;
    // Names of other owners are reported by another rule.
    if is_tenant && is_open_by_pattern(view, context) {
        return None;
    }
    let harm = if is_tenant {
        Harm::OtherTenants
    } else {
        Harm::UnreviewedCode
    };
    let location = constraint.location;
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!("`{}` also matches `{word}-evil`", context.text(location)),
        )
        .severity(harm.level(view.is_privileged))
        .label("the wildcard continues the name")
        .help(format!(
            "list the intended names, or end the name with a delimiter: `{word}/*`"
        ))
        .witness(witness),
    )
}
