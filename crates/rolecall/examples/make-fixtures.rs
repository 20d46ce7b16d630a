//! Makes `policies/fixtures` anew: key sets, and tokens signed with them.
//!
//! The private keys are made here, used, and forgotten, so that each run changes every key and every signature. What
//! the tokens say, their times too, stays the same: how they answer is written in `policies/fixtures/README.md`.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a program for this repository, which may end early"
)]

use std::error::Error;
use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// 2026-11-22T12:00:00Z. Tokens live for an hour, as at a job with GitLab's default timeout.
const ISSUED_AT: i64 = 1_795_348_800;
const LIFE: i64 = 3600;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/fixtures");
    let gitlab = Key::rsa("gitlab-2026-11")?;
    let elliptic = Key::elliptic("gitlab-2026-11-es256")?;
    let github = Key::rsa("github-2026-11")?;
    // A key that nobody published, under the name of one that is.
    let stranger = Key::rsa("gitlab-2026-11")?;

    let write = |name: &str, text: String| {
        println!("policies/fixtures/{name}");
        std::fs::write(folder.join(name), text + "\n")
    };
    let key_set = |keys: &[&Key]| {
        let keys: Vec<Value> = keys.iter().map(|key| key.jwk()).collect();
        serde_json::to_string_pretty(&json!({ "keys": keys }))
    };
    write("jwks.json", key_set(&[&gitlab, &elliptic])?)?;
    write("other-jwks.json", key_set(&[&github])?)?;

    let main = main_branch();
    write("main.jwt", gitlab.token(&main)?)?;
    write("es256.jwt", elliptic.token(&main)?)?;
    write("other-key.jwt", stranger.token(&main)?)?;
    write("tag.jwt", gitlab.token(&with(&main, tag()))?)?;
    write("merge-request.jwt", gitlab.token(&with(&main, merge_request()))?)?;
    let other_audience = json!({"aud": "https://vault.acme.example"});
    write("other-audience.jwt", gitlab.token(&with(&main, other_audience))?)?;
    let day = 24 * LIFE;
    let yesterday =
        json!({"iat": ISSUED_AT - day, "nbf": ISSUED_AT - day - 5, "exp": ISSUED_AT - day + LIFE});
    write("expired.jwt", gitlab.token(&with(&main, yesterday))?)?;
    write("github.jwt", github.token(&github_release())?)?;
    Ok(())
}

/// A push to `main` of `acme/shop`, deployed to production: every claim that GitLab 18.9 has for such a job.
fn main_branch() -> Value {
    json!({
        "iss": "https://gitlab.com",
        "sub": "project_path:acme/shop:ref_type:branch:ref:main",
        "aud": "https://sts.acme.example",
        "exp": ISSUED_AT + LIFE,
        "nbf": ISSUED_AT - 5,
        "iat": ISSUED_AT,
        "jti": "0b0f7bd3-61c8-4b7c-9d53-7a0f0fcb1c0e",
        "project_id": "4242",
        "project_path": "acme/shop",
        "namespace_id": "72",
        "namespace_path": "acme",
        "job_project_id": "4242",
        "job_project_path": "acme/shop",
        "job_namespace_id": "72",
        "job_namespace_path": "acme",
        "user_id": "7",
        "user_login": "release-bot",
        "user_email": "release-bot@acme.example",
        "user_access_level": "maintainer",
        "user_identities": [{"provider": "saml", "extern_uid": "release-bot@acme.example"}],
        "groups_direct": ["acme/platform"],
        "pipeline_id": "574",
        "pipeline_source": "push",
        "job_id": "302",
        "job_source": "push",
        "ref": "main",
        "ref_type": "branch",
        "ref_path": "refs/heads/main",
        "ref_protected": "true",
        "environment": "production",
        "environment_protected": "true",
        "deployment_tier": "production",
        "environment_action": "start",
        "runner_id": 12,
        "runner_environment": "gitlab-hosted",
        "sha": "714a629c0b401fdce83e847fc9589983fc6f46bc",
        "project_visibility": "private",
        "ci_config_ref_uri": "gitlab.com/acme/shop//.gitlab-ci.yml@refs/heads/main",
        "ci_config_sha": "714a629c0b401fdce83e847fc9589983fc6f46bc",
    })
}

/// The same job for a tag that is called `main`, too.
fn tag() -> Value {
    json!({
        "sub": "project_path:acme/shop:ref_type:tag:ref:main",
        "ref_type": "tag",
        "ref_path": "refs/tags/main",
        "ci_config_ref_uri": "gitlab.com/acme/shop//.gitlab-ci.yml@refs/tags/main",
    })
}

/// A job of a merge request from a branch of the project itself: only `pipeline_source` says that it is one.
fn merge_request() -> Value {
    json!({
        "sub": "project_path:acme/shop:ref_type:branch:ref:cheaper-shipping",
        "ref": "cheaper-shipping",
        "ref_path": "refs/heads/cheaper-shipping",
        "ref_protected": "false",
        "pipeline_source": "merge_request_event",
        "environment": "review/cheaper-shipping",
        "environment_protected": "false",
        "deployment_tier": "development",
        "ci_config_ref_uri": "gitlab.com/acme/shop//.gitlab-ci.yml@refs/heads/cheaper-shipping",
    })
}

