//! Values of conditions.

use super::{Reader, elements};
use crate::aws::operator::{Operator, Test};
use crate::aws::text::{Text, Unknown, Version};
use crate::document::{Node, Value};
use crate::notice::{Notice, printable};
use rolecall_syntax::{Span, Spanned};

impl Reader<'_> {
    /// Reads the values of a key.
    pub(super) fn values(&mut self, operator: &Spanned<Operator>, node: &Node) -> Vec<Spanned<Text>> {
        let written = elements::list(node);
        let values = written
            .iter()
            .filter_map(|value| self.value(operator.test, value));
        let values: Vec<Spanned<Text>> = values.collect();
        let is_boolean = |value: &Spanned<Text>| ["true", "false"].contains(&value.written.as_str());
        let is_known = values.len() == written.len();
        if operator.test == Test::Null && !(written.len() == 1 && values.iter().all(is_boolean)) {
            let message = "`Null` has one value, `true` or `false`".to_owned();
            self.refuse("null-value", message, "write one of them", node.span);
        } else if written.is_empty() {
            let message = "the key is compared with no value".to_owned();
            self.refuse("no-values", message, "add a value, or remove the key", node.span);
        } else if is_known
            && operator.test == Test::StringLike
            && !values.iter().any(|value| value.has_wildcards())
        {
            let message = "`StringLike` without wildcards is `StringEquals`".to_owned();
            let help = "write `StringEquals`";
            self.notices.push(Notice::odd(
                "pattern-without-wildcard",
                message,
                help,
                operator.span,
            ));
        }
        values
    }

    fn value(&mut self, test: Test, node: &Node) -> Option<Spanned<Text>> {
        let written = match &node.node {
            Value::Text(text) => text.clone(),
            Value::Bool(value) => value.to_string(),
            Value::Number(number) => {
                if !number.bytes().all(|byte| byte.is_ascii_digit()) {
                    let message = format!(
                        "AWS does not document how it writes `{}` as a text",
                        printable(number)
                    );
                    self.refuse("number-spelling", message, "write a text", node.span);
                }
                number.clone()
            }
            _ => {
                elements::wrong_type(node, "a text", self.notices);
                return None;
            }
        };
        self.characters(&written, test, node.span);
        let text = match Text::parse(written, self.version, test) {
            Ok(text) => text,
            Err(unknown) => {
                self.unknown(unknown, node.span);
                return None;
            }
        };
        if matches!(test, Test::StringEquals | Test::StringEqualsIgnoreCase)
            && text.written.contains(['*', '?'])
        {
            let message = format!(
                "`{}` has no wildcards: this operator compares characters",
                printable(&text.written)
            );
            self.notices.push(Notice::odd(
                "wildcard-in-equality",
                message,
                "use `StringLike`",
                node.span,
            ));
        }
        Some(Spanned::new(text, node.span))
    }

    /// Reports characters whose meaning is not known, or is not what it seems.
    fn characters(&mut self, written: &str, test: Test, span: Span) {
        // "Any printable ASCII character … through the end of the ASCII range, and printable characters in
        // the Basic Latin and Latin-1 Supplement character set." (IAM API Reference, `CreateRole`.)
        let is_allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}');
        if !written.chars().all(is_allowed) {
            let message = "AWS takes no characters beyond Latin-1".to_owned();
            self.refuse("beyond-latin-1", message, "use a wildcard", span);
        }
        if written.is_empty() {
            let message = "AWS does not document an empty value".to_owned();
            self.refuse("empty-value", message, "use `Null`", span);
        }
        if test == Test::StringEqualsIgnoreCase && !written.is_ascii() {
            let message = "AWS does not document the case of characters beyond ASCII".to_owned();
            self.refuse("case-beyond-ascii", message, "use `StringEquals`", span);
        }
        if self.version == Version::V2008 && written.contains("${") {
            let message =
                "in version 2008-10-17, `${` does not begin a variable: it is two characters".to_owned();
            let help = "add `\"Version\": \"2012-10-17\"`";
            self.notices
                .push(Notice::odd("variable-in-old-version", message, help, span));
        }
    }

    fn unknown(&mut self, unknown: Unknown, span: Span) {
        let (code, message, help) = match unknown {
            Unknown::Variable => (
                "policy-variable",
                "the value has a policy variable, which depends on the request",
                "write the value itself",
            ),
            Unknown::EscapeUnderEquals => (
                "escape-under-equals",
                "AWS does not document `${*}`, `${?}` and `${$}` under this operator",
                "use `StringLike`",
            ),
            Unknown::EscapeInOldVersion => (
                "escape-in-old-version",
                "AWS does not document a wildcard in `${…}` in version 2008-10-17",
                "add `\"Version\": \"2012-10-17\"`",
            ),
        };
        self.refuse(code, message.to_owned(), help, span);
    }
}
