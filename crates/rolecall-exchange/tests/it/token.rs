//! The door `token` (RFC 8693).

use serde_json::json;

use crate::support::{ISSUER, Server};

const GRANT_TYPE: (&str, &str) = ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
const JWT: (&str, &str) = ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
const AUDIENCE: &str = "https://deploy.acme.example";

#[test]
fn a_job_gets_a_role_token_that_a_service_accepts() {
    let server = Server::start();
    let answer = server.exchange(&server.job(json!({})), AUDIENCE);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["issued_token_type"], "urn:ietf:params:oauth:token-type:jwt");
    let life = body["expires_in"].as_i64().unwrap();
    // The job's token lives for 300 s, the role's ttl is longer.
    assert!((290..=300).contains(&life), "{life}");
    let ruling = server.verify(body["access_token"].as_str().unwrap(), AUDIENCE);
    let claims = ruling.token().claims().members();
    let text = |name: &str| claims.get(name).unwrap().as_text().unwrap().to_owned();
    assert_eq!(text("iss"), ISSUER);
    assert_eq!(text("sub"), "role:deploy-production");
    assert_eq!(text("role"), "deploy-production");
    assert_eq!(text("aud"), AUDIENCE);
    let rolecall::Json::Object(act) = claims.get("act").unwrap() else {
        panic!("{ruling:?}")
    };
    let acts: Vec<String> = act.map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(
        acts,
        [
            "iss=\"https://gitlab.com\"",
            "project_id=\"4242\"",
            "sub=\"project_path:acme/shop:ref_type:branch:ref:main\"",
        ]
    );
}

#[test]
fn a_role_of_aws_is_pinned_in_the_token() {
    let server = Server::start();
    let answer = server
        .exchange(&server.job(json!({})), "sts.amazonaws.com")
        .json();
    let ruling = server.verify(answer["access_token"].as_str().unwrap(), "sts.amazonaws.com");
    let roles = ruling.token().claims().members();
    let roles = roles.get("https://aws.amazon.com/roles").unwrap().to_string();
    assert_eq!(roles, "[\"arn:aws:iam::123456789012:role/deploy\"]");
}

#[test]
fn refusals_have_the_form_of_rfc_8693_and_do_not_tell_why() {
    let server = Server::start();
    let good = server.job(json!({}));
    let feature = server.job(json!({ "ref": "feature", "ref_protected": "false",
        "sub": "project_path:acme/shop:ref_type:branch:ref:feature" }));
    let expired = server.job(json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 }));
    let stranger = server.job(json!({ "iss": "https://gitlab.evil.example" }));
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", signature.chars().rev().collect::<String>());
    for (name, job, audience, error) in [
        ("a forbidden role", &feature, AUDIENCE, "invalid_target"),
        (
            "an unknown audience",
            &good,
            "https://other.acme.example",
            "invalid_target",
        ),
        (
            "several roles",
            &good,
            "https://read.acme.example",
            "invalid_target",
        ),
        ("an expired token", &expired, AUDIENCE, "invalid_request"),
        ("another issuer", &stranger, AUDIENCE, "invalid_request"),
        ("a forged token", &forged, AUDIENCE, "invalid_request"),
        ("no token", &"x".to_owned(), AUDIENCE, "invalid_request"),
    ] {
        let answer = server.exchange(job, audience);
        assert_eq!(answer.status, 400, "{name}: {answer:?}");
        let body = answer.json();
        assert_eq!(body["error"], error, "{name}");
        assert!(!answer.text.contains("deploy-production"), "{name}: {answer:?}");
    }
    // Unknown, forbidden and several: the same bytes.
    let texts: Vec<String> = [
        (&feature, AUDIENCE),
        (&good, "https://x.example"),
        (&good, "https://read.acme.example"),
    ]
    .map(|(job, audience)| server.exchange(job, audience).text)
    .into();
    assert!(texts.windows(2).all(|pair| pair[0] == pair[1]), "{texts:?}");
}

