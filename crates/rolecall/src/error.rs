//! The error of a refused token.

mod evidence;
mod message;

use std::error::Error;
use std::time::Duration;

use rolecall_engine::{Algorithm, JsonError};

use crate::accepted::Accepted;
use crate::excerpt::Excerpt;
use crate::skip_reason::SkipReason;
use crate::time::UnixTime;
#[cfg(feature = "serde")]
pub(crate) use message::WithoutAccepted;

pub use evidence::{Evidence, OffBy};

/// The reason why a token is refused, with its evidence.
///
/// No variant contains a token; of a token's contents, variants contain only [`Excerpt`]s of single values,
/// whose `Display` is short and escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The issuer's configuration does not allow this algorithm (RFC 8725 section 3.1).
    AlgorithmNotAllowed {
        /// The algorithm of the header.
        algorithm: Algorithm,
        /// The issuer's name in the policies.
        issuer: Box<str>,
        /// The algorithms that it allows.
        accepted: Accepted,
    },
    /// The header has no `kid`, and several keys fit its algorithm (OpenID Connect Core section 10.1).
    AmbiguousKey {
        /// The algorithm of the header.
        algorithm: Algorithm,
        /// The number of keys that fit the algorithm.
        keys: usize,
    },
    /// The signature does not verify with the key (RFC 7515 section 5.2).
    BadSignature,
    /// The payload is not a valid JSON object within the limits (RFC 7519 section 7.2).
    ClaimsNotJson(JsonError),
    /// The token has the five segments of an encrypted token (RFC 7516 section 7.1), which is not supported.
    EncryptedToken,
    /// The token has expired: the time is on or after `exp` and the leeway (RFC 7519 section 4.1.4).
    Expired {
        /// The token's `exp`.
        exp: UnixTime,
        /// The time of verification.
        now: UnixTime,
        /// The issuer's leeway, added to `exp`.
        leeway: Duration,
    },
    /// The header has a member that changes the meaning of the token: `b64`, `crit`, `cty`, `enc` or `zip`
    /// (RFC 7515 section 4.1, RFC 7516 section 4.1, RFC 7797).
    ForbiddenHeader {
        /// The name of the header member.
        member: &'static str,
    },
    /// The header is not a valid JSON object within the limits (RFC 7515 section 5.2).
    HeaderNotJson(JsonError),
    /// The token's `iat` is in the future (RFC 7519 section 4.1.6).
    IssuedInFuture {
        /// The token's `iat`.
        iat: UnixTime,
        /// The time of verification.
        now: UnixTime,
        /// The issuer's leeway, subtracted from `iat`.
        leeway: Duration,
    },
    /// The issuer's keys are being fetched, and the maximum number of callers is already waiting for them.
    /// The token may be valid: retry it (HTTP status 503).
    KeysUnavailable {
        /// The issuer's name in the policies.
        issuer: Box<str>,
        /// The number of callers that are waiting, which is the maximum.
        waiting: usize,
    },
    /// The header's `kid` is longer than the limit.
    KidTooLong {
        /// The length in bytes.
        length: usize,
        /// The maximum length in bytes.
        limit: usize,
    },
    /// The lifetime of the token, from `iat` to `exp`, is longer than the issuer's maximum.
    LivesTooLong {
        /// The time from `iat` to `exp`.
        life: Duration,
        /// The issuer's maximum.
        max_age: Duration,
    },
    /// A claim has the wrong type, or is an empty string (RFC 7519 section 4.1).
    MalformedClaim {
        /// The name of the claim.
        claim: &'static str,
        /// The required form, in words.
        expected: &'static str,
    },
    /// A header member has the wrong type or form (RFC 7515 section 4.1).
    MalformedHeader {
        /// The name of the header member.
        member: &'static str,
        /// The required form, in words.
        expected: &'static str,
    },
    /// The token does not consist of three base64url segments separated by dots (RFC 7515 section 7.1).
    MalformedToken(TokenFault),
    /// A claim that every token must have is absent or `null` (OpenID Connect Core section 2).
    MissingClaim {
        /// The name of the claim.
        claim: &'static str,
    },
    /// A header member that every token must have is absent or `null` (RFC 7515 section 4.1).
    MissingHeader {
        /// The name of the header member.
        member: &'static str,
    },
    /// There is no usable key of the issuer.
    NoKeys {
        /// The issuer's name in the policies.
        issuer: Box<str>,
    },
    /// A claim shows that this is another kind of token (RFC 8725 section 3.12): `events` is in logout tokens
    /// and security events, `cnf`, `htm` and `htu` are in tokens and proofs bound to a key, and `typ` names
    /// any other kind.
    NotAnIdToken {
        /// The name of the claim.
        claim: &'static str,
    },
    /// The `sub` of a JWT-SVID is not a SPIFFE ID (JWT-SVID section 3.1).
    NotASpiffeId {
        /// The beginning of the `sub`.
        sub: Excerpt,
    },
    /// The token's `nbf` is in the future (RFC 7519 section 4.1.5).
    NotYetValid {
        /// The token's `nbf`.
        nbf: UnixTime,
        /// The time of verification.
        now: UnixTime,
        /// The issuer's leeway, subtracted from `nbf`.
        leeway: Duration,
    },
    /// The token has several audiences, each of which could present it here (OpenID Connect Core section
    /// 3.1.3.7).
    SeveralAudiences {
        /// The number of entries of `aud`.
        audiences: usize,
        /// The issuer's audiences.
        accepted: Accepted,
    },
    /// The `sub` is longer than the issuer's limit.
    SubjectTooLong {
        /// The number of characters.
        characters: usize,
        /// The issuer's limit.
        limit: usize,
    },
    /// A time is before 1970, or tens of thousands of years away: often a number of milliseconds.
    TimeOutOfRange {
        /// The name of the claim.
        claim: &'static str,
        /// The beginning of the number, as it is written.
        written: Excerpt,
    },
    /// Two times of the token are in the wrong order.
    TimesOutOfOrder {
        /// The claim that must not be later than `last`.
        first: &'static str,
        /// The claim that must not be earlier than `first`.
        last: &'static str,
    },
    /// The token or its header is longer than the limit.
    TokenTooLarge {
        /// The part that is too long: `token` or `header`.
        part: &'static str,
        /// The length in bytes.
        length: usize,
        /// The maximum length in bytes.
        limit: usize,
    },
    /// The token's `iss` is not the URL of a configured issuer, byte for byte (OpenID Connect Core section
    /// 3.1.3.7).
    UnknownIssuer {
        /// The beginning of the `iss`.
        iss: Excerpt,
        /// The URLs of the configured issuers.
        accepted: Accepted,
    },
    /// No key of the issuer has the header's `kid`; or, if the header has none, no key fits its algorithm.
    /// The issuer may have published new keys.
    UnknownKey {
        /// The beginning of the `kid`, if the header has one.
        kid: Option<Excerpt>,
    },
    /// The `alg` is not a supported asymmetric signature algorithm (RFC 8725 section 3.2).
    UnsupportedAlgorithm {
        /// The beginning of the `alg`.
        alg: Excerpt,
    },
    /// The key set has a key with this `kid`, but it is not usable.
    UnusableKey {
        /// The beginning of the `kid`.
        kid: Excerpt,
        /// The reason why the key is not usable.
        reason: SkipReason,
    },
    /// The key with the header's `kid` may not be used with the header's `alg` (RFC 8725 section 3.1).
    WrongAlgorithm {
        /// The algorithm of the header.
        algorithm: Algorithm,
    },
    /// The token's audience is not one of the issuer's audiences (RFC 7519 section 4.1.3).
    WrongAudience {
        /// The beginning of the token's audience.
        audience: Excerpt,
        /// The issuer's audiences.
        accepted: Accepted,
    },
    /// The token's `azp` is neither its audience nor the issuer's `authorized_party`: it was issued to another
    /// party (OpenID Connect Core section 3.1.3.7).
    WrongAuthorizedParty {
        /// The beginning of the `azp`.
        azp: Excerpt,
        /// The audience, and the issuer's `authorized_party` if it has one.
        accepted: Accepted,
    },
    /// The header's `typ` is not one of the issuer's tokens: this is another kind of token (RFC 8725 section
    /// 3.11).
    WrongType {
        /// The beginning of the `typ`.
        typ: Excerpt,
        /// The types that are accepted.
        accepted: Accepted,
    },
}

