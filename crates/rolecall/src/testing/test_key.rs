//! Generated private keys.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256};
use rolecall_engine::Algorithm;
use serde_json::{Value, json};

use crate::base64url;

/// A private key that was generated for a test.
pub(super) enum TestKey {
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
}

impl TestKey {
    pub(super) const KID: &str = "rolecall-test-issuer";

    /// Generates a key for the first algorithm that is allowed, or returns `None` if there is none.
    pub(super) fn generate(is_allowed: impl Fn(Algorithm) -> bool) -> Option<Self> {
        // A key for RS256 takes a tenth of a second, one for ES256 no time.
        if is_allowed(Algorithm::ES256) {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
            Some(Self::Es256(pair.expect("randomness for a key")))
        } else if is_allowed(Algorithm::RS256) {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048);
            Some(Self::Rs256(pair.expect("randomness for a key")))
        } else {
            None
        }
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        match self {
            Self::Es256(_) => Algorithm::ES256,
            Self::Rs256(_) => Algorithm::RS256,
        }
    }

    /// Returns the public key as a JWK with this `use` (RFC 7517 section 4.2).
    pub(super) fn jwk(&self, usage: &str) -> Value {
        let part = |bytes: &[u8], from, to| base64url::encode(bytes.get(from..to).expect("a whole key"));
        match self {
            // An uncompressed point (SEC 1 section 2.3.3): 4, and then both coordinates.
            Self::Es256(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = (part(point, 1, 33), part(point, 33, 65));
                json!({ "kty": "EC", "crv": "P-256", "use": usage, "kid": Self::KID, "x": x, "y": y })
            }
            // A DER `RSAPublicKey` (RFC 8017 appendix A.1.1). With 2048 bits, the modulus is at the same place
            // in each; the exponent of generated keys is 65537.
            Self::Rs256(pair) => {
                let modulus = part(pair.public_key().as_ref(), 9, 265);
                json!({ "kty": "RSA", "use": usage, "kid": Self::KID, "n": modulus, "e": "AQAB" })
            }
        }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Es256(pair) => {
                let signature = pair.sign(&random, message).expect("randomness for a signature");
                signature.as_ref().to_vec()
            }
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .expect("randomness for a signature");
                signature
            }
        }
    }
}
