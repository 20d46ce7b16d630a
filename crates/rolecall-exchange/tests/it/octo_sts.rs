//! The door `octo_sts`.

use serde_json::json;

use crate::support::{Recorder, Server};

const JSON: &str = "content-type: application/json\r\n";

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

/// Starts a recorder that stands for octo-sts, and a server that asks it at two doors.
fn upstream() -> (Recorder, Server) {
    let recorder = Recorder::start();
    recorder.say(200, JSON, r#"{"token":"ghs_abc","other":1}"#);
    let settings = format!(
        "upstream = \"http://127.0.0.1:{}\"\ntimeout = \"2s\"\n",
        recorder.port
    );
    let doors = format!(
        "[doors.octo_sts]\nexceed = \"record\"\nbound_audience = \"octo.acme.example\"\n{settings}\
         [doors.refuse]\nkind = \"octo_sts\"\n{settings}"
    );
    let server = Server::with_policies(&doors, "[fetch]\nallow_loopback_http = true\n", POLICIES);
    (recorder, server)
}

#[test]
fn octo_sts_is_asked_with_a_role_token() {
    let (recorder, mut server) = upstream();
    let job = server.job(json!({}));
    let bearer = format!("Bearer {job}");
    let ask = |door: &str| {
        let path = format!("{door}/sts/exchange?scope=acme/shop&identity=release&other=x");
        server.get(&path, &[("authorization", &bearer), ("cookie", "a=b")])
    };
    let answer = ask("");
    assert_eq!(
        (answer.status, answer.json()),
        (200, json!({ "token": "ghs_abc" }))
    );
    let requests = recorder.take();
    let [request] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    let mut lines: Vec<&str> = request.trim_end().lines().collect();
    assert_eq!(
        lines.remove(0),
        "GET /sts/exchange?scope=acme%2Fshop&identity=release HTTP/1.1"
    );
    lines.sort_unstable();
    let sent = lines
        .iter()
        .find_map(|line| line.strip_prefix("authorization: Bearer "));
    let role_token = sent.unwrap().to_owned();
    let wanted = [
        "accept-encoding: identity".to_owned(),
        "accept: application/json".to_owned(),
        format!("authorization: Bearer {role_token}"),
        format!("host: 127.0.0.1:{}", recorder.port),
        format!("user-agent: rolecall/{}", env!("CARGO_PKG_VERSION")),
    ];
    assert_eq!(lines, wanted);
    let ruling = server.verify(&role_token, "octo.acme.example");
    assert_eq!(ruling.token().subject(), "role:octo");
    // GitHub's tokens live for an hour, which the role may not: such a one is not even asked for.
    assert_eq!(ask("/refuse").status, 403);
    assert!(recorder.take().is_empty());
    let location = format!("location: http://127.0.0.1:{}/\r\n{JSON}", recorder.port);
    let refused = r#"{"code":5,"message":"no such identity","details":[]}"#;
    for (status, headers, body, wanted, code) in [
        (404, JSON, refused, 404, 5),
        (500, JSON, refused, 503, 14),
        (400, JSON, r#"{"code":99,"message":"x"}"#, 503, 14),
        (200, JSON, "<html></html>", 503, 14),
        (200, JSON, r#"{"token":""}"#, 503, 14),
        (200, JSON, r#"{"token":"a b"}"#, 503, 14),
        (302, &location, r#"{"token":"x"}"#, 503, 14),
    ] {
        recorder.say(status, headers, body);
        let answer = ask("");
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (wanted, &json!(code)),
            "{body}"
        );
        assert_eq!(recorder.take().len(), 1, "{body}");
    }
    recorder.hang();
    assert_eq!(ask("").status, 503);
    server.stop();
    let lines = server.audit();
    assert_eq!(lines[1]["outcome"], "exceeded", "{lines:?}");
    assert_eq!(
        (&lines[1]["life"], &lines[1]["most"]),
        (&json!(3600), &json!(900))
    );
    assert!(
        lines.iter().any(|line| line["reason"] == "short_life"),
        "{lines:?}"
    );
}
