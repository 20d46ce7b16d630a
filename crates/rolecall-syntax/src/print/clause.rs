//! Parts that end with a condition: `HEAD when CONDITION`.

use super::Printer;
use super::list::inside;
use crate::ast::{Assertion, Condition, Derive, ExprAt, Selector, Statement};
use crate::span::{Span, Spanned};
use std::ops::Range;

impl Printer<'_> {
    /// Prints a part on one line, or with the condition below, one term per line. `keyword` is the range of
    /// the last word of the head.
    pub(super) fn clause(&mut self, span: Span, head: &str, keyword: Range<usize>, expr: &ExprAt) {
        self.begin(span.start..keyword.start);
        self.push(head);
        let text = self.flat(|flat| {
            flat.push(" ");
            flat.expr(expr);
        });
        let end = self.printed_end(expr);
        if self.fits(&[head, &text].concat()) && !self.comments.any_in(&(keyword.end..end)) {
            self.push(&text);
            self.trailing(end);
            self.trailing(span.end);
        } else {
            self.clause_below(span, keyword.end, expr);
        }
    }

    fn clause_below(&mut self, span: Span, keyword_end: usize, expr: &ExprAt) {
        self.trail(keyword_end, true);
        self.indented(|printer| printer.expr_lines(expr));
        self.trailing(span.end);
    }

    /// Returns the range of the next word.
    pub(super) fn keyword_after(&self, position: usize, word: &str) -> Range<usize> {
        Span::sized(self.comments.token_after(position), word.len()).range()
    }

    pub(super) fn derive(&mut self, span: Span, derive: &Derive) {
        let head = self.flat(|flat| {
            flat.push("derive ");
            flat.path(&derive.claim);
            flat.push(" = ");
            flat.string(&derive.template);
        });
        match &derive.when {
            Some(when) => {
                let keyword = self.keyword_after(derive.template.span.end, "when");
                self.clause(span, &format!("{head} when"), keyword, when);
            }
            None => self.leaf(span, &head),
        }
    }

    pub(super) fn condition(&mut self, span: Span, condition: &Condition) {
        let equals = self.comments.find('=', condition.name.span.end);
        let keyword = Span::sized(equals, 1).range();
        let name = &condition.name.node;
        let head = if condition.parameters.is_empty() {
            format!("condition {name} =")
        } else {
            let parameters =
                self.flat(|flat| flat.parenthesized(&condition.parameters, |flat, name| flat.push(name)));
            format!("condition {name}{parameters} =")
        };
        if self.fits(&head) || condition.parameters.is_empty() {
            return self.clause(span, &head, keyword, &condition.expr);
        }
        self.begin(span.start..keyword.start);
        self.push(&format!("condition {name}("));
        let parameters = condition.parameters.iter();
        self.continuation(parameters.map(|name| format!("{},", name.node)));
        self.line(false);
        self.push(") =");
        self.clause_below(span, keyword.end, &condition.expr);
    }

    /// Prints further lines of a part that has no comments inside.
    pub(super) fn continuation(&mut self, lines: impl Iterator<Item = String>) {
        self.indented(|printer| {
            for line in lines {
                printer.line(false);
                printer.push(&line);
            }
        });
    }

    pub(super) fn selector_lines(&mut self, selectors: &[Spanned<Selector>]) {
        let Some((last, others)) = selectors.split_last() else {
            return;
        };
        let text = |selector: &Selector| self.flat(|flat| flat.selector(selector));
        let mut lines: Vec<String> = others.iter().map(|selector| text(selector) + ",").collect();
        lines.push(text(last));
        self.continuation(lines.into_iter());
    }

    /// `KEYWORD A, B`
    pub(super) fn selector_list(&mut self, span: Span, keyword: &str, selectors: &[Spanned<Selector>]) {
        let text = self.flat(|flat| {
            flat.push(keyword);
            flat.push(" ");
            flat.selectors(selectors);
        });
        if self.fits(&text) {
            return self.leaf(span, &text);
        }
        self.begin(span.range());
        self.push(keyword);
        self.selector_lines(selectors);
        self.trailing(span.end);
    }

    pub(super) fn assertion(&mut self, span: Span, assertion: &Assertion) {
        let brace = self.comments.find('{', assertion.name.span.end);
        let head = self.flat(|flat| {
            flat.push("assert ");
            flat.string(&assertion.name);
            flat.push(" ");
        });
        let text = self.flat(|flat| flat.braced(|flat| flat.statement(&assertion.statement)));
        self.begin(span.start..brace);
        self.push(&head);
        let inside = inside(Span::new(brace, span.end));
        if self.fits(&format!("{head}{text}")) && !self.comments.any_in(&inside) {
            self.push(&text);
        } else {
            self.push("{");
            self.body(inside, |printer| printer.statement(&assertion.statement));
            self.push("}");
        }
        self.trailing(span.end);
    }

    fn statement(&mut self, statement: &Spanned<Statement>) {
        let span = statement.span;
        let (selector, keyword, expr) = match &statement.node {
            Statement::Never(selector, expr) | Statement::Possible(selector, Some(expr)) => {
                (selector, "when", expr)
            }
            Statement::Implies(selector, expr) => (selector, "implies", expr),
            Statement::Disjoint(selectors) => return self.selector_list(span, "disjoint", selectors),
            Statement::Covers(..) | Statement::Equivalent(..) | Statement::Possible(_, None) => {
                let text = self.flat(|flat| flat.statement(statement));
                return self.leaf(span, &text);
            }
        };
        let head = self.flat(|flat| flat.statement_head(statement));
        let keyword = self.keyword_after(selector.span.end, keyword);
        self.clause(span, &head, keyword, expr);
    }
}
