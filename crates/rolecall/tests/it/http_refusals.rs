//! The table of refused answers: what is wrong with a provider, and the code that the error has.

use std::sync::{Arc, OnceLock};

use crate::http_server::{Answer, KEYS, Server, document, issuer, source};
use rolecall::KeySource;

/// What no error may repeat.
const SECRET: &str = "s3cr3t";

/// A provider. As it is made, its keys are accepted.
struct Provider {
    url: String,
    discovery: Answer,
    keys: Answer,
}

impl Provider {
    fn new(url: String) -> Self {
        Self {
            discovery: Answer::json(document(&url, &format!("{url}/keys"))),
            keys: Answer::json(KEYS),
            url,
        }
    }

    /// The discovery document is this text, with the provider's URL for `URL`.
    fn says(&mut self, text: &str) {
        self.discovery = Answer::json(text.replace("URL", &self.url));
    }

    /// The discovery document says that the keys are there.
    fn points_to(&mut self, jwks_uri: &str) {
        self.discovery = Answer::json(document(&self.url, &jwks_uri.replace("URL", &self.url)));
    }

    /// The discovery document says that it is of this issuer.
    fn claims_to_be(&mut self, issuer: &str) {
        let issuer = issuer.replace("URL", &self.url);
        self.discovery = Answer::json(document(&issuer, &format!("{}/keys", self.url)));
    }
}

type Change = fn(&mut Provider);

