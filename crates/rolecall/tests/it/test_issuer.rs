//! The issuer of the feature `testing`: its tokens are accepted with its keys, and with no others.

use rolecall::testing::TestIssuer;
use rolecall::{Gate, KeySources};
use serde_json::json;

use crate::stage::{code, policies};

const GITLAB: &str = r#"issuer gitlab { url "https://gitlab.example" profile gitlab-ci audience "rolecall" }
    role deploy { allow from gitlab when project == "group/project" }"#;

fn gate(policy: &str, issuer: &TestIssuer) -> Gate {
    Gate::builder(policies(policy), issuer.keys()).build().unwrap()
}

#[test]
fn its_tokens_fit_the_policies_by_default() {
    let workload = r#"issuer mesh { url "https://mesh.example" profile spiffe audience "rolecall" }
        role deploy { allow from mesh when sub like "spiffe://test.example/*" }"#;
    let only_rsa = GITLAB.replace("profile", "algorithms [RS256] profile");
    for (policy, issuer) in [(GITLAB, "gitlab"), (&only_rsa, "gitlab"), (workload, "mesh")] {
        let issuer = TestIssuer::of(&policies(policy), issuer);
        let gate = gate(policy, &issuer);
        let token = issuer.token(json!({ "project_path": "group/project" }));
        assert_eq!(code(gate.authorize(&token, "deploy")), "allowed", "{policy}");
    }
}

#[test]
fn its_claims_can_be_any() {
    let issuer = TestIssuer::of(&policies(GITLAB), "gitlab");
    let gate = gate(GITLAB, &issuer);
    let rows = [
        (json!({ "project_path": "group/project" }), "allowed"),
        (json!({ "project_path": "group/other" }), "denied"),
        (json!({}), "denied"),
        (json!({ "iss": "https://other.example" }), "unknown_issuer"),
        (json!({ "aud": "elsewhere" }), "wrong_audience"),
        (json!({ "exp": null }), "missing_claim"),
        (json!({ "iat": 1, "exp": 2 }), "expired"),
    ];
    for (claims, expected) in rows {
        let token = issuer.token(&claims);
        assert_eq!(code(gate.authorize(&token, "deploy")), expected, "{claims}");
    }
}

#[test]
fn its_key_is_its_own() {
    let set = policies(GITLAB);
    let [issuer, other] = [(); 2].map(|()| TestIssuer::of(&set, "gitlab"));
    let forged = other.token(json!({ "project_path": "group/project" }));
    assert_eq!(
        code(gate(GITLAB, &issuer).authorize(&forged, "deploy")),
        "bad_signature"
    );
    assert_ne!(issuer.key_set(), other.key_set());
    let shown = format!("{issuer:?}");
    assert_eq!(
        shown,
        r#"TestIssuer { url: "https://gitlab.example", audience: "rolecall", .. }"#
    );
}

#[test]
fn several_issuers_can_be_tested_at_once() {
    let both = format!(
        r#"{GITLAB} issuer other {{ url "https://other.example" profile gitlab-ci audience "other" }}
           role read {{ allow from other when project under "group" }}"#
    );
    let set = policies(&both);
    let [gitlab, other] = ["gitlab", "other"].map(|name| TestIssuer::of(&set, name));
    let keys: KeySources = gitlab.keys().fixed(other.url(), other.key_set());
    let gate = Gate::builder(set, keys).build().unwrap();
    let claims = json!({ "project_path": "group/project" });
    assert_eq!(code(gate.authorize(&gitlab.token(&claims), "deploy")), "allowed");
    assert_eq!(code(gate.authorize(&other.token(&claims), "read")), "allowed");
    assert_eq!(code(gate.authorize(&other.token(&claims), "deploy")), "denied");
}

#[test]
#[should_panic(expected = "the policies have no issuer `github`")]
fn an_issuer_that_the_policies_do_not_have_is_a_mistake() {
    let _ = TestIssuer::of(&policies(GITLAB), "github");
}

#[test]
#[should_panic(expected = "the claims are not a JSON object")]
fn claims_that_are_no_object_are_a_mistake() {
    let _ = TestIssuer::of(&policies(GITLAB), "gitlab").token([1]);
}
