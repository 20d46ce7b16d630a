//! Invisible characters.

/// Returns whether a character is not visible in a text, or changes the direction in which the text is shown
/// (CVE-2021-42574): control characters, line and paragraph separators, and default-ignorable code points of
/// Unicode (`Default_Ignorable_Code_Point`), such as joiners, variation selectors, fillers, tags and marks of
/// direction.
///
/// A space is visible as a gap, so U+00A0 and U+3000 do not count. They are usual in French and Japanese
/// text, and escapes would make messages harder to read. A caller that needs ASCII spaces, as between the
/// tokens of a policy, also checks [`char::is_whitespace`].
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_is_not_invisible() {
        for c in "aä名 \u{a0}\u{2003}\u{202f}\u{3000}‐→".chars() {
            assert!(!is_invisible(c), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn what_hides_or_reorders_text_is_invisible() {
        let hidden = "\0\t\n\u{7f}\u{85}\u{ad}\u{61c}\u{200b}\u{200d}\u{200e}\
                      \u{2028}\u{202e}\u{2060}\u{2066}\u{2069}\u{206f}";
        for c in hidden
            .chars()
            .chain("\u{3164}\u{fe0f}\u{feff}\u{e0041}\u{e0100}".chars())
        {
            assert!(is_invisible(c), "U+{:04X}", u32::from(c));
        }
    }
}
