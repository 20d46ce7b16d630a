//! Full refs where tokens have short names.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::outline::{outlines, with_gaps};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{Pattern, Wildcard};
use rolecall_syntax::Str;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "full-ref",
        summary: "a ref is written in full where tokens have its short name",
        category: Category::Pipeline,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/full-ref.md"),
    },
    check: Check::Clause(check),
};

const FULL: &str = "refs/";
/// The most refs that a help repeats.
const MAX_SHOWN: usize = 5;

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let name = view.code_ref().filter(|claim| view.writes_short_refs(*claim))?;
    let mut constraints = view.constraints.iter();
    let constraint = constraints.find(|one| {
        let is_of_ref = view.with_parts(one.atom.claim).contains(&name);
        is_of_ref && one.wanted && writes_full(one)
    })?;
    // A branch may be called so, but none is.
    let full = Pattern::Like(Wildcard::new(&Str::new("refs/*").ok()?));
    let short = ask::not(ask::fits(name, full));
    let witness = context.example(view.clause.issuer, ask::whole(view.clause))?;
    let condition = ask::all([ask::whole(view.clause), short]);
    if !context.is_unsatisfiable(view.clause.issuer, condition) {
        return None;
    }
    let location = constraint.location;
    let message = format!(
        "no job has such a `{}`: the tokens of this issuer have the short name of a ref",
        view.name(name)
    );
    let has_type = view.claim("ref_type").is_some();
    let help = help(
        context.text(location),
        context.claim_text(location).unwrap_or("ref"),
        has_type,
    );
    Some(
        Finding::new(&RULE.info, location, message)
            .label("the name of a branch or a tag is expected")
            .help(help)
            .witness(witness),
    )
}

/// Returns whether a comparison has a full ref in its literals or patterns, wherever they are written.
fn writes_full(constraint: &Constraint<'_>) -> bool {
    let is_full = |text: &str| text.contains("refs/heads/") || text.contains("refs/tags/");
    match &constraint.atom.question {
        Question::Pattern(patterns) => {
            let mut outlines = patterns.iter().flat_map(outlines);
            outlines.any(|outline| is_full(&with_gaps(&outline, '*')))
        }
        _ => constraint.literals().iter().any(|text| is_full(text)),
    }
}

/// Returns how to write a comparison with the short names of refs.
fn help(comparison: &str, claim: &str, has_type: bool) -> String {
    let literals = comparison.split('"').filter(|text| text.starts_with(FULL));
    let short = |full: &str| match full.strip_prefix("refs/tags/") {
        Some(short) => Some(("tag", short.to_owned())),
        None => Some(("branch", full.strip_prefix("refs/heads/")?.to_owned())),
    };
    let known = literals.filter_map(|full| short(full).map(|(kind, short)| (full, kind, short)));
    let known: Vec<(&str, &str, String)> = known.collect();
    let kind = known.first().map(|(_, kind, _)| *kind).filter(|_| has_type);
    let kind = kind.filter(|kind| known.iter().all(|(_, other, _)| other == kind));
    if let (Some(kind), [(_, _, short)]) = (kind, known.as_slice())
        && matches!(short.as_str(), "*" | "**")
    {
        return format!("write `ref_type == \"{kind}\"` instead of the comparison of `{claim}`");
    }
    if known.len() > 1
        && known
            .iter()
            .any(|(_, _, short)| matches!(short.as_str(), "*" | "**"))
    {
        return "write each kind by itself: `ref_type == \"tag\" || (ref_type == \"branch\" && ref == \"main\")`"
            .to_owned();
    }
    let shown = known.iter().take(MAX_SHOWN);
    let shown = shown.map(|(full, _, short)| format!("`\"{short}\"` for `\"{full}\"`"));
    let shown = shown.collect::<Vec<_>>().join(", ");
    let beside = match (kind, has_type) {
        (Some(kind), _) => format!(", and `ref_type == \"{kind}\"` beside it"),
        (None, true) => ", and compare `ref_type`".to_owned(),
        (None, false) => String::new(),
    };
    match shown.is_empty() {
        true => format!("write `main` for `refs/heads/main`{beside}"),
        false => format!("write {shown}{beside}"),
    }
}
