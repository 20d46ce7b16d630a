//! Grants that some tokens do not fill.

use crate::ask;
use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::grants::{full_refs, grant_with};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::vocabulary::{COMMITS, NAMES_WITH_SPACES};
use rolecall_engine::ir::{Formula, Question, Trust};
use rolecall_engine::pattern::{Pattern, Regulars};
use rolecall_engine::{ClaimId, Scalar};

/// Usual values, for the token.
const KNOWN: [&str; 4] = ["review/web", "feature/web", "Default Project", "dependabot[bot]"];

/// Words with a delimiter between them, or the name of a bot.
const USUAL: &str = r"[A-Za-z][A-Za-z0-9._-]*(([ \/:][A-Za-z0-9._-]*[A-Za-z0-9])+|\[bot\])";

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "grant-sometimes-unfilled",
        summary: "a token that meets the condition is denied, because its value may not stand in a grant",
        category: Category::Logic,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/grant-sometimes-unfilled.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let mut fits = Vec::new();
    view.clause.fits().each_atom(&mut |atom, _| fits.push(atom));
    // A grant that no token fills has a rule of its own.
    if fits.is_empty() || context.admits(view, full_refs(view)).is_none() {
        return None;
    }
    let condition = ask::all([
        view.clause.condition.clone(),
        ask::guards(view.clause),
        full_refs(view),
    ]);
    fits.into_iter().find_map(|atom| {
        let Question::Fits(filter) = atom.question else {
            return None;
        };
        let fit = Formula::compare(atom.claim, atom.question.clone());
        let usual = usual_text(view, atom.claim)?;
        let unfit = ask::all([condition.clone(), ask::fits(atom.claim, usual), ask::not(fit)]);
        let known = ask::all([unfit.clone(), ask::one_of(atom.claim, KNOWN)]);
        let witness = context.example(view.clause.issuer, known);
        let witness = witness.or_else(|| context.example(view.clause.issuer, unfit))?;
        let (grant, location) = grant_with(view, atom.claim, filter, context);
        let claim = view.name(atom.claim);
        let message =
            format!("some tokens with this condition are denied: their `{claim}` may not stand in `{grant}`");
        Some(
            Finding::new(&RULE.info, location, message)
                .label("not always filled")
                .help(format!(
                    "restrict `{claim}` to letters, digits, `.`, `_` and `-`, or insert an id"
                ))
                .witness(witness),
        )
    })
}

/// Returns a pattern of the values that people give a claim and that may not stand everywhere: `review/web`, `Default Project`,
/// `dependabot[bot]`. `None` for a claim without such values.
fn usual_text(view: &ClauseView<'_>, claim: ClaimId) -> Option<Pattern> {
    let is_of_commit = COMMITS.iter().any(|name| view.claim(name) == Some(claim));
    let is_free = matches!(
        view.definition(claim).claim_type.scalar(),
        Scalar::Text | Scalar::Ref
    ) && view.trust(claim) != Trust::Immutable
        && !is_of_commit;
    let mut spaced = NAMES_WITH_SPACES.iter().filter_map(|name| view.claim(name));
    if !is_free && !spaced.any(|spaced| spaced == claim) {
        return None;
    }
    let regular = Regulars::default().compile(USUAL).ok()?;
    Some(Pattern::Matches(regular))
}
