//! Keys over the network: what is asked for, where and how often, and what becomes of the answers.

use std::time::Duration;

use crate::http_server::{
    Answer, HandClock, KEYS, Server, document, good_provider, issuer, issuer_with_keys_at, provider, source,
};
use rolecall::{FetchError, HttpFault, HttpKeys, Issuer, IssuerDocument, KeySource};

const LARGEST: usize = 256 * 1024;

fn fault(error: FetchError) -> (IssuerDocument, HttpFault) {
    match error {
        FetchError::Http { document, fault } => (document, fault),
        error => panic!("{error}"),
    }
}

#[test]
fn keys_are_found_by_discovery() {
    let server = good_provider("");
    let discovered = source().discover(&issuer(&server.url(""))).unwrap();
    assert_eq!(discovered.jwks_uri, server.url("/keys"));
    assert_eq!(discovered.fetched.keys.len(), 1);
    assert_eq!(discovered.fetched.max_age, None);
    assert_eq!(server.paths(), ["/.well-known/openid-configuration", "/keys"]);
}

#[test]
fn configured_keys_are_read_without_discovery() {
    let server = good_provider("");
    let issuer = issuer_with_keys_at(&server.url("/keys?version=1"));
    let discovered = source().discover(&issuer).unwrap();
    assert_eq!(discovered.jwks_uri, server.url("/keys?version=1"));
    assert_eq!(server.paths(), ["/keys?version=1"]);
}

#[test]
fn discovery_is_below_the_issuer_whatever_its_path() {
    for (path, asked) in [
        ("", "/.well-known/openid-configuration"),
        ("/", "/.well-known/openid-configuration"),
        ("/realms/ci", "/realms/ci/.well-known/openid-configuration"),
        ("/realms/ci/", "/realms/ci/.well-known/openid-configuration"),
        ("/a%2Fb//", "/a%2Fb//.well-known/openid-configuration"),
    ] {
        let server = good_provider(path);
        source().fetch(&issuer(&server.url(path))).unwrap();
        assert_eq!(server.paths(), [asked, "/keys"], "{path}");
    }
}

#[test]
fn keys_may_be_on_another_host() {
    let keys = Server::start(|_, _| Answer::json(KEYS));
    let jwks_uri = format!("http://localhost:{}/jwks", keys.port);
    let server = provider(move |url, _, _| Answer::json(document(url, &jwks_uri)));
    source().fetch(&issuer(&server.url(""))).unwrap();
    assert_eq!(keys.paths(), ["/jwks"]);
    assert_eq!(server.paths().len(), 1);
}

#[test]
fn nothing_is_sent_that_servers_need_not_know() {
    let server = provider(|url, _, path| {
        let body = match path {
            "/keys" => KEYS.to_owned(),
            _ => document(url, &format!("{url}/keys")),
        };
        Answer::new(
            "200 OK",
            "set-cookie: id=1; path=/\r\nwww-authenticate: basic",
            body,
        )
    });
    let source = source();
    source.fetch(&issuer(&server.url(""))).unwrap();
    source.fetch(&issuer(&server.url(""))).unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        let mut headers = request.headers;
        headers.sort();
        let host = format!("host: 127.0.0.1:{}", server.port);
        let agent = format!("user-agent: rolecall/{}", env!("CARGO_PKG_VERSION"));
        let expected = [
            "accept-encoding: identity",
            "accept: application/json",
            &host,
            &agent,
        ];
        assert_eq!(headers, expected);
        assert!(request.line.starts_with("GET /"), "{}", request.line);
        assert!(request.line.ends_with(" HTTP/1.1"), "{}", request.line);
    }
}

/// Runs a test again, in a process whose environment asks for a proxy that does not answer.
#[test]
fn the_environment_asks_for_a_proxy_in_vain() {
    let mut again = std::process::Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "http_keys::keys_are_found_by_discovery"]);
    for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"] {
        again.env(name, "http://127.0.0.1:1");
        again.env(name.to_lowercase(), "http://127.0.0.1:1");
    }
    let output = again.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

