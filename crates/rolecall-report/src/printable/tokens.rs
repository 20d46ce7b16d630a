//! Signed and encrypted tokens in text: one that was pasted by mistake must not also appear in a log.

mod header;

use crate::text::{self, minus};
use header::{MIN_HEADER, begins_object, has_header};
use std::borrow::Cow;

/// The replacement for a token.
const HIDDEN: &str = "<token>";
/// The minimum length of each part of a credential whose header cannot be read.
const MIN_PART: usize = 16;
/// The minimum length of its last part: a signature of 256 bits, or an authentication tag of 128 bits.
const MIN_SIGNATURE: usize = 43;
const MIN_TAG: usize = 22;

/// Returns whether the text contains a token.
pub fn has_token(text: &str) -> bool {
    let is_long = |run: &&[u8]| run.len() > MIN_HEADER && run.contains(&b'.');
    let long = text.as_bytes().split(|byte| !is_of_run(*byte)).filter(is_long);
    long.filter_map(|run| std::str::from_utf8(run).ok())
        .any(|run| token_in_run(run).is_some())
}

/// Replaces each token by `<token>`.
pub fn hide_tokens(text: &str) -> Cow<'_, str> {
    replace(text, |_| HIDDEN.to_owned())
}

/// Replaces each token by a text of the same width, so that all other text keeps its position.
pub fn mask_tokens(text: &str) -> Cow<'_, str> {
    replace(text, |token| {
        format!("<token{}>", "~".repeat(minus(token.len(), HIDDEN.len())))
    })
}

fn replace(text: &str, stand_in: impl Fn(&str) -> String) -> Cow<'_, str> {
    if !has_token(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for (run, separator) in runs(text) {
        let token = token_in_run(run);
        let (before, _) = text::split_before(run, token.unwrap_or(""));
        shown.push_str(before);
        shown.extend(token.map(&stand_in));
        shown.push_str(separator);
    }
    Cow::Owned(shown)
}

/// Returns the runs of base64url characters and dots in a text, each with the character after it, if any.
fn runs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_separator = |c: char| !u8::try_from(c).is_ok_and(is_of_run);
    let pieces = text.split_inclusive(is_separator);
    pieces.map(move |piece| text::split(piece, piece.trim_end_matches(is_separator).len()))
}

/// Returns the token at the end of a run of base64url characters and dots (RFC 7515 and RFC 7516, section 7.1
/// of both). It begins with a part that contains a header, followed by two more parts, or by one that is also
/// JSON.
fn token_in_run(run: &str) -> Option<&str> {
    let mut token = run;
    while let Some((part, after)) = token.split_once('.') {
        let is_followed = after.contains('.') || begins_object(after.as_bytes());
        if is_followed && has_header(part.as_bytes()) {
            return Some(token);
        }
        token = after;
    }
    is_credential(run).then_some(run)
}

/// Returns whether a run has three or five parts that are long and random enough to be a credential, whatever
/// the first part contains.
fn is_credential(run: &str) -> bool {
    let parts: Vec<&str> = run.split('.').collect();
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

fn is_of_run(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
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
