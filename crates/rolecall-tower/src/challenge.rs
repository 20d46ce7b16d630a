//! Challenges: the values of `www-authenticate` (RFC 6750 section 3, RFC 9110 section 11.6.1).

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use http::HeaderValue;

/// The maximum length of a realm, in bytes.
const LONGEST_REALM: usize = 256;

/// The realm of all challenges of a service, as it is written in them: a quoted string (RFC 9110 section 5.6.4).
#[derive(Clone, Debug)]
pub(crate) struct Realm(Arc<str>);

impl Realm {
    pub(crate) fn new(realm: &str) -> Result<Self, InvalidRealm> {
        let is_shown = |c: char| matches!(c, ' '..='~');
        if realm.len() > LONGEST_REALM || !realm.chars().all(is_shown) {
            return Err(InvalidRealm);
        }
        let mut quoted = String::from("\"");
        for c in realm.chars() {
            if matches!(c, '"' | '\\') {
                quoted.push('\\');
            }
            quoted.push(c);
        }
        quoted.push('"');
        Ok(Self(quoted.into()))
    }

    /// Returns the challenge with this error, none for a request without credentials. A challenge for `Bearer` has
    /// at least one parameter (RFC 6750 section 3), so the realm is always there.
    pub(crate) fn challenge(&self, error: Option<&'static str>, code: Option<&'static str>) -> HeaderValue {
        let mut text = format!("Bearer realm={}", self.0);
        for (name, value) in [("error", error), ("error_description", code)] {
            if let Some(value) = value {
                text.push_str(&format!(", {name}=\"{value}\""));
            }
        }
        let value = HeaderValue::try_from(text);
        debug_assert!(value.is_ok(), "a realm and codes are printable ASCII");
        value.unwrap_or_else(|_| HeaderValue::from_static("Bearer realm=\"\""))
    }
}

impl Default for Realm {
    fn default() -> Self {
        Self("\"rolecall\"".into())
    }
}

/// A realm is longer than 256 bytes, or has a character that is not printable ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidRealm;

impl fmt::Display for InvalidRealm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a realm is at most {LONGEST_REALM} characters of printable ASCII"
        )
    }
}

impl Error for InvalidRealm {}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may end early")]
mod tests {
    use super::*;

    #[test]
    fn a_realm_is_one_quoted_string() {
        let rows = [
            ("", r#"Bearer realm="""#),
            ("acme deploy", r#"Bearer realm="acme deploy""#),
            (r#"a", error="x"#, r#"Bearer realm="a\", error=\"x""#),
            (r"a\", r#"Bearer realm="a\\""#),
        ];
        for (realm, expected) in rows {
            assert_eq!(Realm::new(realm).unwrap().challenge(None, None), expected);
        }
        let long = "x".repeat(LONGEST_REALM + 1);
        for realm in ["a\r\nset-cookie: b", "\t", "caf\u{e9}", "\u{7f}", &long] {
            assert!(Realm::new(realm).is_err(), "{realm:?}");
        }
    }
}