#[test]
fn discovery_is_remembered_for_an_hour() {
    let server = good_provider("");
    let clock = HandClock::new();
    let source = source().clock(clock.clone());
    let issuer = issuer(&server.url(""));
    let discovery = "/.well-known/openid-configuration";
    source.fetch(&issuer).unwrap();
    clock.advance(3599);
    // A clone remembers the same.
    source.clone().fetch(&issuer).unwrap();
    assert_eq!(server.paths(), [discovery, "/keys", "/keys"]);
    clock.advance(1);
    source.fetch(&issuer).unwrap();
    assert_eq!(server.paths(), [discovery, "/keys", "/keys", discovery, "/keys"]);
}

#[test]
fn discovery_is_remembered_for_less_if_the_server_says_so() {
    let server = provider(|url, _, path| match path {
        "/keys" => Answer::json(KEYS),
        _ => Answer::new(
            "200 OK",
            "cache-control: max-age=120",
            document(url, &format!("{url}/keys")),
        ),
    });
    let clock = HandClock::new();
    let source = source().clock(clock.clone());
    for (seconds, requests) in [(0, 2), (119, 3), (1, 5)] {
        clock.advance(seconds);
        source.fetch(&issuer(&server.url(""))).unwrap();
        assert_eq!(server.requests().len(), requests);
    }
}

#[test]
fn keys_that_moved_are_found_within_the_hour() {
    let server = provider(|url, number, path| match path {
        "/old" | "/new" => Answer::json(KEYS),
        _ if number < 2 => Answer::json(document(url, &format!("{url}/old"))),
        _ => Answer::json(document(url, &format!("{url}/new"))),
    });
    let clock = HandClock::new();
    let source = source().clock(clock.clone());
    source.fetch(&issuer(&server.url(""))).unwrap();
    clock.advance(3600);
    let discovered = source.discover(&issuer(&server.url(""))).unwrap();
    assert_eq!(discovered.jwks_uri, server.url("/new"));
}

#[test]
fn discovery_is_forgotten_when_the_keys_are_gone() {
    let bad_keys: [fn() -> Answer; 3] = [
        || Answer::new("404 Not Found", "", ""),
        || Answer::json("<html>"),
        || Answer::new("302 Found", "location: /new", ""),
    ];
    for bad in bad_keys {
        let server = provider(move |url, number, path| match (number, path) {
            (1, _) | (_, "/new") => Answer::json(KEYS),
            (_, "/old") => bad(),
            (0, _) => Answer::json(document(url, &format!("{url}/old"))),
            _ => Answer::json(document(url, &format!("{url}/new"))),
        });
        let source = source();
        let issuer = issuer(&server.url(""));
        let has_keys = || {
            source
                .fetch(&issuer)
                .is_ok_and(|fetched| !fetched.keys.is_empty())
        };
        assert_eq!([(); 3].map(|()| has_keys()), [true, false, true]);
        let discovery = "/.well-known/openid-configuration";
        assert_eq!(server.paths(), [discovery, "/old", "/old", discovery, "/new"]);
    }
}

#[test]
fn keys_that_moved_are_no_keys_withdrawn() {
    for moves in [true, false] {
        let server = provider(move |url, number, path| match (number, path) {
            (1, _) | (_, "/new") => Answer::json(KEYS),
            (_, "/old") => Answer::json(r#"{"keys":[]}"#),
            (number, _) if number > 0 && moves => Answer::json(document(url, &format!("{url}/new"))),
            _ => Answer::json(document(url, &format!("{url}/old"))),
        });
        let source = source();
        let keys = || source.fetch(&issuer(&server.url(""))).unwrap().keys.len();
        assert_eq!(
            [keys(), keys(), keys()],
            if moves { [1, 1, 1] } else { [1, 0, 0] }
        );
        let discovery = "/.well-known/openid-configuration";
        let first = [discovery, "/old", "/old", discovery];
        let then = if moves {
            &["/new", "/new"][..]
        } else {
            &["/old", discovery, "/old"]
        };
        assert_eq!(server.paths(), [&first, then].concat());
    }
}

#[test]
fn redirects_are_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let other = Server::start(|_, _| Answer::json(KEYS));
        let own = "/keys2".to_owned();
        for location in [own, other.url("/keys"), "https://keys.example/keys".to_owned()] {
            let moved = format!("location: {location}");
            let server = Server::start(move |_, path| match path {
                "/keys2" => Answer::json(KEYS),
                _ => Answer::new(&format!("{status} Moved"), &moved, KEYS),
            });
            let error = source()
                .fetch(&issuer_with_keys_at(&server.url("/keys")))
                .unwrap_err();
            assert_eq!(
                fault(error),
                (IssuerDocument::KeySet, HttpFault::Status { status })
            );
            assert_eq!(server.requests().len(), 1);

            let error = source().fetch(&issuer(&server.url(""))).unwrap_err();
            assert_eq!(
                fault(error),
                (IssuerDocument::Discovery, HttpFault::Status { status })
            );
            assert_eq!(server.requests().len(), 2);
        }
        assert_eq!(other.requests().len(), 0);
    }
}

