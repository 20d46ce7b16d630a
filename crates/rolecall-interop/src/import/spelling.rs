//! Spelling of conditions, as people write them: `project_id` instead of `claims["project_id"]`, and `\\/` in a regex.

use super::names::Names;
use crate::translation::profile;
use rolecall_engine::ir::Profile;
use rolecall_syntax::ast::{ClaimPath, Comparison, Expr, ExprAt, Operand, Operator, Segment};
use rolecall_syntax::{Span, Spanned, is_free_name};
use std::mem;

/// Spells a condition for the tokens of an issuer with this profile, if it has a built-in one. Conditions are as deep as their source, which is
/// bounded.
pub(super) fn respell(condition: &mut ExprAt, profile: Option<&str>, names: &mut Names) {
    let profile = profile.and_then(self::profile);
    of_condition(condition, profile.as_deref(), names);
}

fn of_condition(condition: &mut ExprAt, profile: Option<&Profile>, names: &mut Names) {
    match &mut condition.node {
        Expr::All(parts) => {
            parts
                .iter_mut()
                .for_each(|part| of_condition(part, profile, names));
            let flat = mem::take(parts).into_iter().flat_map(|part| match part.node {
                Expr::All(inner) => inner,
                node => vec![Spanned::new(node, part.span)],
            });
            *parts = flat.collect();
        }
        Expr::Any(parts) => parts
            .iter_mut()
            .for_each(|part| of_condition(part, profile, names)),
        Expr::Not(part) => of_condition(part, profile, names),
        Expr::Has(path) | Expr::IsNull(path) => of_path(path, profile),
        Expr::Compare(comparison) => {
            of_path(&mut comparison.claim, profile);
            match &mut comparison.operand.node {
                Operand::Reference(path) => of_path(path, profile),
                Operand::Regex(regex) => *regex = between_slashes(regex),
                _ => {}
            }
            if let Some(bare) = without_literal(comparison) {
                condition.node = bare;
            }
        }
        // A translated condition has no bare claims: this is the name of another condition.
        Expr::Bare(path) => {
            if let [
                Spanned {
                    node: Segment::Word(name),
                    ..
                },
            ] = path.segments.as_mut_slice()
            {
                *name = names.condition(name);
            }
        }
        Expr::Call(_) | Expr::External(_) => {}
    }
}

/// Returns `CLAIM` for `CLAIM == true`, and `!CLAIM` for `CLAIM == false`.
fn without_literal(comparison: &Comparison) -> Option<Expr> {
    let Operand::Bool(value) = comparison.operand.node else {
        return None;
    };
    let is_word =
        matches!(comparison.claim.segments.as_slice(), [one] if matches!(one.node, Segment::Word(_)));
    if !is_word || comparison.operator.node != Operator::Equal {
        return None;
    }
    let bare = Expr::Bare(comparison.claim.clone());
    Some(match value {
        true => bare,
        false => Expr::Not(Box::new(Spanned::new(bare, Span::default()))),
    })
}

/// Shortens a path of one name, unless the name is an alias of another claim.
fn of_path(path: &mut ClaimPath, profile: Option<&Profile>) {
    let (Some(profile), [Spanned { node: segment, .. }]) = (profile, path.segments.as_mut_slice()) else {
        return;
    };
    let Segment::Quoted(name) = segment else {
        return;
    };
    let Ok(text) = name.text() else {
        return;
    };
    let by_path = profile.claim_by_path(&[text.to_string()]);
    if is_free_name(&text) && by_path.is_some() && profile.claim_by_name(&text) == by_path {
        *segment = Segment::Word(text.to_string());
    }
}

/// Returns a regex that can stand between slashes.
fn between_slashes(regex: &str) -> String {
    let mut text = String::with_capacity(regex.len());
    let mut is_escaped = false;
    for character in regex.chars() {
        if character == '/' && !is_escaped {
            text.push('\\');
        }
        is_escaped = character == '\\' && !is_escaped;
        text.push(character);
    }
    text
}
