//! Headers of tokens in base64url.

/// The minimum length of a header: `{"a":1}` has ten characters.
pub(super) const MIN_HEADER: usize = 10;
/// The maximum number of blanks before the first name of a header; more of them count as a header without a
/// look at the name.
const MAX_BLANKS: usize = 32;

/// Returns whether a header begins anywhere in the part. Characters before it may belong to the surrounding
/// text.
pub(super) fn has_header(part: &[u8]) -> bool {
    let rests = std::iter::successors(Some(part), |rest| Some(rest.split_first()?.1));
    rests
        .take_while(|rest| rest.len() >= MIN_HEADER)
        .any(begins_object)
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
    // The ranges of the digits bound the results: nothing wraps.
    u32::from(match digit {
        b'A'..=b'Z' => digit.wrapping_sub(b'A'),
        b'a'..=b'z' => digit.wrapping_sub(b'a' - 26),
        b'0'..=b'9' => digit.wrapping_add(52 - b'0'),
        b'-' => 62,
        _ => 63,
    })
}
