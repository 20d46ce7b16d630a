//! Tokens within other text: one claim per line, or as a test for the policies.

use crate::printable::printable;
use rolecall_engine::{Object, Value};

/// Writes the token, indented by two.
pub(crate) fn write(token: &Object, text: &mut String) {
    text.push_str("  token {\n");
    let mut members = token.iter().peekable();
    while let Some((name, value)) = members.next() {
        let comma = if members.peek().is_some() { "," } else { "" };
        text.push_str(&format!("    {}: {value}{comma}\n", Value::from(name)));
    }
    text.push_str("  }\n");
}

/// Writes a test for the policies, indented by four, below a heading.
pub(crate) fn write_test(test: &str, text: &mut String) {
    text.push_str("  as a test to keep\n");
    for line in test.lines() {
        text.push_str(&format!("    {}\n", printable(line)));
    }
}
