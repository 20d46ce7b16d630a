//! String literals and numbers (google/cel-spec `doc/langdef.md`, sections "String and Bytes Values" and "Numeric
//! Values").

use std::str::Chars;

/// Returns the text of a raw literal, with its prefix and its quotes.
pub(super) fn raw(written: &str) -> Option<String> {
    inside(written.strip_prefix(['r', 'R'])?).map(str::to_owned)
}

/// Returns the text of a literal with its quotes, or nothing if it has an escape that there is not.
pub(super) fn text(written: &str) -> Option<String> {
    let mut characters = inside(written)?.chars();
    let mut text = String::new();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => escape(&mut characters)?,
            _ => character,
        });
    }
    Some(text)
}

/// Returns the text between the quotes, of which there are three or one.
fn inside(written: &str) -> Option<&str> {
    ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find_map(|quotes| written.strip_prefix(quotes)?.strip_suffix(quotes))
}

/// Returns the character of an escape, after its backslash. Half of a surrogate pair is not a character: the page has
/// pairs, cel-go 0.26 refuses them.
fn escape(characters: &mut Chars<'_>) -> Option<char> {
    Some(match characters.next()? {
        same @ ('\\' | '?' | '"' | '\'' | '`') => same,
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        'x' | 'X' => digits(characters, 2, 16)?,
        'u' => digits(characters, 4, 16)?,
        'U' => digits(characters, 8, 16)?,
        first @ '0'..='3' => {
            let high = first.to_digit(8)?.checked_mul(64)?;
            let low = u32::from(digits(characters, 2, 8)?);
            char::from_u32(high.checked_add(low)?)?
        }
        _ => return None,
    })
}

/// Returns the character whose code has these digits.
fn digits(characters: &mut Chars<'_>, count: usize, radix: u32) -> Option<char> {
    let mut code = 0_u32;
    for _ in 0..count {
        let digit = characters.next()?.to_digit(radix)?;
        code = code.checked_mul(radix)?.checked_add(digit)?;
    }
    char::from_u32(code)
}

/// Returns an integer of decimal or hexadecimal digits.
pub(super) fn unsigned(written: &str) -> Option<u64> {
    match written.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => written.parse().ok(),
    }
}

/// Returns an integer, or its opposite.
pub(super) fn signed(written: &str, is_negative: bool) -> Option<i64> {
    let value = i128::from(unsigned(written)?);
    let value = if is_negative { value.checked_neg()? } else { value };
    i64::try_from(value).ok()
}
