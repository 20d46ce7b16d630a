//! Trees from the matches of the grammar.

mod member;

use super::error::{CelError, too_deep};
use super::grammar::Rule;
use super::tree::{Comparison, Expr, ExprAt, Operator};
use pest::iterators::Pair;
use rolecall_syntax::{Span, Spanned};

/// A builder of trees whose parts are in another text.
pub(super) struct Builder<'b> {
    pub(super) place: &'b dyn Fn(Span) -> Span,
}

type Part<'a> = Pair<'a, Rule>;
type Built = Result<ExprAt, CelError>;

/// Returns the span of a match. One of several tokens can have space after the last one.
fn span(part: &Part<'_>) -> Span {
    let span = part.as_span();
    Span::new(span.start(), span.end())
}

impl Builder<'_> {
    fn at<T>(&self, node: T, span: Span) -> Spanned<T> {
        Spanned::new(node, (self.place)(span))
    }

    fn error(&self, message: &str, part: &Part<'_>) -> CelError {
        CelError {
            message: message.to_owned(),
            span: (self.place)(span(part)),
        }
    }

    /// Returns the levels that are left after some.
    fn deeper(&self, part: &Part<'_>, levels: usize, by: usize) -> Result<usize, CelError> {
        let left = levels.checked_sub(by);
        left.ok_or_else(|| self.error(&too_deep(), part))
    }

    /// Builds an expression with at most so many levels.
    pub(super) fn expr(&self, part: &Part<'_>, levels: usize) -> Built {
        let by = part.clone().into_inner().count();
        let levels = self.deeper(part, levels, by)?;
        let error = self.error("an expression is missing", part);
        let mut alternatives: Vec<ExprAt> = Vec::new();
        for inner in part.clone().into_inner() {
            alternatives.push(self.any(&inner, levels)?);
        }
        // `a ? b : c ? d : e` is `a ? b : (c ? d : e)`.
        let mut result = alternatives.pop().ok_or(error)?;
        while let (Some(then), Some(condition)) = (alternatives.pop(), alternatives.pop()) {
            let span = condition.span.to(result.span);
            result = Spanned::new(Expr::Choice(Box::new([condition, then, result])), span);
        }
        Ok(result)
    }

    fn any(&self, part: &Part<'_>, levels: usize) -> Built {
        self.joined(part, levels, Self::all, Expr::Any)
    }

    fn all(&self, part: &Part<'_>, levels: usize) -> Built {
        self.joined(part, levels, Self::relation, Expr::All)
    }

    /// Builds parts that are joined by one operator.
    fn joined(
        &self,
        part: &Part<'_>,
        levels: usize,
        build: fn(&Self, &Part<'_>, usize) -> Built,
        join: fn(Vec<ExprAt>) -> Expr,
    ) -> Built {
        let inner = part.clone().into_inner();
        let mut parts = Vec::with_capacity(inner.len());
        for inner in inner {
            parts.push(build(self, &inner, levels)?);
        }
        self.operands(part, parts, join)
    }

    fn relation(&self, part: &Part<'_>, levels: usize) -> Built {
        let mut inner = part.clone().into_inner();
        let missing = || self.error("an expression is missing", part);
        let left = self.sum(&inner.next().ok_or_else(missing)?, levels)?;
        let Some(operator) = inner.next() else {
            return Ok(left);
        };
        let at = span(&operator);
        let operator = Operator::of_text(operator.as_str()).ok_or_else(missing)?;
        let right = self.sum(&inner.next().ok_or_else(missing)?, levels)?;
        let span = left.span.to(right.span);
        let node = match inner.next() {
            Some(_) => Expr::Other("a comparison of a comparison"),
            None => Expr::Compare(Box::new(Comparison {
                left,
                operator: self.at(operator, at),
                right,
            })),
        };
        Ok(Spanned::new(node, span))
    }

    fn sum(&self, part: &Part<'_>, levels: usize) -> Built {
        let mut parts = Vec::new();
        let mut has_minus = false;
        for inner in part.clone().into_inner() {
            match inner.as_rule() {
                Rule::sum_operator => has_minus |= inner.as_str() == "-",
                _ => parts.push(self.product(&inner, levels)?),
            }
        }
        self.operands(part, parts, |parts| match has_minus {
            true => Expr::Other("a subtraction"),
            false => Expr::Sum(parts),
        })
    }

    fn product(&self, part: &Part<'_>, levels: usize) -> Built {
        let mut parts = Vec::new();
        let inner = part.clone().into_inner();
        for inner in inner.filter(|inner| inner.as_rule() == Rule::unary) {
            parts.push(self.unary(&inner, levels)?);
        }
        self.operands(part, parts, |_| Expr::Other("a multiplication or a division"))
    }

    /// Returns the only operand, or several that are joined.
    fn operands(&self, part: &Part<'_>, parts: Vec<ExprAt>, join: impl FnOnce(Vec<ExprAt>) -> Expr) -> Built {
        match <[ExprAt; 1]>::try_from(parts) {
            Ok([only]) => Ok(only),
            Err(parts) => {
                let ends = parts.first().zip(parts.last());
                let span = ends.map(|(first, last)| first.span.to(last.span));
                let span = span.ok_or_else(|| self.error("an expression is missing", part))?;
                Ok(Spanned::new(join(parts), span))
            }
        }
    }

    fn unary(&self, part: &Part<'_>, levels: usize) -> Built {
        let start = (self.place)(Span::at(span(part).start)).start;
        let (mut negations, mut minuses) = (0_usize, 0_usize);
        for inner in part.clone().into_inner() {
            match inner.as_rule() {
                Rule::negation => negations = negations.saturating_add(1),
                Rule::minus => minuses = minuses.saturating_add(1),
                _ => {
                    let levels = self.deeper(part, levels, negations)?;
                    let mut built = self.member(&inner, levels, minuses)?;
                    if minuses > 0 {
                        built.span.start = start;
                    }
                    for _ in 0..negations {
                        let span = Span::new(start, built.span.end);
                        built = Spanned::new(Expr::Not(Box::new(built)), span);
                    }
                    return Ok(built);
                }
            }
        }
        Err(self.error("an expression is missing", part))
    }
}
