//! Headers of tokens in base64url.

/// The minimum length of a header: `{"a":1}` has ten characters.
const MIN_HEADER: usize = 10;
/// The maximum number of blanks before the first name of a header; more of them count as a header without a
/// look at the name.
const MAX_BLANKS: usize = 32;

/// Returns whether a header begins anywhere in the part. Characters before it may belong to the surrounding
/// text.
pub(super) fn has_header(part: &[u8]) -> bool {
    let last = part.len().saturating_sub(MIN_HEADER);
    part.len() >= MIN_HEADER && (0..=last).any(|start| begins_object(part.get(start..).unwrap_or_default()))
}

/// Returns whether base64url begins like a JSON object with a member. At most two bytes of leading blanks or
/// of a byte order mark are skipped: with more, a later start also matches.
pub(super) fn begins_object(part: &[u8]) -> bool {
    let mut bytes = decoded(part).peekable();
    for _ in 0..2 {
        bytes.next_if(|byte| is_blank(*byte) || matches!(byte, 0xbb | 0xbf));
    }
    if bytes.next() != Some(b'{') {
        return false;
    }
    for _ in 0..MAX_BLANKS {
        match bytes.next() {
            Some(byte) if is_blank(byte) => {}
            Some(b'"') => {
                let name = bytes.next();
                return name
                    .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'"' | b'\\' | b'_'));
            }
            _ => return false,
        }
    }
    true
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Decodes the whole groups of base64url (RFC 4648, section 5).
fn decoded(part: &[u8]) -> impl Iterator<Item = u8> {
    part.chunks_exact(4).flat_map(|group| {
        let bits = group
            .iter()
            .fold(0_u32, |bits, digit| (bits << 6_u32) | value(*digit));
        let [_, bytes @ ..] = bits.to_be_bytes();
        bytes
    })
}

fn value(digit: u8) -> u32 {
    let (first, value) = match digit {
        b'A'..=b'Z' => (b'A', 0_u32),
        b'a'..=b'z' => (b'a', 26),
        b'0'..=b'9' => (b'0', 52),
        b'-' => (digit, 62),
        _ => (digit, 63),
    };
    value.saturating_add(u32::from(digit.saturating_sub(first)))
}