#[rustfmt::skip]
const TABLE: &[(&str, &str, Change)] = &[
    // The discovery document as JSON.
    ("empty document", "not_json", |p| p.says("")),
    ("page of HTML", "not_json", |p| p.says("<!DOCTYPE html><title>s3cr3t</title>")),
    ("plain text", "not_json", |p| p.says("s3cr3t")),
    ("form", "not_json", |p| p.says("issuer=URL&jwks_uri=URL/keys")),
    ("document is null", "not_json", |p| p.says("null")),
    ("document is a text", "not_json", |p| p.says("\"URL\"")),
    ("document is a list", "not_json", |p| p.says(r#"[{"issuer":"URL","jwks_uri":"URL/keys"}]"#)),
    ("document breaks off", "not_json", |p| p.says(r#"{"issuer":"URL","jwks_uri":"URL/keys""#)),
    ("two documents", "not_json", |p| p.says(r#"{"issuer":"URL","jwks_uri":"URL/keys"}{"issuer":"URL","jwks_uri":"URL/keys"}"#)),
    ("text behind the document", "not_json", |p| p.says(r#"{"issuer":"URL","jwks_uri":"URL/keys"} s3cr3t"#)),
    ("zero byte behind the document", "not_json", |p| p.says("{\"issuer\":\"URL\",\"jwks_uri\":\"URL/keys\"}\0")),
    ("guard in front of the document", "not_json", |p| p.says(r#")]}',{"issuer":"URL","jwks_uri":"URL/keys"}"#)),
    ("call around the document", "not_json", |p| p.says(r#"x({"issuer":"URL","jwks_uri":"URL/keys"})"#)),
    ("byte order mark", "not_json", |p| p.says("\u{feff}{\"issuer\":\"URL\",\"jwks_uri\":\"URL/keys\"}")),
    ("not UTF-8", "not_json", |p| p.discovery = Answer::json(b"{\"issuer\":\"\xff\"}")),
    ("comma at the end", "not_json", |p| p.says(r#"{"issuer":"URL","jwks_uri":"URL/keys",}"#)),
    ("comment", "not_json", |p| p.says(r#"{"issuer":"URL","jwks_uri":"URL/keys"/* s3cr3t */}"#)),
    ("single quotes", "not_json", |p| p.says("{'issuer':'URL','jwks_uri':'URL/keys'}")),
    ("two issuers", "not_json", |p| p.says(r#"{"issuer":"URL","jwks_uri":"URL/keys","issuer":"URL"}"#)),
    ("two issuers, one escaped", "not_json", |p| p.says(r#"{"issuer":"URL","jwks_uri":"URL/keys","\u0069ssuer":"URL"}"#)),
    ("two places of keys", "not_json", |p| p.says(r#"{"issuer":"URL","jwks_uri":"URL/keys","jwks_uri":"URL/s3cr3t"}"#)),
    ("two of an unknown member", "not_json", |p| p.says(r#"{"issuer":"URL","jwks_uri":"URL/keys","x":1,"x":1}"#)),
    ("half a character", "not_json", |p| p.says(r#"{"issuer":"URL","jwks_uri":"URL/keys","x":"\ud800"}"#)),
    ("deep document", "not_json", |p| p.says(&format!(r#"{{"issuer":"URL","jwks_uri":"URL/keys","x":{}{}}}"#, "[".repeat(99), "]".repeat(99)))),
    ("long text in the document", "not_json", |p| p.says(&format!(r#"{{"issuer":"URL","jwks_uri":"URL/keys","x":"{}"}}"#, "x".repeat(9000)))),

    // Whose document it is.
    ("no issuer", "discovery_issuer", |p| p.says(r#"{"jwks_uri":"URL/keys"}"#)),
    ("empty object", "discovery_issuer", |p| p.says("{}")),
    ("error object", "discovery_issuer", |p| p.says(r#"{"error":"s3cr3t"}"#)),
    ("issuer is null", "discovery_issuer", |p| p.says(r#"{"issuer":null,"jwks_uri":"URL/keys"}"#)),
    ("issuer is a number", "discovery_issuer", |p| p.says(r#"{"issuer":1,"jwks_uri":"URL/keys"}"#)),
    ("issuer is a list", "discovery_issuer", |p| p.says(r#"{"issuer":["URL"],"jwks_uri":"URL/keys"}"#)),
    ("issuer is an object", "discovery_issuer", |p| p.says(r#"{"issuer":{"URL":1},"jwks_uri":"URL/keys"}"#)),
    ("issuer deeper inside", "discovery_issuer", |p| p.says(r#"{"x":{"issuer":"URL"},"jwks_uri":"URL/keys"}"#)),
    ("issuer in capitals", "discovery_issuer", |p| p.says(r#"{"ISSUER":"URL","jwks_uri":"URL/keys"}"#)),
    ("empty issuer", "discovery_issuer", |p| p.claims_to_be("")),
    ("other issuer", "discovery_issuer", |p| p.claims_to_be("https://s3cr3t.example")),
    ("issuer with a slash more", "discovery_issuer", |p| p.claims_to_be("URL/")),
    ("issuer with a path", "discovery_issuer", |p| p.claims_to_be("URL/s3cr3t")),
    ("issuer with a query", "discovery_issuer", |p| p.claims_to_be("URL?")),
    ("issuer with a fragment", "discovery_issuer", |p| p.claims_to_be("URL#")),
    ("issuer with a space behind", "discovery_issuer", |p| p.claims_to_be("URL ")),
    ("issuer with a space in front", "discovery_issuer", |p| p.claims_to_be(" URL")),
    ("issuer with a newline", "discovery_issuer", |p| p.claims_to_be(r"URL\n")),
    ("issuer with a zero", "discovery_issuer", |p| p.claims_to_be(r"URL\u0000")),
    ("issuer with a digit more", "discovery_issuer", |p| p.claims_to_be("URL0")),
    ("issuer by another name of the host", "discovery_issuer", |p| p.claims_to_be(&p.url.replace("127.0.0.1", "localhost"))),
    ("issuer of the other scheme", "discovery_issuer", |p| p.claims_to_be(&p.url.replace("http:", "https:"))),
    ("issuer with its scheme in capitals", "discovery_issuer", |p| p.claims_to_be(&p.url.replace("http:", "HTTP:"))),
    ("issuer with a user", "discovery_issuer", |p| p.claims_to_be(&p.url.replace("//", "//user@"))),
    ("issuer with an escape", "discovery_issuer", |p| p.claims_to_be(&p.url.replace("127", "%3127"))),
    ("issuer for each tenant", "discovery_issuer", |p| p.claims_to_be("https://login.example/{tenantid}/v2.0")),

    // Where the keys are.
    ("no place of keys", "discovery_jwks_uri", |p| p.says(r#"{"issuer":"URL"}"#)),
    ("place is null", "discovery_jwks_uri", |p| p.says(r#"{"issuer":"URL","jwks_uri":null}"#)),
    ("place is a number", "discovery_jwks_uri", |p| p.says(r#"{"issuer":"URL","jwks_uri":1}"#)),
    ("place is a list", "discovery_jwks_uri", |p| p.says(r#"{"issuer":"URL","jwks_uri":["URL/keys"]}"#)),
    ("place is an object", "discovery_jwks_uri", |p| p.says(r#"{"issuer":"URL","jwks_uri":{"keys":[]}}"#)),
    ("keys in the document", "discovery_jwks_uri", |p| p.says(r#"{"issuer":"URL","jwks":{"keys":[]}}"#)),
    ("place is empty", "url", |p| p.points_to("")),
    ("place is a path", "url", |p| p.points_to("/keys")),
    ("place without a scheme", "url", |p| p.points_to("//127.0.0.1/keys")),
    ("place is a file", "url", |p| p.points_to("file:///etc/passwd")),
    ("place is data", "url", |p| p.points_to("data:application/json,{}")),
    ("place is ftp", "url", |p| p.points_to("ftp://keys.example/s3cr3t")),
    ("place is a web socket", "url", |p| p.points_to("wss://keys.example/s3cr3t")),
    ("place is javascript", "url", |p| p.points_to("javascript:s3cr3t")),
    ("place is plain http elsewhere", "url", |p| p.points_to("http://keys.example/keys")),
    ("place is plain http in the own network", "url", |p| p.points_to("http://10.0.0.1/keys")),
    ("place is plain http at the metadata", "url", |p| p.points_to("http://169.254.169.254/latest/")),
    ("place with a user", "url", |p| p.points_to("https://user:s3cr3t@keys.example/keys")),
    ("place with a fragment", "url", |p| p.points_to("https://keys.example/keys#s3cr3t")),
    ("place with a space", "url", |p| p.points_to("https://keys.example/s3cr3t keys")),
    ("place with a line of a header", "url", |p| p.points_to(r"URL/keys HTTP/1.1\r\nx: s3cr3t")),
    ("place with a backslash", "url", |p| p.points_to(r"https://keys.example\\@s3cr3t.example/keys")),
    ("place with a foreign letter", "url", |p| p.points_to("https://k\u{435}ys.example/keys")),
    ("place with capitals in the host", "url", |p| p.points_to("https://Keys.example/keys")),
    ("place without a host", "url", |p| p.points_to("https:///keys")),
    ("place with a large port", "url", |p| p.points_to("https://keys.example:65537/keys")),
    ("place is a number as host", "url", |p| p.points_to("https://2130706433/keys")),
    ("place is an octal host", "url", |p| p.points_to("https://0177.0.0.1/keys")),
    ("place is a hexadecimal host", "url", |p| p.points_to("https://0x7f000001/keys")),
    ("place on this machine", "address", |p| p.points_to("https://127.0.0.1/keys")),
    ("place on this machine by name", "address", |p| p.points_to("https://localhost/keys")),
    ("place on this machine by IPv6", "address", |p| p.points_to("https://[::1]/keys")),
    ("place on this machine by mapped IPv4", "address", |p| p.points_to("https://[::ffff:127.0.0.1]/keys")),
    ("place on any machine", "address", |p| p.points_to("https://0.0.0.0/keys")),
    ("place in the own network", "address", |p| p.points_to("https://192.168.0.1/keys")),
    ("place in the own network by IPv6", "address", |p| p.points_to("https://[fd00::1]/keys")),
    ("place at the metadata", "address", |p| p.points_to("https://169.254.169.254/latest/")),
    ("place at the metadata by IPv6", "address", |p| p.points_to("https://[fd00:ec2::254]/latest/")),
    ("place at the metadata by NAT", "address", |p| p.points_to("https://[64:ff9b::a9fe:a9fe]/latest/")),

    // Answers that are no good answers.
    ("created", "status", |p| p.keys = Answer::new("201 Created", "", KEYS)),
    ("accepted", "status", |p| p.keys = Answer::new("202 Accepted", "", KEYS)),
    ("not authoritative", "status", |p| p.keys = Answer::new("203 Non-Authoritative Information", "", KEYS)),
    ("no content", "status", |p| p.keys = Answer::Bytes(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec())),
    ("part of the keys", "status", |p| p.keys = Answer::new("206 Partial Content", "content-range: bytes 0-9/99", KEYS)),
    ("not modified", "status", |p| p.keys = Answer::Bytes(b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec())),
    ("bad request", "status", |p| p.keys = Answer::new("400 Bad Request", "", SECRET)),
    ("unauthorized", "status", |p| p.keys = Answer::new("401 Unauthorized", "www-authenticate: Basic realm=s3cr3t", KEYS)),
    ("forbidden", "status", |p| p.keys = Answer::new("403 Forbidden", "", SECRET)),
    ("not found", "status", |p| p.keys = Answer::new("404 Not Found", "", KEYS)),
    ("gone", "status", |p| p.keys = Answer::new("410 Gone", "", KEYS)),
    ("too many requests", "status", |p| p.keys = Answer::new("429 Too Many Requests", "retry-after: 1", KEYS)),
    ("internal error", "status", |p| p.keys = Answer::new("500 s3cr3t", "", SECRET)),
    ("bad gateway", "status", |p| p.keys = Answer::new("502 Bad Gateway", "", "<html>s3cr3t</html>")),
    ("unavailable", "status", |p| p.keys = Answer::new("503 Service Unavailable", "", KEYS)),
    ("slow gateway", "status", |p| p.keys = Answer::new("504 Gateway Timeout", "", KEYS)),
    ("status that nobody knows", "status", |p| p.keys = Answer::new("999 s3cr3t", "", KEYS)),
    ("other protocol", "status", |p| p.keys = Answer::Bytes(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: s3cr3t\r\n\r\n".to_vec())),
    ("discovery with no content", "status", |p| p.discovery = Answer::Bytes(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec())),
    ("discovery moved", "status", |p| p.discovery = Answer::new("301 Moved Permanently", "location: /keys", SECRET)),
    ("discovery not found", "status", |p| p.discovery = Answer::new("404 Not Found", "", document(&p.url, &format!("{}/keys", p.url)))),
    ("discovery fails", "status", |p| p.discovery = Answer::new("500 Internal Server Error", "", SECRET)),
    ("compressed", "content_encoding", |p| p.keys = Answer::new("200 OK", "content-encoding: gzip", b"\x1f\x8b\x08s3cr3t")),
    ("compressed by another name", "content_encoding", |p| p.keys = Answer::new("200 OK", "content-encoding: br", KEYS)),
    ("compressed twice", "content_encoding", |p| p.keys = Answer::new("200 OK", "content-encoding: identity\r\ncontent-encoding: deflate", KEYS)),
    ("compressed by nobody knows what", "content_encoding", |p| p.keys = Answer::new("200 OK", "content-encoding: s3cr3t", KEYS)),
    ("compressed discovery", "content_encoding", |p| p.discovery = Answer::new("200 OK", "content-encoding: gzip", SECRET)),

    // Answers that are no HTTP.
    ("status of two digits", "protocol", |p| p.keys = Answer::Bytes(b"HTTP/1.1 20 OK\r\n\r\n".to_vec())),
    ("status of zeros", "protocol", |p| p.keys = Answer::Bytes(b"HTTP/1.1 000 OK\r\n\r\n".to_vec())),
    ("newer HTTP", "protocol", |p| p.keys = Answer::Bytes(b"HTTP/2.0 200 OK\r\n\r\n{}".to_vec())),
    ("frames of HTTP/2", "protocol", |p| p.keys = Answer::Bytes(b"\0\0\x12\x04\0\0\0\0\0s3cr3t\r\n\r\n".to_vec())),
    ("answer without a head", "protocol", |p| p.keys = Answer::Bytes(KEYS.into())),
    ("greeting of a mail server", "protocol", |p| p.keys = Answer::Bytes(b"220 s3cr3t ESMTP\r\n".to_vec())),
    ("greeting of a shell", "protocol", |p| p.keys = Answer::Bytes(b"SSH-2.0-s3cr3t\r\n".to_vec())),
    ("alert of TLS", "protocol", |p| p.keys = Answer::Bytes(b"\x15\x03\x01\0\x02\x02\x46\r\n\r\n".to_vec())),
    ("header without a colon", "protocol", |p| p.keys = Answer::new("200 OK", "s3cr3t", KEYS)),
    ("header with a zero byte", "protocol", |p| p.keys = Answer::new("200 OK", "x: s3cr3t\0", KEYS)),
    ("too many headers", "protocol", |p| p.keys = Answer::new("200 OK", &"x: s3cr3t\n".repeat(200), KEYS)),
    ("large headers", "protocol", |p| p.keys = Answer::new("200 OK", &format!("x: {}", "x".repeat(100_000)), KEYS)),
    ("two lengths", "protocol", |p| p.keys = Answer::new("200 OK", "content-length: 5", KEYS)),
    ("length below zero", "protocol", |p| p.keys = Answer::Bytes(format!("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{KEYS}").into())),
    ("length without end", "protocol", |p| p.keys = Answer::Bytes(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{KEYS}", "9".repeat(30)).into())),
    ("chunk without a number", "protocol", |p| p.keys = Answer::Bytes(format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n{KEYS}\r\n0\r\n\r\n").into())),
    ("chunk longer than it says", "protocol", |p| p.keys = Answer::Bytes(format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{KEYS}\r\n0\r\n\r\n").into())),
    ("no answer", "connection", |p| p.keys = Answer::Close),
    ("half an answer", "connection", |p| p.keys = Answer::Bytes(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec())),
    ("half a body", "connection", |p| p.keys = Answer::Bytes(format!("HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n{KEYS}").into())),
    ("large keys", "too_large", |p| p.keys = Answer::json(" ".repeat(300_000))),
    ("large discovery", "too_large", |p| p.discovery = Answer::json(" ".repeat(300_000))),
    ("endless keys", "too_large", |p| p.keys = Answer::Endless(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'['; 1024])),

    // Keys that are none.
    ("keys are HTML", "key_set", |p| p.keys = Answer::new("200 OK", "content-type: text/html", "<html>s3cr3t</html>")),
    ("keys are empty", "key_set", |p| p.keys = Answer::json("")),
    ("keys are a list", "key_set", |p| p.keys = Answer::json(format!("[{KEYS}]"))),
    ("keys are null", "key_set", |p| p.keys = Answer::json(r#"{"keys":null}"#)),
    ("keys are an object", "key_set", |p| p.keys = Answer::json(format!(r#"{{"keys":{KEYS}}}"#))),
    ("keys twice", "key_set", |p| p.keys = Answer::json(r#"{"keys":[],"keys":[]}"#)),
    ("keys are a discovery document", "key_set", |p| p.keys = p.discovery.clone()),
    ("keys are a certificate", "key_set", |p| p.keys = Answer::json("-----BEGIN CERTIFICATE-----")),
    ("keys as one key", "key_set", |p| p.keys = Answer::json(r#"{"kty":"oct","k":"s3cr3t"}"#)),
    ("keys break off at a good place", "key_set", |p| p.keys = Answer::Bytes(format!("HTTP/1.1 200 OK\r\n\r\n{}", &KEYS.trim_end_matches('}')).into())),
    ("101 keys", "key_set", |p| p.keys = Answer::json(format!(r#"{{"keys":[{}1]}}"#, "1,".repeat(100)))),
    ("no keys", "no_usable_key", |p| p.keys = Answer::json(r#"{"keys":[]}"#)),
    ("only secret keys", "no_usable_key", |p| p.keys = Answer::json(r#"{"keys":[{"kty":"oct","k":"s3cr3t","alg":"HS256"}]}"#)),
    ("only private keys", "no_usable_key", |p| p.keys = Answer::json(KEYS.replace(r#""kty""#, r#""d":"AAAA","kty""#))),
    ("only keys for encryption", "no_usable_key", |p| p.keys = Answer::json(KEYS.replace(r#""use":"sig""#, r#""use":"enc""#))),
    ("only keys that are no keys", "no_usable_key", |p| p.keys = Answer::json(r#"{"keys":[null,"s3cr3t",1,[],{}]}"#)),
];

fn serve(change: Change) -> Server {
    let provider = Arc::new(OnceLock::<Provider>::new());
    let own = provider.clone();
    let server = Server::start(move |_, path| match path {
        "/.well-known/openid-configuration" => own.wait().discovery.clone(),
        "/keys" => own.wait().keys.clone(),
        _ => Answer::json(KEYS),
    });
    let mut made = Provider::new(server.url(""));
    change(&mut made);
    assert!(provider.set(made).is_ok());
    server
}

#[test]
fn a_provider_that_nothing_is_wrong_with_is_accepted() {
    let server = serve(|_| {});
    source().fetch(&issuer(&server.url(""))).unwrap();
}

#[test]
fn every_bad_answer_is_refused_without_being_repeated() {
    assert!(TABLE.len() > 150, "{}", TABLE.len());
    let mut wrong = Vec::new();
    for (name, code, change) in TABLE {
        let server = serve(*change);
        match source().fetch(&issuer(&server.url(""))) {
            // Nobody's token verifies with a set of no keys; who keeps keys refuses it, and tells what is in it.
            Ok(fetched) if fetched.keys.is_empty() && *code == "no_usable_key" => {}
            Ok(_) => wrong.push(format!("{name}: accepted")),
            Err(error) => {
                let said = format!("{error} {error:?} {:?}", error.help());
                if error.code() != *code || said.contains(SECRET) || said.contains(['\n', '\r']) {
                    wrong.push(format!("{name}: {} instead of {code}: {said}", error.code()));
                }
            }
        }
        let paths = server.paths();
        let known = |path: &String| ["/.well-known/openid-configuration", "/keys"].contains(&&**path);
        if !paths.iter().all(known) || paths.len() > 3 {
            wrong.push(format!("{name}: asked for {paths:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_row_has_a_name_of_its_own() {
    let mut names: Vec<_> = TABLE.iter().map(|(name, ..)| name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), TABLE.len());
}
