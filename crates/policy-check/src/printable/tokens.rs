//! Signed and encrypted tokens in a text: pasted into the wrong place, they shall not go into a log as well.

use std::borrow::Cow;
use std::ops::Range;

/// What stands for a token.
const HIDDEN: &str = "<token>";
/// The fewest characters of a header: `{"a":1}` has ten.
const MIN_HEADER: usize = 10;
/// The most blanks of a header that are looked at: behind more of them, a name is not looked for.
const MAX_BLANKS: usize = 32;
/// The fewest characters of each part of a text that is taken for a credential although its header cannot be read.
const MIN_PART: usize = 16;
/// The fewest characters of its last part: 256 bits of a signature, or the 128 bits of an authentication tag.
const MIN_SIGNATURE: usize = 43;
const MIN_TAG: usize = 22;

/// Whether there is a token in the text.
pub(crate) fn has_token(text: &str) -> bool {
    !tokens(text).is_empty()
}

/// The text with `<token>` instead of each token.
pub(crate) fn hide_tokens(text: &str) -> Cow<'_, str> {
    replace(text, |_| HIDDEN.to_owned())
}

/// The text with something as wide instead of each token, so that all other text stays where it is.
pub(crate) fn mask_tokens(text: &str) -> Cow<'_, str> {
    replace(text, |width| {
        format!("<token{}>", "~".repeat(width.saturating_sub(HIDDEN.len())))
    })
}

fn replace(text: &str, stand_in: impl Fn(usize) -> String) -> Cow<'_, str> {
    let found = tokens(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut shown, mut end) = (String::with_capacity(text.len()), 0);
    for token in found {
        shown.push_str(text.get(end..token.start).unwrap_or_default());
        shown.push_str(&stand_in(token.len()));
        end = token.end;
    }
    shown.push_str(text.get(end..).unwrap_or_default());
    Cow::Owned(shown)
}

/// The tokens in a text: each begins with a part of a run of base64url and dots, and goes to the end of the run.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !text.contains('.') {
        return found;
    }
    let mut start = 0;
    for run in text.split(|c: char| !(c == '.' || is_base64url(c))) {
        // Each character that splits is one that is not in the run, of one to four bytes.
        if let Some(offset) = token_in_run(run) {
            found.push(start_of(start, offset)..start_of(start, run.len()));
        }
        let after = start_of(start, run.len());
        let split = text.get(after..).and_then(|rest| rest.chars().next());
        start = start_of(after, split.map_or(0, char::len_utf8));
    }
    found
}

fn start_of(start: usize, offset: usize) -> usize {
    start.saturating_add(offset)
}

/// The beginning of the token in a run of base64url and dots (RFC 7515 and RFC 7516, section 7.1 of both): a part that
/// holds a header, with two parts after it, or one that is JSON as well.
fn token_in_run(run: &str) -> Option<usize> {
    let parts: Vec<&str> = run.split('.').collect();
    let mut offset: usize = 0;
    for (index, part) in parts.iter().enumerate() {
        let after = parts.get(index.saturating_add(1)..).unwrap_or_default();
        let is_followed = match after {
            [] => return is_credential(&parts).then_some(0),
            [one] => begins_object(one.as_bytes()),
            _ => true,
        };
        if is_followed && has_header(part.as_bytes()) {
            return Some(offset);
        }
        offset = offset.saturating_add(part.len()).saturating_add(1);
    }
    None
}

/// Whether a header begins anywhere in the part: whatever stands in front of it may belong to the text around.
fn has_header(part: &[u8]) -> bool {
    let last = part.len().saturating_sub(MIN_HEADER);
    part.len() >= MIN_HEADER && (0..=last).any(|start| begins_object(part.get(start..).unwrap_or_default()))
}

