//! The responses to refused requests.

use std::convert::Infallible;

use axum::body::Body;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use rolecall_tower::{GuardLayer, HttpGate, Refusal};
use serde_json::json;
use tower::{Layer, ServiceExt, service_fn};

use crate::stage::{Down, POLICY, gate_with, good, header, request, stage};

async fn hello(_request: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(Response::new(Body::from("hello")))
}

async fn ask(gate: &HttpGate, role: &str, request: Request<Body>) -> Response<Body> {
    let layer = GuardLayer::new(gate.clone(), role).unwrap();
    layer.layer(service_fn(hello)).oneshot(request).await.unwrap()
}

#[tokio::test]
async fn each_refusal_has_its_status_and_challenge() {
    let (gate, issuer) = stage();
    let gate = gate.realm("acme \"deploy\"").unwrap();
    let down = gate_with(Down).realm("acme \"deploy\"").unwrap();
    let good = format!("bearer {}", good(&issuer));
    let expired = format!("Bearer {}", issuer.token(json!({ "iat": 1, "exp": 2 })));
    let long = format!("Bearer {}", "x".repeat(17_000));
    let basic = "Basic eDp5";
    let none: &[&str] = &[];
    let invalid_request = r#"error="invalid_request", error_description="#;
    let rows = [
        (&gate, "deploy", &[&*good][..], "/", 200, None),
        (&gate, "deploy", none, "/", 401, Some(String::new())),
        (
            &gate,
            "deploy",
            none,
            "/?access_token=x.y.z",
            401,
            Some(String::new()),
        ),
        (&gate, "deploy", &[basic], "/", 401, Some(String::new())),
        (
            &gate,
            "deploy",
            &["Bearer"],
            "/",
            400,
            Some(format!(r#", {invalid_request}"malformed_header""#)),
        ),
        (
            &gate,
            "deploy",
            &[&*good, &*good],
            "/",
            400,
            Some(format!(r#", {invalid_request}"several_headers""#)),
        ),
        (
            &gate,
            "deploy",
            &[&*good],
            "/?access_token=x",
            400,
            Some(format!(r#", {invalid_request}"two_tokens""#)),
        ),
        (
            &gate,
            "deploy",
            &[&*long],
            "/",
            400,
            Some(format!(r#", {invalid_request}"header_too_long""#)),
        ),
        (
            &gate,
            "deploy",
            &["Bearer x.y"],
            "/",
            401,
            Some(r#", error="invalid_token", error_description="malformed_token""#.to_owned()),
        ),
        (
            &gate,
            "deploy",
            &[&*expired],
            "/",
            401,
            Some(r#", error="invalid_token", error_description="expired""#.to_owned()),
        ),
        (
            &gate,
            "admin",
            &[&*good],
            "/",
            403,
            Some(r#", error="insufficient_scope""#.to_owned()),
        ),
        (&down, "deploy", &[&*good], "/", 503, None),
    ];
    for (gate, role, headers, uri, status, challenge) in rows {
        let response = ask(gate, role, request(headers, uri)).await;
        assert_eq!(response.status().as_u16(), status, "{headers:?} {uri}");
        let challenge = challenge.map(|rest| format!(r#"Bearer realm="acme \"deploy\""{rest}"#));
        assert_eq!(header(&response, "www-authenticate"), challenge.as_deref());
        assert_eq!(header(&response, "retry-after"), (status == 503).then_some("5"));
        assert_eq!(
            header(&response, "cache-control"),
            (status != 200).then_some("no-store")
        );
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(&*body, if status == 200 { "hello" } else { "" }.as_bytes());
    }
}

/// The texts of the policies and of the token, but for those that every response has.
#[tokio::test]
async fn a_response_tells_nothing_of_the_token_and_the_policies() {
    let (gate, issuer) = stage();
    let good = good(&issuer);
    let other = issuer.token(json!({ "aud": "other-audience", "sub": "canary" }));
    let forged = format!("{good}x");
    let mut secrets: Vec<&str> = POLICY
        .split([' ', '"', '\n'])
        .filter(|word| word.len() > 5)
        .collect();
    // Keywords of policies, which also occur in codes.
    secrets.retain(|word| !["issuer", "audience"].contains(word));
    secrets.extend(["canary", "other-audience", "condition", "admin"]);
    secrets.extend(good.split('.').chain(other.split('.')));
    for token in [&good, &other, &forged] {
        let response = ask(&gate, "admin", request(&[&format!("Bearer {token}")], "/")).await;
        assert!(response.status().is_client_error());
        let (mut parts, body) = response.into_parts();
        parts.extensions.clear();
        let shown = format!("{parts:?} {:?}", body.collect().await.unwrap().to_bytes());
        for secret in &secrets {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
    }
}

#[tokio::test]
async fn a_grpc_call_gets_a_status() {
    let (gate, issuer) = stage();
    let good = format!("Bearer {}", good(&issuer));
    let rows = [
        (gate.clone(), "deploy", None, None, "hello"),
        (gate.clone(), "admin", None, Some(("7", "denied")), ""),
        (
            gate.clone(),
            "deploy",
            Some("Bearer x"),
            Some(("16", "malformed_token")),
            "",
        ),
        (
            gate.clone(),
            "deploy",
            Some("Bearer"),
            Some(("16", "malformed_header")),
            "",
        ),
        (
            gate,
            "deploy",
            Some("Basic x"),
            Some(("16", "no_credentials")),
            "",
        ),
        (gate_with(Down), "deploy", None, Some(("14", "no_keys")), ""),
    ];
    for (gate, role, token, status, body) in rows {
        let layer = GuardLayer::new(gate, role).unwrap().grpc();
        let request = request(&[token.unwrap_or(&good)], "/acme.Deploy/Deploy");
        let service = layer.layer(service_fn(hello));
        let response: Response<Body> = service.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        // A layer around the guard finds the refusal, as without gRPC.
        let refusal = response.extensions().get::<Refusal>().map(Refusal::code);
        assert_eq!(refusal, status.map(|(_, code)| code));
        assert_eq!(header(&response, "grpc-status"), status.map(|(status, _)| status));
        assert_eq!(
            header(&response, "grpc-message"),
            status.map(|(_, message)| message)
        );
        let content_type = status.map(|_| "application/grpc");
        assert_eq!(header(&response, "content-type"), content_type);
        let found = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(&*found, body.as_bytes());
    }
}
