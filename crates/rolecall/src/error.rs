//! Why a token is refused.

mod message;

use std::error::Error;
use std::time::Duration;

use rolecall_engine::{Algorithm, JsonError};

use crate::excerpt::Excerpt;
use crate::skip_reason::SkipReason;
use crate::time::UnixTime;

/// Why a token is refused, with the evidence.
///
/// No variant holds a token or a part of one beyond short, escaped [`Excerpt`]s of single values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The issuer may not sign with this algorithm (RFC 8725 section 3.1).
    AlgorithmNotAllowed {
        /// The algorithm of the header.
        algorithm: Algorithm,
        /// The name of the issuer.
        issuer: Box<str>,
    },
    /// The header names no key, and several fit (OpenID Connect Core section 10.1).
    AmbiguousKey {
        /// The algorithm of the header.
        algorithm: Algorithm,
        /// How many keys fit it.
        keys: usize,
    },
    /// The signature is not the key's over this header and payload (RFC 7515 section 5.2).
    BadSignature,
    /// The payload is not the JSON object that it should be (RFC 7519 section 7.2).
    ClaimsNotJson(JsonError),
    /// The token has the five segments of an encrypted one (RFC 7516 section 7.1), which are not accepted.
    EncryptedToken,
    /// The token is used on or after the end of its life (RFC 7519 section 4.1.4).
    Expired {
        /// The end of its life.
        exp: UnixTime,
        /// The time that it was verified at.
        now: UnixTime,
        /// How long after `exp` it would still have been accepted.
        leeway: Duration,
    },
    /// The header has a member that changes what a token means: `b64`, `crit`, `cty`, `enc` or `zip` (RFC 7515 section
    /// 4.1, RFC 7516 section 4.1, RFC 7797).
    ForbiddenHeader {
        /// The member.
        member: &'static str,
    },
    /// The header is not the JSON object that it should be (RFC 7515 section 5.2).
    HeaderNotJson(JsonError),
    /// The token was issued later than now (RFC 7519 section 4.1.6).
    IssuedInFuture {
        /// The time that it claims to have been issued at.
        iat: UnixTime,
        /// The time that it was verified at.
        now: UnixTime,
        /// How far in the future it would still have been accepted.
        leeway: Duration,
    },
    /// The keys of the issuer are being read, and as many callers wait for them as may. The token may be good: send it again
    /// (503 in terms of HTTP).
    KeysUnavailable {
        /// The name of the issuer.
        issuer: Box<str>,
    },
    /// From `iat` to `exp` is more than the issuer's longest life of a token.
    LivesTooLong {
        /// From `iat` to `exp`.
        life: Duration,
        /// The issuer's longest.
        max_age: Duration,
    },
    /// A claim has a wrong type or a value out of range (RFC 7519 section 4.1).
    MalformedClaim {
        /// The claim.
        claim: &'static str,
    },
    /// A member of the header is missing, has a wrong type or a value out of range (RFC 7515 section 4.1).
    MalformedHeader {
        /// The member.
        member: &'static str,
    },
    /// The token is not three segments of base64url with a dot between (RFC 7515 section 7.1).
    MalformedToken(TokenFault),
    /// A claim that each ID token has is missing (OpenID Connect Core section 2).
    MissingClaim {
        /// The claim.
        claim: &'static str,
    },
    /// There are no keys for the issuer.
    NoKeys {
        /// The name of the issuer.
        issuer: Box<str>,
    },
    /// A claim says that the token is of another kind (RFC 8725 section 3.12): `events`, a logout token or security event;
    /// `cnf`, `htm` or `htu`, a token or proof that is bound to a key; `typ`, whatever it names.
    NotAnIdToken {
        /// The claim.
        claim: &'static str,
    },
    /// The token is used before its life begins (RFC 7519 section 4.1.5).
    NotYetValid {
        /// The beginning of its life.
        nbf: UnixTime,
        /// The time that it was verified at.
        now: UnixTime,
        /// How long before `nbf` it would still have been accepted.
        leeway: Duration,
    },
    /// The token is meant for more than one audience, each of which could use it here (OpenID Connect Core section
    /// 3.1.3.7).
    SeveralAudiences {
        /// How many it is meant for.
        audiences: usize,
    },
    /// Of two times, the one that must be later is earlier.
    TimesOutOfOrder {
        /// The claim that must not be later than the other.
        first: &'static str,
        /// The claim that must not be earlier than the other.
        last: &'static str,
    },
    /// The token or its header is longer than any that is looked at.
    TokenTooLarge {
        /// Its length in bytes.
        length: usize,
        /// The most that it may have.
        limit: usize,
    },
    /// The `iss` is not the URL of an issuer, byte for byte (OpenID Connect Core section 3.1.3.7).
    UnknownIssuer {
        /// The `iss`.
        iss: Excerpt,
    },
    /// No key fits: none has the `kid` of the header or, when it names none, the algorithm. New keys may have come.
    UnknownKey {
        /// The `kid`, if the header names one.
        kid: Option<Excerpt>,
    },
    /// The `alg` is not a signature algorithm of public keys that is known here (RFC 8725 section 3.2).
    UnsupportedAlgorithm {
        /// The `alg`.
        alg: Excerpt,
    },
    /// The key of this `kid` is in the set, but it is not usable.
    UnusableKey {
        /// The `kid`.
        kid: Excerpt,
        /// What is wrong with the key.
        reason: SkipReason,
    },
    /// The key of the header's `kid` is not for the header's `alg` (RFC 8725 section 3.1).
    WrongAlgorithm {
        /// The algorithm of the header.
        algorithm: Algorithm,
    },
    /// The token is meant for another audience (RFC 7519 section 4.1.3).
    WrongAudience {
        /// The audience that it is meant for.
        audience: Excerpt,
    },
    /// The token was issued to another party than its audience (OpenID Connect Core section 3.1.3.7).
    WrongAuthorizedParty {
        /// The `azp`.
        azp: Excerpt,
    },
    /// The header says that the token is of another kind than `JWT` (RFC 8725 section 3.11).
    WrongType {
        /// The `typ`.
        typ: Excerpt,
    },
}