/// A GitHub Actions job for the tag `v1.4.0` of `acme/shop`, with ids in `sub`.
fn github_release() -> Value {
    json!({
        "iss": "https://token.actions.githubusercontent.com",
        "sub": "repo:acme@123456/shop@456789:environment:release",
        "aud": "https://sts.acme.example",
        "exp": ISSUED_AT + 900,
        "nbf": ISSUED_AT - 300,
        "iat": ISSUED_AT,
        "jti": "5f8b0c1e-7d2a-4f39-8c1d-2f6a4f0a9b77",
        "repository": "acme/shop",
        "repository_id": "456789",
        "repository_owner": "acme",
        "repository_owner_id": "123456",
        "repository_visibility": "private",
        "ref": "refs/tags/v1.4.0",
        "ref_type": "tag",
        "ref_protected": "true",
        "sha": "8b42ec0b6b973f5465ddc4e667cee9ba26aeabb5",
        "head_ref": "",
        "base_ref": "",
        "event_name": "push",
        "environment": "release",
        "workflow": "Release",
        "workflow_ref": "acme/shop/.github/workflows/release.yml@refs/tags/v1.4.0",
        "workflow_sha": "8b42ec0b6b973f5465ddc4e667cee9ba26aeabb5",
        "job_workflow_ref": "acme/shop/.github/workflows/release.yml@refs/tags/v1.4.0",
        "job_workflow_sha": "8b42ec0b6b973f5465ddc4e667cee9ba26aeabb5",
        "actor": "acme-bot",
        "actor_id": "31415",
        "run_id": "9802816352",
        "run_number": "6",
        "run_attempt": "1",
        "runner_environment": "github-hosted",
    })
}

/// The claims with some of them changed.
fn with(claims: &Value, changes: Value) -> Value {
    let mut claims = claims.clone();
    if let (Value::Object(claims), Value::Object(changes)) = (&mut claims, changes) {
        claims.extend(changes);
    }
    claims
}

/// A private key with the name under which its public half is published.
struct Key {
    kid: &'static str,
    secret: Secret,
}

enum Secret {
    Elliptic(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl Key {
    fn rsa(kid: &'static str) -> Result<Self, Box<dyn Error>> {
        let secret = Secret::Rsa(RsaKeyPair::generate(KeySize::Rsa2048)?);
        Ok(Self { kid, secret })
    }

    fn elliptic(kid: &'static str) -> Result<Self, Box<dyn Error>> {
        let secret = Secret::Elliptic(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?);
        Ok(Self { kid, secret })
    }

    fn algorithm(&self) -> &'static str {
        match self.secret {
            Secret::Elliptic(_) => "ES256",
            Secret::Rsa(_) => "RS256",
        }
    }

    /// The public key (RFC 7517 and RFC 7518 section 6).
    fn jwk(&self) -> Value {
        let mut jwk = match &self.secret {
            Secret::Elliptic(pair) => {
                // An uncompressed point: 4, x, y.
                let point = pair.public_key().as_ref();
                let (x, y) = point[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y)})
            }
            Secret::Rsa(pair) => {
                let (n, e) = rsa_numbers(pair.public_key().as_ref());
                json!({"kty": "RSA", "n": base64url(n), "e": base64url(e)})
            }
        };
        jwk["kid"] = self.kid.into();
        jwk["use"] = "sig".into();
        jwk["alg"] = self.algorithm().into();
        jwk
    }

    /// A signed token (RFC 7515 section 7.1).
    fn token(&self, claims: &Value) -> Result<String, Box<dyn Error>> {
        let header = json!({"alg": self.algorithm(), "kid": self.kid, "typ": "JWT"});
        let signed = format!(
            "{}.{}",
            base64url(header.to_string()),
            base64url(claims.to_string())
        );
        let random = SystemRandom::new();
        let signature = match &self.secret {
            Secret::Elliptic(pair) => pair.sign(&random, signed.as_bytes())?.as_ref().to_vec(),
            Secret::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature)?;
                signature
            }
        };
        Ok(format!("{signed}.{}", base64url(signature)))
    }
}

fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The modulus and the exponent of a DER `RSAPublicKey` (RFC 8017 appendix A.1.1), without leading zeros.
fn rsa_numbers(der: &[u8]) -> (&[u8], &[u8]) {
    let (numbers, _) = der_value(der);
    let (modulus, rest) = der_value(numbers);
    let (exponent, _) = der_value(rest);
    (modulus.strip_prefix(&[0]).unwrap_or(modulus), exponent)
}

/// The value of the first DER element, and what follows it.
fn der_value(der: &[u8]) -> (&[u8], &[u8]) {
    let (length, start) = match der[1] {
        0x81 => (usize::from(der[2]), 3),
        0x82 => (usize::from(u16::from_be_bytes([der[2], der[3]])), 4),
        short => (usize::from(short), 2),
    };
    der[start..].split_at(length)
}
