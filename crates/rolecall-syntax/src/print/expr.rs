//! Conditions on several lines.

use super::Printer;
use super::flat::negation_groups;
use super::list::ListPart;
use crate::ast::{Call, Expr, ExprAt, Operand};
use crate::span::{Span, Spanned, plus};

/// Returns the terms that a connective joins, and the connective.
fn terms(expr: &ExprAt) -> (&[ExprAt], &'static str) {
    match &expr.node {
        Expr::All(terms) => (terms, "&& "),
        Expr::Any(terms) => (terms, "|| "),
        _ => (std::slice::from_ref(expr), ""),
    }
}

impl Printer<'_> {
    /// Returns the end of a condition without the parentheses that are not printed.
    pub(super) fn printed_end(&self, expr: &ExprAt) -> usize {
        match terms(expr).0.last() {
            Some(last) => self.term_end(last),
            None => expr.span.end,
        }
    }

    fn term_end(&self, term: &ExprAt) -> usize {
        match &term.node {
            Expr::Not(inner) if !negation_groups(inner, self.depth) => inner.span.end,
            _ => term.span.end,
        }
    }

    /// Returns the position in a term after which comments may keep their lines. Comments before it move
    /// before the term.
    fn term_open(&self, term: &ExprAt) -> usize {
        match &term.node {
            Expr::All(_) | Expr::Any(_) => term.span.start,
            Expr::Not(inner) if negation_groups(inner, self.depth) => {
                self.comments.token_after(plus(term.span.start, 1))
            }
            Expr::Not(inner) => self.term_open(inner),
            Expr::Call(call) => self.comments.find('(', call.name.span.end),
            Expr::Compare(comparison) if matches!(comparison.operand.node, Operand::List(_)) => {
                comparison.operand.span.start
            }
            Expr::Bare(_) | Expr::Compare(_) | Expr::External(_) | Expr::Has(_) | Expr::IsNull(_) => {
                term.span.end
            }
        }
    }

    /// Prints the condition of a block, on one line or one term per line.
    pub(super) fn block_expr(&mut self, expr: &ExprAt) {
        let text = self.flat(|flat| flat.expr(expr));
        let end = self.printed_end(expr);
        if let ([first, _, ..], _) = terms(expr)
            && self.fits(&text)
            && !self.comments.any_in(&(self.term_open(first)..end))
        {
            let start = first.span.start;
            self.begin(start..self.term_open(first));
            self.push(&text);
            self.trailing(end);
        } else {
            self.expr_lines(expr);
        }
    }

    /// Prints a condition, one term per line.
    pub(super) fn expr_lines(&mut self, expr: &ExprAt) {
        let blank_lines = std::mem::replace(&mut self.blank_lines, false);
        let (terms, connective) = terms(expr);
        let mut rest = terms.iter().enumerate().peekable();
        while let Some((index, term)) = rest.next() {
            self.term(term, if index == 0 { "" } else { connective });
            let mut end = self.term_end(term);
            self.trailing(end);
            if rest.peek().is_some() {
                // Redundant closing parentheses, which are not printed.
                while let position = self.comments.token_after(end)
                    && self
                        .source
                        .get(position..)
                        .is_some_and(|rest| rest.starts_with(')'))
                {
                    end = plus(position, 1);
                    self.trailing(end);
                }
            }
        }
        self.blank_lines = blank_lines;
    }

    /// Prints a term on one line, or with its inner terms or operands one per line.
    fn term(&mut self, term: &ExprAt, head: &str) {
        match &term.node {
            Expr::All(_) | Expr::Any(_) => self.group(term, term, head),
            Expr::Not(inner) if negation_groups(inner, self.depth) => {
                self.group(term, inner, &format!("{head}!"));
            }
            Expr::Not(inner) => {
                let span = Span::new(term.span.start, inner.span.end);
                self.simple_term(inner, span, &format!("{head}!"));
            }
            _ => self.simple_term(term, term.span, head),
        }
    }

    /// `( … )`
    fn group(&mut self, term: &ExprAt, inner: &ExprAt, head: &str) {
        let text = self.flat(|flat| flat.group(inner));
        let part = ListPart {
            span: term.span,
            head,
            list: Span::new(self.term_open(term), term.span.end),
            text: &text,
            tail: "",
        };
        self.list_part(&part, |printer| printer.expr_lines(inner));
    }

    fn simple_term(&mut self, term: &ExprAt, span: Span, head: &str) {
        let list = Span::new(self.term_open(term), span.end);
        match &term.node {
            Expr::Call(call) => {
                let Call {
                    name,
                    arguments: operands,
                } = &**call;
                let text =
                    self.flat(|flat| flat.parenthesized(operands, |flat, operand| flat.operand(operand)));
                let head = &format!("{head}{}", name.node);
                let part = ListPart {
                    span,
                    head,
                    list,
                    text: &text,
                    tail: "",
                };
                self.list_part(&part, |printer| printer.operand_lines(operands));
            }
            Expr::Compare(comparison) if let Operand::List(operands) = &comparison.operand.node => {
                let head = head.to_owned() + &self.flat(|flat| flat.comparison_head(comparison));
                let text = self.flat(|flat| flat.operands(operands));
                let part = ListPart {
                    span,
                    head: &head,
                    list,
                    text: &text,
                    tail: "",
                };
                self.list_part(&part, |printer| printer.operand_lines(operands));
            }
            _ => {
                let text = self.flat(|flat| flat.expr(term));
                self.leaf(span, &format!("{head}{text}"));
            }
        }
    }

    /// Prints the elements of a list, one per line.
    pub(super) fn operand_lines(&mut self, operands: &[Spanned<Operand>]) {
        for operand in operands {
            let text = self.flat(|flat| flat.operand(operand));
            if let Operand::List(elements) = &operand.node {
                let part = ListPart {
                    span: operand.span,
                    head: "",
                    list: operand.span,
                    text: &text,
                    tail: ",",
                };
                self.list_part(&part, |printer| printer.operand_lines(elements));
            } else {
                self.leaf(operand.span, &format!("{text},"));
            }
        }
    }
}
