//! The first keys of thousands of issuers: time, memory and threads of a gate, with one TLS server on loopback.
//!
//! The server is this process. The gate is a process of its own, so that only its memory and threads are counted.

#![allow(
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and cannot run without its input"
)]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rolecall::{Event, Gate, HttpKeys, KeySources, Observer, PolicySet, Source};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

const ISSUERS: usize = 2_000;

/// The time after which the bench gives up.
const LIMIT: Duration = Duration::from_secs(60);

/// The certificate authorities of the operating system, of which the gate reads a copy with ours.
const SYSTEM_AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

fn main() -> io::Result<()> {
    match env::var("ROLECALL_BENCH_PORT") {
        Ok(port) => gate(&port),
        Err(_) => server(),
    }
    Ok(())
}

/// Serves keys, and runs the gate.
fn server() {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let authority = CertifiedIssuer::self_signed(authority, key).expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let host = CertificateParams::new(["localhost".to_owned()]).expect("a host");
    let certificate = host.signed_by(&key, &authority).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a server");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (config, listener) = (Arc::new(config), Arc::new(listener));
    for _ in 0..8 {
        let (config, listener) = (Arc::clone(&config), Arc::clone(&listener));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = answer(stream, &config, port);
            }
        });
    }

    let authorities = env::temp_dir().join(format!("rolecall-bench-{port}.pem"));
    let system = fs::read_to_string(SYSTEM_AUTHORITIES).unwrap_or_default();
    fs::write(&authorities, system + &authority.pem()).expect("a file");
    let program = env::current_exe().expect("this program");
    for documents in ["1", "2"] {
        let gate = Command::new(&program)
            .env("ROLECALL_BENCH_PORT", port.to_string())
            .env("ROLECALL_BENCH_DOCUMENTS", documents)
            .env("SSL_CERT_FILE", &authorities)
            .status();
        assert!(gate.expect("a process").success(), "the gate failed");
    }
    let _ = fs::remove_file(authorities);
}

/// Answers one request: with the discovery document of an issuer, or with its keys.
fn answer(stream: TcpStream, config: &Arc<ServerConfig>, port: u16) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    let mut lines = BufReader::new(&mut stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let path = first.split(' ').nth(1).unwrap_or_default();
    let issuer = format!(
        "https://localhost:{port}{}",
        path.trim_end_matches("/.well-known/openid-configuration")
    );
    let body = if path.ends_with("/keys") {
        // The key of RFC 7515 appendix A.3.
        r#"{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"a",
            "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#
            .to_owned()
    } else {
        format!(r#"{{"issuer":"{issuer}","jwks_uri":"{issuer}/keys"}}"#)
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )?;
    stream.conn.send_close_notify();
    stream.flush()
}

#[derive(Clone, Default)]
struct Failures(Arc<AtomicUsize>);

impl Observer for Failures {
    fn observe(&self, event: &Event<'_>) {
        if matches!(event, Event::KeysNotFetched { .. }) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn gate(port: &str) {
    let documents = env::var("ROLECALL_BENCH_DOCUMENTS").expect("the number of documents");
    let policy = (0..ISSUERS).map(|number| {
        let url = format!("https://localhost:{port}/{number}");
        let jwks = if documents == "1" {
            format!("jwks \"{url}/keys\"")
        } else {
            String::new()
        };
        format!("issuer i{number} {{ url \"{url}\" profile gitlab-ci audience \"bench\" {jwks} }}\n")
    });
    let set =
        PolicySet::compile([Source::new("bench.policy", policy.collect::<String>())]).expect("policies");
    let failures = Failures::default();
    let keys = KeySources::new().otherwise(HttpKeys::new().allow_private("localhost"));
    let gate = Gate::builder(set, keys)
        .observer(failures.clone())
        .build()
        .expect("a gate");
    let (before, cpu_before) = (status("VmRSS:"), cpu());

    let start = Instant::now();
    gate.fetch_keys();
    let blocked = start.elapsed();
    let (mut threads, mut fetched) = (0, 0);
    while fetched < ISSUERS && start.elapsed() < LIMIT {
        thread::sleep(Duration::from_millis(20));
        threads = threads.max(status("Threads:"));
        fetched = gate
            .key_status()
            .iter()
            .filter(|status| status.usable > 0)
            .count();
        // A failed fetch is repeated for the next request.
        gate.fetch_keys();
    }
    let took = start.elapsed();
    let cpu = (cpu() - cpu_before) / f64::from(u32::try_from(ISSUERS).unwrap_or(1));
    println!("{ISSUERS} issuers, documents of each: {documents}");
    println!(
        "  keys of {fetched} after {:.2} s; fetch_keys took {:.2} ms",
        took.as_secs_f64(),
        blocked.as_secs_f64() * 1e3
    );
    println!("  failed fetches: {}", failures.0.load(Ordering::Relaxed));
    println!("  threads at most: {threads}");
    println!(
        "  memory at most: {} MB, of which {} MB before",
        status("VmHWM:") / 1_000,
        before / 1_000
    );
    println!("  CPU time of the gate: {:.2} ms for each issuer", cpu * 1e3);
}

/// Returns a number of this process: kB of memory, or threads.
fn status(name: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}

/// Returns the CPU time of this process in seconds.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}
