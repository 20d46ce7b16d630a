//! Conditions, operators, operands and claim paths.

use super::part::Part;
use super::{Reader, Rule, mixed};
use crate::ast::{Call, ClaimPath, Comparison, Expr, ExprAt, Operand, Operator, Segment};
use crate::span::Spanned;

impl Reader<'_> {
    /// Builds the condition after `when`, if there is one.
    pub(super) fn when_in(&mut self, part: Part<'_>) -> Option<Option<ExprAt>> {
        match part.first(Rule::when) {
            Some(when) => Some(Some(self.expr_in(when)?)),
            None => Some(None),
        }
    }

    pub(super) fn expr_in(&mut self, part: Part<'_>) -> Option<ExprAt> {
        self.expr(part.first(Rule::expr)?)
    }

    fn expr(&mut self, part: Part<'_>) -> Option<ExprAt> {
        // Terms and connectives alternate.
        let mut terms: Vec<ExprAt> = Vec::with_capacity(part.inner().count().div_ceil(2));
        let (mut and, mut or) = (false, false);
        for inner in part.inner() {
            match inner.rule() {
                Rule::connective if inner.text() == "&&" => and = true,
                Rule::connective => or = true,
                _ => terms.push(self.term(inner)?),
            }
        }
        if and && or {
            let connectives: Vec<&str> = part.all(Rule::connective).map(Part::text).collect();
            self.error(mixed::report(&terms, &connectives), part.span());
        }
        let node = match (terms.len(), and) {
            (0 | 1, _) => return terms.pop(),
            (_, true) => Expr::All(terms),
            (_, false) => Expr::Any(terms),
        };
        Some(part.at(node))
    }

    fn term(&mut self, part: Part<'_>) -> Option<ExprAt> {
        let mut inner = part.inner();
        let first = inner.next()?;
        if first.rule() == Rule::negation {
            let expr = self.positive(inner.next()?, inner)?;
            Some(part.at(Expr::Not(Box::new(expr))))
        } else {
            self.positive(first, inner)
        }
    }

    /// Builds a term without its `!` from its first part and the others after it.
    fn positive<'a>(&mut self, part: Part<'a>, mut rest: impl Iterator<Item = Part<'a>>) -> Option<ExprAt> {
        Some(match part.rule() {
            Rule::group => {
                let mut inner = self.expr_in(part)?;
                // Redundant parentheses are not part of the condition in them.
                if matches!(inner.node, Expr::All(_) | Expr::Any(_)) {
                    inner.span = part.span();
                }
                inner
            }
            Rule::has => part.at(Expr::Has(part.claim_path_in()?)),
            Rule::call => part.at(Expr::Call(Box::new(Call {
                name: part.first(Rule::callee)?.name_in()?,
                arguments: self.operands(part)?,
            }))),
            _ => match (rest.next(), rest.next()) {
                (Some(operator), Some(operand)) => {
                    let comparison = Comparison {
                        claim: part.claim_path()?,
                        operator: operator.operator()?,
                        operand: self.operand(operand)?,
                    };
                    let span = part.span().to(comparison.operand.span);
                    Spanned::new(Expr::Compare(Box::new(comparison)), span)
                }
                (Some(is_null), None) => {
                    Spanned::new(Expr::IsNull(part.claim_path()?), part.span().to(is_null.span()))
                }
                _ => part.at(Expr::Bare(part.claim_path()?)),
            },
        })
    }

    pub(super) fn list(&mut self, part: Part<'_>) -> Option<Spanned<Vec<Spanned<Operand>>>> {
        Some(part.at(self.operands(part)?))
    }

    fn operands(&mut self, part: Part<'_>) -> Option<Vec<Spanned<Operand>>> {
        let mut operands = Vec::with_capacity(part.all(Rule::operand).count());
        for operand in part.all(Rule::operand) {
            operands.push(self.operand(operand)?);
        }
        Some(operands)
    }

    pub(super) fn operand(&mut self, part: Part<'_>) -> Option<Spanned<Operand>> {
        let inner = part.only()?;
        Some(part.at(match inner.rule() {
            Rule::string => Operand::Text(inner.string()?.node),
            Rule::regex => Operand::Regex(inner.text().strip_prefix('/')?.strip_suffix('/')?.to_owned()),
            Rule::boolean => Operand::Bool(inner.text() == "true"),
            Rule::integer => Operand::Int(self.integer(inner).node),
            Rule::list => Operand::List(self.operands(inner)?),
            _ => Operand::Reference(inner.claim_path()?),
        }))
    }
}

impl Part<'_> {
    fn operator(self) -> Option<Spanned<Operator>> {
        let mut words = self.inner().map(Self::text);
        let text = match (words.next(), words.next()) {
            (Some(first), Some(second)) => &format!("{first} {second}"),
            _ => self.text(),
        };
        let node = Operator::ALL.into_iter().find(|known| known.text() == text)?;
        Some(self.at(node))
    }

    pub(super) fn claim_path_in(self) -> Option<ClaimPath> {
        self.first(Rule::claim_path)?.claim_path()
    }

    pub(super) fn claim_path(self) -> Option<ClaimPath> {
        // There are many paths, and most have one segment: no room for more is allocated.
        let mut segments = Vec::with_capacity(self.inner().count());
        for segment in self.inner() {
            segments.push(segment.segment()?);
        }
        if let Some(root) = segments.first_mut() {
            // The first segment includes the `claims` before it.
            root.span.start = self.span().start;
        }
        Some(ClaimPath { segments })
    }

    fn segment(self) -> Option<Spanned<Segment>> {
        let inner = self.only().unwrap_or(self);
        Some(self.at(match inner.rule() {
            Rule::string => Segment::Quoted(inner.string()?.node),
            _ => Segment::Word(inner.text().to_owned()),
        }))
    }
}
