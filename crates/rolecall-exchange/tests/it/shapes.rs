//! Requests that two readers would take for different ones, and clients that are slow. None of them is answered as a request.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::support::Server;

/// Sends bytes as they are, and returns all that comes until the server closes the connection, or the end of a time.
fn ask(server: &Server, bytes: &str, time: Duration) -> (String, bool) {
    let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(time)).unwrap();
    stream.write_all(bytes.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let is_closed = stream.read_to_end(&mut bytes).is_ok();
    (String::from_utf8(bytes).unwrap(), is_closed)
}

/// Returns the body and the head, without its end, of a request that gets a role token.
fn request(server: &Server) -> (String, String) {
    let job = server.job(json!({}));
    let body = format!(
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&audience=https://deploy.acme.example\
         &subject_token_type=urn:ietf:params:oauth:token-type:jwt&subject_token={job}"
    );
    let head = "POST /token HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\n";
    (body, head.to_owned())
}

#[test]
fn a_request_has_one_reading_or_is_refused() {
    let server = Server::start();
    let (body, head) = request(&server);
    let length = body.len();
    let chunked = format!("{length:x}\r\n{body}\r\n0\r\n\r\n");
    let short = Duration::from_millis(700);
    for (lines, body) in [
        (format!("host: x\r\ncontent-length: {length}"), &body),
        ("host: x\r\ntransfer-encoding: chunked".to_owned(), &chunked),
    ] {
        let (text, _) = ask(&server, &format!("{head}{lines}\r\n\r\n{body}"), short);
        assert!(text.starts_with("HTTP/1.1 200"), "{lines}: {text}");
    }
    for (lines, body) in [
        (
            format!("host: x\r\ncontent-length: {length}\r\ncontent-length: 1"),
            &body,
        ),
        (format!("host: x\r\ncontent-length: {length}, {length}"), &body),
        (format!("host: x\r\ncontent-length: +{length}"), &body),
        (format!("host: x\r\ncontent-length: 0x{length:x}"), &body),
        (format!("host: x\r\ncontent-length : {length}"), &body),
        (
            format!("host: x\r\nx-a: b\r\n content-length: 1\r\ncontent-length: {length}"),
            &body,
        ),
        ("host: x\r\ntransfer-encoding: identity".to_owned(), &body),
        (
            "host: x\r\ntransfer-encoding: chunked, identity".to_owned(),
            &chunked,
        ),
        ("host: x\r\ntransfer-encoding: xchunked".to_owned(), &chunked),
        (format!("content-length: {length}"), &body),
        (format!("host: x\r\nhost: y\r\ncontent-length: {length}"), &body),
    ] {
        let (text, _) = ask(&server, &format!("{head}{lines}\r\n\r\n{body}"), short);
        assert!(text.starts_with("HTTP/1.1 400"), "{lines}: {text}");
        assert!(!text.contains("access_token"), "{lines}: {text}");
    }
    // The chunks count, and nothing is read after them (RFC 9112 section 6.3).
    let both = format!("host: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n{chunked}");
    let (text, is_closed) = ask(
        &server,
        &format!("{head}{both}GET /jwks HTTP/1.1\r\nhost: x\r\n\r\n"),
        short,
    );
    assert!(text.starts_with("HTTP/1.1 200") && is_closed, "{text}");
    assert_eq!(text.matches("HTTP/1.1").count(), 1, "{text}");
    // HTTP/1.0 has no chunks, and needs no host.
    let old = head.replace("1.1", "1.0");
    let (text, _) = ask(
        &server,
        &format!("{old}transfer-encoding: chunked\r\n\r\n{chunked}"),
        short,
    );
    assert!(text.contains(" 400 "), "{text}");
    let (text, _) = ask(
        &server,
        &format!("{old}content-length: {length}\r\n\r\n{body}"),
        short,
    );
    assert!(text.starts_with("HTTP/1.0 200"), "{text}");
}

#[test]
fn a_client_that_sends_its_head_slowly_is_cut_off() {
    let server = Server::start();
    for begun in ["", "GET /jwks HTTP/1.1\r\nhost: x\r\nx-slow: "] {
        let (text, is_closed) = ask(&server, begun, Duration::from_secs(40));
        assert!(is_closed, "{begun}");
        assert!(!text.contains("\"keys\""), "{text}");
    }
}
