//! The `for`s of roles.

use super::Printer;
use super::list::{ListPart, inside};
use crate::ast::{Expansion, Operand, Pair, Values};
use crate::span::{Span, Spanned};

impl Printer<'_> {
    /// Prints a `for` between `head` and `tail`, on one line or with a value, a row or a pair per line.
    pub(super) fn expansion(&mut self, span: Span, head: &str, expansion: &Expansion, tail: &str) {
        let values = &expansion.values;
        let head = head.to_owned() + &self.flat(|flat| flat.expansion_head(expansion));
        let text = self.flat(|flat| flat.expansion_values(values));
        let part = ListPart {
            span,
            head: &head,
            list: values.span,
            text: &text,
            tail,
        };
        match &values.node {
            Values::List(elements) => self.list_part(&part, |printer| printer.operand_lines(elements)),
            Values::Map(pairs) => self.list_part(&part, |printer| printer.pair_lines(pairs)),
            Values::Set(_) => self.leaf(span, &[head, text, tail.to_owned()].concat()),
        }
    }

    /// Returns whether there are comments in the brackets of a list or a map.
    pub(super) fn has_comments(&self, values: &Spanned<Values>) -> bool {
        self.comments.any_in(&inside(values.span))
    }

    fn pair_lines(&mut self, pairs: &[Spanned<Pair>]) {
        for pair in pairs {
            let head = self.flat(|flat| {
                flat.key(&pair.key);
                flat.push(" = ");
            });
            let text = self.flat(|flat| flat.operand(&pair.value));
            if let Operand::List(elements) = &pair.value.node {
                let part = ListPart {
                    span: pair.span,
                    head: &head,
                    list: pair.value.span,
                    text: &text,
                    tail: ",",
                };
                self.list_part(&part, |printer| printer.operand_lines(elements));
            } else {
                self.leaf(pair.span, &format!("{head}{text},"));
            }
        }
    }
}
