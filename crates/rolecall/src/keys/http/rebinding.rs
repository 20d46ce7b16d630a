//! Tests of the addresses connected to, with scripted lookups.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rolecall_engine::Issuer;

use super::client::Answer;
use super::lookup::Lookup;
use super::{HttpClient, HttpKeys, HttpRequest, HttpResponse};
use crate::keys::http_fault::HttpFault;

/// A source with a scripted lookup, which gets the number of the lookup, from 0. It records the hosts.
fn source(
    script: impl Fn(usize) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static,
) -> (HttpKeys, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = asked.clone();
    let mut source = HttpKeys::new();
    source.client.lookup = Lookup::scripted(move |host, port| {
        let mut seen = seen.lock().unwrap();
        seen.push(format!("{host}:{port}"));
        script(seen.len() - 1)
    });
    (source, asked)
}

/// Asks for a document as the configuration names it.
pub(super) fn ask(source: &HttpKeys, url: &str) -> Result<Answer, HttpFault> {
    let mut issuer = Issuer::new("ci", "https://ci.example", "gitlab", vec!["rolecall".to_owned()]);
    issuer.jwks = Some(url.to_owned());
    source.client(&issuer).ask(url)
}

fn address(text: &str) -> SocketAddr {
    SocketAddr::new(text.parse::<IpAddr>().unwrap(), 443)
}

fn fault(answer: Result<Answer, HttpFault>) -> HttpFault {
    answer.err().unwrap()
}

/// A plain HTTP server with one response. It counts the requests.
fn server() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
        }
    });
    (address, count)
}

#[test]
fn a_host_with_an_address_that_is_not_public_is_refused() {
    for bad in [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "::1",
        "fd00::1",
        "fe80::1",
        "::ffff:10.0.0.1",
        "64:ff9b::10.0.0.1",
        "2002:a00:1::",
    ] {
        let bad = address(bad);
        let good = address("8.8.8.8");
        for all in [vec![bad], vec![good, bad], vec![bad, good]] {
            let (source, asked) = source(move |_| Ok(all.clone()));
            let refused = HttpFault::Address {
                host: "keys.example".to_owned(),
            };
            assert_eq!(
                fault(source.client.ask("https://keys.example/keys")),
                refused,
                "{bad}"
            );
            assert_eq!(*asked.lock().unwrap(), ["keys.example:443"]);
        }
    }
}

#[test]
fn an_address_in_the_url_is_refused_without_a_lookup() {
    for host in [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "[::1]",
        "[fd00::1]",
        "[::ffff:10.0.0.1]",
    ] {
        let (source, asked) = source(|_| panic!("it is an address"));
        let answer = source.client.ask(&format!("https://{host}/keys"));
        assert!(matches!(fault(answer), HttpFault::Address { .. }), "{host}");
        assert!(asked.lock().unwrap().is_empty());
    }
}

#[test]
fn a_host_that_is_allowed_may_be_private_but_not_link_local() {
    for bad in [
        "169.254.169.254",
        "169.254.1.1",
        "fe80::1",
        "100.100.100.200",
        "0.0.0.0",
        "fd00:ec2::254",
    ] {
        let bad = address(bad);
        let (source, _) = source(move |_| Ok(vec![bad]));
        let source = source.allow_private("keys.example");
        let answer = ask(&source, "https://keys.example/keys");
        assert!(matches!(fault(answer), HttpFault::Address { .. }), "{bad}");
    }
    // The port is closed, but a connection is tried: the host was allowed, and by its exact name only.
    for (host, code) in [
        ("keys.example", "connection"),
        ("sub.keys.example", "address"),
        ("xkeys.example", "address"),
        ("keys.example.", "address"),
    ] {
        let (source, _) = source(|_| Ok(vec![SocketAddr::from(([127, 0, 0, 1], 1))]));
        let source = source.allow_private("Keys.Example");
        let answer = ask(&source, &format!("https://{host}/keys"));
        assert_eq!(fault(answer).code(), code, "{host}");
    }
}

