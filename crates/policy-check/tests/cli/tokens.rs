//! Keys made on the spot, and tokens signed with them.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The time at which the tokens are good.
pub(crate) const NOW: &str = "2027-01-15T08:00:00Z";
/// The same in seconds.
const NOW_SECONDS: i64 = 1_800_000_000;

/// A private key with its name.
pub(crate) struct Signer {
    kid: &'static str,
    pair: EcdsaKeyPair,
}

impl Signer {
    pub(crate) fn new(kid: &'static str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Self { kid, pair }
    }

    /// The public key as a set of one.
    pub(crate) fn jwks(&self) -> String {
        let point = self.pair.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        json!({"keys": [{"kty": "EC", "kid": self.kid, "crv": "P-256", "x": x, "y": y}]}).to_string()
    }

    /// A token with these claims.
    pub(crate) fn token(&self, claims: &Value) -> String {
        let header = json!({"alg": "ES256", "kid": self.kid, "typ": "JWT"}).to_string();
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }
}

/// What a job of `acme/shop` on `main` says.
pub(crate) fn claims() -> Value {
    json!({
        "iss": "https://gitlab.example",
        "aud": "https://sts.acme.example",
        "sub": "project_path:acme/shop:ref_type:branch:ref:main",
        "iat": NOW_SECONDS - 10,
        "nbf": NOW_SECONDS - 15,
        "exp": NOW_SECONDS + 290,
        "project_path": "acme/shop",
        "project_id": "4242",
        "namespace_path": "acme",
        "namespace_id": "72",
        "ref": "main",
        "ref_type": "branch",
        "ref_protected": "true",
        "environment": "production",
        "pipeline_source": "push",
    })
}

/// The claims with some of them changed; `null` takes one away.
pub(crate) fn claims_with(changes: Value) -> Value {
    let mut claims = claims();
    let Value::Object(changes) = changes else {
        panic!("an object of changes")
    };
    for (name, value) in changes {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(&name);
        } else {
            claims[name] = value;
        }
    }
    claims
}
