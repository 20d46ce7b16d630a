//! Text of others in labels.
//!
//! A label stands between quotes. There, Mermaid still reads Markdown, HTML and its own `#…;` references, and GitLab
//! counts each `&`. So all that is not a letter, a digit, a space, a `/` or a `-` in a word is written as a reference to its
//! character, which Mermaid inserts only after it has drawn the diagram.

use rolecall_report::printable::{printable, shortened};

/// The most characters of a label.
const LONGEST: usize = 60;

/// Characters of which Mermaid makes its references while it draws, so that it would read them again (seen in 11.17.2).
const OWN: [char; 2] = ['ﬂ', '¶'];

/// Returns a text as it is written in a label.
pub(super) fn label(text: &str) -> String {
    let printable = printable(text);
    let mut label = String::new();
    for c in shortened(&printable, LONGEST).chars() {
        match OWN.contains(&c) {
            true => c.escape_unicode().for_each(|c| push(&mut label, c)),
            false => push(&mut label, c),
        }
    }
    match label.trim() {
        "" => "#160;".to_owned(),
        _ => label,
    }
}

/// Writes a character, or a reference to it.
fn push(label: &mut String, c: char) {
    let is_plain = c.is_alphanumeric() || matches!(c, ' ' | '/' | '…');
    let is_in_word = label.ends_with(char::is_alphanumeric);
    match is_plain || is_in_word && c == '-' {
        true => label.push(c),
        false => label.push_str(&format!("#{};", u32::from(c))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letters_digits_and_spaces_stay() {
        assert_eq!(label("deploy-prod 1/ü"), "deploy-prod 1/ü");
        assert_eq!(label("- a"), "#45; a");
        assert_eq!(label("1. a"), "1#46; a");
        assert_eq!(label("\"]; end\nclick x"), "#34;#93;#59; end#92;nclick x");
        assert_eq!(label("`<b>` &#35;"), "#96;#60;b#62;#96; #38;#35;35#59;");
        assert_eq!(
            label("ﬂ°°43¶ß"),
            "#92;u#123;fb02#125;#176;#176;43#92;u#123;b6#125;ß"
        );
        assert_eq!(label(" "), "#160;");
        assert_eq!(label(&"a".repeat(61)).chars().count(), LONGEST + 1);
    }
}
