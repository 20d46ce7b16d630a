//! Texts: scalars, where octo-sts has a text.

use super::Reader;
use crate::document::{Node, Value};
use crate::notice::{Notice, printable};
use rolecall_syntax::Spanned;

impl Reader {
    /// Returns the text that octo-sts reads from a scalar.
    pub(super) fn text(&mut self, node: &Node) -> Option<Spanned<String>> {
        let text = match &node.node {
            Value::Text(text) => return Some(Spanned::new(text.clone(), node.span)),
            Value::Null => {
                let message = "octo-sts reads `null` as an empty text";
                let notice = Notice::odd(
                    "read-otherwise",
                    message,
                    "write a text, or remove the member",
                    node.span,
                );
                self.notices.push(notice);
                return Some(Spanned::new(String::new(), node.span));
            }
            Value::Bool(value) => value.to_string(),
            Value::Number(number) if is_kept(number) => number.clone(),
            Value::Number(written) | Value::Unsettled(written) => {
                let message = format!(
                    "octo-sts does not read `{}` as the text that it looks like",
                    printable(written)
                );
                self.refuse("scalar-without-quotes", node, message, "put it in quotes");
                return None;
            }
            Value::List(_) | Value::Map(_) | Value::Unknown(_) => {
                let message = "octo-sts refuses a collection where it has a text";
                self.refuse("value-of-wrong-kind", node, message, "write one text");
                return None;
            }
        };
        let message =
            format!("`{text}` is not a text: in the policy of an organisation, octo-sts refuses it");
        let notice = match self.is_of_organisation {
            true => Notice::refused("scalar-without-quotes", message, "put it in quotes", node.span),
            false => Notice::odd("read-otherwise", message, "put it in quotes", node.span),
        };
        self.notices.push(notice);
        Some(Spanned::new(text, node.span))
    }
}

/// Returns whether Go writes a number as it stands.
fn is_kept(number: &str) -> bool {
    number.parse().is_ok_and(|value: i64| value.to_string() == number)
}
