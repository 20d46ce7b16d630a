//! Tests of slow servers. The limits are short, and any other end of a request takes too long for the test.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests may end early")]

use std::io::{ErrorKind, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use rolecall_engine::Issuer;

use super::HttpKeys;
use super::limits::Limits;
use super::lookup::Lookup;
use crate::clock::{Clock, Moment, SystemClock};
use crate::keys::http_fault::HttpFault;
use crate::keys::{FetchError, KeySource};

const SHORT: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(3600);

fn source(connect: Duration, total: Duration) -> HttpKeys {
    let mut source = HttpKeys::new().allow_loopback_http();
    source.client.private_hosts.insert("127.0.0.1".to_owned());
    source.client.limits = Limits {
        connect,
        total,
        ..Limits::STRICT
    };
    source
}

/// Sends a request to a server whose response begins like this and goes on byte by byte. Returns the fault.
fn ask(scheme: &str, limits: (Duration, Duration), beginning: &'static str) -> HttpFault {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("{scheme}://{}/keys", listener.local_addr().unwrap());
    thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(beginning.as_bytes());
        while stream.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_millis(10));
        }
    });
    let answer = source(limits.0, limits.1).client.ask(&url);
    answer.err().unwrap()
}

#[test]
fn the_real_limits_are_two_and_five_seconds() {
    let limits = HttpKeys::new().client.limits;
    assert_eq!(limits.connect, Duration::from_secs(2));
    assert_eq!(limits.total, Duration::from_secs(5));
    assert_eq!(limits.bytes, 256 * 1024);
}

#[test]
fn a_server_that_says_nothing_is_left_and_not_asked_again() {
    // No thread accepts the connections; the operating system queues them.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    for (scheme, limits) in [
        ("http", (LONG, SHORT)),
        ("https", (LONG, SHORT)),
        ("https", (SHORT, LONG)),
    ] {
        let answer = source(limits.0, limits.1)
            .client
            .ask(&format!("{scheme}://{address}/keys"));
        assert_eq!(
            answer.err(),
            Some(HttpFault::Timeout { limit: SHORT }),
            "{scheme}"
        );
    }
    listener.set_nonblocking(true).unwrap();
    for _ in 0..3 {
        listener.accept().unwrap();
    }
    assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn an_answer_that_comes_byte_by_byte_is_cut_off() {
    for beginning in [
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\nx:",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n40000\r\n",
    ] {
        let fault = ask("http", (LONG, SHORT), beginning);
        assert_eq!(fault, HttpFault::Timeout { limit: SHORT }, "{beginning:?}");
    }
}

#[test]
fn a_handshake_that_comes_byte_by_byte_is_cut_off() {
    // A record of TLS that is announced as 16 KiB.
    let fault = ask("https", (SHORT, LONG), "\x16\x03\x03\x40\0");
    assert_eq!(fault, HttpFault::Timeout { limit: SHORT });
}

#[test]
fn a_second_try_has_only_the_time_that_is_left() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    thread::spawn(move || {
        let first = listener.accept();
        drop(first);
        let second = listener.accept();
        thread::sleep(LONG);
        drop(second);
    });
    let answer = source(LONG, SHORT).client.ask(&url);
    assert_eq!(answer.err(), Some(HttpFault::Timeout { limit: SHORT }));
}

/// The lookup advances the clock, so that only the clock can end the time.
#[test]
fn no_connection_is_made_when_the_time_is_over() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let clock = Arc::new(HandClock(Mutex::new(SystemClock.now())));
    let mut source = source(LONG, LONG).clock(clock.clone());
    source.client.lookup = Lookup::scripted(move |_, _| {
        clock.0.lock().unwrap().monotonic += LONG;
        Ok(vec![address])
    });
    let answer = source.client.ask("http://localhost/keys");
    assert_eq!(answer.err(), Some(HttpFault::Timeout { limit: LONG }));
    listener.set_nonblocking(true).unwrap();
    assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

struct HandClock(Mutex<Moment>);

impl Clock for HandClock {
    fn now(&self) -> Moment {
        *self.0.lock().unwrap()
    }
}

#[test]
fn a_proxy_that_says_nothing_is_left() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let source = source(SHORT, LONG).proxy(&format!("http://{address}")).unwrap();
    let answer = source.client.ask("https://keys.example/keys");
    assert_eq!(answer.err(), Some(HttpFault::Timeout { limit: SHORT }));
}

#[test]
fn a_lookup_that_never_ends_is_left_behind() {
    let mut source = source(SHORT, LONG);
    let (_kept, never) = mpsc::channel::<()>();
    let never = Mutex::new(never);
    source.client.lookup = Lookup::scripted(move |_, _| {
        let _ = never.lock().unwrap().recv();
        Ok(Vec::new())
    });
    let answer = source.client.ask("https://keys.example/keys");
    assert_eq!(answer.err(), Some(HttpFault::Timeout { limit: SHORT }));
}

#[test]
fn a_lookup_without_a_thread_is_that_fault_and_not_an_unknown_host() {
    let mut source = source(SHORT, LONG);
    source.client.lookup = Lookup::system().without_threads();
    let mut issuer = Issuer::new(
        "ci",
        "https://keys.example",
        "gitlab",
        vec!["rolecall".to_owned()],
    );
    for jwks in [None, Some("https://keys.example/keys".to_owned())] {
        issuer.jwks = jwks;
        assert_eq!(source.fetch(&issuer).unwrap_err(), FetchError::NoThread);
    }
}

/// More lookups than there are threads, which never end.
#[test]
fn hosts_whose_lookups_hang_leave_threads_to_others() {
    let mut source = source(SHORT, LONG);
    let (kept, never) = mpsc::channel::<()>();
    let never = Mutex::new(never);
    source.client.lookup = Lookup::scripted(move |host, _| {
        if host.starts_with("slow") {
            let _ = never.lock().unwrap().recv();
        }
        Err(ErrorKind::NotFound.into())
    });
    let slow = |host: u32| {
        source
            .client
            .ask(&format!("https://slow{host}.example/keys"))
            .err()
    };
    for host in (0..12).chain(0..12).chain(0..12) {
        assert_eq!(slow(host), Some(HttpFault::Timeout { limit: SHORT }), "{host}");
    }
    let host = "keys.example".to_owned();
    let answer = source.client.ask("https://keys.example/keys");
    assert_eq!(answer.err(), Some(HttpFault::Lookup { host }));
    drop(kept);
}
