//! Why an entry of a key set is not used.

use std::fmt;

use rolecall_engine::Algorithm;

use crate::excerpt::Excerpt;

/// Why an entry of a JWK set is not used. The other entries are not affected (RFC 7517 section 5).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// Another entry has this `kid` and could verify the same tokens: which of the two is meant would be a guess.
    DuplicateKid,
    /// The RSA modulus is even, so it is no product of two large primes.
    EvenModulus,
    /// The RSA exponent is not odd, not over 2^16 (FIPS 186-5 section 5.1) or not under 2^32.
    ExponentOutOfRange,
    /// The RSA key comes from the generator of CVE-2017-15361, and can be factored.
    Factorable,
    /// The library that computes signatures does not take the key; a point is not on its curve, for one.
    InvalidKey,
    /// A number starts with a zero byte (RFC 7518 section 6.3.1).
    LeadingZero {
        /// The member.
        member: &'static str,
    },
    /// A member that is needed is missing, or is not a string, or not of the form it must have.
    MalformedMember {
        /// The member.
        member: &'static str,
    },
    /// The entry is not a JSON object (RFC 7517 section 4).
    NotAnObject,
    /// The `use` or the `key_ops` say that the key is not for verifying signatures (RFC 7517 sections 4.2 and 4.3).
    NotForVerifying,
    /// The entry has private members: whoever publishes it has lost the key (RFC 7517 section 9.2). Tell its owner.
    PrivateKey,
    /// The RSA modulus has less than 2048 or more than 8192 bits (RFC 7518 section 3.3).
    RsaSize {
        /// How many it has.
        bits: usize,
    },
    /// The Ed25519 key is a point of small order, or not the one spelling of its point (RFC 8032 section 5.1.3).
    SmallOrder,
    /// The key is symmetric (`oct`): who can verify with it can also sign.
    Symmetric,
    /// The `alg` is none that is used here.
    UnsupportedAlgorithm {
        /// The `alg`.
        alg: Excerpt,
    },
    /// The `crv` is none that is used here.
    UnsupportedCurve {
        /// The `crv`.
        crv: Excerpt,
    },
    /// The `kty` is none that is used here.
    UnsupportedKeyType {
        /// The `kty`.
        kty: Excerpt,
    },
    /// The `alg` is none that a key of this `kty` and `crv` can be used with.
    WrongAlgorithm {
        /// The `alg`.
        algorithm: Algorithm,
    },
    /// A coordinate does not have the length that the curve asks for (RFC 7518 section 6.2.1.2, RFC 8037 section 2).
    WrongLength {
        /// The member.
        member: &'static str,
        /// How many bytes it has.
        length: usize,
        /// How many it must have.
        expected: usize,
    },
}

impl SkipReason {
    /// A word for the reason that stays the same from version to version.
    pub fn code(&self) -> &'static str {
        match self {
            Self::DuplicateKid => "duplicate_kid",
            Self::EvenModulus => "even_modulus",
            Self::ExponentOutOfRange => "exponent_out_of_range",
            Self::Factorable => "factorable",
            Self::InvalidKey => "invalid_key",
            Self::LeadingZero { .. } => "leading_zero",
            Self::MalformedMember { .. } => "malformed_member",
            Self::NotAnObject => "not_an_object",
            Self::NotForVerifying => "not_for_verifying",
            Self::PrivateKey => "private_key",
            Self::RsaSize { .. } => "rsa_size",
            Self::SmallOrder => "small_order",
            Self::Symmetric => "symmetric",
            Self::UnsupportedAlgorithm { .. } => "unsupported_algorithm",
            Self::UnsupportedCurve { .. } => "unsupported_curve",
            Self::UnsupportedKeyType { .. } => "unsupported_key_type",
            Self::WrongAlgorithm { .. } => "wrong_algorithm",
            Self::WrongLength { .. } => "wrong_length",
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateKid => f.write_str("another key has the same `kid` and could be meant"),
            Self::EvenModulus => f.write_str("the modulus is even"),
            Self::ExponentOutOfRange => f.write_str("the exponent is even, less than 65537 or over 32 bits"),
            Self::Factorable => f.write_str("the modulus can be factored (CVE-2017-15361)"),
            Self::InvalidKey => f.write_str("the key is not valid for its type or curve"),
            Self::LeadingZero { member } => write!(f, "`{member}` starts with a zero byte"),
            Self::MalformedMember { member } => write!(f, "`{member}` is missing or malformed"),
            Self::NotAnObject => f.write_str("the entry is no JSON object"),
            Self::NotForVerifying => f.write_str("the key is not meant for verifying signatures"),
            Self::PrivateKey => f.write_str("the private key is published with it"),
            Self::RsaSize { bits } => write!(f, "the modulus has {bits} bits, and not 2048 to 8192"),
            Self::SmallOrder => f.write_str("the key is a point of small order or no point"),
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
                write!(f, "`{member}` has {length} bytes, and not {expected}")
            }
        }
    }
}
