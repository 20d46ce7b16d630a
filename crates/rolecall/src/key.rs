//! A key of a JWK set (RFC 7517 section 4). All its members are checked once, when it is parsed.

mod curve;
mod members;
mod rsa;
#[cfg(test)]
mod tests;

use std::fmt;

use rolecall_engine::{Algorithm, Members, TokenKind};

use crate::excerpt::Excerpt;
use crate::member::member;
use crate::signature::PublicKey;
use crate::skip_reason::SkipReason;
use crate::thumbprint::Thumbprint;
use members::{optional_text, text, tokens};

/// A public key of an issuer, which verifies signatures.
pub struct Key {
    kid: Option<String>,
    tokens: TokenKind,
    material: Material,
}

/// The checked members that depend on the key type.
struct Material {
    kind: &'static str,
    bits: usize,
    public: PublicKey,
    thumbprint: Thumbprint,
}

/// Keys are equal if they verify the same tokens.
impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.kid == other.kid
            && self.tokens == other.tokens
            && self.thumbprint() == other.thumbprint()
            && self.algorithms().eq(other.algorithms())
    }
}

impl Eq for Key {}

/// Members that only private or symmetric keys have (RFC 7518 section 6).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "dp", "dq", "k", "oth", "p", "q", "qi"];

/// The maximum length of a `kid` in bytes, in keys and in tokens.
const MAX_KID: usize = 256;

/// The reason why a text is not a valid `kid`.
pub(crate) enum KidFault {
    Malformed,
    TooLong { length: usize, limit: usize },
}

/// Checks that a text is a valid `kid`: not empty, not longer than [`MAX_KID`], and without control characters.
pub(crate) fn check_kid(text: &str) -> Result<(), KidFault> {
    if text.len() > MAX_KID {
        return Err(KidFault::TooLong {
            length: text.len(),
            limit: MAX_KID,
        });
    }
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(KidFault::Malformed);
    }
    Ok(())
}

impl Key {
    /// Returns the `kid`, if the key has one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Returns the kind of tokens that the key verifies, by its `use`.
    pub fn tokens(&self) -> TokenKind {
        self.tokens
    }

    /// Returns the algorithms that the key may be used with.
    pub fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        self.material.public.algorithms()
    }

    /// Returns the kind of key: `RSA`, or the name of its curve as in `crv` (RFC 7518 section 6.2.1.1, RFC
    /// 8037 section 2).
    pub fn kind(&self) -> &'static str {
        self.material.kind
    }

    /// Returns the size in bits: of the modulus of an RSA key, of the field of a NIST curve, 256 for Ed25519.
    pub fn bits(&self) -> usize {
        self.material.bits
    }

    /// Returns the thumbprint (RFC 7638).
    pub fn thumbprint(&self) -> Thumbprint {
        self.material.thumbprint
    }

    /// Returns whether the key may be used with the algorithm.
    pub(crate) fn fits(&self, algorithm: Algorithm) -> bool {
        self.algorithms().any(|own| own == algorithm)
    }

    /// Returns whether the key may be used with the algorithm, and the signature over the bytes is valid.
    pub(crate) fn verifies(&self, algorithm: Algorithm, signed: &[u8], signature: &[u8]) -> bool {
        self.material.public.verifies(algorithm, signed, signature)
    }

    /// Parses an entry of a key set.
    pub(crate) fn read(jwk: &Members<'_>) -> Result<Self, SkipReason> {
        let kty = text(jwk, "kty")?;
        if kty == "oct" {
            return Err(SkipReason::Symmetric);
        }
        if PRIVATE_MEMBERS.iter().any(|name| member(jwk, name).is_some()) {
            return Err(SkipReason::PrivateKey);
        }
        let kid = optional_text(jwk, "kid")?;
        kid.map_or(Ok(()), check_kid).map_err(|fault| match fault {
            KidFault::Malformed => SkipReason::MalformedMember { member: "kid" },
            KidFault::TooLong { length, limit } => SkipReason::KidTooLong { length, limit },
        })?;
        let tokens = tokens(jwk)?;

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
            tokens,
            material,
        })
    }
}

/// Shows what identifies the key. Public keys are not secret, but long.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("kid", &self.kid)
            .field("tokens", &self.tokens)
            .field("algorithms", &self.algorithms().collect::<Vec<_>>())
            .field("thumbprint", &self.thumbprint())
            .finish()
    }
}
