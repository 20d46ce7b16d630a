//! Keys made on the spot, and tokens signed with them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall::{Algorithm, Issuer, KeySet, UnixTime, VerifiedToken, Verifier, VerifyError};
use serde_json::{Value, json};

/// The time of all tests.
pub(crate) const NOW: i64 = 1_800_000_000;

/// The issuer of all tests.
pub(crate) const URL: &str = "https://gitlab.example";

pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A private key and the algorithm that it signs with.
pub(crate) struct Signer {
    pub(crate) algorithm: Algorithm,
    secret: Secret,
}

enum Secret {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(&'static RsaKeyPair),
}

static RSA: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());

static SIGNERS: LazyLock<Vec<Signer>> =
    LazyLock::new(|| Algorithm::ALL.into_iter().map(Signer::generate).collect());

/// The signer of an algorithm; the six of RSA share a key.
pub(crate) fn signer(algorithm: Algorithm) -> &'static Signer {
    SIGNERS
        .iter()
        .find(|signer| signer.algorithm == algorithm)
        .unwrap()
}

impl Signer {
    pub(crate) fn generate(algorithm: Algorithm) -> Self {
        let ec = |parameters| Secret::Ec(EcdsaKeyPair::generate(parameters).unwrap());
        let secret = match algorithm {
            Algorithm::EdDSA => Secret::Ed(Ed25519KeyPair::generate().unwrap()),
            Algorithm::ES256 => ec(&signature::ECDSA_P256_SHA256_FIXED_SIGNING),
            Algorithm::ES384 => ec(&signature::ECDSA_P384_SHA384_FIXED_SIGNING),
            Algorithm::ES512 => ec(&signature::ECDSA_P521_SHA512_FIXED_SIGNING),
            _ => Secret::Rsa(&RSA),
        };
        Self { algorithm, secret }
    }

    /// The public key as a JWK with a `kid` and nothing else that may be left out.
    pub(crate) fn jwk(&self, kid: &str) -> Value {
        match &self.secret {
            Secret::Ec(pair) => {
                let (crv, length) = match self.algorithm {
                    Algorithm::ES256 => ("P-256", 32),
                    Algorithm::ES384 => ("P-384", 48),
                    _ => ("P-521", 66),
                };
                let point = pair.public_key().as_ref();
                let (x, y) = point[1..].split_at(length);
                json!({"kty": "EC", "kid": kid, "crv": crv, "x": base64url(x), "y": base64url(y)})
            }
            Secret::Ed(pair) => {
                let x = base64url(pair.public_key().as_ref());
                json!({"kty": "OKP", "kid": kid, "crv": "Ed25519", "x": x})
            }
            Secret::Rsa(pair) => {
                let (n, e) = rsa_numbers(pair.public_key().as_ref());
                json!({"kty": "RSA", "kid": kid, "n": base64url(n), "e": base64url(e)})
            }
        }
    }

    /// The public key as a DER `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7).
    pub(crate) fn spki(&self) -> Vec<u8> {
        let der: PublicKeyX509Der<'_> = match &self.secret {
            Secret::Ec(pair) => pair.public_key().as_der().unwrap(),
            Secret::Ed(pair) => pair.public_key().as_der().unwrap(),
            Secret::Rsa(pair) => pair.public_key().as_der().unwrap(),
        };
        der.as_ref().to_vec()
    }

    /// The public key as its own type has it: a point, or a DER `RSAPublicKey`.
    pub(crate) fn public_bytes(&self) -> &[u8] {
        match &self.secret {
            Secret::Ec(pair) => pair.public_key().as_ref(),
            Secret::Ed(pair) => pair.public_key().as_ref(),
            Secret::Rsa(pair) => pair.public_key().as_ref(),
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        let pair = match &self.secret {
            Secret::Ec(pair) => return pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Secret::Ed(pair) => return pair.sign(message).as_ref().to_vec(),
            Secret::Rsa(pair) => pair,
        };
        let padding = match self.algorithm {
            Algorithm::RS256 => &signature::RSA_PKCS1_SHA256,
            Algorithm::RS384 => &signature::RSA_PKCS1_SHA384,
            Algorithm::RS512 => &signature::RSA_PKCS1_SHA512,
            Algorithm::PS256 => &signature::RSA_PSS_SHA256,
            Algorithm::PS384 => &signature::RSA_PSS_SHA384,
            _ => &signature::RSA_PSS_SHA512,
        };
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(padding, &random, message, &mut signature).unwrap();
        signature
    }

    /// A token of exactly this header and payload.
    pub(crate) fn token(&self, header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
        let signed = format!("{}.{}", base64url(header), base64url(payload));
        let signature = base64url(self.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }
}

/// The modulus and the exponent of a DER `RSAPublicKey` (RFC 8017 appendix A.1.1), without leading zeros.
fn rsa_numbers(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
    fn element(der: &[u8]) -> (&[u8], &[u8]) {
        let length = usize::from(der[1]);
        let (start, length) = match length {
            0..=0x7f => (2, length),
            0x81 => (3, usize::from(der[2])),
            _ => (4, usize::from(u16::from_be_bytes([der[2], der[3]]))),
        };
        der[start..].split_at(length)
    }
    let trim = |number: &[u8]| number.iter().copied().skip_while(|byte| *byte == 0).collect();
    let (numbers, _) = element(der);
    let (modulus, rest) = element(numbers);
    (trim(modulus), trim(element(rest).0))
}

pub(crate) fn key_set(keys: &[Value]) -> KeySet {
    KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).expect("a key set")
}

