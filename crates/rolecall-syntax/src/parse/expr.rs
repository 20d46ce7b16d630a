//! Conditions and what is in them.

use super::{P, Reader, Rule, first, mixed, only};
use crate::ast::{ClaimPath, Comparison, Expr, ExprAt, Operand, Operator, Segment};
use crate::span::Spanned;
use pest::iterators::Pairs;

impl Reader<'_> {
    /// The condition after `when`, if there is one.
    pub(super) fn when_in(&mut self, pair: &P<'_>) -> Option<Option<ExprAt>> {
        match first(pair, Rule::when) {
            Some(when) => Some(Some(self.expr_in(&when)?)),
            None => Some(None),
        }
    }

    pub(super) fn expr_in(&mut self, pair: &P<'_>) -> Option<ExprAt> {
        self.expr(&first(pair, Rule::expr)?)
    }

    fn expr(&mut self, pair: &P<'_>) -> Option<ExprAt> {
        if !self.has_stack(pair) {
            return None;
        }
        let mut terms: Vec<ExprAt> = Vec::new();
        let mut connectives = Vec::new();
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::connective => connectives.push(part.as_str()),
                _ => terms.push(self.term(part)?),
            }
        }
        let span = self.span(pair);
        let and = connectives.contains(&"&&");
        if and && connectives.contains(&"||") {
            self.error(mixed::report(&terms, &connectives), span);
        }
        let node = match (terms.len(), and) {
            (0 | 1, _) => return terms.pop(),
            (_, true) => Expr::All(terms),
            (_, false) => Expr::Any(terms),
        };
        Some(Spanned::new(node, span))
    }

    fn term(&mut self, pair: P<'_>) -> Option<ExprAt> {
        let span = self.span(&pair);
        let mut parts = pair.into_inner();
        let mut part = parts.next()?;
        let negated = part.as_rule() == Rule::negation;
        if negated {
            part = parts.next()?;
        }
        let expr = match part.as_rule() {
            Rule::group => {
                let mut inner = self.expr_in(&part)?;
                // Only where the parentheses mean something are they a part of what stands in them.
                if matches!(inner.node, Expr::All(_) | Expr::Any(_)) {
                    inner.span = self.span(&part);
                }
                inner
            }
            Rule::has => self.at(&part, Expr::Has(self.claim_path_in(&part)?)),
            Rule::call => {
                let operands = self.operands(part.clone().into_inner())?;
                self.at(&part, Expr::Call(self.name_in(&part)?, operands))
            }
            _ => self.comparison(&part)?,
        };
        Some(if negated {
            Spanned::new(Expr::Not(Box::new(expr)), span)
        } else {
            expr
        })
    }

    fn comparison(&mut self, pair: &P<'_>) -> Option<ExprAt> {
        let claim = self.claim_path_in(pair)?;
        let node = match first(pair, Rule::operator) {
            None => Expr::Bare(claim),
            Some(operator) => {
                let words: Vec<&str> = operator.clone().into_inner().map(|word| word.as_str()).collect();
                let text = if words.is_empty() {
                    operator.as_str().to_owned()
                } else {
                    words.join(" ")
                };
                let node = Operator::ALL.into_iter().find(|known| known.text() == text)?;
                let operator = self.at(&operator, node);
                let operand = self.operand(first(pair, Rule::operand)?)?;
                Expr::Compare(Box::new(Comparison {
                    claim,
                    operator,
                    operand,
                }))
            }
        };
        Some(self.at(pair, node))
    }

    pub(super) fn list(&mut self, pair: &P<'_>) -> Option<Spanned<Vec<Spanned<Operand>>>> {
        let operands = self.operands(pair.clone().into_inner())?;
        Some(self.at(pair, operands))
    }

    fn operands(&mut self, pairs: Pairs<'_, Rule>) -> Option<Vec<Spanned<Operand>>> {
        pairs
            .filter(|pair| pair.as_rule() == Rule::operand)
            .map(|pair| self.operand(pair))
            .collect()
    }

    fn operand(&mut self, pair: P<'_>) -> Option<Spanned<Operand>> {
        if !self.has_stack(&pair) {
            return None;
        }
        let span = self.span(&pair);
        let inner = only(pair)?;
        let node = match inner.as_rule() {
            Rule::string => Operand::Text(self.string(&inner)?.node),
            Rule::regex => Operand::Regex(inner.as_str().strip_prefix('/')?.strip_suffix('/')?.to_owned()),
            Rule::boolean => Operand::Bool(inner.as_str() == "true"),
            Rule::integer => Operand::Int(self.integer(&inner).node),
            Rule::list => Operand::List(self.list(&inner)?.node),
            _ => Operand::Reference(self.claim_path(inner)?),
        };
        Some(Spanned::new(node, span))
    }

    pub(super) fn claim_path_in(&self, pair: &P<'_>) -> Option<ClaimPath> {
        self.claim_path(first(pair, Rule::claim_path)?)
    }

    pub(super) fn claim_path(&self, pair: P<'_>) -> Option<ClaimPath> {
        let segments = pair
            .into_inner()
            .map(|step| self.segment(&step))
            .collect::<Option<_>>()?;
        Some(ClaimPath { segments })
    }

    fn segment(&self, pair: &P<'_>) -> Option<Spanned<Segment>> {
        let inner = only(pair.clone())?;
        let node = match inner.as_rule() {
            Rule::index => Segment::Quoted(self.string_in(&inner)?.node),
            Rule::string => Segment::Quoted(self.string(&inner)?.node),
            _ => Segment::Word(inner.as_str().to_owned()),
        };
        Some(self.at(pair, node))
    }
}
