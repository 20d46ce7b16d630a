//! `policy-check decide --fetch` and `explain --fetch`

use crate::policies::{Folder, Run, SHOP};
use crate::server::{Server, answer, discovery, json as document, nothing};
use crate::tokens::{NOW, Signer, claims, claims_with};
use insta::assert_snapshot;
use serde_json::{Value, json};

const LOOPBACK: &str = "--allow-loopback-http";

/// A shop whose issuer has its keys here, with a token.
fn shop_with_keys_at(jwks: &str, signer: &Signer, changes: Value) -> Folder {
    let jwks = format!("profile gitlab-ci\n  jwks \"{jwks}\"");
    let folder = Folder::with(&[("shop/shop.policy", &SHOP.replace("profile gitlab-ci", &jwks))]);
    folder.write("token.jwt", signer.token(&claims_with(changes)));
    folder
}

fn run(verb: &str, folder: &Folder, more: &[&str]) -> Run {
    run_at(NOW, verb, folder, more)
}

fn run_at(time: &str, verb: &str, folder: &Folder, more: &[&str]) -> Run {
    let arguments = [
        verb,
        "--policies",
        "shop",
        "--fetch",
        "--token",
        "token.jwt",
        "--at",
        time,
    ];
    let run = folder.run(&[&arguments, more].concat());
    let token = folder.read("token.jwt");
    let signature = token.rsplit('.').next().unwrap();
    assert!(!(run.out.clone() + &run.err).contains(signature), "{run:?}");
    run
}

/// Why `decide --fetch` cannot run, with the port of a server taken out.
fn unable(folder: &Folder, more: &[&str], server: &Server) -> String {
    let run = run("decide", folder, more).exits(2);
    assert_eq!(run.out, "");
    server.forget_port(&run.err)
}

#[test]
fn keys_from_where_the_issuer_says() {
    let signer = Signer::new("key");
    let jwks = signer.jwks();
    let server = Server::start(move |own, path| match path {
        "/.well-known/openid-configuration" => discovery(own, &format!("{own}/keys?v=1")),
        "/keys?v=1" => document(&jwks),
        _ => nothing(),
    });
    let url = server.url("");
    let folder = Folder::with(&[("shop/shop.policy", &SHOP.replace("https://gitlab.example", &url))]);
    folder.write("token.jwt", signer.token(&claims_with(json!({"iss": url}))));
    let decided = run("decide", &folder, &[LOOPBACK]).exits(0);
    assert!(decided.out.contains("deploy-prod"), "{decided:?}");
    assert_eq!(decided.err, "");
    assert_eq!(server.asked(), ["/.well-known/openid-configuration", "/keys?v=1"]);
    let explained = run("explain", &folder, &[LOOPBACK]).exits(0);
    assert!(explained.out.contains("deploy-prod: allowed"), "{explained:?}");
}

/// The tokens and the keys that lie beside the policies to copy.
#[test]
fn keys_from_where_the_policies_say() {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/fixtures");
    let fixture = |name: &str| std::fs::read_to_string(format!("{fixtures}/{name}")).unwrap();
    let jwks = fixture("jwks.json");
    let server = Server::start(move |_, path| {
        if path == "/jwks.json" {
            document(&jwks)
        } else {
            nothing()
        }
    });
    let folder = shop_with_keys_at(&server.url("/jwks.json"), &Signer::new("key"), json!({}));
    let policy = folder.read("shop/shop.policy");
    folder.write("shop/shop.policy", policy.replace("gitlab.example", "gitlab.com"));
    for (token, code, verdict) in [
        ("main", 0, "allowed   plan"),
        ("es256", 0, "allowed   plan"),
        ("expired", 1, "refused  expired"),
        ("other-key", 1, "refused  bad_signature"),
    ] {
        folder.write("token.jwt", fixture(&format!("{token}.jwt")));
        let run = run_at("2026-11-22T12:10:00Z", "decide", &folder, &[LOOPBACK]).exits(code);
        assert!(run.out.contains(verdict), "{token}: {run:?}");
    }
    assert_eq!(server.asked(), ["/jwks.json"; 4]);
}

