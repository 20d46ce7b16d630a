//! Signed and encrypted tokens in text: one that was pasted by mistake must not also appear in a log.

mod header;

use header::{begins_object, has_header};
use std::borrow::Cow;
use std::ops::Range;

/// The replacement for a token.
const HIDDEN: &str = "<token>";
/// The minimum length of each part of a credential whose header cannot be read.
const MIN_PART: usize = 16;
/// The minimum length of its last part: a signature of 256 bits, or an authentication tag of 128 bits.
const MIN_SIGNATURE: usize = 43;
const MIN_TAG: usize = 22;

/// Returns whether the text contains a token.
pub(crate) fn has_token(text: &str) -> bool {
    !tokens(text).is_empty()
}

/// Replaces each token by `<token>`.
pub(crate) fn hide_tokens(text: &str) -> Cow<'_, str> {
    replace(text, |_| HIDDEN.to_owned())
}

/// Replaces each token by a text of the same width, so that all other text keeps its position.
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

/// Finds the tokens in a text. Each begins at a part of a run of base64url characters and dots, and ends with
/// the run.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !text.contains('.') {
        return found;
    }
    let mut start = 0;
    for run in text.split(|c: char| !(c == '.' || is_base64url(c))) {
        // The separator is one character of one to four bytes.
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

/// Returns the beginning of the token in a run of base64url characters and dots (RFC 7515 and RFC 7516,
/// section 7.1 of both): a part that contains a header, followed by two more parts, or by one that is also
/// JSON.
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

/// Returns whether three or five parts are long and random enough to be a credential, whatever the first part
/// contains.
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
