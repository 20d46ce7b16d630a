//! Tokens that no door may take, each with its name.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A CI system whose headers and claims can be anything.
pub(super) struct Signer(EcdsaKeyPair);

fn part(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn header() -> Value {
    json!({ "alg": "ES256", "kid": "key", "typ": "JWT" })
}

impl Signer {
    pub(super) fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    fn jwk(&self) -> Value {
        let point = self.0.public_key().as_ref();
        json!({
            "kty": "EC", "crv": "P-256", "kid": "key", "alg": "ES256", "use": "sig",
            "x": part(&point[1..33]), "y": part(&point[33..65]),
        })
    }

    pub(super) fn key_set(&self) -> String {
        json!({ "keys": [self.jwk()] }).to_string()
    }

    /// The claims of a job that gets the role.
    fn claims() -> Value {
        static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        json!({
            "iss": "https://gitlab.com", "aud": "https://sts.acme.example", "jti": format!("job-{number}"),
            "iat": now(), "nbf": now(), "exp": now() + 300,
            "sub": "project_path:acme/shop:ref_type:branch:ref:main",
            "project_path": "acme/shop", "project_id": "4242", "namespace_path": "acme",
            "ref": "main", "ref_type": "branch", "ref_protected": "true",
        })
    }

    fn sign(&self, header: &Value, claims: impl AsRef<[u8]>) -> String {
        let signed = format!("{}.{}", part(header.to_string()), part(claims));
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", part(signature))
    }

    /// A token with these claims changed; `null` takes one away.
    #[allow(clippy::needless_pass_by_value, reason = "callers write `json!`")]
    pub(super) fn token(&self, changes: Value) -> String {
        let mut claims = Self::claims();
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        self.sign(&header(), claims.to_string())
    }

    pub(super) fn good(&self) -> String {
        self.token(json!({}))
    }

    #[allow(clippy::needless_pass_by_value, reason = "callers write `json!`")]
    fn with_header(&self, changes: Value) -> String {
        let mut header = header();
        header
            .as_object_mut()
            .unwrap()
            .extend(changes.as_object().unwrap().clone());
        self.sign(&header, Self::claims().to_string())
    }
}

/// Returns the tokens. All but their one fault would get the role.
pub(super) fn bad_tokens(signer: &Signer) -> Vec<(&'static str, String)> {
    let stranger = Signer::new();
    let good = signer.good();
    let parts: Vec<&str> = good.split('.').collect();
    let [head, body, signature] = parts.as_slice() else {
        panic!("{good}")
    };
    let mut flipped = URL_SAFE_NO_PAD.decode(signature).unwrap();
    flipped[10] ^= 1;
    let unsigned = format!("{}.{body}.", part(json!({ "alg": "none" }).to_string()));
    let secret = hmac::Key::new(hmac::HMAC_SHA256, signer.key_set().as_bytes());
    let text = format!(
        "{}.{body}",
        part(json!({ "alg": "HS256", "kid": "key" }).to_string())
    );
    let shared = format!("{text}.{}", part(hmac::sign(&secret, text.as_bytes())));
    let other_body = part(Signer::claims().to_string().replace("\"4242\"", "\"4242 \""));
    let twice = Signer::claims()
        .to_string()
        .replacen('{', "{\"ref\":\"other\",", 1);
    let long = "x".repeat(17 * 1024);
    vec![
        ("nothing", String::new()),
        ("a word", "token".to_owned()),
        ("three empty parts", "..".to_owned()),
        ("two parts", format!("{head}.{body}")),
        ("four parts", format!("{good}.{signature}")),
        ("five parts", format!("{good}.{body}.{signature}")),
        ("no algorithm", unsigned),
        ("a shared secret of the public key", shared),
        (
            "another algorithm's name",
            signer.with_header(json!({ "alg": "RS256" })),
        ),
        ("a changed signature", format!("{head}.{body}.{}", part(flipped))),
        ("no signature", format!("{head}.{body}.")),
        ("another payload", format!("{head}.{other_body}.{signature}")),
        ("another key", stranger.good()),
        (
            "a key that it brings",
            stranger.with_header(json!({ "jwk": stranger.jwk() })),
        ),
        ("an unknown key", signer.with_header(json!({ "kid": "other" }))),
        (
            "an endless key name",
            signer.with_header(json!({ "kid": "k".repeat(300) })),
        ),
        (
            "a critical extension",
            signer.with_header(json!({ "crit": ["exp"] })),
        ),
        (
            "an encrypted token's header",
            signer.with_header(json!({ "enc": "A128GCM" })),
        ),
        (
            "another issuer",
            signer.token(json!({ "iss": "https://gitlab.com.evil.example" })),
        ),
        (
            "an issuer with a slash",
            signer.token(json!({ "iss": "https://gitlab.com/" })),
        ),
        ("no issuer", signer.token(json!({ "iss": null }))),
        (
            "another audience",
            signer.token(json!({ "aud": "https://other.example" })),
        ),
        (
            "several audiences",
            signer.token(json!({ "aud": ["https://sts.acme.example", "https://other.example"] })),
        ),
        ("no audience", signer.token(json!({ "aud": null }))),
        (
            "an end that has come",
            signer.token(json!({ "iat": now() - 900, "nbf": now() - 900, "exp": now() - 600 })),
        ),
        ("no end", signer.token(json!({ "exp": null }))),
        ("an end in words", signer.token(json!({ "exp": "tomorrow" }))),
        ("a beginning to come", signer.token(json!({ "nbf": now() + 250 }))),
        ("a birth to come", signer.token(json!({ "iat": now() + 250 }))),
        (
            "an endless life",
            signer.token(json!({ "exp": now() + 100 * 86_400 })),
        ),
        ("a claim twice", signer.sign(&header(), twice)),
        ("claims that are no object", signer.sign(&header(), "[]")),
        ("claims that are not UTF-8", signer.sign(&header(), [0xff, 0xfe])),
        ("more than 16 KiB", signer.token(json!({ "padding": long }))),
        ("a space in it", format!("{head}. {body}.{signature}")),
    ]
}