pub(crate) fn issuer() -> Issuer {
    let mut issuer = Issuer::new(
        "gitlab",
        URL,
        "gitlab",
        vec!["rolecall".to_owned(), "other".to_owned()],
    );
    issuer.leeway = std::time::Duration::from_secs(30);
    issuer.max_age = std::time::Duration::from_secs(3600);
    issuer
}

pub(crate) fn claims() -> Value {
    json!({
        "iss": URL,
        "aud": "rolecall",
        "sub": "project_path:group/project:ref_type:branch:ref:main",
        "iat": NOW - 10,
        "nbf": NOW - 15,
        "exp": NOW + 290,
        "project_path": "group/project",
    })
}

/// One attempt to have a token accepted. As it is made, it succeeds.
pub(crate) struct Attempt {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    /// The header as it stands in the token, if not [`Attempt::header`].
    pub(crate) header_bytes: Option<Vec<u8>>,
    /// The payload as it stands in the token, if not [`Attempt::claims`].
    pub(crate) payload_bytes: Option<Vec<u8>>,
    /// What becomes of the token after it was signed.
    pub(crate) reshape: fn(String) -> String,
    pub(crate) signer: &'static Signer,
    /// The keys of the issuer, if they are known.
    pub(crate) keys: Option<Vec<Value>>,
    pub(crate) issuer: Issuer,
    pub(crate) now: i64,
}

impl Attempt {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        let signer = signer(algorithm);
        Self {
            header: json!({"alg": algorithm.name(), "kid": "key", "typ": "JWT"}),
            claims: claims(),
            header_bytes: None,
            payload_bytes: None,
            reshape: |token| token,
            signer,
            keys: Some(vec![signer.jwk("key")]),
            issuer: issuer(),
            now: NOW,
        }
    }

    /// The JWK of the one key.
    pub(crate) fn jwk(&mut self) -> &mut Value {
        &mut self.keys.as_mut().unwrap()[0]
    }

    pub(crate) fn token(&self) -> String {
        let header = self
            .header_bytes
            .clone()
            .unwrap_or_else(|| self.header.to_string().into_bytes());
        let payload = self
            .payload_bytes
            .clone()
            .unwrap_or_else(|| self.claims.to_string().into_bytes());
        (self.reshape)(self.signer.token(header, payload))
    }

    pub(crate) fn run(&self) -> Result<VerifiedToken, VerifyError> {
        self.verify(&self.token())
    }

    /// Has another token verified with the keys and the issuer of this attempt.
    pub(crate) fn verify(&self, token: &str) -> Result<VerifiedToken, VerifyError> {
        let verifier = Verifier::new([self.issuer.clone()]).expect("a verifier");
        let mut keys = BTreeMap::new();
        if let Some(own) = &self.keys {
            keys.insert(URL.to_owned(), key_set(own));
        }
        verifier.verify(token, &keys, UnixTime::from_secs(self.now))
    }
}

/// The code of a refusal, or that there was none.
pub(crate) fn code(verdict: &Result<VerifiedToken, VerifyError>) -> &'static str {
    verdict.as_ref().map_or_else(VerifyError::code, |_| "accepted")
}

/// The text of a claim, as it was kept.
pub(crate) fn text_claim(token: &VerifiedToken, name: &str) -> Option<String> {
    token.claims().members().get(name)?.as_text().map(str::to_owned)
}

/// Takes a member out of a JSON object.
pub(crate) fn drop(object: &mut Value, member: &str) {
    object.as_object_mut().unwrap().remove(member);
}
