//! The bearer token of a request: the one place that reads it.

use std::error::Error;
use std::fmt;

use http::header::AUTHORIZATION;
use http::request::Parts;

/// The maximum length of the header's value: the longest token that `rolecall` reads, and the scheme.
const LONGEST: usize = 16 * 1024 + SCHEME.len() + 1;

const SCHEME: &str = "Bearer";

/// The name of the parameter in which RFC 6750 section 2.3 allows a token.
const PARAMETER: &str = "access_token";

/// Returns the token of the `authorization` header (RFC 6750 section 2.1); `None` if the request has none, or
/// credentials of another scheme.
///
/// Forms that two readers could take for different tokens are refused: several headers, a second token in the
/// query, and anything but one space between the scheme and the token. (RFC 6750 allows several, which no client
/// sends.) A token only in the query or in the body is ignored, because it ends up in logs (RFC 9700 section
/// 4.3.2).
///
/// # Errors
/// [`BearerFault`] if the credentials are ambiguous, too long or malformed.
pub fn bearer(request: &Parts) -> Result<Option<&str>, BearerFault> {
    let mut values = request.headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(BearerFault::SeveralHeaders);
    }
    let value = value.as_bytes();
    if value.len() > LONGEST {
        return Err(BearerFault::TooLong {
            length: value.len(),
            limit: LONGEST,
        });
    }
    let end = value.iter().position(|byte| *byte == b' ').unwrap_or(value.len());
    let (scheme, rest) = value.split_at_checked(end).ok_or(BearerFault::Malformed)?;
    if scheme.is_empty() || !scheme.iter().all(|byte| is_token_char(*byte)) {
        return Err(BearerFault::Malformed);
    }
    if !scheme.eq_ignore_ascii_case(SCHEME.as_bytes()) {
        return Ok(None);
    }
    let token = rest.strip_prefix(b" ").filter(|token| is_b64token(token));
    let token = token.and_then(|token| str::from_utf8(token).ok());
    let token = token.ok_or(BearerFault::Malformed)?;
    let query = request.uri.query().unwrap_or_default();
    if form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == PARAMETER) {
        return Err(BearerFault::TwoPlaces);
    }
    Ok(Some(token))
}

/// Returns whether a byte can be in a scheme: `tchar` of RFC 9110 section 5.6.2.
fn is_token_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Returns whether bytes are a `b64token` (RFC 6750 section 2.1).
fn is_b64token(bytes: &[u8]) -> bool {
    let end = bytes.iter().rposition(|byte| *byte != b'=');
    let Some(characters) = end.and_then(|end| bytes.get(..=end)) else {
        return false;
    };
    let is_ours = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(byte);
    characters.iter().all(is_ours)
}

/// A fault of a request's credentials. It contains nothing of them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BearerFault {
    /// The value of the header is not a scheme, one space and a token of the characters that RFC 6750 section
    /// 2.1 allows.
    Malformed,
    /// The request has several `authorization` headers (RFC 9110 section 11.6.2 allows one).
    SeveralHeaders,
    /// The value of the header is too long.
    TooLong {
        /// The length in bytes.
        length: usize,
        /// The maximum length in bytes.
        limit: usize,
    },
    /// The query has a token, and so has the header (RFC 6750 section 2).
    TwoPlaces,
}

impl BearerFault {
    /// Returns a stable identifier of the fault, such as `several_headers`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "malformed_header",
            Self::SeveralHeaders => "several_headers",
            Self::TooLong { .. } => "header_too_long",
            Self::TwoPlaces => "two_tokens",
        }
    }
}

impl fmt::Display for BearerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("the `authorization` header is not `Bearer` and a token"),
            Self::SeveralHeaders => f.write_str("the request has several `authorization` headers"),
            Self::TooLong { length, limit } => write!(
                f,
                "the `authorization` header has {length} bytes; at most {limit} are allowed"
            ),
            Self::TwoPlaces => f.write_str("the request has a token in its header and one in its query"),
        }
    }
}

impl Error for BearerFault {}

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "tests may end early"
)]
mod tests {
    use std::sync::LazyLock;

    use http::{HeaderValue, Request};
    use proptest::prelude::*;
    use regex::bytes::Regex;

    use super::*;

    fn request(values: &[&[u8]], uri: &str) -> Parts {
        let mut request = Request::get(uri).body(()).unwrap();
        for value in values {
            let value = HeaderValue::from_bytes(value).unwrap();
            request.headers_mut().append(AUTHORIZATION, value);
        }
        request.into_parts().0
    }

