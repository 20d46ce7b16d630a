//! Names of an expression: the token, and those that a source defines for values of it.

use super::cases::Cases;
use super::claims::{Kind, kind};
use super::outcome::Outcome;
use super::refusals::{audience, function, untranslated};
use super::steps::{integral, is_exact, steps};
use super::value::{Case, Piece, Value};
use crate::cel::{Call, Expr, ExprAt};
use crate::notice::{Notice, printable};
use crate::translation::condition::all;
use rolecall_engine::ir::Profile;
use rolecall_syntax::Span;
use rolecall_syntax::ast::ExprAt as OurExprAt;

/// The most cases of a value with `?:`.
const MAX_CASES: usize = 16;

/// The names in the expressions of a source.
pub(in crate::translation) struct Scope<'s> {
    pub(in crate::translation) profile: &'s Profile,
    /// The issuer's URL, which is the claim `iss`.
    pub(in crate::translation) issuer: &'s str,
    /// The name of the token.
    pub(in crate::translation) token: &'static str,
    pub(in crate::translation) names: &'s dyn Names,
    /// True in a mapping, which has no other names itself.
    pub(in crate::translation) is_mapping: bool,
}

/// The names that a source defines by mappings, apart from the token.
pub(in crate::translation) trait Names {
    /// Returns the meaning of `root.field`.
    fn find(&self, root: &str, field: &str) -> Found<'_>;
}

/// The meaning of a name.
pub(in crate::translation) enum Found<'s> {
    /// The value of an expression about the token.
    Mapped(&'s ExprAt),
    /// A value that no token has, so that the name is an error.
    Missing,
    /// No meaning: the source has no such name.
    Unknown,
}

impl<'s> Scope<'s> {
    /// Returns the same names without those of mappings.
    fn mapping(&self) -> Self {
        Self {
            is_mapping: true,
            ..*self
        }
    }