#[test]
fn keys_from_a_file_beside_the_policies() {
    let signer = Signer::new("key");
    let folder = shop_with_keys_at("keys/gitlab.json", &signer, json!({}));
    assert_snapshot!(run("decide", &folder, &[]).exits(2).err, @"
    error: cannot read the keys of `gitlab`: cannot read `shop/keys/gitlab.json`: entity not found
      help: check the path and its permissions
    ");
    folder.write("shop/keys/gitlab.json", signer.jwks());
    // The set is found in a folder above, in its own, and by the name of its file.
    for policies in [".", "shop", "./shop/shop.policy"] {
        let arguments = [
            "decide",
            "--policies",
            policies,
            "--fetch",
            "--token",
            "token.jwt",
            "--at",
            NOW,
        ];
        assert_eq!(folder.run(&arguments).exits(0).err, "", "{policies}");
    }
    // The topmost folder of the set counts, wherever the issuer stands in it.
    folder.write("shop/issuers/gitlab.policy", folder.read("shop/shop.policy"));
    folder.write("shop/shop.policy", "edition 2026\n");
    run("decide", &folder, &[]).exits(0);

    folder.write(
        "shop/keys/gitlab.json",
        r#"{"keys":[{"kty":"oct","kid":"old","k":"c2VjcmV0"}]}"#,
    );
    assert_snapshot!(run("decide", &folder, &[]).exits(2).err, @"
    warning: `shop/keys/gitlab.json`: the key old is not used: the key is symmetric
    error: `shop/keys/gitlab.json` has no usable key
      help: fetch the issuer's key set again
    ");
}

#[test]
fn policies_on_standard_input_name_files_of_the_working_folder() {
    let signer = Signer::new("key");
    let folder = shop_with_keys_at("keys.json", &signer, json!({}));
    folder.write("keys.json", signer.jwks());
    let arguments = [
        "decide",
        "--policies",
        "-",
        "--fetch",
        "--token",
        "token.jwt",
        "--at",
        NOW,
    ];
    let policy = folder.read("shop/shop.policy");
    folder.run_with(&arguments, policy.as_bytes()).exits(0);
}

#[test]
fn nobody_is_asked_for_keys_of_a_token_that_cannot_be_theirs() {
    let signer = Signer::new("key");
    let server = Server::always(document(&signer.jwks()));
    let folder = shop_with_keys_at(&server.url("/keys"), &signer, json!({}));
    let good = folder.read("token.jwt");
    let refused = |token: &str, code: &str| {
        folder.write("token.jwt", token);
        let arguments = [LOOPBACK, "--format", "json"];
        let json = run("decide", &folder, &arguments).exits(1).json();
        assert_eq!(json["error"]["code"], code);
        assert_eq!(run("explain", &folder, &arguments).exits(1).json(), json);
    };
    let of_another = signer.token(&claims_with(json!({"iss": server.url("")})));
    refused(&of_another, "unknown_issuer");
    refused(&signer.token(&claims_with(json!({"iss": null}))), "missing_claim");
    refused("no token", "malformed_token");
    // Not before the options are known to be good, either.
    assert_snapshot!(unable(&folder, &[LOOPBACK, "--ca", "nowhere.pem"], &server), @"error: cannot read `nowhere.pem`: it does not exist");
    assert!(server.asked().is_empty());

    refused(
        &signer.token(&claims_with(json!({"exp": 1}))),
        "times_out_of_order",
    );
    assert_eq!(server.asked(), ["/keys", "/keys"]);
    folder.write("token.jwt", good);
    run("decide", &folder, &[LOOPBACK]).exits(0);
}

#[test]
fn only_the_issuer_of_the_token_is_asked() {
    let signer = Signer::new("key");
    let (server, other) = (
        Server::always(document(&signer.jwks())),
        Server::always(nothing()),
    );
    let folder = shop_with_keys_at(&server.url("/keys"), &signer, json!({}));
    let issuer = format!(
        "issuer other {{\n  url \"{}\"\n  profile generic\n  audience \"sts\"\n}}\n",
        other.url("")
    );
    folder.write("shop/other.policy", format!("edition 2026\n\n{issuer}"));
    run("decide", &folder, &[LOOPBACK]).exits(0);
    assert_eq!((server.asked().len(), other.asked().len()), (1, 0));
}

#[test]
fn keys_that_cannot_be_fetched() {
    let signer = Signer::new("key");
    let at = |server: &Server| shop_with_keys_at(&server.url("/keys"), &signer, json!({}));
    let why = |answer: String| {
        let server = Server::always(answer);
        unable(&at(&server), &[LOOPBACK], &server)
    };
    assert_snapshot!(why(nothing()), @"
    error: cannot read the keys of `gitlab`: cannot fetch the key set: the response has status 404
      help: check the URL
    ");
    assert_snapshot!(why(answer("503 Service Unavailable", "retry-after: 1", "")), @"
    error: cannot read the keys of `gitlab`: cannot fetch the key set: the response has status 503
      help: try again later
    ");
    assert_snapshot!(why(answer("302 Found", "location: /elsewhere", "")), @"
    error: cannot read the keys of `gitlab`: cannot fetch the key set: the response has status 302
      help: set the URL that the redirect leads to, if that is the issuer's
    ");
    assert_snapshot!(why(answer("200 OK", "content-type: text/html", "<!doctype html><p>sign in")), @"
    error: cannot read the keys of `gitlab`: the key set is not valid: invalid JSON at byte 0
      help: check that the issuer publishes its keys, or have it fix them
    ");
    assert_snapshot!(why(document(r#"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#)), @"
    warning: `http://127.0.0.1:PORT/keys`: the key without a `kid` is not used: the key is symmetric
    error: `http://127.0.0.1:PORT/keys` has no usable key
      help: fetch the issuer's key set again
    ");
    assert_snapshot!(why(String::new()), @"
    error: cannot read the keys of `gitlab`: cannot fetch the key set: the connection failed
      help: check that this machine can reach the server
    ");

    let server = Server::always(document(&signer.jwks()));
    assert_snapshot!(unable(&at(&server), &[], &server), @"
    error: cannot read the keys of `gitlab`: cannot fetch the key set: the URL is not valid: it must begin with `https://`
      help: use `https://`; for tests and development on this machine, `--allow-loopback-http` allows `http://`
    ");
    let private = shop_with_keys_at(&server.secure_url("/keys"), &signer, json!({}));
    assert_snapshot!(unable(&private, &[LOOPBACK], &server), @"
    error: cannot read the keys of `gitlab`: cannot fetch the key set: `127.0.0.1` has an address that is not public
      help: if this is your own host, allow it with `--allow-private 127.0.0.1`
    ");
    let nobody = shop_with_keys_at("http://127.0.0.1:1/keys", &signer, json!({}));
    assert_snapshot!(unable(&nobody, &[LOOPBACK], &server), @"
    error: cannot read the keys of `gitlab`: cannot fetch the key set: the connection failed
      help: check that this machine can reach the server
    ");
    assert!(server.asked().is_empty());
}

#[test]
fn discovery_documents_that_are_refused() {
    let signer = Signer::new("key");
    let why = |body: &'static str| {
        let server = Server::start(move |own, _| document(&body.replace("OWN", own)));
        let url = server.url("");
        let folder = Folder::with(&[("shop/shop.policy", &SHOP.replace("https://gitlab.example", &url))]);
        folder.write("token.jwt", signer.token(&claims_with(json!({"iss": url}))));
        let why = unable(&folder, &[LOOPBACK], &server);
        assert_eq!(server.asked().len(), 1, "{body}");
        why
    };
    assert_snapshot!(why(r#"{"issuer":"https://gitlab.example","jwks_uri":"OWN/keys"}"#), @"
    error: cannot read the keys of `gitlab`: the discovery document belongs to another issuer
      help: write the issuer's URL exactly as `issuer` in its discovery document, byte for byte
    ");
    assert_snapshot!(why(r#"{"issuer":"OWN"}"#), @"
    error: cannot read the keys of `gitlab`: the discovery document has no string `jwks_uri`
      help: set the issuer's `jwks` to the URL of its keys
    ");
    assert_snapshot!(why("<html>"), @"
    error: cannot read the keys of `gitlab`: the discovery document is not valid: invalid JSON at byte 0
      help: check the issuer's URL
    ");
    assert_snapshot!(why(r#"{"issuer":"OWN","jwks_uri":"https://127.0.0.1:1/keys"}"#), @"
    error: cannot read the keys of `gitlab`: cannot fetch the key set: `127.0.0.1` has an address that is not public
      help: if this is your own host, allow it with `--allow-private gitlab=127.0.0.1`
    ");
}

#[test]
fn a_server_of_ones_own_over_tls() {
    let signer = Signer::new("key");
    let jwks = signer.jwks();
    let (server, authority) = Server::secure("own", move |_, _| document(&jwks));
    let folder = shop_with_keys_at(&server.secure_url("/keys"), &signer, json!({}));
    folder.write("ca.pem", authority);
    folder.write("token.pem", signer.token(&claims()));
    assert_snapshot!(unable(&folder, &["--ca", "ca.pem"], &server), @"
    error: cannot read the keys of `gitlab`: cannot fetch the key set: `127.0.0.1` has an address that is not public
      help: if this is your own host, allow it with `--allow-private 127.0.0.1`
    ");
    let (_, stranger) = Server::secure("stranger", |_, _| nothing());
    folder.write("stranger.pem", stranger);
    let private = [
        "--allow-private",
        "gitlab.example",
        "--allow-private",
        "127.0.0.1",
    ];
    assert_snapshot!(unable(&folder, &[&private[..], &["--ca", "stranger.pem"]].concat(), &server), @"
    error: cannot read the keys of `gitlab`: cannot fetch the key set: the server's certificate is from an unknown authority
      help: if this is your own authority, give the file with its certificate with `--ca FILE`
    ");
    assert_snapshot!(unable(&folder, &["--ca", "token.pem"], &server), @"error: cannot use `token.pem`: there is no certificate; it must begin with `-----BEGIN CERTIFICATE-----`");
    assert!(server.asked().is_empty());
    run("decide", &folder, &[&private[..], &["--ca", "ca.pem"]].concat()).exits(0);
    assert_eq!(server.asked(), ["/keys"]);
}

#[test]
fn a_private_host_that_a_discovery_document_names_is_allowed_for_that_issuer_alone() {
    let signer = Signer::new("key");
    let jwks = signer.jwks();
    let (keys, authority) = Server::secure("own", move |_, _| document(&jwks));
    let jwks_uri = keys.secure_url("/keys").replace("127.0.0.1", "localhost");
    let server = Server::start(move |own, _| discovery(own, &jwks_uri));
    let url = server.url("");
    let other = "issuer other {\n  url \"https://localhost\"\n  profile generic\n  audience \"sts\"\n}\n";
    let folder = Folder::with(&[
        ("shop/shop.policy", &SHOP.replace("https://gitlab.example", &url)),
        ("shop/other.policy", &format!("edition 2026\n\n{other}")),
    ]);
    folder.write("token.jwt", signer.token(&claims_with(json!({"iss": url}))));
    folder.write("ca.pem", authority);
    let allowing = |host: &str| {
        let options = [LOOPBACK, "--ca", "ca.pem", "--allow-private", host];
        unable(&folder, &options, &server)
    };
    // For an issuer that is there, and not for one that leads there.
    let refused = allowing("localhost");
    assert_snapshot!(refused, @"
    error: cannot read the keys of `gitlab`: cannot fetch the key set: `localhost` has an address that is not public
      help: if this is your own host, allow it with `--allow-private gitlab=localhost`
    ");
    assert_eq!(allowing("other=localhost"), refused);
    assert_snapshot!(allowing("gitlub=localhost"), @"
    error: the policies have no issuer `gitlub`
      help: did you mean `gitlab`?
    ");
    assert!(keys.asked().is_empty());
    let options = [LOOPBACK, "--ca", "ca.pem", "--allow-private", "gitlab=localhost"];
    run("decide", &folder, &options).exits(0);
    assert_eq!(keys.asked(), ["/keys"]);
}

#[test]
fn a_proxy_is_asked_for_the_host_of_the_keys() {
    let signer = Signer::new("key");
    let proxy = Server::always(answer("403 Forbidden", "content-type: text/plain", "no"));
    let folder = shop_with_keys_at("https://keys.example/keys", &signer, json!({}));
    assert_snapshot!(unable(&folder, &["--proxy", &proxy.url("")], &proxy), @"
    error: cannot read the keys of `gitlab`: cannot fetch the key set: the proxy refused the connection
      help: check the proxy's URL, and that it accepts requests of this machine
    ");
    assert_eq!(proxy.asked(), ["keys.example:443"]);
    // A password of a proxy is not for the log.
    assert_snapshot!(unable(&folder, &["--proxy", "socks5://user:secret@proxy.example"], &proxy), @"error: cannot use `--proxy`: the URL of the proxy is not of the form `http://host:port`");
}

#[test]
fn keys_that_are_not_used_are_reported() {
    let signer = Signer::new("key");
    let old = r#"{"keys":[{"kty":"oct","kid":"old","k":"c2VjcmV0"},"#;
    let server = Server::always(document(&signer.jwks().replace(r#"{"keys":["#, old)));
    let folder = shop_with_keys_at(&server.url("/keys"), &signer, json!({}));
    let run = run("decide", &folder, &[LOOPBACK]).exits(0);
    let err = server.forget_port(&run.err);
    assert_snapshot!(err, @"warning: `http://127.0.0.1:PORT/keys`: the key old is not used: the key is symmetric");
}

#[test]
fn keys_come_from_one_place() {
    let signer = Signer::new("key");
    let folder = shop_with_keys_at("keys.json", &signer, json!({}));
    folder.write("claims.json", "{}");
    let token = ["--policies", "shop", "--token", "token.jwt"];
    let claims = [
        "--policies",
        "shop",
        "--claims",
        "claims.json",
        "--issuer",
        "gitlab",
    ];
    let usage = |arguments: &[&[&str]], named: [&str; 2]| {
        let run = folder.run(&arguments.concat()).exits(2);
        assert_eq!(run.out, "");
        for name in named {
            assert!(run.err.contains(name), "{run:?}");
        }
    };
    for verb in [&["decide"], &["explain"]] {
        usage(&[verb, &token], ["--jwks", "--fetch"]);
        usage(
            &[verb, &token, &["--jwks", "keys.json", "--fetch"]],
            ["--jwks", "--fetch"],
        );
        usage(
            &[verb, &token, &["--jwks", "keys.json", LOOPBACK]],
            ["--jwks", LOOPBACK],
        );
    }
    usage(&[&["explain"], &claims, &["--fetch"]], ["--claims", "--fetch"]);
    usage(
        &[&["explain"], &claims, &["--ca", "ca.pem"]],
        ["--claims", "--ca"],
    );
}
