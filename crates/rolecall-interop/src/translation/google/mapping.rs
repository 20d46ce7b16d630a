//! Mappings: whether each attribute of a token has a value.

use super::kinds::is_text;
use super::names::attribute;
use crate::cel::{Expr, ExprAt};
use crate::google::{Attribute, Mapping, Provider};
use crate::notice::{Notice, printable};
use crate::translation::cel::{
    Case, Kind, Piece, Scope, Translated, Value, joined, kind, steps, untranslated,
};
use crate::translation::condition::{demands, has};
use rolecall_engine::ir::ClaimDefinition;
use rolecall_syntax::Span;
use rolecall_syntax::ast::ExprAt as OurExprAt;

/// Returns the condition that `google.subject` has a value, which is a text.
pub(super) fn subject(scope: &Scope<'_>, provider: &Provider, span: Span) -> Translated {
    let mut parts = Vec::new();
    for Case { when, value } in attribute(scope, provider, &Attribute::Subject, span)? {
        let claims: Vec<&ClaimDefinition> = match &value {
            Value::Claim(claim) | Value::Folded { claim, .. } => vec![claim],
            Value::Joined(pieces) => pieces
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Claim(claim) => Some(*claim),
                    Piece::Text(_) => None,
                })
                .collect(),
            Value::Text(_) => Vec::new(),
            _ => return Err(not_a_subject(span)),
        };
        if claims.iter().any(|claim| kind(claim) != Kind::Text) {
            return Err(not_a_subject(span));
        }
        // Each token has a `sub`.
        let optional = claims.into_iter().filter(|claim| claim.path != ["sub"]);
        let present = optional.map(|claim| Ok(has(&claim.path, span)));
        parts.push(joined(
            when.map(Ok).into_iter().chain(present).collect(),
            span,
            true,
        ));
    }
    joined(parts, span, false)
}

/// A claim that a mapping needs and that a token may lack. Google does not say whether it takes the token without the
/// attribute, so it is not taken here.
#[derive(Debug)]
pub(super) struct Needed {
    pub(super) path: Vec<String>,
    notice: Notice,
}

impl Needed {
    /// Returns the notice that a role is narrower for it, at another part of the documents.
    pub(super) fn notice(&self, span: Span) -> Notice {
        Notice {
            span,
            ..self.notice.clone()
        }
    }
}

/// Returns the claims that the mappings but that of `google.subject` need, and that a condition does not demand anyway.
pub(super) fn needed(
    scope: &Scope<'_>,
    provider: &Provider,
    condition: &OurExprAt,
) -> Result<Vec<Needed>, Notice> {
    let mut all: Vec<Needed> = Vec::new();
    for Mapping { attribute, value } in &provider.mappings {
        if attribute.node == Attribute::Subject {
            continue;
        }
        let is_value = steps(value).is_some_and(|(root, path)| root == "assertion" && !path.is_empty());
        if !is_value && !is_text(scope, value) {
            return Err(not_a_text(attribute.span));
        }
        let mut claims = Vec::new();
        collect(scope, value, &[], &mut claims)?;
        for claim in claims
            .into_iter()
            .filter(|claim| claim.optional || claim.nullable)
        {
            let is_known = all.iter().any(|known| known.path == claim.path);
            if is_known || demands(condition, &claim.path) {
                continue;
            }
            let message = format!(
                "a token may lack `{}`, and Google does not say whether it gets in without the attribute",
                printable(&claim.path.join("."))
            );
            let help = "remove the mapping, or write `has(assertion.NAME) ? assertion.NAME : ''`";
            all.push(Needed {
                path: claim.path.clone(),
                notice: Notice::narrower("attribute-may-be-missing", message, help, attribute.span),
            });
        }
    }
    Ok(all)
}

/// Collects the claims without which an expression is an error, but for those that it tests before.
fn collect<'s>(
    scope: &Scope<'s>,
    expr: &ExprAt,
    tested: &[Vec<String>],
    needed: &mut Vec<&'s ClaimDefinition>,
) -> Result<(), Notice> {
    let each = |parts: &[&ExprAt], needed: &mut Vec<_>| -> Result<(), Notice> {
        parts
            .iter()
            .try_for_each(|part| collect(scope, part, tested, needed))
    };
    match &expr.node {
        Expr::Name(_) | Expr::Select(_) | Expr::Index(_) => {
            let Some(("assertion", path)) = steps(expr) else {
                return match &expr.node {
                    Expr::Select(select) => collect(scope, &select.target, tested, needed),
                    Expr::Index(parts) => each(&parts.each_ref(), needed),
                    _ => Ok(()),
                };
            };
            let is_registered =
                matches!(path.as_slice(), [name] if ["aud", "iss", "sub"].contains(&name.as_str()));
            if path.is_empty() || is_registered || tested.contains(&path) {
                return Ok(());
            }
            let claim = scope.profile.claim_by_path(&path);
            let claim = claim.ok_or_else(|| scope.not_in_profile(&path, expr.span))?;
            needed.push(&scope.profile[claim]);
            Ok(())
        }
        Expr::All(parts) | Expr::Any(parts) | Expr::List(parts) | Expr::Sum(parts) => {
            each(&parts.iter().collect::<Vec<_>>(), needed)
        }
        Expr::Not(part) => collect(scope, part, tested, needed),
        Expr::Compare(comparison) => each(&[&comparison.left, &comparison.right], needed),
        Expr::Call(call) => {
            if call.name.node == "has" {
                return Ok(());
            }
            let parts: Vec<&ExprAt> = call.target.iter().chain(&call.arguments).collect();
            each(&parts, needed)
        }
        Expr::Choice(parts) => {
            let [condition, then, other] = parts.as_ref();
            collect(scope, condition, tested, needed)?;
            let mut also = tested.to_vec();
            also.extend(test(scope, condition));
            collect(scope, then, &also, needed)?;
            collect(scope, other, tested, needed)
        }
        Expr::Other(_) => Err(untranslated(expr, expr.span)),
        _ => Ok(()),
    }
}

/// Returns the claim that a condition `has(assertion.NAME)` is about. A claim that can be null is not one: it would be
/// there without a text.
fn test(scope: &Scope<'_>, condition: &ExprAt) -> Option<Vec<String>> {
    let Expr::Call(call) = &condition.node else {
        return None;
    };
    let argument = call.arguments.first().filter(|_| call.name.node == "has")?;
    let (_, path) = steps(argument).filter(|(root, _)| *root == "assertion")?;
    let claim = scope.profile.claim_by_path(&path)?;
    (!scope.profile[claim].nullable && path.len() == 1).then_some(path)
}

fn not_a_subject(span: Span) -> Notice {
    let message = "`google.subject` is not a text";
    let help = "map `google.subject=assertion.sub`";
    Notice::refused("attribute-not-text", message, help, span)
}

fn not_a_text(span: Span) -> Notice {
    let message = "the mapping is not a claim, or a text of claims and literals";
    let help = "map `assertion.NAME`";
    Notice::refused("mapping-not-translated", message, help, span)
}
