//! Signatures and digests. This is the only file that uses the cryptography library.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    self, ParsedPublicKey, RsaParameters, RsaPublicKeyComponents, VerificationAlgorithm,
};
use rolecall_engine::Algorithm;

/// A public key with the algorithms that it may be used with, parsed once for all tokens.
pub(crate) struct PublicKey {
    checks: Vec<(Algorithm, ParsedPublicKey)>,
}

impl PublicKey {
    /// Returns an RSA key from its modulus and exponent, big-endian and without leading zeros (RFC 7518
    /// section 6.3.1), or `None` if the library refuses it.
    pub(crate) fn rsa(modulus: &[u8], exponent: &[u8], algorithms: &[Algorithm]) -> Option<Self> {
        let key = RsaPublicKeyComponents {
            n: modulus,
            e: exponent,
        };
        let checks = algorithms.iter().map(|&algorithm| {
            let parsed = key.to_parsed_public_key(rsa_parameters(algorithm)?).ok()?;
            Some((algorithm, parsed))
        });
        Some(Self {
            checks: checks.collect::<Option<_>>()?,
        })
    }

    /// Returns an elliptic-curve key from an uncompressed point (SEC 1 section 2.3.3), which must be on the
    /// curve, or from the 32 bytes of an Ed25519 key (RFC 8032 section 5.1.5).
    pub(crate) fn elliptic(algorithm: Algorithm, point: &[u8]) -> Option<Self> {
        let parsed = ParsedPublicKey::new(elliptic_parameters(algorithm)?, point).ok()?;
        Some(Self {
            checks: vec![(algorithm, parsed)],
        })
    }

    /// Returns the algorithms that the key may be used with.
    pub(crate) fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        self.checks.iter().map(|(algorithm, _)| *algorithm)
    }

    /// Returns whether the key may be used with the algorithm, and the signature over the bytes is valid.
    pub(crate) fn verifies(&self, algorithm: Algorithm, signed: &[u8], signature: &[u8]) -> bool {
        let mut checks = self.checks.iter().filter(|(own, _)| *own == algorithm);
        checks.any(|(_, key)| key.verify_sig(signed, signature).is_ok())
    }
}

/// Returns the parameters of an RSA algorithm (RFC 7518 sections 3.3 and 3.5). The salt of PSS is as long as
/// the digest.
fn rsa_parameters(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        Algorithm::RS256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
        Algorithm::EdDSA | Algorithm::ES256 | Algorithm::ES384 | Algorithm::ES512 => None,
    }
}

/// Returns the parameters of an elliptic-curve algorithm: RFC 7518 section 3.4 (r and s concatenated, each of
/// full length) and RFC 8037 section 3.1.
fn elliptic_parameters(algorithm: Algorithm) -> Option<&'static dyn VerificationAlgorithm> {
    match algorithm {
        Algorithm::EdDSA => Some(&signature::ED25519),
        Algorithm::ES256 => Some(&signature::ECDSA_P256_SHA256_FIXED),
        Algorithm::ES384 => Some(&signature::ECDSA_P384_SHA384_FIXED),
        Algorithm::ES512 => Some(&signature::ECDSA_P521_SHA512_FIXED),
        _ => None,
    }
}

/// Returns the SHA-256 digest of the bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut sum = [0; 32];
    for (byte, computed) in sum.iter_mut().zip(digest(&SHA256, bytes).as_ref()) {
        *byte = *computed;
    }
    sum
}
