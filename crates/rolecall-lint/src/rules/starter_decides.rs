//! Clauses that restrict the starter of the pipeline, but not the code.

use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::narrowing;
use crate::refs::{of_any_ref, unprotected};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::vocabulary::STARTERS;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "starter-decides",
        summary: "the starter of the pipeline is restricted, but not the code",
        category: Category::Identity,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/starter-decides.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let mut starters = STARTERS.iter().filter_map(|name| view.claim(name));
    let constraint =
        starters.find_map(|claim| view.constraints_on(claim).find(|constraint| constraint.names()))?;
    // Together with a protected ref it narrows the clause; a clause for any branch has another rule.
    if view.requires_protected_ref() || of_any_ref(view, context).is_some() {
        return None;
    }
    let witness = context.admits(view, unprotected(view))?;
    let severity = Harm::SecondGate.level(view.is_privileged);
    let fix = view
        .claim("ref_protected")
        .and_then(|_| narrowing::require(context, view, "ref_protected"));
    let location = constraint.location;
    let message = format!(
        "`{}` restricts who started the job, not who wrote its code",
        context.text(location)
    );
    Some(
        Finding::new(&RULE.info, location, message)
            .severity(severity)
            .label("the starter is not the author")
            .help("also require a protected ref, so that the code has been reviewed")
            .witness(witness)
            .fix(fix),
    )
}
