//! A middleware for axum that guards a route by a role.
//!
//! `cargo run -p rolecall --example axum`, and then one of the commands that it prints.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

#[path = "support/demo.rs"]
mod demo;

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use demo::{Demo, demo};
use rolecall::{Denial, Gate, Ruling, VerifyError};
use tokio::net::TcpListener;

/// Lets a request through whose token may take the role. The ruling goes with it, for whoever handles it.
async fn guard(
    State((gate, role)): State<(Gate, &'static str)>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(token) = bearer(request.headers()) else {
        return unauthorized("Bearer");
    };
    match gate.authorize_async(token, role).await {
        Ok(ruling) => {
            request.extensions_mut().insert(ruling);
            next.run(request).await
        }
        Err(Denial::Token(VerifyError::KeysUnavailable { .. })) => {
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Err(Denial::Token(error)) => {
            // The code is for the one who asked; the rest is for the log of the service, where `tracing` puts it.
            unauthorized(&format!(
                "Bearer error=\"invalid_token\", error_description=\"{}\"",
                error.code()
            ))
        }
        Err(_) => StatusCode::FORBIDDEN.into_response(),
    }
}

/// The token of a request, if it has exactly one (RFC 6750 section 2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn unauthorized(challenge: &str) -> Response {
    (
        StatusCode::UNAUTHORIZED,
        [(WWW_AUTHENTICATE, challenge.to_owned())],
    )
        .into_response()
}

async fn deploy(Extension(ruling): Extension<Ruling>) -> String {
    format!("deployed by {}\n", ruling.token().subject())
}

fn service(gate: Gate) -> Router {
    Router::new().route(
        "/deploy",
        post(deploy).layer(from_fn_with_state((gate, "deploy"), guard)),
    )
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let Demo { gate, main, feature } = demo();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    for token in [main, feature] {
        println!("curl -i -X POST http://{address}/deploy -H 'authorization: Bearer {token}'\n");
    }
    axum::serve(listener, service(gate)).await
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http_body_util::{BodyExt, Collected};
    use tower::ServiceExt;

    use super::*;

    async fn ask(headers: &[(&str, &str)], gate: &Gate) -> (StatusCode, String) {
        let request = Request::post("/deploy");
        let request = headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value));
        let request = request.body(Body::empty()).unwrap_or_default();
        let response = service(gate.clone()).oneshot(request).await;
        let response = response.unwrap_or_else(|never| match never {});
        let status = response.status();
        let body = response
            .into_body()
            .collect()
            .await
            .map(Collected::to_bytes)
            .unwrap_or_default();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn only_the_right_token_gets_through() {
        let Demo { gate, main, feature } = demo();
        let (main, feature) = (format!("Bearer {main}"), format!("bearer {feature}"));
        let (status, body) = ask(&[("authorization", &main)], &gate).await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("ref:main"), "{body}");
        assert_eq!(
            ask(&[("authorization", &feature)], &gate).await.0,
            StatusCode::FORBIDDEN
        );
        let twice = [
            ("authorization", main.as_str()),
            ("authorization", feature.as_str()),
        ];
        for headers in [
            &[][..],
            &twice,
            &[("authorization", "Basic x")],
            &[("authorization", "Bearer x.y.z")],
        ] {
            assert_eq!(
                ask(headers, &gate).await.0,
                StatusCode::UNAUTHORIZED,
                "{headers:?}"
            );
        }
    }
}
