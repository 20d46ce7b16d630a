//! The messages of a refusal, one line each, and their help.

use std::fmt;

use super::{TokenFault, VerifyError};
use crate::time::UnixTime;

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_fault(f)?;
        match self.accepted() {
            Some(accepted) => write!(f, "; accepted: {accepted}"),
            None => Ok(()),
        }
    }
}

impl VerifyError {
    /// Writes the message without the accepted values.
    fn write_fault(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlgorithmNotAllowed {
                algorithm, issuer, ..
            } => {
                write!(f, "issuer `{issuer}` may not sign with `{algorithm}`")
            }
            Self::AmbiguousKey { algorithm, keys } => {
                write!(f, "the token has no `kid`, and {keys} keys fit `{algorithm}`")
            }
            Self::BadSignature => f.write_str("the signature is invalid"),
            Self::ClaimsNotJson(error) => write!(f, "the claims are not valid: {error}"),
            Self::EncryptedToken => f.write_str("encrypted tokens are not accepted"),
            Self::Expired { exp, now, leeway } => {
                write!(
                    f,
                    "the token expired at {exp}; it is {now}, and the leeway is {} s",
                    leeway.as_secs()
                )
            }
            Self::ForbiddenHeader { member } => {
                write!(f, "the header member `{member}` is not accepted")
            }
            Self::HeaderNotJson(error) => write!(f, "the header is not valid: {error}"),
            Self::IssuedInFuture { iat, now, leeway } => {
                write!(
                    f,
                    "the token was issued at {iat}; it is {now}, and the leeway is {} s",
                    leeway.as_secs()
                )
            }
            Self::KeysUnavailable { issuer, waiting } => {
                write!(
                    f,
                    "{waiting} requests are waiting for the keys of issuer `{issuer}`, and no more may"
                )
            }
            Self::KidTooLong { length, limit } => {
                write!(
                    f,
                    "the header's `kid` has {length} bytes; at most {limit} are allowed"
                )
            }
            Self::LivesTooLong { life, max_age } => {
                write!(
                    f,
                    "the token's lifetime is {} s; the issuer allows at most {} s",
                    life.as_secs(),
                    max_age.as_secs()
                )
            }
            Self::MalformedClaim { claim, expected } => write!(f, "the claim `{claim}` must be {expected}"),
            Self::MalformedHeader { member, expected } => {
                write!(f, "the header's `{member}` must be {expected}")
            }
            Self::MalformedToken(fault) => write!(f, "the token is malformed: {fault}"),
            Self::MissingClaim { claim } => write!(f, "the claim `{claim}` is missing or null"),
            Self::MissingHeader { member } => write!(f, "the header's `{member}` is missing or null"),
            Self::NoKeys { issuer } => write!(f, "there are no keys for issuer `{issuer}`"),
            Self::NotASpiffeId { sub } => write!(f, "the `sub` `{sub}` is not a SPIFFE ID"),
            Self::NotAnIdToken { claim } => {
                write!(f, "the claim `{claim}` shows that this is not a plain ID token")
            }
            Self::NotYetValid { nbf, now, leeway } => {
                write!(
                    f,
                    "the token is valid from {nbf}; it is {now}, and the leeway is {} s",
                    leeway.as_secs()
                )
            }
            Self::SeveralAudiences { audiences, .. } => {
                write!(f, "the token has {audiences} audiences instead of one")
            }
            Self::SubjectTooLong { characters, limit } => {
                write!(
                    f,
                    "the `sub` has {characters} characters; the issuer's `subject_limit` is {limit}"
                )
            }
            Self::TimeOutOfRange { claim, written } => {
                write!(
                    f,
                    "the claim `{claim}` is {written}; a time is 1 to {} seconds after 1970",
                    UnixTime::LAST
                )
            }
            Self::TimesOutOfOrder { first, last } => write!(f, "`{last}` is earlier than `{first}`"),
            Self::TokenTooLarge { part, length, limit } => {
                write!(f, "the {part} has {length} bytes; at most {limit} are allowed")
            }
            Self::UnknownIssuer { iss, .. } => write!(f, "no issuer is configured with the URL `{iss}`"),
            Self::UnknownKey { kid: Some(kid) } => write!(f, "the issuer has no key `{kid}`"),
            Self::UnknownKey { kid: None } => f.write_str("the issuer has no key that fits the token"),
            Self::UnsupportedAlgorithm { alg } => write!(f, "the algorithm `{alg}` is not supported"),
            Self::UnusableKey { kid, reason } => write!(f, "the key `{kid}` is not usable: {reason}"),
            Self::WrongAlgorithm { algorithm } => write!(f, "the token's key is not for `{algorithm}`"),
            Self::WrongAudience { audience, .. } => {
                write!(f, "audience `{audience}` is not one of the issuer's audiences")
            }
            Self::WrongAuthorizedParty { azp, .. } => {
                write!(f, "the token was issued to another party, `{azp}`")
            }
            Self::WrongType { typ, .. } => write!(f, "the token's type is `{typ}`"),
        }
    }
}

