//! What ends with a condition: `HEAD when CONDITION`.

use super::{INDENT, Printer, inside};
use crate::ast::{Assertion, Condition, Derive, ExprAt, Selector, Statement};
use crate::span::{Span, Spanned};
use std::ops::Range;

impl Printer<'_> {
    /// On one line, or the condition below, one term a line. `keyword` is where the last word of the head stands.
    pub(super) fn clause(&mut self, span: Span, head: &str, keyword: Range<usize>, expr: &ExprAt) {
        self.begin(span.start..keyword.start);
        self.push(head);
        let text = self.flat(|flat| {
            flat.word(" ");
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
        self.indent = self.indent.saturating_add(INDENT);
        self.expr_lines(expr);
        self.indent = self.indent.saturating_sub(INDENT);
        self.trailing(span.end);
    }

    /// Where the next word stands.
    pub(super) fn keyword_after(&self, place: usize, word: &str) -> Range<usize> {
        let start = self.comments.token_after(place);
        start..start.saturating_add(word.len())
    }

    pub(super) fn derive(&mut self, span: Span, derive: &Derive) {
        let head = self.flat(|flat| {
            flat.word("derive ");
            flat.path(&derive.claim);
            flat.word(" = ");
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
        let keyword = equals..equals.saturating_add(1);
        let name = &condition.name.node;
        let head = if condition.parameters.is_empty() {
            format!("condition {name} =")
        } else {
            let parameters =
                self.flat(|flat| flat.parenthesized(&condition.parameters, |flat, name| flat.word(name)));
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

    /// Lines that go on with a part that has no place for comments.
    pub(super) fn continuation(&mut self, lines: impl Iterator<Item = String>) {
        self.indent = self.indent.saturating_add(INDENT);
        for line in lines {
            self.line(false);
            self.push(&line);
        }
        self.indent = self.indent.saturating_sub(INDENT);
    }

    pub(super) fn selector_lines(&mut self, selectors: &[Spanned<Selector>]) {
        let last = selectors.len().saturating_sub(1);
        let lines: Vec<String> = selectors
            .iter()
            .enumerate()
            .map(|(index, selector)| {
                self.flat(|flat| {
                    flat.selector(selector);
                    flat.word(if index < last { "," } else { "" });
                })
            })
            .collect();
        self.continuation(lines.into_iter());
    }

    /// `KEYWORD A, B`
    pub(super) fn selector_list(&mut self, span: Span, keyword: &str, selectors: &[Spanned<Selector>]) {
        let text = self.flat(|flat| {
            flat.word(keyword);
            flat.word(" ");
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
            flat.word("assert ");
            flat.string(&assertion.name);
            flat.word(" ");
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
