//! Tokens within other text: one claim per line, or as a test for the policies.

use crate::printable::printable;
use rolecall_engine::{Object, Value};

/// The heading of a test that passes.
pub const TO_KEEP: &str = "as a test to keep";

/// The heading of a test that shows a fault of the policies.
pub const TO_KEEP_AFTER_REPAIR: &str = "as a test to keep, which fails until the policies are repaired";

/// Writes the token, indented by two.
pub fn write(token: &Object, text: &mut String) {
    text.push_str("  token {\n");
    let mut members = token.iter().peekable();
    while let Some((name, value)) = members.next() {
        let comma = if members.peek().is_some() { "," } else { "" };
        text.push_str(&format!("    {}: {value}{comma}\n", Value::from(name)));
    }
    text.push_str("  }\n");
}

/// Formats a test for the policies as `fmt` does.
pub fn formatted(test: String) -> String {
    rolecall_syntax::format(&test).unwrap_or(test)
}

/// Writes a test for the policies, indented by four, below a heading.
pub fn write_test(heading: &str, test: &str, text: &mut String) {
    text.push_str(&format!("  {heading}\n"));
    for line in test.lines() {
        text.push_str(&format!("    {}\n", printable(line)));
    }
}
