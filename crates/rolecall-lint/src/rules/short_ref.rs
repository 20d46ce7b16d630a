//! Short ref names where tokens have full ones.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::fix::{Edit, Fix};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::text;
use rolecall_engine::Location;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{Pattern, WildcardPiece};
use rolecall_syntax::ast::Operand;
use rolecall_syntax::{Span, Spanned};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "short-ref",
        summary: "a ref has a short name where tokens have the full one",
        category: Category::Pipeline,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/short-ref.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    let name = view.code_ref().filter(|claim| view.writes_full_refs(*claim))?;
    if constraint.atom.claim != name {
        return None;
    }
    let text = match &constraint.atom.question {
        Question::OneOf(literals) => literals
            .iter()
            .map(ToString::to_string)
            .find(|text| is_short(text)),
        Question::Pattern(patterns) => patterns.iter().find_map(start).filter(|text| is_short(text)),
        _ => None,
    };
    let short = text?;
    let location = constraint.location;
    let (full, claim) = (format!("{HEADS}{short}"), view.name(name));
    let message = match &constraint.atom.question {
        Question::Pattern(_) => format!("no token has a `{claim}` that begins with `{short}`"),
        _ => format!("no token has `{short}` as its `{claim}`"),
    };
    Some(
        Finding::new(&RULE.info, location, message)
            .label("tokens have full refs")
            .help(format!(
                "write `{full}` for a branch, `refs/tags/{short}` for a tag"
            ))
            .fix(fix(context, location)),
    )
}

const HEADS: &str = "refs/heads/";

fn is_short(text: &str) -> bool {
    !text.starts_with("refs/")
}

/// Returns the text that every match of a pattern begins with, if that is not a full ref.
fn start(pattern: &Pattern) -> Option<String> {
    let Pattern::Like(wildcard) = pattern else {
        return None;
    };
    match wildcard.pieces().first() {
        // `refs*` may continue with a `/`.
        Some(WildcardPiece::Text(text)) if !"refs/".starts_with(&**text) => Some(text.to_string()),
        _ => None,
    }
}

/// Returns the fix that writes `refs/heads/` before each short text.
fn fix(context: &RuleContext<'_, '_>, location: Location) -> Option<Fix> {
    let operand = &context.trees.comparison(location)?.operand;
    let texts: Vec<&Spanned<Operand>> = match &operand.node {
        Operand::List(items) => items.iter().collect(),
        Operand::Text(_) => vec![operand],
        _ => return None,
    };
    let short = texts
        .iter()
        .filter(|text| matches!(&text.node, Operand::Text(text) if is_short(text.raw())));
    let after_quote = |span: Span| Location::new(location.file(), Span::at(text::plus(span.start, 1)));
    let edits: Vec<Edit> = short
        .map(|text| Edit::new(after_quote(text.span), HEADS))
        .collect();
    (!edits.is_empty()).then(|| Fix::new(Safety::Unsafe, "write the full ref of the branch", edits))
}
