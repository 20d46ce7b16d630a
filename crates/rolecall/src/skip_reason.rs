//! Reasons to skip an entry of a key set.

use std::fmt;

use rolecall_engine::{Algorithm, TokenKind};

use crate::excerpt::Excerpt;

/// The reason why an entry of a JWK set is not used. The other entries are not affected (RFC 7517 section 5).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// Another entry has the same `kid` and could verify the same tokens, so the `kid` is ambiguous.
    DuplicateKid,
    /// The RSA modulus is even, so it is not a product of two large primes.
    EvenModulus,
    /// The RSA exponent is even, not greater than 2^16 (FIPS 186-5 section 5.1), or has more than 32 bits.
    ExponentOutOfRange {
        /// The length of the exponent in bytes.
        bytes: usize,
        /// The exponent, if it has at most 32 bits.
        value: Option<u32>,
    },
    /// The RSA key is from the generator of CVE-2017-15361, and can be factored.
    Factorable,
    /// The cryptography library refuses the key, for example because its point is not on the curve.
    InvalidKey,
    /// The `kid` is longer than the limit.
    KidTooLong {
        /// The length in bytes.
        length: usize,
        /// The maximum length in bytes.
        limit: usize,
    },
    /// A number has a leading zero byte (RFC 7518 section 6.3.1).
    LeadingZero {
        /// The name of the member.
        member: &'static str,
    },
    /// A member has the wrong type, or does not have the required form.
    MalformedMember {
        /// The name of the member.
        member: &'static str,
    },
    /// A required member is absent or `null`.
    MissingMember {
        /// The name of the member.
        member: &'static str,
    },
    /// The entry is not a JSON object (RFC 7517 section 4).
    NotAnObject,
    /// The `use` or `key_ops` exclude verifying signatures (RFC 7517 sections 4.2 and 4.3).
    NotForVerifying,
    /// The entry has private members, so the private key is public (RFC 7517 section 9.2). Inform its owner.
    PrivateKey,
    /// Another entry is the same key: its thumbprint, its `kid` and its algorithms are the same, and it is for the
    /// same tokens. That one is used.
    Repeated {
        /// The index of the other entry in the set, from 0.
        first: usize,
    },
    /// The RSA modulus has less than 2048 or more than 8192 bits (RFC 7518 section 3.3).
    RsaSize {
        /// The size of the modulus in bits.
        bits: usize,
    },
    /// The Ed25519 key is a point of small order, or not the canonical encoding of a point (RFC 8032 section
    /// 5.1.3).
    SmallOrder,
    /// The key is symmetric (`oct`): every verifier could also sign.
    Symmetric,
    /// The `alg` is not supported.
    UnsupportedAlgorithm {
        /// The `alg`.
        alg: Excerpt,
    },
    /// The `crv` is not supported.
    UnsupportedCurve {
        /// The `crv`.
        crv: Excerpt,
    },
    /// The `kty` is not supported.
    UnsupportedKeyType {
        /// The `kty`.
        kty: Excerpt,
    },
    /// The `alg` does not fit the key's `kty` and `crv`.
    WrongAlgorithm {
        /// The `alg`.
        algorithm: Algorithm,
    },
    /// The `use` is for other tokens than those of the issuer.
    WrongUse {
        /// The kind of the issuer's tokens.
        tokens: TokenKind,
    },
    /// A coordinate does not have the length that the curve requires (RFC 7518 section 6.2.1.2, RFC 8037
    /// section 2).
    WrongLength {
        /// The name of the member.
        member: &'static str,
        /// The length in bytes.
        length: usize,
        /// The required length in bytes.
        expected: usize,
    },
}

impl SkipReason {
    /// Returns a stable identifier of the reason, such as `duplicate_kid`, for metrics and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::DuplicateKid => "duplicate_kid",
            Self::EvenModulus => "even_modulus",
            Self::ExponentOutOfRange { .. } => "exponent_out_of_range",
            Self::Factorable => "factorable",
            Self::InvalidKey => "invalid_key",
            Self::KidTooLong { .. } => "kid_too_long",
            Self::LeadingZero { .. } => "leading_zero",
            Self::MalformedMember { .. } => "malformed_member",
            Self::MissingMember { .. } => "missing_member",
            Self::NotAnObject => "not_an_object",
            Self::NotForVerifying => "not_for_verifying",
            Self::PrivateKey => "private_key",
            Self::Repeated { .. } => "repeated",
            Self::RsaSize { .. } => "rsa_size",
            Self::SmallOrder => "small_order",
            Self::Symmetric => "symmetric",
            Self::UnsupportedAlgorithm { .. } => "unsupported_algorithm",
            Self::UnsupportedCurve { .. } => "unsupported_curve",
            Self::UnsupportedKeyType { .. } => "unsupported_key_type",
            Self::WrongAlgorithm { .. } => "wrong_algorithm",
            Self::WrongLength { .. } => "wrong_length",
            Self::WrongUse { .. } => "wrong_use",
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateKid => f.write_str("another key has the same `kid` and algorithm"),
            Self::EvenModulus => f.write_str("the modulus is even"),
            Self::ExponentOutOfRange { bytes, value } => {
                match value {
                    Some(value) => write!(f, "the exponent is {value}")?,
                    None => write!(f, "the exponent has {bytes} bytes")?,
                }
                f.write_str("; it must be odd, at least 65537 and at most 4 bytes long")
            }
            Self::Factorable => f.write_str("the modulus can be factored (CVE-2017-15361)"),
            Self::InvalidKey => f.write_str("the key is not valid for its type or curve"),
            Self::KidTooLong { length, limit } => {
                write!(f, "the `kid` has {length} bytes; at most {limit} are allowed")
            }
            Self::LeadingZero { member } => write!(f, "`{member}` has a leading zero byte"),
            Self::MalformedMember { member } => write!(f, "`{member}` is malformed"),
            Self::MissingMember { member } => write!(f, "`{member}` is missing or null"),
            Self::NotAnObject => f.write_str("the entry is not a JSON object"),
            Self::NotForVerifying => f.write_str("the key is not meant for verifying signatures"),
            Self::PrivateKey => f.write_str("the entry contains the private key"),
            Self::Repeated { first } => {
                // People count the entries from 1. A set has few of them.
                write!(
                    f,
                    "it is the same key as entry {}, and counts once",
                    first.saturating_add(1)
                )
            }
            Self::RsaSize { bits } => write!(f, "the modulus has {bits} bits; it must have 2048 to 8192"),
            Self::SmallOrder => f.write_str("the key is a point of small order, or not canonical"),
            Self::Symmetric => f.write_str("the key is symmetric"),
            Self::UnsupportedAlgorithm { alg } => write!(f, "the algorithm `{alg}` is not supported"),
            Self::UnsupportedCurve { crv } => write!(f, "the curve `{crv}` is not supported"),
            Self::UnsupportedKeyType { kty } => write!(f, "the key type `{kty}` is not supported"),
            Self::WrongAlgorithm { algorithm } => write!(f, "the key cannot be used with `{algorithm}`"),
            Self::WrongLength {
                member,
                length,
                expected,
            } => {
                write!(f, "`{member}` has {length} bytes instead of {expected}")
            }
            Self::WrongUse { tokens } => {
                write!(f, "the key is not for {tokens}; ")?;
                f.write_str(match tokens {
                    TokenKind::JwtSvid => "their keys have the `use` `jwt-svid`",
                    _ => "their keys have the `use` `sig`, or none",
                })
            }
        }
    }
}
