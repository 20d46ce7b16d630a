//! Private keys. This is the only file that signs.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::SigningAlgorithm;
use crate::digest::sha256;

/// Signs the signing input of role tokens (RFC 7515 section 5.1).
///
/// Keys in files are the only implementation. One with a key service or a hardware module fits here.
pub(crate) trait Sign: Send + Sync + fmt::Debug {
    fn algorithm(&self) -> SigningAlgorithm;
    /// Returns the public key as a JWK, without members that some relying party refuses: AWS does not take
    /// `key_ops`.
    fn jwk(&self) -> Value;
    /// Returns the RFC 7638 thumbprint of the public key, which is its `kid`.
    fn thumbprint(&self) -> [u8; 32];
    /// Signs a message.
    ///
    /// # Errors
    /// [`SignError`] if the key cannot be used now.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError>;
}

/// The signature could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SignError;

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the signing key cannot be used")
    }
}

/// A private key in memory.
pub(crate) struct PrivateKey {
    pair: Pair,
    random: SystemRandom,
}

enum Pair {
    Rs256(RsaKeyPair),
    Es256(EcdsaKeyPair),
}

/// The DER `RSAPublicKey` of a key of 2,048 bits before its modulus: a sequence, and an integer with a leading zero
/// (RFC 8017 appendix A.1.1).
const RSA_2048_PREFIX: &[u8] = &[0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00];
/// The exponent 65,537 after the modulus.
const RSA_EXPONENT: &[u8] = &[0x02, 0x03, 0x01, 0x00, 0x01];

impl PrivateKey {
    /// Generates a key, and returns it as PKCS #8 in PEM (RFC 7468 section 10). It takes a tenth of a second for
    /// RS256.
    pub(crate) fn generate(algorithm: SigningAlgorithm) -> Result<String, SignError> {
        let der: Pkcs8V1Der<'_> = match algorithm {
            SigningAlgorithm::RS256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| SignError)?;
                pair.as_der().map_err(|_| SignError)?
            }
            SigningAlgorithm::ES256 => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| SignError)?;
                return pair
                    .to_pkcs8v1()
                    .map(|der| pem(der.as_ref()))
                    .map_err(|_| SignError);
            }
        };
        Ok(pem(der.as_ref()))
    }

    /// Reads a key that [`PrivateKey::generate`] made. `None` if it is not one for this algorithm.
    pub(crate) fn from_pem(algorithm: SigningAlgorithm, text: &str) -> Option<Self> {
        let body = text.trim().strip_prefix(PEM_BEGIN)?.strip_suffix(PEM_END)?;
        let body: String = body.split_ascii_whitespace().collect();
        let der = STANDARD.decode(body).ok()?;
        let pair = match algorithm {
            SigningAlgorithm::RS256 => {
                let pair = RsaKeyPair::from_pkcs8(&der).ok()?;
                rsa_modulus(&pair)?;
                Pair::Rs256(pair)
            }
            SigningAlgorithm::ES256 => {
                Pair::Es256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).ok()?)
            }
        };
        let random = SystemRandom::new();
        Some(Self { pair, random })
    }

    /// Returns the members of the public key, in the order of their names (RFC 7638 section 3.3).
    fn members(&self) -> Vec<(&'static str, String)> {
        let part = |bytes: Option<&[u8]>| URL_SAFE_NO_PAD.encode(bytes.unwrap_or_default());
        match &self.pair {
            Pair::Rs256(pair) => vec![
                ("e", "AQAB".to_owned()),
                ("kty", "RSA".to_owned()),
                ("n", part(rsa_modulus(pair))),
            ],
            // An uncompressed point (SEC 1 section 2.3.3): 4, and then both coordinates.
            Pair::Es256(pair) => {
                let point = pair.public_key().as_ref();
                vec![
                    ("crv", "P-256".to_owned()),
                    ("kty", "EC".to_owned()),
                    ("x", part(point.get(1..33))),
                    ("y", part(point.get(33..65))),
                ]
            }
        }
    }
}

impl Sign for PrivateKey {
    fn algorithm(&self) -> SigningAlgorithm {
        match self.pair {
            Pair::Rs256(_) => SigningAlgorithm::RS256,
            Pair::Es256(_) => SigningAlgorithm::ES256,
        }
    }

    fn jwk(&self) -> Value {
        let mut jwk = json!({
            "use": "sig",
            "alg": self.algorithm().name(),
            "kid": URL_SAFE_NO_PAD.encode(self.thumbprint()),
        });
        if let Some(members) = jwk.as_object_mut() {
            members.extend(
                self.members()
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value.into())),
            );
        }
        jwk
    }

    fn thumbprint(&self) -> [u8; 32] {
        // The values are names and base64url, so none needs escaping.
        let members = self.members();
        let members = members
            .iter()
            .map(|(name, value)| format!("\"{name}\":\"{value}\""));
        let text = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
        sha256(text.as_bytes())
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        match &self.pair {
            Pair::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &self.random, message, &mut signature)
                    .map_err(|_| SignError)?;
                Ok(signature)
            }
            Pair::Es256(pair) => {
                let signature = pair.sign(&self.random, message).map_err(|_| SignError)?;
                Ok(signature.as_ref().to_vec())
            }
        }
    }
}

/// Returns the modulus of a key of 2,048 bits with the exponent 65,537, and of no other.
fn rsa_modulus(pair: &RsaKeyPair) -> Option<&[u8]> {
    let der: &[u8] = pair.public_key().as_ref();
    der.strip_prefix(RSA_2048_PREFIX)?
        .strip_suffix(RSA_EXPONENT)
        .filter(|modulus| modulus.len() == 256)
}

const PEM_BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const PEM_END: &str = "-----END PRIVATE KEY-----";

fn pem(der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let mut text = format!("{PEM_BEGIN}\n");
    let mut rest = body.as_str();
    while let Some((line, after)) = rest.split_at_checked(64) {
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    if !rest.is_empty() {
        text.push_str(rest);
        text.push('\n');
    }
    text + PEM_END + "\n"
}

/// Shows the algorithm and nothing of the key.
impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey")
            .field("algorithm", &self.algorithm())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_keys_are_read_again_and_are_not_those_of_another_algorithm() {
        for algorithm in [SigningAlgorithm::RS256, SigningAlgorithm::ES256] {
            let pem = PrivateKey::generate(algorithm).unwrap();
            assert!(pem.lines().all(|line| line.len() <= 64), "{pem}");
            let key = PrivateKey::from_pem(algorithm, &pem).unwrap();
            assert_eq!(key.algorithm(), algorithm);
            assert!(key.sign(b"message").is_ok());
            assert!(!format!("{key:?}").contains("BEGIN"));
            let other = match algorithm {
                SigningAlgorithm::RS256 => SigningAlgorithm::ES256,
                SigningAlgorithm::ES256 => SigningAlgorithm::RS256,
            };
            assert!(PrivateKey::from_pem(other, &pem).is_none());
            assert!(PrivateKey::from_pem(algorithm, &pem.replace('A', "B")).is_none());
        }
    }
}
