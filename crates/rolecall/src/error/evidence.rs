//! The evidence of a refusal: the check, what it expects and what it found, and how far off that is.

use std::fmt;
use std::time::Duration;

use super::VerifyError;
use crate::time::UnixTime;

/// The evidence of a refusal, for operators: `expected` may name audiences and issuers of the policies.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evidence {
    /// The check: `form`, `header`, `issuer`, `key`, `signature`, `claims`, `kind`, `times`, `audience` or `subject`.
    pub check: &'static str,
    /// The expected form or values, in words.
    pub expected: String,
    /// The part of the token in question; `None` if it is absent or says nothing by itself, such as a signature.
    pub found: Option<String>,
    /// The distance from what is expected, if it can be measured.
    pub off_by: Option<OffBy>,
}

/// A distance from what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OffBy {
    /// A number of bytes.
    Bytes(usize),
    /// A number of characters.
    Characters(usize),
    /// A duration in whole seconds.
    Time(Duration),
}

/// Writes the distance with its unit: `3 bytes`, `90 s`.
impl fmt::Display for OffBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{bytes} bytes"),
            Self::Characters(characters) => write!(f, "{characters} characters"),
            Self::Time(time) => write!(f, "{} s", time.as_secs()),
        }
    }
}

impl VerifyError {
    /// Returns the evidence: which check failed, what it expects, what it found, and how far off that is.
    ///
    /// ```
    /// use rolecall::{OffBy, UnixTime, VerifyError};
    /// use std::time::Duration;
    ///
    /// let [exp, now] = [1_800_000_000, 1_800_000_090].map(UnixTime::from_secs);
    /// let evidence = VerifyError::Expired { exp, now, leeway: Duration::from_secs(30) }.evidence();
    /// assert_eq!(evidence.check, "times");
    /// assert_eq!(evidence.off_by, Some(OffBy::Time(Duration::from_secs(60))));
    /// ```
    pub fn evidence(&self) -> Evidence {
        let evidence = |check, expected: String, found: Option<String>| Evidence {
            check,
            expected,
            found,
            off_by: None,
        };
        let plain = |check, expected: &str| evidence(check, expected.to_owned(), None);
        let accepted = || self.accepted().map(ToString::to_string).unwrap_or_default();
        match self {
            Self::AlgorithmNotAllowed { algorithm, .. } => {
                evidence("header", accepted(), Some(format!("`{algorithm}`")))
            }
            Self::AmbiguousKey { keys, .. } => evidence(
                "key",
                "a `kid`, or one key that fits".to_owned(),
                Some(format!("{keys} keys that fit")),
            ),
            Self::BadSignature => plain("signature", "a signature by the issuer's key"),
            Self::ClaimsNotJson(error) => evidence(
                "claims",
                "a JSON object within the limits".to_owned(),
                Some(error.to_string()),
            ),
            Self::EncryptedToken => evidence(
                "form",
                "a signed token of 3 segments".to_owned(),
                Some("an encrypted one of 5".to_owned()),
            ),
            Self::Expired { exp, now, leeway } => times("exp", *exp, now.minus(*leeway), Side::After),
            Self::ForbiddenHeader { member } => evidence(
                "header",
                format!("a header without `{member}`"),
                Some(format!("`{member}`")),
            ),
            Self::HeaderNotJson(error) => evidence(
                "header",
                "a JSON object within the limits".to_owned(),
                Some(error.to_string()),
            ),
            Self::IssuedInFuture { iat, now, leeway } => {
                times("iat", *iat, now.plus(*leeway), Side::NotAfter)
            }
            Self::KeysUnavailable { waiting, .. } => evidence(
                "key",
                "the issuer's keys, which are being fetched".to_owned(),
                Some(format!("{waiting} waiting requests, the most")),
            ),
            Self::KidTooLong { length, limit } => limited("header", "`kid`", *length, *limit),
            Self::LivesTooLong { life, max_age } => Evidence {
                off_by: life.checked_sub(*max_age).map(OffBy::Time),
                ..evidence(
                    "times",
                    format!("a lifetime of at most {} s", max_age.as_secs()),
                    Some(format!("{} s", life.as_secs())),
                )
            },
            Self::MalformedClaim { claim, expected } => {
                plain("claims", &format!("`{claim}` must be {expected}"))
            }
            Self::MalformedHeader { member, expected } => {
                plain("header", &format!("`{member}` must be {expected}"))
            }
            Self::MalformedToken(fault) => evidence(
                "form",
                "3 segments of base64url, separated by dots".to_owned(),
                Some(fault.to_string()),
            ),
            Self::MissingClaim { claim } => plain("claims", &format!("the claim `{claim}`")),
            Self::MissingHeader { member } => plain("header", &format!("the member `{member}`")),
            Self::NoKeys { .. } => plain("key", "a usable key of the issuer"),
            Self::NotASpiffeId { sub } => {
                evidence("subject", "a SPIFFE ID".to_owned(), Some(format!("`{sub}`")))
            }
            Self::NotAnIdToken { claim } => evidence(
                "kind",
                format!("a token without `{claim}`"),
                Some(format!("`{claim}`")),
            ),
            Self::NotYetValid { nbf, now, leeway } => times("nbf", *nbf, now.plus(*leeway), Side::NotAfter),
            Self::SeveralAudiences { audiences, .. } => evidence(
                "audience",
                format!("one of {}", accepted()),
                Some(format!("{audiences} audiences")),
            ),
            Self::SubjectTooLong { characters, limit } => Evidence {
                off_by: characters.checked_sub(*limit).map(OffBy::Characters),
                ..evidence(
                    "subject",
                    format!("at most {limit} characters"),
                    Some(format!("{characters} characters")),
                )
            },
            Self::TimeOutOfRange { claim, written } => evidence(
                "times",
                format!("`{claim}` from 1 to {} seconds after 1970", UnixTime::LAST),
                Some(format!("{written}")),
            ),
            Self::TimesOutOfOrder { first, last } => evidence(
                "times",
                format!("`{first}` not later than `{last}`"),
                Some(format!("`{first}` later than `{last}`")),
            ),
            Self::TokenTooLarge { part, length, limit } => limited("form", part, *length, *limit),
            Self::UnknownIssuer { iss, .. } => evidence("issuer", accepted(), Some(format!("`{iss}`"))),
            Self::UnknownKey { kid } => evidence(
                "key",
                "a key of the issuer".to_owned(),
                kid.as_ref().map(|kid| format!("`{kid}`")),
            ),
            Self::UnsupportedAlgorithm { alg } => evidence(
                "header",
                "a supported algorithm".to_owned(),
                Some(format!("`{alg}`")),
            ),
            Self::UnusableKey { kid, reason } => evidence(
                "key",
                "a usable key".to_owned(),
                Some(format!("`{kid}`: {reason}")),
            ),
            Self::WrongAlgorithm { algorithm } => evidence(
                "header",
                "an algorithm of the key".to_owned(),
                Some(format!("`{algorithm}`")),
            ),
            Self::WrongAudience { audience, .. } => {
                evidence("audience", accepted(), Some(format!("`{audience}`")))
            }
            Self::WrongAuthorizedParty { azp, .. } => {
                evidence("audience", accepted(), Some(format!("`{azp}`")))
            }
            Self::WrongType { typ, .. } => evidence("kind", accepted(), Some(format!("`{typ}`"))),
        }
    }
}

/// The side of a limit on which a time must be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    After,
    NotAfter,
}

/// Returns the evidence of a time on the wrong side of a limit.
fn times(claim: &str, time: UnixTime, limit: UnixTime, side: Side) -> Evidence {
    let (words, distance) = match side {
        Side::After => ("after", limit.since(time)),
        Side::NotAfter => ("not after", time.since(limit)),
    };
    Evidence {
        check: "times",
        expected: format!("`{claim}` {words} {limit}"),
        found: Some(time.to_string()),
        off_by: distance.map(OffBy::Time),
    }
}

/// Returns the evidence of a part that is longer than its limit in bytes.
fn limited(check: &'static str, part: &str, length: usize, limit: usize) -> Evidence {
    Evidence {
        check,
        expected: format!("a {part} of at most {limit} bytes"),
        found: Some(format!("{length} bytes")),
        off_by: length.checked_sub(limit).map(OffBy::Bytes),
    }
}