impl fmt::Display for TokenFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptySegment => f.write_str("a segment is empty"),
            Self::Encoding => f.write_str("a segment is not base64url"),
            Self::ForeignByte { offset } => write!(f, "byte {offset} is neither base64url nor a dot"),
            Self::Segments { segments } => write!(f, "it has {segments} segments instead of 3"),
        }
    }
}

/// The message of an error without the accepted values.
#[cfg(feature = "serde")]
pub(crate) struct WithoutAccepted<'a>(pub(crate) &'a VerifyError);

#[cfg(feature = "serde")]
impl fmt::Display for WithoutAccepted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write_fault(f)
    }
}

impl VerifyError {
    /// Returns what to do about the error, if there is a general answer.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::AlgorithmNotAllowed { .. } => {
                "add the algorithm to the issuer's `algorithms`, if the issuer is meant to use it"
            }
            Self::AmbiguousKey { .. } => "have the issuer put a `kid` into the header of its tokens",
            Self::EncryptedToken | Self::ForbiddenHeader { .. } | Self::MalformedToken(_) => {
                "send the signed ID token exactly as the CI system issued it, with nothing around it"
            }
            Self::Expired { .. } => "request a new token from the CI system right before it is used",
            Self::IssuedInFuture { .. } | Self::NotYetValid { .. } => {
                "compare the clocks of this machine and the issuer"
            }
            Self::KeysUnavailable { .. } => "send the token again in a few seconds",
            Self::LivesTooLong { .. } => {
                "raise the issuer's `max_age`, or have it issue tokens with a shorter lifetime"
            }
            Self::NotASpiffeId { .. } => {
                "request a JWT-SVID, or give the issuer another profile than the one for JWT-SVIDs"
            }
            Self::NoKeys { .. } => "load the issuer's keys before verifying",
            Self::NotAnIdToken { .. } | Self::WrongType { .. } => {
                "request an ID token from the CI system; access tokens, logout tokens and proofs are not \
                 accepted"
            }
            Self::SeveralAudiences { .. } | Self::WrongAudience { .. } => {
                "request a token with exactly one audience, one that the issuer lists"
            }
            Self::SubjectTooLong { .. } => {
                "raise the issuer's `subject_limit`, if its subjects are that long"
            }
            Self::TimeOutOfRange { .. } => "have the issuer write times in seconds, not in milliseconds",
            Self::UnknownIssuer { .. } => {
                "compare the issuer's `url` with the token's `iss`: they must be equal byte for byte"
            }
            Self::UnknownKey { .. } => "fetch the issuer's keys again: it may have new ones",
            Self::UnsupportedAlgorithm { .. } => "have the issuer sign with RS256, ES256 or EdDSA",
            Self::UnusableKey { .. } | Self::WrongAlgorithm { .. } => {
                "have the issuer fix its published keys"
            }
            Self::WrongAuthorizedParty { .. } => {
                "set the issuer's `authorized_party` to the `azp`, if only your own workloads get tokens with it"
            }
            Self::BadSignature
            | Self::ClaimsNotJson(_)
            | Self::HeaderNotJson(_)
            | Self::KidTooLong { .. }
            | Self::MalformedClaim { .. }
            | Self::MalformedHeader { .. }
            | Self::MissingClaim { .. }
            | Self::MissingHeader { .. }
            | Self::TimesOutOfOrder { .. }
            | Self::TokenTooLarge { .. } => return None,
        })
    }
}
