//! Trees from the matches of the grammar.

use super::error::{CelError, too_deep};
use super::grammar::Rule;
use super::literal;
use super::tree::{Call, Comparison, Expr, ExprAt, Operator, Select};
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

    /// Builds a value with its steps, after some `-`.
    fn member(&self, part: &Part<'_>, levels: usize, minuses: usize) -> Built {
        let start = span(part).start;
        let mut inner = part.clone().into_inner();
        let levels = self.deeper(part, levels, inner.len())?;
        let missing = || self.error("an expression is missing", part);
        let first = inner.next().ok_or_else(missing)?;
        let is_alone = inner.is_empty();
        if minuses > 0 {
            let at = span(&first);
            let value = literal::signed(first.as_str(), true);
            return Ok(match (first.as_rule(), value) {
                (Rule::integer, Some(value)) if minuses == 1 && is_alone => self.at(Expr::Int(value), at),
                (Rule::double, _) if minuses == 1 && is_alone => {
                    self.at(Expr::Double(format!("-{}", first.as_str())), at)
                }
                _ => self.at(Expr::Other("a negative value"), at),
            });
        }
        let mut built = self.primary(&first, levels)?;
        for step in inner {
            let end = span(&step).end;
            let mut parts = step.clone().into_inner();
            let head = parts.next();
            let (node, end) = match (step.as_rule(), head) {
                (Rule::select, Some(word)) => {
                    let field = self.at(word.as_str().to_owned(), span(&word));
                    match parts.next() {
                        Some(arguments) => {
                            let end = span(&arguments).end;
                            let call = Call {
                                name: field,
                                target: Some(built),
                                arguments: self.list(&arguments, levels)?,
                            };
                            (Expr::Call(Box::new(call)), end)
                        }
                        None => {
                            let target = built;
                            (Expr::Select(Box::new(Select { target, field })), span(&word).end)
                        }
                    }
                }
                (Rule::index, Some(index)) => {
                    let index = self.expr(&index, levels)?;
                    (Expr::Index(Box::new([built, index])), end)
                }
                _ => (Expr::Other("a message"), end),
            };
            built = self.at(node, Span::new(start, end));
        }
        Ok(built)
    }

    fn primary(&self, part: &Part<'_>, levels: usize) -> Built {
        let (at, text) = (span(part), part.as_str());
        let error = |message: &str| self.error(message, part);
        let node = match part.as_rule() {
            Rule::group => {
                let inner = part.clone().into_inner().next();
                let inner = inner.ok_or_else(|| error("an expression is missing"))?;
                let mut built = self.expr(&inner, levels)?;
                built.span = (self.place)(at);
                return Ok(built);
            }
            Rule::list => Expr::List(self.list(part, levels)?),
            Rule::call => {
                let mut inner = part.clone().into_inner();
                let (name, arguments) = inner
                    .next()
                    .zip(inner.next())
                    .ok_or_else(|| error("a call is broken"))?;
                Expr::Call(Box::new(Call {
                    name: self.at(name.as_str().to_owned(), span(&name)),
                    target: None,
                    arguments: self.list(&arguments, levels)?,
                }))
            }
            Rule::name => Expr::Name(text.to_owned()),
            Rule::null => Expr::Null,
            Rule::boolean => Expr::Bool(text == "true"),
            Rule::double => Expr::Double(text.to_owned()),
            Rule::integer => Expr::Int(
                literal::signed(text, false).ok_or_else(|| error("the number does not fit into 64 bits"))?,
            ),
            Rule::unsigned => Expr::Uint(
                literal::unsigned(text.trim_end_matches(['u', 'U']))
                    .ok_or_else(|| error("the number does not fit into 64 bits"))?,
            ),
            Rule::raw => Expr::Text(literal::raw(text).ok_or_else(|| error("the text is not closed"))?),
            Rule::string => {
                Expr::Text(literal::text(text).ok_or_else(|| error("the text has an unknown escape"))?)
            }
            Rule::bytes => Expr::Other("bytes"),
            Rule::map => Expr::Other("a map"),
            _ => Expr::Other("a name of the outermost scope"),
        };
        Ok(self.at(node, at))
    }

    fn list(&self, part: &Part<'_>, levels: usize) -> Result<Vec<ExprAt>, CelError> {
        part.clone()
            .into_inner()
            .map(|inner| self.expr(&inner, levels))
            .collect()
    }
}
