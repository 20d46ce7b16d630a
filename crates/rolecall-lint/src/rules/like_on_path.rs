//! Flat wildcards on paths.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::harm::Harm;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::stranger::other_project;
use crate::tenants::by_pattern;
use crate::written::{literals, quoted};
use rolecall_engine::FileId;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{Glob, Pattern, Wildcard, WildcardPiece};
use rolecall_syntax::Str;
use rolecall_syntax::ast::{Comparison, Operand, Operator};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "like-on-path",
        summary: "a `*` of `like` crosses the `/` of a path",
        category: Category::Operators,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/like-on-path.md"),
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

    let (claim, location) = (constraint.atom.claim, constraint.location);
    let Question::Pattern(patterns) = &constraint.atom.question else {
        return None;
    };
    if !view.definition(claim).claim_type.scalar().is_path() {
        return None;
    }
    let mut crossing = patterns.iter().filter_map(|pattern| match pattern {
        Pattern::Like(wildcard) if begins_with_owner(wildcard) => Some((pattern, glob(wildcard)?)),
        _ => None,
    });
    let (pattern, glob) = crossing.next()?;
    let deeper = ask::all([
        ask::fits(claim, pattern.clone()),
        ask::not(ask::fits(claim, Pattern::Glob(glob))),
    ]);
    let other = ask::all([deeper.clone(), other_project(view)]);
    let other = Some(other).filter(|_| crosses_inside(pattern));
    let other = other.and_then(|other| context.admits(view, other));
    let (witness, harm) = match other {
        Some(witness) => (witness, Harm::OtherTenants),
        None => (context.admits(view, deeper)?, Harm::SecondGate),
    };
    // A pattern that admits strangers is reported by another rule.
    if by_pattern(view, context).is_some_and(|(open, ..)| open == location) {
        return None;
    }
    let severity = harm.level(view.is_privileged);
    let comparison = context.trees.comparison(location);
    let fix = comparison.and_then(|comparison| path_aware(location.file(), comparison, context));
    let message = format!("the wildcard of `{}` also matches `/`", context.text(location));
    Some(
        Finding::new(&RULE.info, location, message)
            .severity(severity)
            .label("matches paths of any depth")
            .help("use `glob`, whose `*` stays in its segment, or `under` for all paths below")
            .witness(witness)
            .fix(fix),
    )
}

/// Returns whether the owner is written in full: a wildcard in its name is reported by another rule.
fn begins_with_owner(wildcard: &Wildcard) -> bool {
    matches!(wildcard.pieces().first(), Some(WildcardPiece::Text(text)) if text.contains('/'))
}

/// Returns whether a `*` stands before the end, where one name is expected.
fn crosses_inside(pattern: &Pattern) -> bool {
    let Pattern::Like(wildcard) = pattern else {
        return false;
    };
    let inner = wildcard.pieces().split_last().map(|(_, inner)| inner);
    inner.is_some_and(|inner| inner.contains(&WildcardPiece::Run))
}

/// Returns the glob with the text of the wildcard.
fn glob(wildcard: &Wildcard) -> Option<Glob> {
    Glob::new(&Str::new(&wildcard.to_string()).ok()?).ok()
}

fn path_aware(file: FileId, comparison: &Comparison, context: &RuleContext<'_, '_>) -> Option<Fix> {
    if comparison.operator.node != Operator::Like {
        return None;
    }
    let is_glob = |text: &Operand| matches!(text, Operand::Text(text) if Glob::new(text).is_ok());
    if let Operand::Text(text) = &comparison.operand.node
        && let Some(folder) = text.raw().strip_suffix("/*")
        && !folder.contains(['*', '?', '\\'])
    {
        let under = format!("under {}", quoted(folder));
        let edit = edits::compare_with(context, file, comparison, under.clone())?;
        return Some(Fix::new(Safety::Unsafe, format!("write `{under}`"), vec![edit]));
    }
    let all = literals(comparison).iter().all(|element| is_glob(&element.node));
    let edit = all
        .then(|| edits::replace_operator(context, file, comparison, "glob"))
        .flatten()?;
    Some(Fix::new(Safety::Unsafe, "write `glob`", vec![edit]))
}