    /// The slow and obvious reading: the grammars of RFC 6750 section 2.1 and RFC 9110 section 11.4, with one space.
    fn reference(value: &[u8]) -> Result<Option<&[u8]>, BearerFault> {
        static BEARER: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"(?-u)^(?i:bearer) ([A-Za-z0-9._~+/\-]+=*)$").unwrap());
        static OTHER: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"(?-u)^[A-Za-z0-9!#$%&'*+.^_`|~\-]+( [^\n]*)?$").unwrap());
        if value.len() > 16 * 1024 + 7 {
            let (length, limit) = (value.len(), 16 * 1024 + 7);
            return Err(BearerFault::TooLong { length, limit });
        }
        if let Some(found) = BEARER.captures(value) {
            return Ok(Some(found.get(1).unwrap().as_bytes()));
        }
        let first = value.split(|byte| *byte == b' ').next().unwrap();
        if OTHER.is_match(value) && !first.eq_ignore_ascii_case(b"bearer") {
            return Ok(None);
        }
        Err(BearerFault::Malformed)
    }

    fn value() -> impl Strategy<Value = Vec<u8>> {
        let scheme = prop_oneof!["(?i)bearer", "Basic", "[!-~]{0,8}", Just(String::new())];
        let space = prop_oneof![Just(" "), Just(""), Just("  "), Just("\t"), Just(",")];
        let token = prop_oneof![
            "[A-Za-z0-9._~+/\\-]{0,20}={0,3}",
            "[ -~]{0,12}",
            "ey[a-z]{3}\\.[a-z]{3}\\.[a-z]{3}[ ,=\\.]{0,2}",
            Just("x".repeat(16 * 1024)),
            Just("x".repeat(16 * 1024 + 1)),
        ];
        let text =
            (scheme, space, token).prop_map(|(scheme, space, token)| format!("{scheme}{space}{token}"));
        let bytes = proptest::collection::vec(
            any::<u8>().prop_filter(
                "a header has no control characters",
                |byte| matches!(byte, b'\t' | 32..=126 | 128..),
            ),
            0..12,
        );
        let changed = (text.clone(), any::<prop::sample::Index>(), 128_u8..).prop_map(|(text, at, byte)| {
            let mut bytes = text.into_bytes();
            bytes.insert(at.index(bytes.len() + 1), byte);
            bytes
        });
        prop_oneof![4 => text.prop_map(String::into_bytes), 1 => bytes, 1 => changed]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_096))]
        #[test]
        fn a_header_is_read_as_the_grammars_say(value in value()) {
            let request = request(&[&value], "/");
            let read = bearer(&request).map(|token| token.map(str::as_bytes));
            prop_assert_eq!(read, reference(&value));
        }

        #[test]
        fn a_second_header_is_always_refused(values in proptest::collection::vec(value(), 2..4)) {
            let values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
            let request = request(&values, "/");
            prop_assert_eq!(bearer(&request), Err(BearerFault::SeveralHeaders));
        }
    }

    #[test]
    fn a_token_is_read_from_one_place() {
        let none: &[&[u8]] = &[];
        let rows = [
            (none, "/", Ok(None)),
            (none, "/?access_token=x.y.z", Ok(None)),
            (&[b"Bearer x.y.z"], "/?token=a", Ok(Some("x.y.z"))),
            (&[b"bEaReR x.y.z="], "/", Ok(Some("x.y.z="))),
            (&[b"Basic eDp5"], "/?access_token=x", Ok(None)),
            (
                &[b"Bearer x.y.z"],
                "/?a=b&access_token=",
                Err(BearerFault::TwoPlaces),
            ),
            (
                &[b"Bearer x.y.z"],
                "/?access%5Ftoken=x.y.z",
                Err(BearerFault::TwoPlaces),
            ),
            (&[b"Bearer x.y.z"], "/?access_token", Err(BearerFault::TwoPlaces)),
            (&[b"Bearer a", b"Bearer a"], "/", Err(BearerFault::SeveralHeaders)),
            (&[b"Bearer a", b"Basic b"], "/", Err(BearerFault::SeveralHeaders)),
            (&[b"Bearer a, Bearer b"], "/", Err(BearerFault::Malformed)),
            (&[b"Bearer"], "/", Err(BearerFault::Malformed)),
            (&[b"Bearer "], "/", Err(BearerFault::Malformed)),
            (&[b"Bearer  a"], "/", Err(BearerFault::Malformed)),
            (&[b"Bearer a "], "/", Err(BearerFault::Malformed)),
            (&[b"Bearer ="], "/", Err(BearerFault::Malformed)),
            (&[b"Bearer a=b"], "/", Err(BearerFault::Malformed)),
            (&[b"Bearer caf\xc3\xa9"], "/", Err(BearerFault::Malformed)),
            (&[b"Bearer Bearer a"], "/", Err(BearerFault::Malformed)),
            (&[b""], "/", Err(BearerFault::Malformed)),
        ];
        for (values, uri, expected) in rows {
            assert_eq!(bearer(&request(values, uri)), expected, "{values:?} {uri}");
        }
    }
}
