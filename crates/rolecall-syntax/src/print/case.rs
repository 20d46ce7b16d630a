//! Cases of tests.

use super::Printer;
use super::list::ListPart;
use crate::ast::Case;
use crate::span::Span;

impl Printer<'_> {
    /// Prints a case on one line, or its expectations each on a line of its own.
    pub(super) fn case(&mut self, span: Span, case: &Case) {
        let head = self.flat(|flat| {
            flat.push("case ");
            if let Some(name) = &case.name {
                flat.string(name);
                flat.push(" ");
            }
        });
        let changes = self.flat(|flat| flat.object(&case.changes));
        if let [expectation] = case.expectations.as_slice() {
            let expectation = self.flat(|flat| flat.expectation(expectation));
            let line = format!("{head}{changes} {expectation}");
            // Comments before the changes move before the case.
            let inner = case.changes.span.start..span.end;
            if self.fits(&line) && !self.comments.any_in(&inner) {
                return self.leaf(span, &line);
            }
        }
        let end = case.changes.span.end;
        let part = ListPart {
            span: Span::new(span.start, end),
            head: &head,
            list: case.changes.span,
            text: &changes,
            tail: "",
        };
        self.list_part(&part, |printer| printer.entry_lines(&case.changes));
        let blank_lines = std::mem::replace(&mut self.blank_lines, false);
        self.indented(|printer| printer.expectations(&case.expectations));
        self.blank_lines = blank_lines;
    }
}
