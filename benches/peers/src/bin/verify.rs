//! Verification of tokens of GitLab's size, RS256, ES256 and EdDSA: the signature alone, ours, and jsonwebtoken with each
//! of its backends.

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, aws_lc, rust_crypto};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use rolecall::{Clock, Gate, Issuer, KeySet, KeySources, Moment, SystemClock, UnixTime, Verifier};
use rolecall_benches::{policy_set, signed_many};
use rolecall_peers::elliptic::{Elliptic, ed25519, es256};
use rolecall_peers::{compare, way};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Whether jsonwebtoken is to use RustCrypto. It takes one provider for a process: ours asks the one that is meant.
static RUST_CRYPTO: AtomicBool = AtomicBool::new(false);

static PROVIDER: LazyLock<CryptoProvider> = LazyLock::new(|| CryptoProvider {
    verifier_factory: pick,
    ..aws_lc::DEFAULT_PROVIDER.clone()
});

fn pick(algorithm: &Algorithm, key: &DecodingKey) -> jsonwebtoken::errors::Result<Box<dyn JwtVerifier>> {
    let provider = if RUST_CRYPTO.load(Ordering::Relaxed) {
        &rust_crypto::DEFAULT_PROVIDER
    } else {
        &aws_lc::DEFAULT_PROVIDER
    };
    (provider.verifier_factory)(algorithm, key)
}

/// What a service would take out of a token of GitLab.
#[derive(Deserialize)]
#[allow(dead_code, reason = "they are read to be there")]
struct GitlabClaims {
    iss: String,
    sub: String,
    aud: String,
    exp: i64,
    iat: i64,
    namespace_path: String,
    project_id: String,
    project_path: String,
    r#ref: String,
    ref_type: String,
    ref_protected: String,
    environment: Option<String>,
    pipeline_source: String,
}

/// A clock that costs nothing.
struct Stopped(UnixTime);

impl Clock for Stopped {
    fn now(&self) -> Moment {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        Moment {
            wall: self.0,
            monotonic: *START,
        }
    }
}

/// The clocks of this machine, on the day of the tokens.
struct Ticking(UnixTime);

impl Clock for Ticking {
    fn now(&self) -> Moment {
        Moment {
            wall: self.0,
            ..black_box(SystemClock.now())
        }
    }
}

