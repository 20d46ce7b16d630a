//! A plain server of hyper that answers with the roles of the token in the body of a request.
//!
//! `cargo run -p rolecall --example hyper --features http`

use std::convert::Infallible;
use std::time::Duration;

use http_body_util::{BodyExt, Collected, Full, Limited};
use hyper::body::{Body, Bytes};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rolecall::{Gate, HttpKeys, KeySources, policies_from_folder};
use tokio::net::TcpListener;

/// No token is longer than this.
const LONGEST_BODY: usize = 16 * 1024;

/// Answers with the roles of the token that is the body of the request, a line each.
async fn roles<B>(gate: Gate, request: Request<B>) -> Result<Response<Full<Bytes>>, Infallible>
where
    B: Body,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    let body = Limited::new(request.into_body(), LONGEST_BODY).collect().await;
    let body = body.map(Collected::to_bytes).unwrap_or_default();
    let token = std::str::from_utf8(&body).unwrap_or_default();
    let (status, text) = match gate.roles_async(token).await {
        Ok(roles) => {
            let names = roles.iter().filter_map(|decision| decision.role());
            let names = names.map(|role| format!("{}\n", role.name));
            (StatusCode::OK, names.collect())
        }
        Err(error) if error.is_temporary() => {
            (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", error.code()))
        }
        Err(error) => (StatusCode::UNAUTHORIZED, format!("{}\n", error.code())),
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    Ok(response)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policies = policies_from_folder("policies/gitlab-deploy-per-environment")?;
    let gate = Gate::builder(policies, KeySources::new().otherwise(HttpKeys::new())).build()?;
    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    loop {
        let (stream, _) = listener.accept().await?;
        let gate = gate.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| roles(gate.clone(), request));
            let mut server = http1::Builder::new();
            // Without a timer, a connection that never sends its headers would stay.
            server
                .timer(TokioTimer::new())
                .header_read_timeout(Duration::from_secs(10));
            // A connection that ends with an error concerns the client alone.
            let _ = server.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

#[cfg(test)]
mod tests {
    use rolecall::testing::TestIssuer;
    use rolecall::{PolicySet, Source};
    use serde_json::json;

    use super::*;

    const POLICY: &str = r#"
        issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://deploy.acme.example" }
        role deploy { allow from gitlab when project == "acme/shop" && ref == "main" && ref_protected }
        role read { allow from gitlab when project under "acme" }
    "#;

    async fn ask(gate: &Gate, body: String) -> (StatusCode, Bytes) {
        let Ok(response) = roles(gate.clone(), Request::new(Full::<Bytes>::from(body))).await;
        let status = response.status();
        let Ok(body) = response.into_body().collect().await;
        (status, body.to_bytes())
    }

    #[tokio::test]
    async fn a_token_gets_its_roles() -> Result<(), Box<dyn std::error::Error>> {
        let policies = PolicySet::compile([Source::new("test.policy", POLICY)])?;
        let gitlab = TestIssuer::of(&policies, "gitlab");
        let gate = Gate::builder(policies, gitlab.keys()).build()?;
        let good =
            gitlab.token(json!({ "project_path": "acme/shop", "ref": "main", "ref_protected": "true" }));
        assert_eq!(
            ask(&gate, good.clone()).await,
            (StatusCode::OK, "deploy\nread\n".into())
        );
        let feature = gitlab.token(json!({ "project_path": "acme/shop", "ref": "feature" }));
        assert_eq!(ask(&gate, feature).await, (StatusCode::OK, "read\n".into()));
        for bad in [good.replacen('.', ".A", 1), good + &"x".repeat(LONGEST_BODY)] {
            assert_eq!(ask(&gate, bad).await.0, StatusCode::UNAUTHORIZED);
        }
        Ok(())
    }
}