/// What is wrong with the form of a token (RFC 7515 section 7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenFault {
    /// A segment is empty: an unsigned token (RFC 7518 section 3.6), or one with its payload elsewhere (RFC 7515
    /// appendix F).
    EmptySegment,
    /// A segment is not base64url in its one spelling (RFC 7515 section 2).
    Encoding,
    /// There is a byte that is neither base64url nor a dot.
    ForeignByte {
        /// Where it stands.
        offset: usize,
    },
    /// There are not three segments.
    Segments {
        /// How many there are.
        segments: usize,
    },
}

impl VerifyError {
    /// A word for the error that stays the same from version to version.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlgorithmNotAllowed { .. } => "algorithm_not_allowed",
            Self::AmbiguousKey { .. } => "ambiguous_key",
            Self::BadSignature => "bad_signature",
            Self::ClaimsNotJson(_) => "claims_not_json",
            Self::EncryptedToken => "encrypted_token",
            Self::Expired { .. } => "expired",
            Self::ForbiddenHeader { .. } => "forbidden_header",
            Self::HeaderNotJson(_) => "header_not_json",
            Self::IssuedInFuture { .. } => "issued_in_future",
            Self::KeysUnavailable { .. } => "keys_unavailable",
            Self::LivesTooLong { .. } => "lives_too_long",
            Self::MalformedClaim { .. } => "malformed_claim",
            Self::MalformedHeader { .. } => "malformed_header",
            Self::MalformedToken(_) => "malformed_token",
            Self::MissingClaim { .. } => "missing_claim",
            Self::NoKeys { .. } => "no_keys",
            Self::NotAnIdToken { .. } => "not_an_id_token",
            Self::NotYetValid { .. } => "not_yet_valid",
            Self::SeveralAudiences { .. } => "several_audiences",
            Self::TimesOutOfOrder { .. } => "times_out_of_order",
            Self::TokenTooLarge { .. } => "token_too_large",
            Self::UnknownIssuer { .. } => "unknown_issuer",
            Self::UnknownKey { .. } => "unknown_key",
            Self::UnsupportedAlgorithm { .. } => "unsupported_algorithm",
            Self::UnusableKey { .. } => "unusable_key",
            Self::WrongAlgorithm { .. } => "wrong_algorithm",
            Self::WrongAudience { .. } => "wrong_audience",
            Self::WrongAuthorizedParty { .. } => "wrong_authorized_party",
            Self::WrongType { .. } => "wrong_type",
        }
    }
}

impl Error for VerifyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::ClaimsNotJson(error) | Self::HeaderNotJson(error) => Some(error),
            _ => None,
        }
    }
}