/// The name is not one that the system could look up, so the connection can only go where the script says.
#[test]
fn the_address_that_was_checked_is_the_one_that_is_connected_to() {
    let (server, count) = server();
    let (source, asked) = source(move |number| match number {
        0 => Ok(vec![server; 20]),
        _ => Ok(vec![address("169.254.169.254")]),
    });
    let source = source.allow_loopback_http();
    source.client.ask("http://localhost:80/keys").unwrap();
    assert_eq!(*asked.lock().unwrap(), ["localhost:80"]);
    assert_eq!(count.load(Ordering::SeqCst), 1);
    // The next document is looked up again, and checked again.
    let answer = source.client.ask("http://localhost:80/keys");
    assert!(matches!(fault(answer), HttpFault::Address { .. }));
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[test]
fn plain_http_never_leaves_this_machine_whatever_its_name_means() {
    for elsewhere in ["8.8.8.8", "10.0.0.1", "169.254.169.254"] {
        let elsewhere = address(elsewhere);
        let (source, _) = source(move |_| Ok(vec![elsewhere]));
        let source = source.allow_loopback_http().allow_private("localhost");
        let answer = ask(&source, "http://localhost/keys");
        assert!(matches!(fault(answer), HttpFault::Address { .. }), "{elsewhere}");
    }
}

#[test]
fn a_host_that_is_not_found_is_said_to_be_so() {
    let nothing: [fn() -> io::Result<Vec<SocketAddr>>; 2] =
        [|| Ok(vec![]), || Err(io::Error::other("s3cr3t"))];
    for nothing in nothing {
        let (source, asked) = source(move |_| nothing());
        let fault = fault(source.client.ask("https://keys.example:8443/keys"));
        assert_eq!(fault.to_string(), "cannot look up `keys.example`");
        assert_eq!(*asked.lock().unwrap(), ["keys.example:8443"]);
    }
}

#[test]
fn a_proxy_looks_up_hosts_but_is_given_no_private_address() {
    let (source, asked) = source(|_| Ok(vec![SocketAddr::from(([127, 0, 0, 1], 1))]));
    let source = source.proxy("http://proxy.internal:3128").unwrap();
    let fault_of = |url| fault(source.client.ask(url)).code();
    assert_eq!(fault_of("https://keys.example/keys"), "connection");
    assert_eq!(*asked.lock().unwrap(), ["proxy.internal:3128"]);
    assert_eq!(fault_of("https://10.0.0.1/keys"), "address");
    assert_eq!(fault_of("https://[::1]/keys"), "address");
    assert_eq!(asked.lock().unwrap().len(), 1);
}

/// The fault of fetching keys from the host that an issuer's discovery document names. The address is closed,
/// so `connection` means that the host was allowed.
fn led_to(host: &str, issuer: &Issuer, allow: impl FnOnce(HttpKeys) -> HttpKeys) -> &'static str {
    let (source, _) = source(|_| Ok(vec![SocketAddr::from(([127, 0, 0, 1], 1))]));
    let client = allow(source).client(issuer);
    fault(client.ask(&format!("https://{host}/keys"))).code()
}

#[test]
fn a_private_host_is_allowed_for_the_issuers_that_the_configuration_puts_there() {
    let issuer = |url: &str| Issuer::new("ci", url, "gitlab", vec!["rolecall".to_owned()]);
    let own = issuer("https://ci.internal:8443/realm");
    let other = issuer("https://ci.example");
    let mut with_keys = issuer("https://ci.example");
    with_keys.jwks = Some("https://ci.internal/keys".to_owned());
    let mut with_file = issuer("https://ci.example");
    with_file.jwks = Some("ci.internal".to_owned());
    let allow = |source: HttpKeys| source.allow_private("ci.internal");
    for (issuer, host, expected) in [
        (&own, "ci.internal", "connection"),
        (&own, "keys.internal", "address"),
        (&with_keys, "ci.internal", "connection"),
        (&with_file, "ci.internal", "address"),
        // An issuer that leads to the host of another one.
        (&other, "ci.internal", "address"),
    ] {
        assert_eq!(led_to(host, issuer, allow), expected, "{issuer:?} {host}");
    }

    let allow = |source: HttpKeys| source.allow_private_for("https://ci.example", "Keys.Internal");
    for (issuer, host, expected) in [
        (&other, "keys.internal", "connection"),
        (&other, "ci.internal", "address"),
        (&own, "keys.internal", "address"),
        (&issuer("https://ci.example/"), "keys.internal", "address"),
    ] {
        assert_eq!(led_to(host, issuer, allow), expected, "{issuer:?} {host}");
    }
}

fn send(client: &HttpClient, url: &str) -> Result<HttpResponse, HttpFault> {
    client.send(&HttpRequest {
        url,
        headers: &[("x-one", "1")],
        body: Some(b"{}"),
        timeout: Duration::from_secs(5),
        max_bytes: 100,
    })
}

#[test]
fn requests_have_the_rules_of_documents() {
    let private = SocketAddr::from(([10, 0, 0, 1], 443));
    for (allowed, code) in [("other.example", "address"), ("sts.example", "connection")] {
        // The port is closed, but a connection is tried: the host was allowed.
        let closed = SocketAddr::from(([127, 0, 0, 1], 1));
        let answers = if code == "address" { private } else { closed };
        let (source, asked) = source(move |_| Ok(vec![answers]));
        let client = source.allow_private(allowed).http_client();
        let answer = send(&client, "https://sts.example/token");
        assert_eq!(answer.unwrap_err().code(), code, "{allowed}");
        assert_eq!(*asked.lock().unwrap(), ["sts.example:443"]);
    }
    let (source, asked) = source(|_| panic!("no host is looked up"));
    let client = source.allow_private("10.0.0.1").http_client();
    for (url, code) in [
        ("https://10.0.0.2/token", Some("address")),
        ("https://169.254.169.254/token", Some("address")),
        ("http://127.0.0.1/token", Some("url")),
        ("https://user@sts.example/token", Some("url")),
        ("https://10.0.0.1/token", None),
        ("https://sts.example/token", None),
    ] {
        assert_eq!(client.check(url).err().map(|fault| fault.code()), code, "{url}");
        if let Some(code) = code {
            assert_eq!(send(&client, url).unwrap_err().code(), code, "{url}");
        }
    }
    assert!(asked.lock().unwrap().is_empty());
}

#[test]
fn a_request_goes_to_the_address_that_was_checked_and_is_sent_once() {
    let (server, count) = server();
    let (source, asked) = source(move |_| Ok(vec![server]));
    let client = source.allow_loopback_http().http_client();
    let answer = send(&client, "http://localhost:80/token").unwrap();
    assert_eq!((answer.status, &*answer.body), (200, b"{}".as_slice()));
    assert_eq!(*asked.lock().unwrap(), ["localhost:80"]);
    assert_eq!(count.load(Ordering::SeqCst), 1);
    assert!(!format!("{answer:?}").contains("123"), "no body is shown");
}
