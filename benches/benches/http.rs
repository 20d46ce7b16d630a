//! Authorization over HTTP: one server of hyper, with and without a gate, and its requests in a second.
//!
//! Clients and server share this process and its cores. The servers take turns, and the medians count.

#![allow(
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a bench prints, and cannot run without its input"
)]

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::AUTHORIZATION;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use rolecall::{Clock, Gate, KeySet, KeySources, Moment, SystemClock, UnixTime};
use rolecall_benches::{Signed, policy_set, signed_many};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

/// The number of tokens that take turns. Each is for a role of its own.
const TOKENS: usize = 64;

const CONNECTIONS: usize = 4;

/// The rounds, in each of which every server has a turn.
const ROUNDS: usize = 15;

const TURN: Duration = Duration::from_millis(400);

/// The clocks of the machine, on the day of the tokens.
struct DayOfTokens;

impl Clock for DayOfTokens {
    fn now(&self) -> Moment {
        Moment {
            wall: UnixTime::from_secs(1_800_000_600),
            ..std::hint::black_box(SystemClock.now())
        }
    }
}

/// The work of a server before it answers.
#[derive(Clone)]
enum Handler {
    Nothing,
    Signature(Arc<ParsedPublicKey>),
    Gate(Gate),
}

impl Handler {
    async fn allows(&self, request: &Request<Incoming>) -> bool {
        let value = request
            .headers()
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let Some(token) = value.and_then(|value| value.strip_prefix("Bearer ")) else {
            return false;
        };
        match self {
            Self::Nothing => true,
            Self::Signature(key) => {
                let Some((message, signature)) = token.rsplit_once('.') else {
                    return false;
                };
                let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
                key.verify_sig(message.as_bytes(), &signature).is_ok()
            }
            Self::Gate(gate) => {
                let role = request.uri().path().trim_start_matches('/');
                !matches!(
                    gate.authorize_async(token, role).await,
                    Err(rolecall::Denial::Token(_))
                )
            }
        }
    }
}

/// Starts a server, and returns its address.
fn serve(runtime: &Runtime, handler: Handler) -> SocketAddr {
    let listener = runtime
        .block_on(TcpListener::bind("127.0.0.1:0"))
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let handler = handler.clone();
            tokio::spawn(async move {
                let service = service_fn(|request: Request<Incoming>| {
                    let handler = &handler;
                    async move {
                        let mut response = Response::new(Full::new(Bytes::from_static(b"ok")));
                        if !handler.allows(&request).await {
                            *response.status_mut() = StatusCode::UNAUTHORIZED;
                        }
                        Ok::<_, Infallible>(response)
                    }
                });
                let _ = http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    address
}

/// Returns the number of requests in a second.
fn load(address: SocketAddr, requests: &[Vec<u8>], time: Duration) -> f64 {
    let start = Instant::now();
    let counts = thread::scope(|scope| {
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|client| scope.spawn(move || requests_of(address, requests, client, time)))
            .collect();
        let counts = clients.into_iter().map(|client| client.join().expect("a client"));
        counts.sum::<u32>()
    });
    f64::from(counts) / start.elapsed().as_secs_f64()
}

fn requests_of(address: SocketAddr, requests: &[Vec<u8>], client: usize, time: Duration) -> u32 {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_nodelay(true).expect("an option");
    let (start, mut count, mut buffer) = (Instant::now(), 0, [0; 1_024]);
    for request in requests.iter().cycle().skip(client * TOKENS / CONNECTIONS) {
        stream.write_all(request).expect("a request");
        let length = stream.read(&mut buffer).expect("a response");
        assert!(buffer[..length].starts_with(b"HTTP/1.1 200"), "it was refused");
        count += 1;
        if start.elapsed() > time {
            break;
        }
    }
    count
}

fn gate(signed: &[Signed], cached_tokens: usize) -> Handler {
    let keys = KeySet::parse(signed[0].jwks.as_bytes()).expect("keys");
    let sources = KeySources::new().fixed("https://gitlab.com", keys);
    let gate = Gate::builder(policy_set(100), sources).cached_tokens(cached_tokens);
    Handler::Gate(gate.clock(DayOfTokens).build().expect("a gate"))
}

fn main() {
    let signed = signed_many(TOKENS);
    let requests = signed.iter().enumerate().map(|(role, signed)| {
        let token = &signed.token;
        format!("GET /role-{role} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\r\n")
            .into_bytes()
    });
    let requests: Vec<Vec<u8>> = requests.collect();
    let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &signed[0].public_key).expect("a key");
    let handlers = [
        ("without a gate", Handler::Nothing),
        (
            "only the signature (aws-lc-rs, parsed key)",
            Handler::Signature(Arc::new(key)),
        ),
        ("a gate that caches no token", gate(&signed, 0)),
        ("a gate, cached tokens", gate(&signed, 1_024)),
    ];
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let servers = handlers.map(|(name, handler)| (name, serve(&runtime, handler)));
    let mut rates = vec![Vec::new(); servers.len()];
    for round in 0..=ROUNDS {
        for ((_, address), rates) in servers.iter().zip(&mut rates) {
            let rate = load(*address, &requests, TURN);
            // The first round only warms up.
            if round > 0 {
                rates.push(rate);
            }
        }
    }
    let medians: Vec<f64> = rates
        .iter_mut()
        .map(|rates| {
            rates.sort_by(f64::total_cmp);
            rates[rates.len() / 2]
        })
        .collect();
    println!("| | requests/s | x nothing | x the signature |");
    println!("|---|---:|---:|---:|");
    for ((name, _), rate) in servers.iter().zip(&medians) {
        println!(
            "| {name} | {rate:.0} | {:.2} | {:.2} |",
            rate / medians[0],
            rate / medians[1]
        );
    }
}
