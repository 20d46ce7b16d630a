//! A token as it is shown among other text: one claim a line.

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
