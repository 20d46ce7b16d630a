//! A certified OpenID provider as the CI system: its keys are found and replaced, and it may be down, while jobs exchange its
//! tokens.

#[path = "../../../rolecall/tests/it/provider/process.rs"]
#[allow(dead_code, reason = "its other commands are for another crate")]
mod process;

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Answer, Server};
use process::Provider;

const AUDIENCE: &str = "https://provider.acme.example";

/// Asks until the answer has this status: the exchange waits between two tries to get keys.
fn until(server: &Server, token: &str, status: u16) -> Answer {
    let end = Instant::now() + Duration::from_secs(180);
    loop {
        let answer = server.exchange(token, AUDIENCE);
        if answer.status == status {
            return answer;
        }
        assert!(Instant::now() < end, "{answer:?}");
        sleep(Duration::from_millis(250));
    }
}

#[test]
fn jobs_of_a_provider_get_roles_while_its_keys_change() {
    let Some(provider) = Provider::start() else { return };
    let policy = r#"
edition 2026

issuer provider {
  url      "URL"
  profile  gitlab-ci
  audience "https://sts.acme.example"
}

role of-provider {
  allow from provider when project_path == "acme/shop" && ref_protected
  grant audience = "https://provider.acme.example"
}
"#;
    let issue = |algorithm: &str, project: &str| {
        let claims = json!({ "sub": format!("project_path:{project}:ref_type:branch:ref:main"),
            "project_path": project, "ref": "main", "ref_type": "branch", "ref_protected": "true" });
        provider.issue(algorithm, "https://sts.acme.example", 3_000, &claims)
    };
    let (first, other) = (issue("RS256", "acme/shop"), issue("RS256", "acme/other"));

    // It is down before the exchange has its keys: nothing is decided, and the caller is told to try again.
    provider.go_down();
    let server = Server::with_policies(
        "[doors.token]\n",
        "[fetch]\nallow_loopback_http = true\n",
        &policy.replace("URL", &provider.url),
    );
    let answer = server.exchange(&first, AUDIENCE);
    assert_eq!(answer.status, 503, "{answer:?}");
    assert_eq!(answer.json()["error"], "temporarily_unavailable");
    provider.come_back();
    let answer = until(&server, &first, 200);
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let ruling = server.verify(&token, AUDIENCE);
    assert_eq!(ruling.token().subject(), "role:of-provider");
    let refused = server.exchange(&other, AUDIENCE);
    assert_eq!(refused.json()["error"], "invalid_target", "{refused:?}");

    // With its keys, tokens of each algorithm are taken although it is down.
    let tokens = ["ES256", "EdDSA"].map(|algorithm| issue(algorithm, "acme/shop"));
    provider.go_down();
    for token in &tokens {
        assert_eq!(server.exchange(token, AUDIENCE).status, 200);
    }
    provider.come_back();

    // New keys sign, and the ones before are not published any more.
    provider.publish_keys();
    provider.sign_with_newest();
    provider.retire_keys();
    until(&server, &issue("RS256", "acme/shop"), 200);
    let answer = server.exchange(&first, AUDIENCE);
    assert_eq!(answer.status, 400, "{answer:?}");
    assert_eq!(answer.json()["error"], "invalid_request", "{answer:?}");
}
