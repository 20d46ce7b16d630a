//! The user in the rules about it: each part is an expression about the token.

use crate::cel::{Call, Comparison, Expr, ExprAt, Operator, Select};
use crate::kubernetes::{Authenticator, Mapping};
use crate::translation::cel::{Found, Kind, Names, kind};
use rolecall_engine::ir::{ClaimDefinition, Profile};
use rolecall_syntax::{Span, Spanned};

/// The parts of a user. One that is absent has no translation.
pub(super) struct User {
    username: Option<ExprAt>,
    groups: Option<ExprAt>,
    uid: Option<ExprAt>,
}

impl User {
    pub(super) fn of(authenticator: &Authenticator, profile: &Profile) -> Self {
        let at = authenticator.span;
        Self {
            username: text(&authenticator.username, profile),
            groups: match &authenticator.groups {
                Some(groups) => list(groups, profile),
                None => Some(Spanned::new(Expr::List(Vec::new()), at)),
            },
            uid: match &authenticator.uid {
                Some(uid) => text(uid, profile),
                None => Some(literal("", at)),
            },
        }
    }
}

impl Names for User {
    fn find(&self, root: &str, field: &str) -> Found<'_> {
        let part = match (root, field) {
            ("user", "username") => &self.username,
            ("user", "groups") => &self.groups,
            ("user", "uid") => &self.uid,
            _ => &None,
        };
        part.as_ref().map_or(Found::Unknown, Found::Mapped)
    }
}

/// Returns the expression of a text. A claim that is null is an empty one.
fn text(mapping: &Mapping, profile: &Profile) -> Option<ExprAt> {
    let (claim, prefix) = match mapping {
        Mapping::Expression(expr) => return Some(expr.clone()),
        Mapping::Claim { claim, prefix } => (claim, prefix),
    };
    let span = claim.span;
    let own = select(claim);
    let whole = match prefix.is_empty() {
        true => own.clone(),
        false => Spanned::new(Expr::Sum(vec![literal(prefix, span), own.clone()]), span),
    };
    let is_nullable = definition(claim, profile).is_some_and(|claim| claim.nullable);
    if !is_nullable {
        return Some(whole);
    }
    let comparison = Comparison {
        left: own,
        operator: Spanned::new(Operator::Equal, span),
        right: Spanned::new(Expr::Null, span),
    };
    let is_null = Spanned::new(Expr::Compare(Box::new(comparison)), span);
    Some(choice(is_null, literal(prefix, span), whole))
}

/// Returns the expression of a list: without the claim, it is empty. A prefix before texts of a list has no translation.
fn list(mapping: &Mapping, profile: &Profile) -> Option<ExprAt> {
    let Mapping::Claim { claim, prefix } = mapping else {
        return None;
    };
    let span = claim.span;
    let definition = definition(claim, profile).filter(|claim| !claim.nullable)?;
    let own = select(claim);
    let value = match kind(definition) {
        Kind::List if prefix.is_empty() => own.clone(),
        Kind::Text => {
            let one = Spanned::new(Expr::Sum(vec![literal(prefix, span), own.clone()]), span);
            Spanned::new(Expr::List(vec![one]), span)
        }
        _ => return None,
    };
    let has = Call {
        name: Spanned::new("has".to_owned(), span),
        target: None,
        arguments: vec![own],
    };
    let has = Spanned::new(Expr::Call(Box::new(has)), span);
    let none = Spanned::new(Expr::List(Vec::new()), span);
    Some(choice(has, value, none))
}

fn definition<'p>(claim: &Spanned<String>, profile: &'p Profile) -> Option<&'p ClaimDefinition> {
    let id = profile.claim_by_path(std::slice::from_ref(&claim.node))?;
    Some(&profile[id])
}

/// Returns `claims.NAME`.
fn select(claim: &Spanned<String>) -> ExprAt {
    let target = Spanned::new(Expr::Name("claims".to_owned()), claim.span);
    let field = claim.clone();
    Spanned::new(Expr::Select(Box::new(Select { target, field })), claim.span)
}

fn literal(text: &str, span: Span) -> ExprAt {
    Spanned::new(Expr::Text(text.to_owned()), span)
}

fn choice(condition: ExprAt, then: ExprAt, other: ExprAt) -> ExprAt {
    let span = condition.span;
    Spanned::new(Expr::Choice(Box::new([condition, then, other])), span)
}