#[test]
fn a_connection_that_breaks_before_an_answer_is_tried_once_more() {
    let breaks: [fn() -> Answer; 3] = [
        || Answer::Close,
        || Answer::Reset,
        || Answer::Bytes(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec()),
    ];
    for first in breaks {
        let server = Server::start(move |number, _| match number {
            0 => first(),
            _ => Answer::json(KEYS),
        });
        source()
            .fetch(&issuer_with_keys_at(&server.url("/keys")))
            .unwrap();
        assert_eq!(server.requests().len(), 2);

        let server = Server::start(move |_, _| first());
        let error = source()
            .fetch(&issuer_with_keys_at(&server.url("/keys")))
            .unwrap_err();
        assert_eq!(fault(error).1, HttpFault::Connection);
        assert_eq!(server.requests().len(), 2);
    }
}

#[test]
fn an_answer_that_breaks_off_is_not_tried_again() {
    let answers = [
        "content-length: 500\r\n\r\n{\"keys\":",
        "transfer-encoding: chunked\r\n\r\n8\r\n{\"keys\":",
    ];
    for answer in answers {
        let server =
            Server::start(move |_, _| Answer::Bytes(format!("HTTP/1.1 200 OK\r\n{answer}").into_bytes()));
        let error = source()
            .fetch(&issuer_with_keys_at(&server.url("/keys")))
            .unwrap_err();
        assert_eq!(fault(error).1, HttpFault::Connection);
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_server_that_is_not_there_is_asked_once() {
    // Nobody listens at the port of tcpmux (RFC 1078).
    let issuer = issuer_with_keys_at("http://127.0.0.1:1/keys");
    let error = source().fetch(&issuer).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot fetch the key set: the connection failed"
    );
    assert_eq!(error.help(), Some("check that this machine can reach the server"));
}

fn padded(length: usize) -> String {
    format!("{KEYS}{}", " ".repeat(length - KEYS.len()))
}

#[test]
fn documents_have_at_most_256_kib() {
    let head = "HTTP/1.1 200 OK\r\n";
    let chunked = |text: &str| {
        let head = format!("{head}transfer-encoding: chunked\r\n\r\n");
        Answer::Bytes(format!("{head}{:x}\r\n{text}\r\n0\r\n\r\n", text.len()).into_bytes())
    };
    let until_closed = |text: &str| Answer::Bytes(format!("{head}\r\n{text}").into_bytes());
    let answers = |text: &str| [Answer::json(text), chunked(text), until_closed(text)];
    let fetch = |answer: Answer| {
        let server = Server::start(move |_, _| answer.clone());
        source().fetch(&issuer_with_keys_at(&server.url("/keys")))
    };
    for answer in answers(&padded(LARGEST)) {
        fetch(answer).unwrap();
    }
    let large = answers(&padded(LARGEST + 1));
    let endless = [
        Answer::Endless(head.into(), b"x: y\r\n".to_vec()),
        Answer::Endless(format!("{head}\r\n").into(), vec![b' '; 4096]),
        Answer::Endless(
            format!("{head}transfer-encoding: chunked\r\n\r\n").into(),
            b"4\r\n    \r\n".to_vec(),
        ),
    ];
    // Nothing follows the headers, so whoever waits for it sees a connection that broke.
    let announced = Answer::Bytes(format!("{head}content-length: {}\r\n\r\n", LARGEST + 1).into());
    for (position, answer) in large.into_iter().chain(endless).chain([announced]).enumerate() {
        let fault = fault(fetch(answer).unwrap_err()).1;
        let expected = match position {
            3 => HttpFault::Protocol,
            _ => HttpFault::TooLarge {
                length: matches!(position, 0 | 6).then_some(256 * 1024 + 1),
                limit: 256 * 1024,
            },
        };
        assert_eq!(fault, expected, "{position}");
    }
}

#[test]
fn servers_say_how_long_keys_stay_fresh() {
    for (headers, expected) in [
        ("", None),
        ("cache-control: max-age=soon", None),
        ("cache-control: max-age=300", Some(300)),
        ("Cache-Control: public, MAX-AGE=300\r\nAge: 100", Some(200)),
        ("cache-control: max-age=0", Some(60)),
        ("cache-control: no-store", Some(60)),
        ("cache-control: max-age=315360000", Some(3600)),
    ] {
        let server = Server::start(move |_, _| Answer::new("200 OK", headers, KEYS));
        let fetched = source()
            .fetch(&issuer_with_keys_at(&server.url("/keys")))
            .unwrap();
        assert_eq!(fetched.max_age, expected.map(Duration::from_secs), "{headers}");
    }
}

#[test]
fn a_bad_key_among_good_ones_is_skipped() {
    let keys = KEYS.replace("[{", r#"[{"kty":"oct","k":"AAAA","kid":"b"},7,{"#);
    let server = Server::start(move |_, _| Answer::json(&keys));
    let fetched = source()
        .fetch(&issuer_with_keys_at(&server.url("/keys")))
        .unwrap();
    assert_eq!((fetched.keys.len(), fetched.keys.skipped().count()), (1, 2));
}

#[test]
fn plain_http_needs_to_be_allowed_and_stays_on_this_machine() {
    let server = Server::start(|_, _| Answer::json(KEYS));
    let strict = HttpKeys::new()
        .allow_private("127.0.0.1")
        .allow_private("localhost");
    let error = strict
        .fetch(&issuer_with_keys_at(&server.url("/keys")))
        .unwrap_err();
    assert_eq!(error.code(), "url");
    let error = strict.fetch(&issuer(&server.url(""))).unwrap_err();
    assert_eq!(error.code(), "url");
    let elsewhere = source().allow_private("10.0.0.1");
    let error = elsewhere
        .fetch(&issuer_with_keys_at("http://10.0.0.1/keys"))
        .unwrap_err();
    assert_eq!(error.code(), "url");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_url_that_is_no_issuer_is_not_asked() {
    let server = Server::start(|_, _| Answer::json(KEYS));
    for url in ["/?x=", "/#x", "?", "#", "/a b", "/\u{e9}", "/\r\nx: y"] {
        let error = source().fetch(&issuer(&server.url(url))).unwrap_err();
        assert_eq!(fault(error).1.code(), "url", "{url}");
    }
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn plain_http_goes_to_no_proxy() {
    let proxy = Server::start(|_, _| Answer::Close);
    let server = Server::start(|_, _| Answer::json(KEYS));
    let source = source().proxy(&proxy.url("")).unwrap();
    source.fetch(&issuer_with_keys_at(&server.url("/keys"))).unwrap();
    assert_eq!(proxy.requests().len(), 0);
}

#[test]
fn a_source_can_be_shared_by_threads_and_shows_no_password() {
    fn shared<T: KeySource + Clone + Default>(source: T) -> T {
        source
    }
    let source = shared(HttpKeys::default());
    let source = source.proxy("http://user:s3cr3t@proxy.example:3128").unwrap();
    assert!(!format!("{source:?}").contains("s3cr3t"));
    let _: fn(&HttpKeys, &Issuer) -> _ = HttpKeys::fetch;
}