/// A fault in the form of a token (RFC 7515 section 7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenFault {
    /// A segment is empty: the token is unsigned (RFC 7518 section 3.6), or its payload is detached (RFC 7515
    /// appendix F).
    EmptySegment,
    /// A segment is not canonical base64url without padding (RFC 7515 section 2).
    Encoding,
    /// A byte is neither in the base64url alphabet nor a dot.
    ForeignByte {
        /// The byte offset in the token.
        offset: usize,
    },
    /// The number of segments is not three.
    Segments {
        /// The number of segments.
        segments: usize,
    },
}

impl VerifyError {
    /// Returns a stable identifier of the error, such as `bad_signature`, for metrics and API responses.
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
            Self::KidTooLong { .. } => "kid_too_long",
            Self::LivesTooLong { .. } => "lives_too_long",
            Self::MalformedClaim { .. } => "malformed_claim",
            Self::MalformedHeader { .. } => "malformed_header",
            Self::MalformedToken(_) => "malformed_token",
            Self::MissingClaim { .. } => "missing_claim",
            Self::MissingHeader { .. } => "missing_header",
            Self::NoKeys { .. } => "no_keys",
            Self::NotASpiffeId { .. } => "not_a_spiffe_id",
            Self::NotAnIdToken { .. } => "not_an_id_token",
            Self::NotYetValid { .. } => "not_yet_valid",
            Self::SeveralAudiences { .. } => "several_audiences",
            Self::SubjectTooLong { .. } => "subject_too_long",
            Self::TimeOutOfRange { .. } => "time_out_of_range",
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

    /// Returns the values that the issuer's configuration accepts, if the token has another one. They are
    /// for the operator: a requester could look for a service or an issuer that has them.
    pub fn accepted(&self) -> Option<&Accepted> {
        match self {
            Self::AlgorithmNotAllowed { accepted, .. }
            | Self::SeveralAudiences { accepted, .. }
            | Self::UnknownIssuer { accepted, .. }
            | Self::WrongAudience { accepted, .. }
            | Self::WrongAuthorizedParty { accepted, .. }
            | Self::WrongType { accepted, .. } => Some(accepted),
            _ => None,
        }
    }

    /// Returns true if the fault is not in the token: the keys of its issuer are not there (HTTP status 503).
    /// The same token may be accepted later.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::KeysUnavailable { .. } | Self::NoKeys { .. })
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