/// Whether base64url begins like a JSON object with a member. Of the blanks before it, and of a byte order mark, at most
/// two bytes are passed over: with more, it begins like one further on, too.
fn begins_object(part: &[u8]) -> bool {
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

/// What base64url stands for (RFC 4648, section 5), as far as it is whole groups.
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

/// Whether three or five parts are so long, and so mixed, that they are a credential whatever the first one says.
fn is_credential(parts: &[&str]) -> bool {
    let last = match parts.len() {
        3 => MIN_SIGNATURE,
        5 => MIN_TAG,
        _ => return false,
    };
    let is_random = |part: &&str| {
        let has = |is: fn(&u8) -> bool| part.as_bytes().iter().any(is);
        part.len() >= MIN_PART
            && has(u8::is_ascii_uppercase)
            && has(u8::is_ascii_lowercase)
            && has(u8::is_ascii_digit)
    };
    parts.iter().all(is_random) && parts.last().is_some_and(|part| part.len() >= last)
}

fn is_base64url(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn token(header: &str) -> String {
        let signature = "c2lnbmF0dXJlLXNpZ25hdHVyZS1zaWduYXR1cmUtc2ln";
        format!(
            "{}.{}.{signature}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode("{\"sub\":1}")
        )
    }

    #[test]
    fn tokens_are_found_whatever_they_begin_with() {
        for header in [
            r#"{"alg":"ES256"}"#,
            r#"{ "alg":"ES256"}"#,
            "{\n  \"alg\": \"ES256\"\n}",
            "{\r\n\t\"alg\": \"ES256\"\n}",
            r#" {"alg":"ES256"}"#,
            r#"  {"alg":"ES256"}"#,
            r#"   {"alg":"ES256"}"#,
            "\n\n\n\n{\"alg\":\"ES256\"}",
            "\u{feff}{\"alg\":\"ES256\"}",
            "\u{feff} {\"alg\":\"ES256\"}",
            " \u{feff}{\"alg\":\"ES256\"}",
            r#"{"":"","alg":"ES256"}"#,
            r#"{"\u0061lg":"ES256"}"#,
            &format!("{{{}\"alg\":\"ES256\"}}", " ".repeat(1_000)),
            &format!("{}{{\"alg\":\"ES256\"}}", " ".repeat(1_000)),
        ] {
            let token = token(header);
            assert_eq!(hide_tokens(&token), HIDDEN, "{header}");
            let text = format!("a `{token}`, x={token}/{token}.\n{token}");
            assert_eq!(
                hide_tokens(&text),
                "a `<token>`, x=<token>/<token>\n<token>",
                "{header}"
            );
            assert_eq!(mask_tokens(&text).len(), text.len());
            for glued in ["x", "xy", "xyz", "n-", "a.b.", "ü"] {
                let text = format!("{glued}{token}");
                assert!(
                    !hide_tokens(&text).contains(token.rsplit('.').next().unwrap()),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn other_shapes_are_found() {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"dir","enc":"A128GCM"}"#);
        for text in [
            format!("{header}..aXYtaXYtaXY.Y2lwaGVydGV4dA.dGFn"),
            format!("{header}..c2lnbmF0dXJl"),
            format!("{header}.{}", URL_SAFE_NO_PAD.encode("{\"sub\":\"me\"")),
            "Ab1def-Ab1def-Ab1.Ab1def-Ab1def-Ab1.Ab1def-Ab1def-Ab1def-Ab1def-Ab1def-Ab1def-Ab1def".to_owned(),
        ] {
            assert_eq!(hide_tokens(&text), HIDDEN, "{text}");
        }
    }

    #[test]
    fn names_are_not_tokens() {
        for text in [
            "",
            "...",
            "policies/shop.policy",
            "network.internal.example.com",
            "keyLength.keyID.keyIs.keyJ",
            "https://docs.acme.example/rules/wildcard-owner.md",
            "0.1.0",
            "sts.eu-central-1.amazonaws.com",
            "eyJhbGciOiJFUzI1NiJ9",
            "eyJhbGciOiJFUzI1NiJ9.policy",
            "3f786850e387550fdab836ed7e6dc881de23001b.3f786850e387550fdab836ed7e6dc881de23001b.89e6c98d92887913cadf06b2adb97f26cde4849b00",
        ] {
            assert!(matches!(hide_tokens(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
