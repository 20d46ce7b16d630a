//! Grants that no token fills.

use crate::ask;
use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::grants::{full_refs, grant_with};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_engine::Location;
use rolecall_engine::ir::{Formula, Question};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "grant-never-filled",
        summary: "no token has a value that may stand in a grant",
        category: Category::Logic,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/grant-never-filled.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let mut fits = Vec::new();
    view.clause.fits().each_atom(&mut |atom, _| fits.push(atom));
    if fits.is_empty() || context.admits(view, full_refs(view)).is_some() {
        return None;
    }
    let condition = ask::all([
        view.clause.condition.clone(),
        ask::guards(view.clause),
        full_refs(view),
    ]);
    // The token meets the condition. If there is none, the condition is the problem.
    let witness = context.example(view.clause.issuer, condition.clone())?;
    let never = fits.into_iter().find_map(|atom| {
        let Question::Fits(filter) = atom.question else {
            return None;
        };
        let fit = Formula::compare(atom.claim, atom.question.clone());
        let is_never = context.is_unsatisfiable(view.clause.issuer, ask::all([condition.clone(), fit]));
        is_never.then_some((atom.claim, filter))
    });
    let name = &view.role.name;
    // Claims that fit one by one may not fit together.
    let Some((claim, filter)) = never else {
        let message = format!("no token can get `{name}` here: the claims in its grants do not fit together");
        return Some(finding(view.head, message).witness(witness));
    };
    let (grant, location) = grant_with(view, claim, filter, context);
    let claim = view.name(claim);
    let message =
        format!("no token can get `{name}`: `{claim}` has no value that may stand in the grant `{grant}`");
    Some(finding(location, message).witness(witness))
}

fn finding(location: Location, message: String) -> Finding {
    Finding::new(&RULE.info, location, message)
        .label("never filled")
        .help("use a claim with letters, digits, `.`, `_` and `-` alone, such as an id, or a path")
}