fn main() {
    PROVIDER
        .install_default()
        .expect("the first provider of the process");
    let signed = signed_many(64);
    let set = policy_set(100);
    let issuers: Vec<Issuer> = set.issuers().cloned().collect();
    let verifier = Verifier::new(issuers).expect("issuers");
    let keys = KeySet::parse(signed[0].jwks.as_bytes()).expect("a key set");
    let keys = BTreeMap::from([("https://gitlab.com".to_owned(), keys)]);
    let now = UnixTime::from_secs(1_800_000_600);
    let raw = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &signed[0].public_key).expect("a key");

    let theirs = DecodingKey::from_rsa_der(&signed[0].public_key);
    let rules = rules(Algorithm::RS256);
    let jsonwebtoken = |rust_crypto: bool, call: usize| {
        RUST_CRYPTO.store(rust_crypto, Ordering::Relaxed);
        let token = &signed[call % signed.len()].token;
        let claims = decode::<GitlabClaims>(black_box(token), &theirs, &rules).expect("a token");
        black_box(claims);
    };

    let sources = KeySources::new().fixed(
        "https://gitlab.com",
        KeySet::parse(signed[0].jwks.as_bytes()).expect("keys"),
    );
    let gate = Gate::builder(policy_set(100), sources)
        .clock(Stopped(now))
        .build()
        .expect("a gate");
    let clocked = KeySources::new().fixed(
        "https://gitlab.com",
        KeySet::parse(signed[0].jwks.as_bytes()).expect("keys"),
    );
    let clocked = Gate::builder(policy_set(100), clocked)
        .clock(Ticking(now))
        .build()
        .expect("a gate");
    let copies: Vec<String> = signed.iter().map(|signed| signed.token.clone()).collect();
    for (name, tokens) in [("one token again and again", 1), ("64 tokens take turns", 64)] {
        compare(
            name,
            vec![
                way("comparing its bytes", |call| {
                    let same = black_box(&signed[call % tokens].token) == black_box(&copies[call % tokens]);
                    assert!(black_box(same));
                }),
                way("rolecall: gate, a role", |call| {
                    let token = &signed[call % tokens].token;
                    black_box(gate.authorize(black_box(token), "role-0").is_ok());
                }),
                way("rolecall: gate, a role, looking at two clocks", |call| {
                    let token = &signed[call % tokens].token;
                    black_box(clocked.authorize(black_box(token), "role-0").is_ok());
                }),
            ],
        );
    }

    compare(
        "RS256, 2,048 bits, payload of 1.2 KB; 64 tokens take turns",
        vec![
            way("the signature alone (aws-lc-rs, parsed key)", |call| {
                let signed = &signed[call % signed.len()];
                let message = black_box(signed.message.as_bytes());
                raw.verify_sig(message, &signed.signature).expect("a signature");
            }),
            way("rolecall: verify, all claims", |call| {
                let token = &signed[call % signed.len()].token;
                black_box(verifier.verify(black_box(token), &keys, now).expect("a token"));
            }),
            way("rolecall: read, before the signature", |call| {
                let token = &signed[call % signed.len()].token;
                let read = verifier.read(black_box(token));
                assert!(black_box(read).is_ok());
            }),
            way("jsonwebtoken 12, aws_lc_rs, 13 claims", |call| {
                jsonwebtoken(false, call)
            }),
            way("jsonwebtoken 12, rust_crypto, 13 claims", |call| {
                jsonwebtoken(true, call)
            }),
        ],
    );

    for signed in [es256(64), ed25519(64)] {
        elliptic(&signed, &verifier, now);
    }

    for roles in [100, 10_000, 100_000] {
        let set = policy_set(roles);
        let mut room = Vec::new();
        compare(
            &format!("with all of {roles} roles decided"),
            vec![
                way("the signature alone (aws-lc-rs, parsed key)", |call| {
                    let signed = &signed[call % signed.len()];
                    let message = black_box(signed.message.as_bytes());
                    raw.verify_sig(message, &signed.signature).expect("a signature");
                }),
                way("rolecall: verify, all claims, all roles", |call| {
                    let token = &signed[call % signed.len()].token;
                    let token = verifier.verify(black_box(token), &keys, now).expect("a token");
                    black_box(set.roles(token.claims(), &mut room).count());
                }),
            ],
        );
    }
}

/// Returns the checks of jsonwebtoken.
fn rules(algorithm: Algorithm) -> Validation {
    let mut rules = Validation::new(algorithm);
    rules.set_issuer(&["https://gitlab.com"]);
    rules.set_audience(&["https://sts.acme.example"]);
    rules.validate_nbf = true;
    // The tokens are of another day.
    rules.leeway = 1_000_000_000;
    rules
}

/// Compares verifications on an elliptic curve.
fn elliptic(signed: &Elliptic, verifier: &Verifier, now: UnixTime) {
    let keys = KeySet::parse(signed.jwks.as_bytes()).expect("a key set");
    let keys = BTreeMap::from([("https://gitlab.com".to_owned(), keys)]);
    let rules = rules(signed.algorithm);
    let token = |call: usize| &signed.tokens[call % signed.tokens.len()];
    let jsonwebtoken = |rust_crypto: bool, call: usize| {
        RUST_CRYPTO.store(rust_crypto, Ordering::Relaxed);
        let claims = decode::<GitlabClaims>(black_box(&token(call).2), &signed.theirs, &rules);
        black_box(claims.expect("a token"));
    };
    compare(
        &format!("{:?}; 64 tokens take turns", signed.algorithm),
        vec![
            way("the signature alone (aws-lc-rs, parsed key)", |call| {
                let (message, signature, _) = token(call);
                let checked = signed.raw.verify_sig(black_box(message.as_bytes()), signature);
                checked.expect("a signature");
            }),
            way("rolecall: verify, all claims", |call| {
                let verified = verifier.verify(black_box(&token(call).2), &keys, now);
                black_box(verified.expect("a token"));
            }),
            way("jsonwebtoken 12, aws_lc_rs, 13 claims", |call| {
                jsonwebtoken(false, call)
            }),
            way("jsonwebtoken 12, rust_crypto, 13 claims", |call| {
                jsonwebtoken(true, call)
            }),
        ],
    );
}
