//! Predicates of texts: the values of the types whose values are texts.

use crate::certain::next;
use crate::swar::{equal_bytes, few_bytes};
use std::ops::RangeInclusive;

/// Returns true if a text is one or more ASCII digits.
pub(super) fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns true if a text is segments joined by `/`, none empty, without `:`. Tests eight bytes at a time.
pub(super) fn is_path(text: &str) -> bool {
    let (words, tail) = text.as_bytes().as_chunks::<8>();
    // The highest bit if the byte before is a slash. The start of the text counts as one.
    let mut before = 0x80;
    let mut is_bad = false;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let slashes = equal_bytes(word, b'/');
        is_bad |= slashes & (slashes << 8 | before) != 0 || equal_bytes(word, b':') != 0;
        before = slashes >> 56;
    }
    let word = few_bytes(tail);
    let slashes = equal_bytes(word, b'/');
    is_bad |= slashes & (slashes << 8 | before) != 0 || equal_bytes(word, b':') != 0;
    !(is_bad || text.is_empty() || text.ends_with('/'))
}

/// Returns true if git accepts a ref name: the rules of `git check-ref-format --allow-onelevel`.
pub(super) fn is_ref(name: &str) -> bool {
    let forbidden = |byte: u8| {
        byte.is_ascii_control() || matches!(byte, b' ' | b'~' | b'^' | b':' | b'?' | b'*' | b'[' | b'\\')
    };
    // Forbidden: an empty part, a part that begins with a dot, two dots, `@{`. The start counts as a slash.
    let (mut before, mut has_dot) = (b'/', false);
    for byte in name.bytes() {
        has_dot |= byte == b'.';
        if forbidden(byte) || matches!((before, byte), (b'/', b'/' | b'.') | (b'.', b'.') | (b'@', b'{')) {
            return false;
        }
        before = byte;
    }
    !matches!(before, b'/' | b'.') && name != "@" && !(has_dot && has_lock(name))
}

/// Returns true if a part of a name ends with `.lock`.
fn has_lock(name: &str) -> bool {
    name.split('/').any(|part| part.ends_with(".lock"))
}

/// Returns true if a text is so many segments of ASCII letters, digits, `.`, `_` and `-`, joined by `/`, none
/// of them empty.
pub(super) fn is_name_path(text: &str, segments: RangeInclusive<usize>) -> bool {
    let (mut count, mut before) = (1, b'/');
    for byte in text.bytes() {
        match byte {
            b'/' if before == b'/' => return false,
            b'/' => count = next(count),
            _ if is_name_byte(byte) => {}
            _ => return false,
        }
        before = byte;
    }
    before != b'/' && segments.contains(&count)
}

/// Returns true if a text is a SPIFFE ID with a trust domain in lower case (SPIFFE-ID sections 2.1 and 2.2).
/// The length is not tested here: `subject_limit` bounds it.
pub(super) fn is_spiffe_id(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("spiffe://") else {
        return false;
    };
    let mut segments = rest.split('/');
    let is_domain = |domain: &str| {
        domain
            .bytes()
            .all(|byte| is_name_byte(byte) && !byte.is_ascii_uppercase())
    };
    segments
        .next()
        .is_some_and(|domain| !domain.is_empty() && is_domain(domain))
        && segments.all(|segment| !matches!(segment, "" | "." | "..") && segment.bytes().all(is_name_byte))
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}
