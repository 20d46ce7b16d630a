//! Grants that no token fills.

use crate::ask;
use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_engine::ir::{Formula, Question};
use rolecall_engine::pattern::{Pattern, Wildcard};
use rolecall_engine::{ClaimId, Filter, Location, Part};
use rolecall_syntax::Str;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unfilled-grant",
        summary: "no token has a value that may stand in a grant",
        category: Category::Logic,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/unfilled-grant.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let mut fits = Vec::new();
    view.clause.fits.each_atom(&mut |atom, _| fits.push(atom));
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
    let grant = grant(view, claim, filter);
    let location = context
        .trees
        .grant(view.role.location, grant)
        .unwrap_or(view.head);
    let claim = view.name(claim);
    let message =
        format!("no token can get `{name}`: `{claim}` has no value that may stand in the grant `{grant}`");
    Some(finding(location, message).witness(witness))
}

/// Returns the condition that refs are written in full, if the issuer does so. The type of the claim also has
/// short names.
fn full_refs(view: &ClauseView<'_>) -> Formula {
    let Some(claim) = view.code_ref().filter(|claim| view.writes_full_refs(*claim)) else {
        return Formula::always();
    };
    let kinds = ["refs/heads/*", "refs/tags/*", "refs/pull/*"];
    let texts = kinds.into_iter().filter_map(|text| Str::new(text).ok());
    let patterns = texts.map(|text| Pattern::Like(Wildcard::new(&text))).collect();
    let full = Formula::compare(claim, Question::Pattern(patterns));
    // The ref of a deployment of a commit is empty.
    ask::any([full, ask::one_of(claim, [""])])
}

fn finding(location: Location, message: String) -> Finding {
    Finding::new(&RULE.info, location, message)
        .label("never filled")
        .help("use a claim with letters, digits, `.`, `_` and `-` alone, such as an id, or a path")
}

/// Returns the name of the first grant that inserts a claim.
fn grant<'v>(view: &ClauseView<'v>, claim: ClaimId, filter: Option<Filter>) -> &'v str {
    let mut grants = view.role.grants.iter().zip(&view.clause.grants);
    let inserts = |part: &Part| matches!(part, Part::Claim(other, by) if *other == claim && *by == filter);
    let found = grants.find(|(_, template)| template.parts.iter().any(inserts));
    found.map_or("", |(name, _)| name)
}
