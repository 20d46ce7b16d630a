//! Chains of exchanges, and what an exchange never takes: its own tokens.

use std::fs;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rolecall::testing::TestIssuer;
use rolecall::{PolicySet, Source};
use serde_json::{Value, json};

use crate::support::{Server, prepare, run};

const DEPLOY: &str = "https://deploy.acme.example";

/// Jobs of GitLab, and role tokens of another exchange.
const POLICIES: &str = r#"
edition 2026

issuer gitlab {
  url      "https://gitlab.com"
  profile  gitlab-ci
  audience "https://sts.acme.example"
  jwks     "gitlab.json"
}

issuer before {
  url      "https://sts.before.example"
  profile  rolecall
  audience "https://sts.acme.example"
  jwks     "before.json"
}

role deploy {
  allow from gitlab when project_id == "4242"
  allow from before when role_name == "deploy"
  grant audience = "https://deploy.acme.example"
}
"#;

fn payload(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[test]
fn a_role_token_has_three_links_at_most() {
    let (folder, gitlab) = prepare("[doors.token]\n", "");
    let before = TestIssuer::of(
        &PolicySet::compile([Source::new("p.policy", POLICIES)]).unwrap(),
        "before",
    );
    fs::write(folder.path().join("policies/test.policy"), POLICIES).unwrap();
    fs::write(folder.path().join("policies/before.json"), before.jwks()).unwrap();
    let mut server = Server::of((folder, gitlab));
    // The job, and the exchanges before it.
    let mut act =
        json!({ "iss": "https://gitlab.com", "sub": "job", "project_id": "4242", "exp": 1, "aud": "x" });
    for depth in 1..=3 {
        let token = before
            .token(json!({ "sub": "role:deploy", "role": "deploy", "act": act, "jti": format!("{depth}") }));
        let answer = server.exchange(&token, DEPLOY);
        if depth > 2 {
            assert_eq!(answer.status, 400, "{answer:?}");
            continue;
        }
        assert_eq!(answer.status, 200, "{depth}: {answer:?}");
        let issued = payload(answer.json()["access_token"].as_str().unwrap());
        assert_eq!(issued["act"]["iss"], "https://sts.before.example");
        assert_eq!(issued["act"]["sub"], "role:deploy");
        let first = (0..depth).fold(&issued["act"], |act, _| &act["act"]);
        // Nothing in it is about the token that it was in.
        assert_eq!(
            *first,
            json!({ "iss": "https://gitlab.com", "sub": "job", "project_id": "4242" })
        );
        act = json!({ "iss": "https://sts.before.example", "sub": "role:deploy", "act": act });
    }
    for odd in [json!("job"), json!(["job"]), json!({ "act": 1 })] {
        let token = before.token(json!({ "sub": "role:deploy", "role": "deploy", "act": odd }));
        assert_eq!(server.exchange(&token, DEPLOY).status, 400, "{odd}");
    }
    server.stop();
    let lines = server.audit();
    let long = lines.iter().find(|line| line["reason"] == "long_chain").unwrap();
    assert_eq!(long["subject"], "role:deploy");
}

#[test]
fn a_token_of_its_own_keys_is_refused_whatever_its_issuer() {
    let prepared = prepare("[doors.token]\n", "");
    // Somebody trusts the exchange's keys under another name.
    let folder = prepared.0.path();
    let published = run(folder, &["keys", "publish", "--out", "published"]);
    assert!(published.status.success(), "{published:?}");
    fs::rename(folder.join("published/jwks"), folder.join("policies/before.json")).unwrap();
    fs::write(folder.join("policies/test.policy"), POLICIES).unwrap();
    let mut server = Server::of(prepared);
    let key = fs::read_dir(server.path("keys"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let file: Value = serde_json::from_slice(&fs::read(&key).unwrap()).unwrap();
    let pem = file["private_key"].as_str().unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let pair =
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &STANDARD.decode(body).unwrap()).unwrap();
    let now = jiff::Timestamp::now().as_second();
    let header = json!({ "alg": "ES256", "kid": key.file_stem().unwrap().to_str().unwrap(), "typ": "JWT" });
    let claims = json!({
        "iss": "https://sts.before.example", "aud": "https://sts.acme.example", "sub": "role:deploy", "role": "deploy",
        "iat": now, "nbf": now, "exp": now + 300, "jti": "1",
    });
    let signed = [header, claims]
        .map(|part| URL_SAFE_NO_PAD.encode(part.to_string()))
        .join(".");
    let signature = pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
    let answer = server.exchange(&token, DEPLOY);
    assert_eq!(answer.status, 400, "{answer:?}");
    server.stop();
    let lines = server.audit();
    assert_eq!(lines.last().unwrap()["reason"], "own_token", "{lines:?}");
    assert_eq!(lines.last().unwrap()["subject"], "role:deploy");
}
