//! The inputs that the benches share: policy sets of any size, signed tokens, and a workload to compare engines with.

#![allow(
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    reason = "a bench cannot run without its input"
)]

pub mod chart;
pub mod timing;
pub mod workload;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall_engine::{Claims, Object, PolicySet, Source, UnverifiedClaims, Value, assume_verified};
use std::ops::Range;

/// The issuer of every input.
const ISSUER: &str = r#"
issuer gitlab {
  url "https://gitlab.com"
  profile gitlab-ci
  audience "https://sts.acme.example"
}

condition on_main = ref_type == "branch" && ref == "main" && ref_protected
"#;

/// The text of a policy set with this many roles: exact projects, groups, `sub`, environments, tags, regexes.
pub fn policy(roles: usize) -> String {
    ISSUER.to_owned() + &items(0..roles)
}

/// Some roles of a policy set.
fn items(roles: Range<usize>) -> String {
    let mut text = String::new();
    for n in roles {
        let (group, project) = (n % 97, n);
        let condition = match n % 10 {
            0..=4 => {
                format!("project == \"group-{group}/app-{project}\" && project_id == \"{n}\" && on_main")
            }
            5 | 6 => format!("sub == \"project_path:group-{group}/app-{project}:ref_type:branch:ref:main\""),
            7 => format!(
                "project under \"group-{group}/sub-{n}\" && environment in [\"staging\", \"production\"]"
            ),
            8 => format!(
                "project == \"group-{group}/app-{project}\" && ref_type == \"tag\" && ref glob \"v*\""
            ),
            _ => {
                format!("project == \"group-{group}/app-{project}\" && ref matches /release-[0-9]+\\.[0-9]+/")
            }
        };
        text += &format!(
            "\nrole role-{n} {{\n  tags [bench]\n  ttl 15m\n  allow from gitlab when {condition}\n  grant secrets = \"apps/{{project_path}}/*\"\n}}\n"
        );
    }
    text
}

/// A compiled policy set with this many roles, in files of a thousand.
pub fn policy_set(roles: usize) -> PolicySet {
    let files = (0..roles)
        .step_by(1_000)
        .map(|first| items(first..roles.min(first + 1_000)));
    let sources = files
        .chain([ISSUER.to_owned()])
        .map(|text| Source::new("bench.policy", text));
    PolicySet::compile(sources).expect("a policy set")
}

/// The claims of a job on the main branch of the project of a role, as GitLab writes them: about 1.2 KB.
pub fn token_claims(role: usize) -> Vec<(&'static str, Value)> {
    let (group, text) = (format!("group-{}", role % 97), |text: &str| Value::from(text));
    let project = format!("{group}/app-{role}");
    vec![
        ("iss", text("https://gitlab.com")),
        (
            "sub",
            Value::Text(format!("project_path:{project}:ref_type:branch:ref:main")),
        ),
        ("aud", text("https://sts.acme.example")),
        ("exp", Value::Int(1_800_003_600)),
        ("nbf", Value::Int(1_799_999_995)),
        ("iat", Value::Int(1_800_000_000)),
        ("jti", text("0b1f0d5c-6f3e-4b62-9d6f-2f8a4b1c7e55")),
        ("namespace_id", text("72")),
        ("namespace_path", Value::Text(group)),
        ("project_id", Value::Text(role.to_string())),
        ("project_path", Value::Text(project)),
        ("user_id", text("1")),
        ("user_login", text("release-bot")),
        ("user_email", text("release-bot@acme.example")),
        ("user_access_level", text("maintainer")),
        ("pipeline_id", text("574")),
        ("pipeline_source", text("push")),
        ("job_id", text("302")),
        ("ref", text("main")),
        ("ref_type", text("branch")),
        ("ref_path", text("refs/heads/main")),
        ("ref_protected", text("true")),
        ("environment", text("production")),
        ("environment_protected", text("true")),
        ("deployment_tier", text("production")),
        ("runner_id", Value::Int(12)),
        ("runner_environment", text("gitlab-hosted")),
        ("sha", text("714a629c0b401fdce83e847fc9589983fc6f46bc")),
        (
            "ci_config_ref_uri",
            text("gitlab.com/acme/shop//.gitlab-ci.yml@refs/heads/main"),
        ),
        ("ci_config_sha", text("714a629c0b401fdce83e847fc9589983fc6f46bc")),
        ("project_visibility", text("private")),
    ]
}

/// The same claims, ready for a decision.
pub fn claims(role: usize) -> Claims {
    let mut object = Object::new();
    for (name, value) in token_claims(role) {
        object.set(name, value);
    }
    assume_verified(UnverifiedClaims::new(object))
}

/// A token signed with RS256, the key set that it verifies with, and what was signed and the signature.
#[derive(Debug)]
pub struct Signed {
    /// The compact token.
    pub token: String,
    /// The key set, as JSON.
    pub jwks: String,
    /// The signing input, `header.payload`.
    pub message: String,
    /// The signature.
    pub signature: Vec<u8>,
    /// The public key, as an ASN.1 `RSAPublicKey`.
    pub public_key: Vec<u8>,
}

/// Signs the claims of a role's token with a new key.
pub fn signed(role: usize) -> Signed {
    let key = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    sign(role, &key)
}

/// Signs the claims of the tokens of this many roles with one new key.
pub fn signed_many(roles: usize) -> Vec<Signed> {
    let key = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    (0..roles).map(|role| sign(role, &key)).collect()
}

/// Returns the signing input of a role's token, `header.payload`, for an algorithm.
pub fn signing_input(role: usize, algorithm: &str) -> String {
    let claims = token_claims(role);
    let claims: Vec<String> = claims
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    let header = format!(r#"{{"kid":"bench","typ":"JWT","alg":"{algorithm}"}}"#);
    let payload = format!("{{{}}}", claims.join(","));
    format!("{}.{}", encode(header.as_bytes()), encode(payload.as_bytes()))
}

/// Encodes bytes as base64url.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn sign(role: usize, key: &KeyPair) -> Signed {
    let public_key = key.public_key().as_ref().to_vec();
    // An RSAPublicKey of 2,048 bits: nine bytes of DER, the modulus, and then 65537.
    let modulus = public_key.get(9..265).expect("a modulus");
    let jwks = format!(
        "{{\"keys\":[{{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"bench\",\"n\":\"{}\",\"e\":\"AQAB\"}}]}}",
        encode(modulus),
    );
    let message = signing_input(role, "RS256");
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message.as_bytes(),
        &mut signature,
    )
    .expect("a signature");
    let token = format!("{message}.{}", encode(&signature));
    Signed {
        token,
        jwks,
        message,
        signature,
        public_key,
    }
}
