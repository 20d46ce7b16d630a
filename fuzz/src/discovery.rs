//! Where keys are asked for, given what an issuer says about itself.
//!
//! It is looked at from outside: the only way out is a proxy, which is the issuer, too. It hands out the document, and
//! hears whom it would have to connect to for the keys. Nothing leaves this machine.

#![allow(
    unreachable_pub,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "whatever is odd here shall end the run"
)]

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use rolecall::{FetchError, HttpFault, HttpKeys, Issuer};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};
use serde_json::Value;

const ISSUER: &str = "https://issuer.example";

/// A proxy and issuer, and a source of keys that knows no other way out.
struct Stage {
    source: HttpKeys,
    /// The document, and whom the proxy was asked for since it is there.
    scene: Arc<Mutex<(Vec<u8>, Vec<String>)>>,
}

static STAGE: LazyLock<Mutex<Stage>> = LazyLock::new(|| Mutex::new(Stage::new()));

impl Stage {
    fn new() -> Self {
        let (tls, pem) = identity();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        let scene = Arc::new(Mutex::new((Vec::new(), Vec::new())));
        let own = Arc::clone(&scene);
        thread::spawn(move || {
            for stream in listener.incoming() {
                // Whether the other side hangs up early is its own affair.
                let _ = converse(stream.unwrap(), &tls, &own);
            }
        });
        let source = HttpKeys::new().roots(pem.as_bytes()).unwrap();
        Self {
            source: source.proxy(&proxy).unwrap(),
            scene,
        }
    }
}

/// What the issuer shows who it is with, and the authority that vouches for it.
fn identity() -> (Arc<ServerConfig>, String) {
    let (key, own) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let pem = params.self_signed(&key).unwrap().pem();
    let authority = rcgen::Issuer::new(params, key);
    let params = CertificateParams::new(["issuer.example".to_owned()]).unwrap();
    let certificate = params.signed_by(&own, &authority).unwrap();
    let own = PrivateKeyDer::Pkcs8(own.serialize_der().into());
    let tls = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], own);
    (Arc::new(tls.unwrap()), pem)
}

/// Is asked for a connection. To the issuer there is one, for the first question; it leads nowhere else.
fn converse(
    mut client: TcpStream,
    tls: &Arc<ServerConfig>,
    scene: &Mutex<(Vec<u8>, Vec<String>)>,
) -> std::io::Result<()> {
    let line = question(&mut client)?;
    let target = line
        .strip_prefix("CONNECT ")
        .and_then(|line| line.strip_suffix(" HTTP/1.1"));
    let (document, asked) = {
        let mut scene = scene.lock().unwrap();
        scene.1.push(target.unwrap_or(&line).to_owned());
        (scene.0.clone(), scene.1.len())
    };
    if asked > 1 {
        return client.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    }
    client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n")?;
    let mut connection = ServerConnection::new(Arc::clone(tls)).unwrap();
    let mut stream = Stream::new(&mut connection, &mut client);
    let line = question(&mut stream)?;
    assert_eq!(line, "GET /.well-known/openid-configuration HTTP/1.1");
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", document.len());
    stream.write_all(&[head.as_bytes(), &document].concat())?;
    stream.flush()
}

/// Reads the head of a question, and returns its first line.
fn question(stream: &mut impl Read) -> std::io::Result<String> {
    let mut head = Vec::new();
    // Behind a question nothing is sent before there is an answer.
    while !head.ends_with(b"\r\n\r\n") {
        let mut part = [0; 1024];
        let length = stream.read(&mut part)?;
        if length == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        head.extend(&part[..length]);
    }
    let head = String::from_utf8(head).unwrap();
    Ok(head.lines().next().unwrap_or_default().to_owned())
}

/// Discovers keys by this document, and says whom it asks for them, if anybody.
pub fn check(document: &[u8]) -> Option<String> {
    let (asked, error) = discover(document);
    assert_eq!(asked[0], "issuer.example:443");
    let Some(target) = asked.get(1) else {
        // Nobody else was asked past the proxy.
        let fault = matches!(&error, FetchError::Http { fault, .. } if !is_refusal(fault));
        assert!(!fault, "{error}");
        return None;
    };
    assert_eq!(asked.len(), 2);

    let document: Value = serde_json::from_slice(document).unwrap();
    assert_eq!(document["issuer"], ISSUER);
    let url = document["jwks_uri"].as_str().unwrap();
    assert!(url.bytes().all(|byte| byte.is_ascii_graphic()), "{url}");
    assert!(!url.contains(['#', '\\']), "{url}");
    let rest = url.strip_prefix("https://").unwrap();
    let authority = rest.split(['/', '?']).next().unwrap();
    let is_odd = |c: char| c == '@' || c.is_ascii_uppercase();
    assert!(!authority.contains(is_odd), "{url}");
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse::<u16>().unwrap()),
        _ => (authority, 443),
    };
    assert_eq!(*target, format!("{host}:{port}"), "{url}");
    let address = host.trim_matches(['[', ']']).parse();
    assert!(!address.is_ok_and(is_own), "{url}");
    Some(target.clone())
}

/// Has keys discovered, and returns whom the proxy was asked for, and what became of it.
fn discover(document: &[u8]) -> (Vec<String>, FetchError) {
    let issuer = Issuer::new("a", ISSUER, "generic", vec!["us".to_owned()]);
    let mut stage = STAGE.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        *stage.scene.lock().unwrap() = (document.to_vec(), Vec::new());
        let error = stage.source.discover(&issuer).unwrap_err();
        let timeout = matches!(
            &error,
            FetchError::Http {
                fault: HttpFault::Timeout { .. },
                ..
            }
        );
        if !timeout {
            return (std::mem::take(&mut stage.scene.lock().unwrap().1), error);
        }
        // This machine was busy. The old proxy may still be about to hear something.
        *stage = Stage::new();
    }
}

/// Whether a document was refused as it stands, or what it leads to.
fn is_refusal(fault: &HttpFault) -> bool {
    matches!(
        fault,
        HttpFault::Address { .. } | HttpFault::TooLarge { .. } | HttpFault::Url(_)
    )
}

/// Whether an address is surely none of the internet.
fn is_own(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            address.is_private() || address.is_link_local() || address.is_loopback() || address.is_multicast()
        }
        IpAddr::V6(address) => {
            address.is_unique_local()
                || address.is_unicast_link_local()
                || address.is_loopback()
                || address.is_multicast()
        }
    }
}
