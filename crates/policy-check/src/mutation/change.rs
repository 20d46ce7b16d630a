//! Changes of conditions: each makes a mutant of the item that has the condition.

use super::arguments::{narrower_calls, wider_calls};
use super::widen::{Sets, narrowed, widened};
use rolecall_syntax::ast::{Expr, ExprAt, Operator};
use rolecall_syntax::{Span, Spanned};

/// The kind of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A condition, an `allow` or a guard is gone.
    Drop,
    /// A comparison has any value instead of some.
    Loosen,
    /// A list or a set lacks an element.
    Narrow,
    /// A condition is its opposite.
    Negate,
    /// A literal has more values.
    Widen,
}

impl Kind {
    /// Returns the word for the kind in reports.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::Loosen => "loosen",
            Self::Narrow => "narrow",
            Self::Negate => "negate",
            Self::Widen => "widen",
        }
    }
}

/// A change of a part of a condition.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) kind: Kind,
    /// The location of the part.
    pub(super) span: Span,
    /// The positions of the parts that lead to it, from the whole condition inward.
    path: Vec<usize>,
    /// The part to put in its place; none if it is gone.
    put: Option<Expr>,
}

/// Returns all changes of a condition. The whole of it is only dropped if that `may_be_dropped`.
pub(super) fn changes(expr: &ExprAt, may_be_dropped: bool, sets: Sets<'_>) -> Vec<Change> {
    let mut walk = Walk {
        sets,
        path: Vec::new(),
        found: Vec::new(),
    };
    if may_be_dropped {
        walk.add(Kind::Drop, expr.span, None);
    }
    walk.expr(expr, true);
    walk.found
}

struct Walk<'s> {
    sets: Sets<'s>,
    path: Vec<usize>,
    found: Vec<Change>,
}

impl Walk<'_> {
    fn add(&mut self, kind: Kind, span: Span, put: Option<Expr>) {
        let path = self.path.clone();
        self.found.push(Change {
            kind,
            span,
            path,
            put,
        });
    }

    /// Adds the changes of a condition. `is_positive` says that no `!` is around it.
    fn expr(&mut self, expr: &ExprAt, is_positive: bool) {
        match &expr.node {
            Expr::All(parts) | Expr::Any(parts) => {
                for (position, part) in parts.iter().enumerate() {
                    self.path.push(position);
                    self.add(Kind::Drop, part.span, None);
                    self.expr(part, is_positive);
                    self.path.pop();
                }
            }
            Expr::Not(part) => {
                let is_leaf = !matches!(part.node, Expr::All(_) | Expr::Any(_) | Expr::Not(_));
                if is_leaf {
                    self.add(Kind::Negate, expr.span, Some(part.node.clone()));
                }
                self.path.push(0);
                match is_leaf {
                    true => self.comparison(part, false),
                    false => self.expr(part, !is_positive),
                }
                self.path.pop();
            }
            Expr::External(_) => {}
            _ => {
                self.add(Kind::Negate, expr.span, Some(opposite(expr)));
                self.comparison(expr, is_positive);
            }
        }
    }

    fn comparison(&mut self, expr: &ExprAt, is_positive: bool) {
        let claim = match &expr.node {
            Expr::Bare(claim) => claim,
            Expr::Call(call) => {
                for (kind, calls) in [
                    (Kind::Widen, wider_calls(call)),
                    (Kind::Narrow, narrower_calls(call)),
                ] {
                    for call in calls {
                        self.add(kind, expr.span, Some(Expr::Call(Box::new(call))));
                    }
                }
                return;
            }
            Expr::Compare(comparison) => {
                for wider in widened(comparison, self.sets) {
                    self.add(Kind::Widen, expr.span, Some(wider));
                }
                for narrower in narrowed(comparison, self.sets) {
                    self.add(Kind::Narrow, expr.span, Some(narrower));
                }
                &comparison.claim
            }
            _ => return,
        };
        if is_positive {
            self.add(Kind::Loosen, expr.span, Some(Expr::Has(claim.clone())));
        }
    }
}

/// Returns the opposite of a condition.
fn opposite(expr: &ExprAt) -> Expr {
    if let Expr::Compare(comparison) = &expr.node {
        let other = match comparison.operator.node {
            Operator::Equal => Some(Operator::NotEqual),
            Operator::NotEqual => Some(Operator::Equal),
            _ => None,
        };
        if let Some(other) = other {
            let mut comparison = comparison.clone();
            comparison.operator.node = other;
            return Expr::Compare(comparison);
        }
    }
    Expr::Not(Box::new(expr.clone()))
}

impl Change {
    /// Returns the changed condition; `None` if nothing is left of it.
    pub(super) fn apply(&self, expr: &ExprAt) -> Option<ExprAt> {
        apply(expr, &self.path, self.put.as_ref())
    }
}

fn apply(expr: &ExprAt, path: &[usize], put: Option<&Expr>) -> Option<ExprAt> {
    let span = expr.span;
    let Some((position, rest)) = path.split_first() else {
        return put.map(|node| Spanned {
            node: node.clone(),
            span,
        });
    };
    let part = |parts: &[ExprAt]| -> Vec<ExprAt> {
        let each = parts
            .iter()
            .enumerate()
            .filter_map(|(at, part)| match at == *position {
                true => apply(part, rest, put),
                false => Some(part.clone()),
            });
        each.collect()
    };
    let node = match &expr.node {
        Expr::All(parts) => joined(part(parts), Expr::All)?,
        Expr::Any(parts) => joined(part(parts), Expr::Any)?,
        Expr::Not(inner) => Expr::Not(Box::new(apply(inner, rest, put)?)),
        other => other.clone(),
    };
    Some(Spanned { node, span })
}

/// Returns the parts together; one part alone.
fn joined(mut parts: Vec<ExprAt>, join: fn(Vec<ExprAt>) -> Expr) -> Option<Expr> {
    match parts.len() {
        0 | 1 => parts.pop().map(|part| part.node),
        _ => Some(join(parts)),
    }
}
