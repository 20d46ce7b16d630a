//! Text of others in labels.
//!
//! A label stands between quotes. There, Mermaid still reads Markdown, HTML and its own `#…;` references, and GitLab
//! counts each `&`. So all that is not a letter, a digit or a space is written as a reference to its character, which
//! Mermaid inserts only after it has drawn the diagram.

use crate::printable::{printable, shortened};

/// The most characters of a label.
const LONGEST: usize = 60;

/// Returns a text as it is written in a label.
pub(super) fn label(text: &str) -> String {
    let printable = printable(text);
    let mut label = String::new();
    for c in shortened(&printable, LONGEST).chars() {
        // Mermaid writes its references with ligatures in between.
        let is_plain = c.is_ascii_alphanumeric() || c.is_alphabetic() && c != 'ﬂ';
        match c {
            ' ' | '…' => label.push(c),
            c if is_plain => label.push(c),
            c => label.push_str(&format!("#{};", u32::from(c))),
        }
    }
    match label.trim() {
        "" => "#160;".to_owned(),
        _ => label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letters_digits_and_spaces_stay() {
        assert_eq!(label("deploy prod 1ü"), "deploy prod 1ü");
        assert_eq!(
            label("\"]; end\nclick x `<b>` &#35; ﬂ°°60¶ß"),
            "#34;#93;#59; end#92;nclick x #96;#60;b#62;#96; #38;#35;35#59; #64258;#176;#176;60#182;ß"
        );
        assert_eq!(label(" "), "#160;");
        assert_eq!(label(&"a".repeat(61)).chars().count(), LONGEST + 1);
    }
}
