//! Text from tokens, written so that it is safe to show.

use std::fmt;

/// Writes a string as JSON, and escapes characters that control a terminal or hide text.
pub(crate) fn write_text(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            _ if rolecall_syntax::is_invisible(c) => {
                let mut units = [0_u16; 2];
                for unit in c.encode_utf16(&mut units) {
                    write!(f, "\\u{unit:04x}")?;
                }
            }
            _ => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}
