//! A CI system in small, so that the examples run by themselves: an issuer with a key, and tokens signed with it.

#![allow(
    clippy::expect_used,
    dead_code,
    reason = "an example may end early, and not each of them uses everything"
)]

use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall::{Gate, KeySet, KeySources, PolicySet, Source};
use serde_json::json;

/// What a service would read from its folder of policies.
const POLICY: &str = r#"
issuer gitlab {
  url "https://gitlab.example"
  profile gitlab-ci
  audience "https://deploy.acme.example"
}

role deploy {
  allow from gitlab when project == "acme/shop" && ref_type == "branch" && ref == "main" && ref_protected
}

role read {
  allow from gitlab when project under "acme"
}
"#;

pub(crate) struct Demo {
    pub(crate) gate: Gate,
    /// The token of a job on the protected main branch.
    pub(crate) main: String,
    /// The token of a job on another branch.
    pub(crate) feature: String,
}

pub(crate) fn demo() -> Demo {
    let key = Ed25519KeyPair::generate().expect("a key");
    let x = URL_SAFE_NO_PAD.encode(key.public_key().as_ref());
    let keys = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "demo", "x": x}]});
    let keys = KeySet::parse(keys.to_string().as_bytes()).expect("a key set");

    let policies = PolicySet::compile([Source::new("demo.policy", POLICY)]).expect("policies");
    // A service would say `KeySources::new().otherwise(HttpKeys::new())`, and read the keys from the issuer.
    let sources = KeySources::new().fixed("https://gitlab.example", keys);
    Demo {
        gate: Gate::builder(policies, sources).build().expect("a gate"),
        main: token(&key, "main", true),
        feature: token(&key, "feature", false),
    }
}

fn token(key: &Ed25519KeyPair, branch: &str, protected: bool) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a year after 1970")
        .as_secs();
    let claims = json!({
        "iss": "https://gitlab.example",
        "aud": "https://deploy.acme.example",
        "sub": format!("project_path:acme/shop:ref_type:branch:ref:{branch}"),
        "iat": now,
        "exp": now.saturating_add(3_600),
        "namespace_path": "acme",
        "project_path": "acme/shop",
        "ref": branch,
        "ref_type": "branch",
        "ref_protected": protected.to_string(),
    });
    let header = json!({"alg": "EdDSA", "kid": "demo", "typ": "JWT"}).to_string();
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    );
    let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}