    /// Returns the value of an expression that is not a condition. Its notices are at `span`, the part of the document that
    /// uses it.
    pub(in crate::translation) fn value(&self, expr: &ExprAt, span: Span) -> Cases<'s> {
        let one = |value| Ok(vec![Case::from(value)]);
        match &expr.node {
            Expr::Bool(value) => one(Value::Bool(*value)),
            Expr::Null => one(Value::Null),
            Expr::Text(text) => one(Value::Text(text.clone())),
            Expr::Int(number) => one(Value::Number(Some(*number).filter(|number| is_exact(*number)))),
            Expr::Uint(number) => {
                let number = i64::try_from(*number).ok().filter(|number| is_exact(*number));
                one(Value::Number(number))
            }
            Expr::Double(written) => one(Value::Number(integral(written))),
            Expr::List(elements) => {
                let mut values = Vec::with_capacity(elements.len());
                for element in elements {
                    values.push(self.only(element, span)?);
                }
                one(Value::List(values))
            }
            Expr::Choice(parts) => {
                let [condition, then, other] = parts.as_ref();
                let Outcome { holds, fails } = self.condition(condition, span);
                let sides = [(holds?, then), (fails?, other)];
                let mut cases = Vec::new();
                for (when, side) in sides {
                    for case in self.value(side, span)? {
                        let whens = [Some(when.clone()), case.when].into_iter().flatten();
                        let when = Some(all(whens, span));
                        cases.push(Case { when, ..case });
                    }
                }
                few(cases, span)
            }
            Expr::Sum(parts) => self.sum(parts, span),
            Expr::Name(_) | Expr::Select(_) | Expr::Index(_) => self.path(expr, span),
            Expr::Call(call) => self.call(call, span),
            _ => Err(untranslated(expr, span)),
        }
    }

    /// Returns the value of an expression that has one case.
    fn only(&self, expr: &ExprAt, span: Span) -> Result<Value<'s>, Notice> {
        let mut cases = self.value(expr, span)?;
        match (cases.pop(), cases.is_empty()) {
            (Some(Case { when: None, value }), true) => Ok(value),
            _ => Err(untranslated(expr, span)),
        }
    }

    /// Joins texts.
    fn sum(&self, parts: &[ExprAt], span: Span) -> Cases<'s> {
        let mut sums: Vec<(Vec<OurExprAt>, Vec<Piece<'s>>)> = vec![(Vec::new(), Vec::new())];
        for part in parts {
            let cases = self.value(part, span)?;
            let mut longer = Vec::new();
            for (whens, pieces) in &sums {
                for case in &cases {
                    let (mut whens, mut pieces) = (whens.clone(), pieces.clone());
                    whens.extend(case.when.clone());
                    match &case.value {
                        Value::Text(text) => pieces.push(Piece::Text(text.clone())),
                        Value::Claim(claim) if kind(claim) == Kind::Text => pieces.push(Piece::Claim(claim)),
                        Value::Joined(inner) => pieces.extend(inner.iter().cloned()),
                        _ => return Err(untranslated(part, span)),
                    }
                    longer.push((whens, pieces));
                }
            }
            sums = few(longer, span)?;
        }
        let case = |(whens, pieces): (Vec<OurExprAt>, _)| Case {
            when: (!whens.is_empty()).then(|| all(whens, span)),
            value: Value::Joined(pieces),
        };
        Ok(sums.into_iter().map(case).collect())
    }

    /// Returns the value of a name with steps: the token, a claim or what a mapping gives.
    fn path(&self, expr: &ExprAt, span: Span) -> Cases<'s> {
        let Some((root, path)) = steps(expr) else {
            return Err(untranslated(expr, span));
        };
        match (root, path.as_slice()) {
            (token, path) if token == self.token => self.claim(path, span),
            (root, [field]) => match self.names.find(root, field) {
                Found::Mapped(value) => self.mapped(Some(value), span),
                Found::Missing => self.mapped(None, span),
                Found::Unknown => Err(untranslated(expr, span)),
            },
            _ => Err(untranslated(expr, span)),
        }
    }

    /// Returns the value of the token, or of one of its claims.
    pub(in crate::translation) fn claim(&self, path: &[String], span: Span) -> Cases<'s> {
        match path {
            [] => Ok(vec![Case::from(Value::Assertion)]),
            [name] if name == "iss" => Ok(vec![Case::from(Value::Text(self.issuer.to_owned()))]),
            [name] if name == "aud" => Err(audience(self.token, span)),
            path => match self.profile.claim_by_path(path) {
                Some(claim) => Ok(vec![Case::from(Value::Claim(&self.profile[claim]))]),
                None => Err(self.not_in_profile(path, span)),
            },
        }
    }

    /// Returns the value that a mapping gives. One that is not there is an error.
    pub(in crate::translation) fn mapped(&self, mapping: Option<&ExprAt>, span: Span) -> Cases<'s> {
        if self.is_mapping {
            let message = "a mapping has no names but those of the token's claims";
            let help = format!("write `{}.NAME`", self.token);
            return Err(Notice::refused("attribute-in-mapping", message, help, span));
        }
        match mapping {
            Some(value) => self.mapping().value(value, span),
            None => Ok(Vec::new()),
        }
    }

    fn call(&self, call: &Call, span: Span) -> Cases<'s> {
        let is_upper = match (call.name.as_str(), call.arguments.as_slice()) {
            ("lowerAscii", []) => false,
            ("upperAscii", []) => true,
            _ => return Err(function(&call.name, span)),
        };
        let Some(target) = &call.target else {
            return Err(function(&call.name, span));
        };
        let mut cases = Vec::new();
        for Case { when, value } in self.value(target, span)? {
            let value = match value {
                Value::Text(text) if is_upper => Value::Text(text.to_ascii_uppercase()),
                Value::Text(text) => Value::Text(text.to_ascii_lowercase()),
                Value::Claim(claim) if kind(claim) == Kind::Text => Value::Folded { claim, is_upper },
                _ => return Err(function(&call.name, span)),
            };
            cases.push(Case { when, value });
        }
        Ok(cases)
    }

    pub(in crate::translation) fn not_in_profile(&self, path: &[String], span: Span) -> Notice {
        let message = format!(
            "the profile `{}` has no claim `{}`",
            self.profile.name,
            printable(&path.join("."))
        );
        let help = "compare a claim of the profile: `policy-check profiles` shows them";
        Notice::refused("claim-not-in-profile", message, help, span)
    }
}

/// Returns the cases if they are few.
fn few<T>(cases: Vec<T>, span: Span) -> Result<Vec<T>, Notice> {
    if cases.len() > MAX_CASES {
        let message = format!("the value has more than {MAX_CASES} cases");
        let help = "write fewer `?:` inside of each other";
        return Err(Notice::refused("condition-too-large", message, help, span));
    }
    Ok(cases)
}
