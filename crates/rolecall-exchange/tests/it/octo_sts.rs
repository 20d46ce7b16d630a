//! The door `octo_sts`.

use serde_json::json;

use crate::support::Server;

const POLICIES: &str = r##"
edition 2026

role octo {
  allow from gitlab when project_id == "4242"
  grant octo_sts = "acme/shop#release"
  grant audience = "https://git.acme.example"
}

role octo-without-audience {
  allow from gitlab when project_id == "4242"
  grant octo_sts = "acme/shop#none"
}
"##;

#[test]
fn a_job_gets_the_token_of_an_identity() {
    let server = Server::with_policies(
        "[doors.octo_sts]\n[doors.own]\nkind = \"octo_sts\"\n",
        "",
        POLICIES,
    );
    let bearer = format!("Bearer {}", server.job(json!({})));
    for prefix in ["", "/own"] {
        let path = format!("{prefix}/sts/exchange?scope=acme%2Fshop&identity=release");
        let answer = server.get(&path, &[("authorization", &bearer)]);
        assert_eq!(answer.status, 200, "{answer:?}");
        let body = answer.json();
        let ruling = server.verify(body["token"].as_str().unwrap(), "https://git.acme.example");
        assert_eq!(ruling.token().subject(), "role:octo");
    }
}

#[test]
fn errors_have_the_form_of_grpc_gateway() {
    let server = Server::with_policies("[doors.octo_sts]\n", "", POLICIES);
    let good = format!("Bearer {}", server.job(json!({})));
    let other = format!("Bearer {}", server.job(json!({ "project_id": "1" })));
    let expired = format!(
        "Bearer {}",
        server.job(json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 }))
    );
    let wanted = "scope=acme/shop&identity=release";
    let denied = json!({ "code": 7, "message": "the token does not get what is asked for" });
    for (query, authorization, status, code) in [
        (wanted, None, 401, 16),
        (wanted, Some(&expired), 401, 16),
        (wanted, Some(&other), 403, 7),
        ("scope=acme/shop&identity=RELEASE", Some(&good), 403, 7),
        ("scope=acme&identity=shop%23release", Some(&good), 403, 7),
        ("scope=acme/shop&identity=none", Some(&good), 403, 7),
        ("scope=acme/shop%23release&identity=x", Some(&good), 400, 3),
        ("scope=acme/shop", Some(&good), 400, 3),
        ("identity=release", Some(&good), 400, 3),
        ("scope=acme/shop&identity=release&scope=x", Some(&good), 400, 3),
    ] {
        let headers: Vec<_> = authorization
            .map(|value| ("authorization", value.as_str()))
            .into_iter()
            .collect();
        let answer = server.get(&format!("/sts/exchange?{query}"), &headers);
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (status, &json!(code)),
            "{query}"
        );
        if status == 403 {
            assert_eq!(answer.json(), denied, "{query}");
        }
    }
}
