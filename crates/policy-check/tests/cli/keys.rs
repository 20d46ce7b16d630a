//! `policy-check keys`

use crate::decide::{decide, shop};
use crate::policies::{Folder, Run};
use crate::server::{Server, discovery, json as document, nothing};
use crate::tokens::{Signer, claims};
use insta::assert_snapshot;
use serde_json::{Value, json};

const LOOPBACK: &str = "--allow-loopback-http";

/// The two keys that lie beside the policies to copy: one of RSA and one of P-256.
fn published() -> (Value, Value) {
    let jwks = include_str!("../../../../policies/fixtures/jwks.json");
    let jwks: Value = serde_json::from_str(jwks).unwrap();
    (jwks["keys"][0].clone(), jwks["keys"][1].clone())
}

/// A key with other members; `null` takes one away.
fn with(key: &Value, changes: Value) -> Value {
    let mut key = key.clone();
    let Value::Object(changes) = changes else {
        panic!("an object of changes")
    };
    for (name, value) in changes {
        if value.is_null() {
            key.as_object_mut().unwrap().remove(&name);
        } else {
            key[name] = value;
        }
    }
    key
}

fn set(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

/// Keys with something wrong, beside one that can be used.
fn motley() -> String {
    let (rsa, ec) = published();
    set(&[
        with(
            &rsa,
            json!({"kid": "4i3sFE7sxqNPOT7FdvcGA1ZVGGI_r-tsDXnEuYT4ZqE", "alg": null}),
        ),
        with(
            &rsa,
            json!({"kid": "for-encryption", "use": "enc", "alg": "RSA-OAEP"}),
        ),
        with(&ec, json!({"kid": "lost", "d": "c2VjcmV0"})),
        with(&ec, json!({"kid": "twice"})),
        with(&ec, json!({"kid": "twice", "alg": null})),
        json!({"kty": "oct", "k": "c2VjcmV0"}),
        with(&rsa, json!({"kid": "small", "n": "xRkHvg"})),
        with(&ec, json!({"kid": "bitcoin", "crv": "secp256k1"})),
        with(
            &rsa,
            json!({"kid": "odd", "alg": format!("\u{202e}{}", "x".repeat(100))}),
        ),
    ])
}

/// Runs `keys`, and takes the port of a server out of what is printed.
fn keys(folder: &Folder, arguments: &[&str], server: &Server) -> Run {
    let mut run = folder.run(&[&["keys"], arguments].concat());
    run.out = server.forget_port(&run.out);
    run.err = server.forget_port(&run.err);
    run
}

#[test]
fn the_keys_of_an_issuer() {
    let (rsa, ec) = published();
    let jwks = set(&[rsa, with(&ec, json!({"kid": null, "alg": null}))]);
    let server = Server::start(move |own, path| match path {
        "/team/.well-known/openid-configuration" => discovery(&format!("{own}/team"), &format!("{own}/keys")),
        "/keys" => document(&jwks),
        _ => nothing(),
    });
    let folder = Folder::new();
    let url = server.url("/team");
    let run = keys(&folder, &["--issuer", &url, LOOPBACK], &server).exits(0);
    assert_eq!(run.err, "");
    assert_snapshot!(run.out, @r"
    issuer   http://127.0.0.1:PORT/team
    keys     http://127.0.0.1:PORT/keys
    cached   for at most 600 s
    usable   gitlab-2026-11            RSA 2048  RS256
             thumbprint XI3vm2ktGgs-u_O2jGm28reHZQPr-_DVVXqlNn5SkVo
    usable   entry 2, without a `kid`  P-256     ES256
             thumbprint Ym5quVy1d_AmlQCgKnhMfjQ2a3YjH57S0eGgmjL_AvM
    2 keys usable
    ");
    assert_eq!(
        server.asked(),
        ["/team/.well-known/openid-configuration", "/keys"]
    );

    let run = keys(
        &folder,
        &["--issuer", &url, LOOPBACK, "--format", "json"],
        &server,
    )
    .exits(0);
    assert_snapshot!(run.out, @r#"{"schema_version":1,"key_sets":[{"issuer":"http://127.0.0.1:PORT/team","jwks":"http://127.0.0.1:PORT/keys","max_age_seconds":600,"usable":2,"ignored":0,"findings":0,"keys":[{"index":1,"kid":"gitlab-2026-11","verdict":"usable","kind":"RSA","bits":2048,"algorithms":["RS256"],"tokens":"id_token","thumbprint":"XI3vm2ktGgs-u_O2jGm28reHZQPr-_DVVXqlNn5SkVo"},{"index":2,"kid":null,"verdict":"usable","kind":"P-256","bits":256,"algorithms":["ES256"],"tokens":"id_token","thumbprint":"Ym5quVy1d_AmlQCgKnhMfjQ2a3YjH57S0eGgmjL_AvM"}]}]}"#);

    // Whoever says where the keys are does not ask the issuer.
    let jwks = server.url("/keys");
    let run = keys(&folder, &["--issuer", &url, "--jwks", &jwks, LOOPBACK], &server).exits(0);
    assert!(
        run.out.starts_with("issuer   http://127.0.0.1:PORT/team\n"),
        "{run:?}"
    );
    let run = keys(&folder, &["--jwks", &jwks, LOOPBACK], &server).exits(0);
    assert!(
        run.out.starts_with("keys     http://127.0.0.1:PORT/keys\n"),
        "{run:?}"
    );
    assert_eq!(server.asked()[4..], ["/keys", "/keys"]);
}

#[test]
fn each_entry_gets_a_verdict() {
    let folder = Folder::with(&[("jwks.json", &motley())]);
    let run = folder.run(&["keys", "--jwks", "./jwks.json"]).exits(1);
    assert_eq!(run.err, "");
    assert_snapshot!(run.out, @r"
    keys     jwks.json
    usable   4i3sFE7sxqNPOT7FdvcGA1ZVGGI_r-tsDXnEuYT4ZqE  RSA 2048  PS256 PS384 PS512 RS256 RS384 RS512
             thumbprint XI3vm2ktGgs-u_O2jGm28reHZQPr-_DVVXqlNn5SkVo
    ignored  for-encryption
             the key is not meant for verifying signatures
    ALARM    lost
             the entry contains the private key
    usable   twice                                        P-256     ES256
             thumbprint Ym5quVy1d_AmlQCgKnhMfjQ2a3YjH57S0eGgmjL_AvM
    ignored  twice
             it is the same key as entry 4, and counts once
    ALARM    entry 6, without a `kid`
             the key is symmetric
    finding  small
             the modulus has 32 bits; it must have 2048 to 8192
    ignored  bitcoin
             the curve `secp256k1` is not supported
    ignored  odd
             the algorithm `\u{202e}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
    2 keys usable, 7 ignored, 3 findings
      help: alert the owner of the keys: anyone who has read this set can sign tokens
    ");
    for line in run.out.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    // What is secret is not shown, wherever it was found.
    assert!(!run.out.contains("c2VjcmV0"));

    let run = folder.run_with(&["keys", "--jwks", "-", "--format", "json"], motley().as_bytes());
    let json = run.exits(1).json();
    assert_eq!(json["schema_version"], 1);
    let set = &json["key_sets"][0];
    assert_eq!(
        (&set["issuer"], &set["jwks"], &set["max_age_seconds"]),
        (&Value::Null, &json!("-"), &Value::Null)
    );
    assert_eq!(
        (&set["usable"], &set["ignored"], &set["findings"]),
        (&json!(2), &json!(7), &json!(3))
    );
    assert_eq!(
        set["keys"][4],
        json!({
            "index": 5, "kid": "twice", "verdict": "ignored",
            "reason": {"code": "repeated", "message": "it is the same key as entry 4, and counts once"},
        })
    );
    let verdicts: Vec<_> = set["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| &key["verdict"])
        .collect();
    assert_eq!(
        verdicts,
        [
            "usable", "ignored", "alarm", "usable", "ignored", "alarm", "finding", "ignored", "ignored"
        ]
    );
    assert_eq!(
        set["keys"][0],
        json!({
            "index": 1, "kid": "4i3sFE7sxqNPOT7FdvcGA1ZVGGI_r-tsDXnEuYT4ZqE", "verdict": "usable",
            "kind": "RSA", "bits": 2048,
            "algorithms": ["PS256", "PS384", "PS512", "RS256", "RS384", "RS512"],
            "tokens": "id_token",
            "thumbprint": set["keys"][0]["thumbprint"],
        })
    );
    assert_eq!(set["keys"][0]["thumbprint"].as_str().unwrap().len(), 43);
    assert_eq!(
        set["keys"][5],
        json!({
            "index": 6, "kid": null, "verdict": "alarm",
            "reason": {"code": "symmetric", "message": "the key is symmetric"},
        })
    );
}

/// A key that is published twice is no reason to refuse its tokens, and none to warn of it.
#[test]
fn a_repeated_key_is_used_without_a_warning() {
    let signer = Signer::new("key");
    let folder = shop(&signer, &claims());
    let key: Value = serde_json::from_str::<Value>(&signer.jwks()).unwrap()["keys"][0].clone();
    folder.write("jwks.json", set(&[key.clone(), key]));
    let run = decide(&folder, &["--role", "deploy-prod"]).exits(0);
    assert_eq!(run.err, "");
    folder.run(&["keys", "--jwks", "jwks.json"]).exits(0);
}

/// Keys for JWT-SVIDs and keys for ID tokens, without an issuer and for issuers of either.
#[test]
fn keys_are_for_one_kind_of_tokens() {
    let (_, ec) = published();
    let keys = set(&[
        with(&ec, json!({"kid": "svid", "use": "jwt-svid"})),
        with(&ec, json!({"kid": "wit", "use": "wit-svid"})),
        with(&ec, json!({"kid": "sig", "use": "sig"})),
    ]);
    let has_built_in = rolecall_engine::built_in_profiles().any(|(name, _)| name == "spiffe");
    let profile = if has_built_in {
        ""
    } else {
        "profile spiffe { claim sub: text tenant }\n"
    };
    let policy = |profile_name: &str| {
        let profile = if profile_name == "spiffe" { profile } else { "" };
        format!(
            "{profile}issuer i {{ url \"https://i.example\" profile {profile_name} audience \"x\" jwks \"jwks.json\" }}"
        )
    };
    let folder = Folder::with(&[
        ("jwks.json", keys.as_str()),
        ("svid.policy", &policy("spiffe")),
        ("id.policy", &policy("generic")),
    ]);
    assert_snapshot!(folder.run(&["keys", "--jwks", "jwks.json"]).exits(0).out, @r"
    keys     jwks.json
    usable   svid  P-256     ES256  for JWT-SVIDs
             thumbprint Ym5quVy1d_AmlQCgKnhMfjQ2a3YjH57S0eGgmjL_AvM
    ignored  wit
             the key is not meant for verifying signatures
    usable   sig   P-256     ES256
             thumbprint Ym5quVy1d_AmlQCgKnhMfjQ2a3YjH57S0eGgmjL_AvM
    2 keys usable, 1 ignored
    ");
    assert_snapshot!(folder.run(&["keys", "--policies", "svid.policy"]).exits(0).out, @r"
    issuer   i
    keys     jwks.json
    usable   svid  P-256     ES256  for JWT-SVIDs
             thumbprint Ym5quVy1d_AmlQCgKnhMfjQ2a3YjH57S0eGgmjL_AvM
    ignored  wit
             the key is not meant for verifying signatures
    ignored  sig
             the key is not for JWT-SVIDs; their keys have the `use` `jwt-svid`
    1 key usable, 2 ignored
    ");
    assert_snapshot!(folder.run(&["keys", "--policies", "id.policy"]).exits(0).out, @r"
    issuer   i
    keys     jwks.json
    ignored  svid
             the key is not for ID tokens; their keys have the `use` `sig`, or none
    ignored  wit
             the key is not meant for verifying signatures
    usable   sig   P-256     ES256
             thumbprint Ym5quVy1d_AmlQCgKnhMfjQ2a3YjH57S0eGgmjL_AvM
    1 key usable, 2 ignored
    ");
}

#[test]
fn what_is_not_meant_to_be_used_is_no_finding() {
    let (rsa, ec) = published();
    let folder = Folder::new();
    let judge = |keys: &[Value]| {
        folder.write("jwks.json", set(keys));
        folder.run(&["keys", "--jwks", "jwks.json"])
    };
    let encryption = with(&rsa, json!({"kid": "enc", "use": "enc"}));
    let newer = json!({"kty": "AKP", "kid": "new", "alg": "ML-DSA-44"});
    let run = judge(&[ec.clone(), encryption.clone(), newer]).exits(0);
    assert!(run.out.ends_with("1 key usable, 2 ignored\n"), "{run:?}");
    let run = judge(&[encryption]).exits(1);
    assert!(run.out.ends_with("no usable key, 1 ignored\n"), "{run:?}");
    let run = judge(&[]).exits(1);
    assert_eq!(run.out, "keys     jwks.json\nno usable key\n");
    let run = judge(&[ec.clone(), with(&ec, json!({"kid": "other", "alg": "ES384"}))]).exits(1);
    assert!(
        run.out
            .ends_with("1 key usable, 1 ignored, 1 finding\n  help: ask the owner of the keys to fix them\n"),
        "{run:?}"
    );
}

#[test]
fn a_fetched_set_without_a_usable_key_is_shown() {
    let (_, ec) = published();
    let server = Server::always(document(&set(&[with(&ec, json!({"d": "c2VjcmV0"}))])));
    let folder = Folder::new();
    let jwks = server.url("/keys");
    let run = keys(&folder, &["--jwks", &jwks, LOOPBACK], &server).exits(1);
    assert_eq!(run.err, "");
    assert_snapshot!(run.out, @"
    keys     http://127.0.0.1:PORT/keys
    cached   for at most 600 s
    ALARM    gitlab-2026-11-es256
             the entry contains the private key
    no usable key, 1 ignored, 1 finding
      help: alert the owner of the keys: anyone who has read this set can sign tokens
    ");
}

/// The issuers of a policy set, each with the place of its keys.
fn issuers(rows: &[(&str, &str)]) -> String {
    let issuer = |(name, jwks): &(&str, &str)| {
        format!(
            "issuer {name} {{\n  url \"https://{name}.example\"\n  profile generic\n  audience \"sts\"\n  jwks \"{jwks}\"\n}}\n"
        )
    };
    let issuers: Vec<_> = rows.iter().map(issuer).collect();
    format!("edition 2026\n\n{}", issuers.join("\n"))
}

#[test]
fn the_keys_of_all_issuers_of_a_policy_set() {
    let (rsa, ec) = published();
    let server = Server::start(move |_, path| {
        if path == "/keys" {
            document(&set(std::slice::from_ref(&ec)))
        } else {
            nothing()
        }
    });
    let folder = Folder::with(&[("set/keys/file.json", &set(&[rsa]))]);
    folder.write(
        "set/issuers.policy",
        issuers(&[("file", "keys/file.json"), ("net", &server.url("/keys"))]),
    );
    let run = keys(&folder, &["--policies", "set", LOOPBACK], &server).exits(0);
    assert_eq!(run.err, "");
    assert_snapshot!(run.out, @r"
    issuer   file
    keys     set/keys/file.json
    usable   gitlab-2026-11  RSA 2048  RS256
             thumbprint XI3vm2ktGgs-u_O2jGm28reHZQPr-_DVVXqlNn5SkVo
    1 key usable

    issuer   net
    keys     http://127.0.0.1:PORT/keys
    cached   for at most 600 s
    usable   gitlab-2026-11-es256  P-256     ES256
             thumbprint Ym5quVy1d_AmlQCgKnhMfjQ2a3YjH57S0eGgmjL_AvM
    1 key usable
    ");

    // One that cannot be read hides none of the others.
    folder.write(
        "set/issuers.policy",
        issuers(&[
            ("file", "keys/none.json"),
            ("gone", &server.url("/gone")),
            ("net", &server.url("/keys")),
        ]),
    );
    let run = keys(
        &folder,
        &["--policies", "set", LOOPBACK, "--format", "json"],
        &server,
    )
    .exits(2);
    let read = run.json()["key_sets"].clone();
    assert_eq!(
        (read.as_array().unwrap().len(), &read[0]["issuer"]),
        (1, &json!("net"))
    );
    assert_snapshot!(run.err, @r"
    error: cannot read the keys of `file`: cannot read `set/keys/none.json`: entity not found
      help: check the path and its permissions
    error: cannot read the keys of `gone`: cannot fetch the key set: the response has status 404
      help: check the URL
    ");
}

#[test]
fn what_cannot_be_judged() {
    let server = Server::always(nothing());
    let folder = Folder::with(&[
        ("none.policy", "edition 2026\n"),
        ("keys.txt", "no keys"),
        ("list.json", "[]"),
    ]);
    let unable = |arguments: &[&str]| {
        let run = keys(&folder, arguments, &server).exits(2);
        assert_eq!(run.out, "");
        run.err
    };
    assert_snapshot!(unable(&["--policies", "none.policy"]), @r"
    error: the policies in `none.policy` have no issuer
      help: add an `issuer` item to the policies
    ");
    assert_snapshot!(unable(&["--jwks", "nowhere.json"]), @"error: cannot read `nowhere.json`: it does not exist");
    assert_snapshot!(unable(&["--jwks", "keys.txt"]), @"error: cannot use `keys.txt`: the key set is not valid: invalid JSON at byte 0");
    assert_snapshot!(unable(&["--jwks", "list.json"]), @"error: cannot use `list.json`: the key set is not valid: expected a JSON object at byte 0");
    assert_snapshot!(unable(&["--jwks", &server.url("/keys")]), @"
    error: cannot read the keys of `--jwks`: cannot fetch the key set: the URL is not valid: it must begin with `https://`
      help: use `https://`; for tests and development on this machine, `--allow-loopback-http` allows `http://`
    ");
    assert_snapshot!(unable(&["--issuer", &server.url(""), LOOPBACK]), @r"
    error: cannot read the keys of `http://127.0.0.1:PORT`: cannot fetch the discovery document: the response has status 404
      help: check the URL
    ");
    assert_snapshot!(unable(&["--jwks", "https://user:secret@keys.example/"]), @r"
    error: cannot read the keys of `--jwks`: cannot fetch the key set: the URL is not valid: it must have no user
      help: correct the URL
    ");
    assert_snapshot!(unable(&["--issuer", "http://ci.example"]), @r"
    error: invalid value 'http://ci.example' for '--issuer <URL>': it must begin with `https://`

    For more information, try '--help'.
    ");
    assert_eq!(server.asked(), ["/.well-known/openid-configuration"]);

    for arguments in [
        &["keys"][..],
        &["keys", "--policies", ".", "--jwks", "keys.json"],
        &["keys", "--policies", ".", "--issuer", "https://ci.example"],
    ] {
        let run = folder.run(arguments).exits(2);
        assert!(run.err.contains("--policies"), "{run:?}");
    }
}

#[test]
fn a_token_in_the_wrong_place_is_not_printed() {
    let token = Signer::new("key").token(&claims());
    let folder = Folder::new();
    for arguments in [
        &["--issuer", &token][..],
        &["--jwks", &token],
        &["--jwks", &format!("https://{token}.example/")],
        &["--policies", &token],
        &["--issuer", "https://127.0.0.1", "--ca", &token],
        &["--issuer", "https://127.0.0.1", "--proxy", &token],
        &["--issuer", "https://127.0.0.1", "--format", &token],
    ] {
        let run = folder.run(&[&["keys"], arguments].concat()).exits(2);
        let printed = run.out + &run.err;
        assert!(!printed.contains(&token[..20]), "{printed}");
        assert!(!printed.contains(&token[token.len() - 20..]), "{printed}");
    }
}
