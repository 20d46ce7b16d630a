//! One key of a JWK set (RFC 7517 section 4): everything it says is checked once, when it is read.

mod curve;
mod members;
mod rsa;
#[cfg(test)]
mod tests;

use std::fmt;

use rolecall_engine::{Algorithm, Members};

use crate::excerpt::Excerpt;
use crate::signature::PublicKey;
use crate::skip_reason::SkipReason;
use crate::thumbprint::Thumbprint;
use members::{check_purpose, optional_text, text};

/// A public key that verifies signatures.
pub struct Key {
    kid: Option<String>,
    material: Material,
}

/// What is left of a key's own members once they are checked.
struct Material {
    kind: &'static str,
    bits: usize,
    public: PublicKey,
    thumbprint: Thumbprint,
}

/// The same key for the same tokens.
impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.kid == other.kid
            && self.thumbprint() == other.thumbprint()
            && self.algorithms().eq(other.algorithms())
    }
}

impl Eq for Key {}

/// The members that only a private or a symmetric key has (RFC 7518 section 6).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "dp", "dq", "k", "oth", "p", "q", "qi"];

/// The longest `kid`, of a key as of a token.
const LONGEST_KID: usize = 256;

/// Whether a text can be a `kid`: something, not long, and without control characters.
pub(crate) fn is_kid(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_KID && !text.chars().any(char::is_control)
}

impl Key {
    /// The `kid`, if the set gives it one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The algorithms that the key may be used with.
    pub fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        self.material.public.algorithms()
    }

    /// What kind of key it is: `RSA`, or the name of its curve as in `crv` (RFC 7518 section 6.2.1.1, RFC 8037 section 2).
    pub fn kind(&self) -> &'static str {
        self.material.kind
    }

    /// How large it is, in bits: the modulus of an RSA key, the field of a NIST curve, the 32 bytes of an Ed25519 key.
    pub fn bits(&self) -> usize {
        self.material.bits
    }

    /// The key's RFC 7638 thumbprint.
    pub fn thumbprint(&self) -> Thumbprint {
        self.material.thumbprint
    }

    /// Whether the key may be used with the algorithm.
    pub(crate) fn fits(&self, algorithm: Algorithm) -> bool {
        self.algorithms().any(|own| own == algorithm)
    }

    /// Whether the signature over the bytes is good.
    pub(crate) fn verifies(&self, algorithm: Algorithm, signed: &[u8], signature: &[u8]) -> bool {
        self.material.public.verifies(algorithm, signed, signature)
    }

    /// Reads an entry of a set.
    pub(crate) fn read(jwk: &Members<'_>) -> Result<Self, SkipReason> {
        let kty = text(jwk, "kty")?;
        if kty == "oct" {
            return Err(SkipReason::Symmetric);
        }
        if PRIVATE_MEMBERS.iter().any(|member| jwk.get(member).is_some()) {
            return Err(SkipReason::PrivateKey);
        }
        let kid = optional_text(jwk, "kid")?;
        if kid.is_some_and(|kid| !is_kid(kid)) {
            return Err(SkipReason::MalformedMember { member: "kid" });
        }
        check_purpose(jwk)?;

        let material = match kty {
            "EC" => curve::read_ec(jwk)?,
            "OKP" => curve::read_okp(jwk)?,
            "RSA" => rsa::read(jwk)?,
            _ => {
                return Err(SkipReason::UnsupportedKeyType {
                    kty: Excerpt::of(kty),
                });
            }
        };
        Ok(Self {
            kid: kid.map(str::to_owned),
            material,
        })
    }
}

/// A key as its owner would name it; public keys are no secret, but they are long.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("kid", &self.kid)
            .field("algorithms", &self.algorithms().collect::<Vec<_>>())
            .field("thumbprint", &self.thumbprint())
            .finish()
    }
}