#[test]
fn requests_that_are_not_of_the_protocol_are_refused() {
    let server = Server::start();
    let job = server.job(json!({}));
    let token = ("subject_token", job.as_str());
    let audience = ("audience", AUDIENCE);
    for (form, error) in [
        (vec![token, JWT, audience], "unsupported_grant_type"),
        (vec![GRANT_TYPE, JWT, audience], "invalid_request"),
        (vec![GRANT_TYPE, token, audience], "invalid_request"),
        (vec![GRANT_TYPE, token, JWT], "invalid_request"),
        (
            vec![GRANT_TYPE, token, JWT, audience, audience],
            "invalid_request",
        ),
        (
            vec![GRANT_TYPE, token, JWT, audience, ("actor_token", "x")],
            "invalid_request",
        ),
        (
            vec![
                GRANT_TYPE,
                token,
                JWT,
                audience,
                ("resource", "https://b.example"),
            ],
            "invalid_target",
        ),
        (
            vec![GRANT_TYPE, token, JWT, audience, ("scope", "admin")],
            "invalid_scope",
        ),
        (
            vec![GRANT_TYPE, token, JWT, audience, ("requested_token_type", "saml")],
            "invalid_request",
        ),
    ] {
        let answer = server.post_form("/token", &form);
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (400, &json!(error)),
            "{form:?}"
        );
    }
    assert_eq!(server.get("/token", &[]).status, 405);
}

#[test]
fn a_client_may_name_the_role() {
    let server = Server::start();
    let job = server.job(json!({}));
    let ask = |more: &[(&str, &str)]| {
        let mut form = vec![GRANT_TYPE, JWT, ("subject_token", job.as_str())];
        form.extend(more);
        server.post_form("/token", &form)
    };
    let read = ("audience", "https://read.acme.example");
    assert_eq!(ask(&[read, ("scope", "role:read-all")]).status, 200);
    assert_eq!(ask(&[read, ("scope", "role:deploy-aws")]).status, 400);
    assert_eq!(ask(&[("scope", "role:deploy-production")]).status, 200);
    assert_eq!(ask(&[("scope", "role:no-grant")]).status, 400);
    let same = ("resource", "https://read.acme.example");
    assert_eq!(ask(&[read, same, ("scope", "role:read-main")]).status, 200);
}

#[test]
fn a_door_takes_tokens_for_itself_only() {
    let server = Server::with(
        "[doors.token]\naudience = \"https://sts.acme.example\"\n[doors.request]\n",
        "",
    );
    let other = server.job(json!({ "aud": "https://vault.acme.example" }));
    let own = server.job(json!({ "aud": ["https://sts.acme.example"] }));
    assert_eq!(server.exchange(&other, AUDIENCE).status, 400);
    assert_eq!(server.exchange(&own, AUDIENCE).status, 200);
    let lines = server.audit();
    assert_eq!(lines[0]["reason"], "other_door", "{lines:?}");
}

#[test]
fn a_token_is_taken_once_for_each_role_where_the_door_says_so() {
    let mut server = Server::with("[doors.token]\n", "[replay]\ndoors = [\"token\"]\n");
    let job = server.job(json!({}));
    assert_eq!(server.exchange(&job, AUDIENCE).status, 200);
    assert_eq!(server.exchange(&job, AUDIENCE).status, 400);
    assert_eq!(server.exchange(&job, "sts.amazonaws.com").status, 200);
    let nameless = server.job(json!({ "jti": null }));
    assert_eq!(server.exchange(&nameless, AUDIENCE).status, 400);
    server.stop();
    let reasons: Vec<_> = server.audit().iter().map(|line| line["reason"].clone()).collect();
    assert_eq!(
        reasons,
        [
            json!(null),
            json!("already_used"),
            json!(null),
            json!("no_token_id")
        ]
    );
}
