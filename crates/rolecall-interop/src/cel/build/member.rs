//! Trees of values with their steps: members, indexes and calls.

use super::{Builder, Built, Part, span};
use crate::cel::error::CelError;
use crate::cel::grammar::Rule;
use crate::cel::literal;
use crate::cel::tree::{Call, Expr, ExprAt, Select};
use rolecall_syntax::Span;

impl Builder<'_> {
    /// Builds a value with its steps, after some `-`.
    pub(super) fn member(&self, part: &Part<'_>, levels: usize, minuses: usize) -> Built {
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
