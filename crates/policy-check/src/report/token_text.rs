//! A token as it is shown among other text: one claim a line, or as a test of the language.

use rolecall_engine::{Object, Value};

use crate::printable::printable;

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

/// Writes a test of the language, indented by four, below a line that says so.
pub(crate) fn write_test(test: &str, text: &mut String) {
    text.push_str("  as a test to keep\n");
    for line in test.lines() {
        text.push_str(&format!("    {}\n", printable(line)));
    }
}
