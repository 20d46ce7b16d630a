//! The exchange as an issuer.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{ISSUER, Server, run};

#[test]
fn the_documents_are_those_that_relying_parties_accept() {
    let server = Server::start();
    let discovery = server.get("/.well-known/openid-configuration", &[]);
    let body = discovery.json();
    assert_eq!(discovery.header("content-type"), "application/json");
    assert_eq!(discovery.header("cache-control"), "max-age=300");
    assert_eq!(body["issuer"], ISSUER);
    assert_eq!(body["jwks_uri"], format!("{ISSUER}/jwks"));
    assert_eq!(
        body["id_token_signing_alg_values_supported"],
        json!(["RS256", "ES256"])
    );
    assert_eq!(
        server.get("/.well-known/oauth-authorization-server", &[]).json(),
        body
    );
    let keys = server.get("/jwks", &[]).json();
    let [key] = keys["keys"].as_array().unwrap().as_slice() else {
        panic!("{keys}")
    };
    let mut names: Vec<_> = key.as_object().unwrap().keys().cloned().collect();
    names.sort();
    assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
}

#[test]
fn a_new_key_is_published_a_day_before_it_signs() {
    let server = Server::start();
    let made = run(server.folder.path(), &["keys", "new"]);
    assert!(made.status.success(), "{made:?}");
    let listed = String::from_utf8(run(server.folder.path(), &["keys", "list"]).stdout).unwrap();
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 2, "{listed}");
    assert!(
        lines[0].contains("signs since") && lines[0].contains("retires"),
        "{listed}"
    );
    assert!(
        lines[1].contains("published") && !lines[1].contains("retires"),
        "{listed}"
    );
    // The one in use cannot go before the other signs.
    let kid = lines[0].split(' ').next().unwrap();
    let retired = run(server.folder.path(), &["keys", "retire", "--now", kid]);
    assert_eq!(retired.status.code(), Some(2), "{retired:?}");
    server.signal("HUP");
    let end = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while server.get("/jwks", &[]).json()["keys"].as_array().unwrap().len() < 2 {
        assert!(std::time::Instant::now() < end, "the keys are not read again");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let answer = server
        .exchange(&server.job(json!({})), "https://deploy.acme.example")
        .json();
    let token = answer["access_token"].as_str().unwrap();
    server.verify(token, "https://deploy.acme.example");
    // Both keys verify, and the old one has signed.
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(header["kid"], kid);
}
