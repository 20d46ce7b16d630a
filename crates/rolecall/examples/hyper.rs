//! A plain server of hyper that answers with the roles of a token.
//!
//! `cargo run -p rolecall --example hyper`, and then one of the commands that it prints.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

#[path = "support/demo.rs"]
mod demo;

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use demo::{Demo, demo};
use http_body_util::{BodyExt, Collected, Full, Limited};
use hyper::body::{Body, Bytes};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rolecall::{Gate, VerifyError};
use tokio::net::TcpListener;

/// No token is longer than this.
const LONGEST_BODY: usize = 16 * 1024;

/// The roles of the token that is the body of the request, a line each.
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
            (
                StatusCode::OK,
                names.map(|role| format!("{}\n", role.name)).collect(),
            )
        }
        Err(error) => {
            let status = match error {
                VerifyError::KeysUnavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::UNAUTHORIZED,
            };
            (status, format!("{}\n", error.code()))
        }
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    Ok(response)
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let Demo { gate, main, feature } = demo();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    for token in [main, feature] {
        println!("curl -i http://{address} --data-raw {token}\n");
    }
    loop {
        let (stream, _) = listener.accept().await?;
        let gate = gate.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| roles(gate.clone(), request));
            let mut server = http1::Builder::new();
            // Without a timer, nobody would end a connection that never says what it wants.
            server
                .timer(TokioTimer::new())
                .header_read_timeout(Duration::from_secs(10));
            if let Err(error) = server.serve_connection(TokioIo::new(stream), service).await {
                println!("a connection ended: {error}");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ask(gate: &Gate, body: String) -> (StatusCode, Bytes) {
        let Ok(response) = roles(gate.clone(), Request::new(Full::<Bytes>::from(body))).await;
        let status = response.status();
        let Ok(body) = response.into_body().collect().await;
        (status, body.to_bytes())
    }

    #[tokio::test]
    async fn a_token_gets_its_roles() {
        let Demo { gate, main, feature } = demo();
        assert_eq!(
            ask(&gate, main.clone()).await,
            (StatusCode::OK, "deploy\nread\n".into())
        );
        assert_eq!(ask(&gate, feature).await, (StatusCode::OK, "read\n".into()));
        let forged = main.replacen('.', ".A", 1);
        assert_eq!(ask(&gate, forged).await.0, StatusCode::UNAUTHORIZED);
        let large = main + &"x".repeat(LONGEST_BODY);
        assert_eq!(ask(&gate, large).await.0, StatusCode::UNAUTHORIZED);
    }
}
