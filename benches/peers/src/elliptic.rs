//! Tokens signed on elliptic curves, as large as those of GitLab.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
    ParsedPublicKey,
};
use jsonwebtoken::{Algorithm, DecodingKey};
use rolecall_benches::{encode, signing_input};

/// Tokens of one key.
pub struct Elliptic {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The signing input, the signature, and the whole token of each.
    pub tokens: Vec<(String, Vec<u8>, String)>,
    /// The key set, as JSON.
    pub jwks: String,
    /// The key, parsed by the cryptographic library.
    pub raw: ParsedPublicKey,
    /// The key for jsonwebtoken.
    pub theirs: DecodingKey,
}

/// Signs tokens with ES256 (RFC 7518, section 3.4).
pub fn es256(count: usize) -> Elliptic {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
    let random = SystemRandom::new();
    // An uncompressed point: a byte, and both coordinates.
    let public = key.public_key().as_ref().to_vec();
    let (x, y) = (encode(&public[1..33]), encode(&public[33..]));
    Elliptic {
        algorithm: Algorithm::ES256,
        tokens: tokens(count, "ES256", |message| {
            let signature = key.sign(&random, message).expect("a signature");
            signature.as_ref().to_vec()
        }),
        jwks: jwks(
            "ES256",
            &format!(r#""kty":"EC","crv":"P-256","x":"{x}","y":"{y}""#),
        ),
        raw: ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &public).expect("a key"),
        theirs: DecodingKey::from_ec_components(&x, &y).expect("a key"),
    }
}

/// Signs tokens with Ed25519 (RFC 8037, section 3.1).
pub fn ed25519(count: usize) -> Elliptic {
    let key = Ed25519KeyPair::generate().expect("a key");
    let public = key.public_key().as_ref().to_vec();
    let x = encode(&public);
    Elliptic {
        algorithm: Algorithm::EdDSA,
        tokens: tokens(count, "EdDSA", |message| key.sign(message).as_ref().to_vec()),
        jwks: jwks("EdDSA", &format!(r#""kty":"OKP","crv":"Ed25519","x":"{x}""#)),
        raw: ParsedPublicKey::new(&ED25519, &public).expect("a key"),
        theirs: DecodingKey::from_ed_components(&x).expect("a key"),
    }
}

fn tokens(count: usize, algorithm: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> Vec<(String, Vec<u8>, String)> {
    let token = |role: usize| {
        let message = signing_input(role, algorithm);
        let signature = sign(message.as_bytes());
        let token = format!("{message}.{}", encode(&signature));
        (message, signature, token)
    };
    (0..count).map(token).collect()
}

fn jwks(algorithm: &str, key: &str) -> String {
    format!(r#"{{"keys":[{{{key},"use":"sig","alg":"{algorithm}","kid":"bench"}}]}}"#)
}
