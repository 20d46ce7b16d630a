//! What `policy-check decide` cannot run on: keys, files and arguments.

use crate::decide::{decide, shop};
use crate::policies::{SHOP, SMALL};
use crate::tokens::{NOW, Signer, claims};
use insta::assert_snapshot;

#[test]
fn what_cannot_be_run() {
    let signer = Signer::new("key");
    let folder = shop(&signer, &claims());
    folder.write("empty/readme.md", "");
    folder.write("bad.policy", "role x { }\n");
    folder.write("sets/a/a.policy", SHOP);
    folder.write("sets/b/b.policy", SMALL);
    folder.write("keys.txt", "no keys");
    folder.write("nokeys.json", r#"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#);
    folder.write("huge.jwt", vec![b'a'; 2 * 1024 * 1024]);
    let run = |policies: &str, jwks: &str, token: &str| {
        let run = folder.run(&[
            "decide",
            "--policies",
            policies,
            "--jwks",
            jwks,
            "--token",
            token,
            "--at",
            NOW,
        ]);
        assert_eq!(run.out, "");
        run.exits(2).err
    };
    let shop = "shop.policy";
    assert_snapshot!(run("nowhere", "jwks.json", "token.jwt"), @"error: cannot read `nowhere`: it does not exist");
    assert_snapshot!(run("empty", "jwks.json", "token.jwt"), @"
    error: there are no `.policy` files in `empty`
      help: name a folder with `*.policy` files
    ");
    assert_snapshot!(run("bad.policy", "jwks.json", "token.jwt"), @"
    error[missing-member]: no token gets the role `x`: it has no `allow`
     --> bad.policy:1:6
      |
    1 | role x { }
      |      ^
      |
      = help: write `allow from ISSUER when …`

    error: the policies in `bad.policy` do not compile
      help: fix them first: `policy-check check bad.policy`
    ");
    assert_snapshot!(run("sets", "jwks.json", "token.jwt"), @"
    error: `sets` contains 2 policy sets
      help: name one of them: `sets/a`, `sets/b`
    ");
    assert_snapshot!(run(shop, "nowhere.json", "token.jwt"), @"error: cannot read `nowhere.json`: it does not exist");
    assert_snapshot!(run(shop, "keys.txt", "token.jwt"), @"error: cannot use `keys.txt`: the key set is not valid: invalid JSON at byte 0");
    assert_snapshot!(run(shop, "nokeys.json", "token.jwt"), @r"
    warning: `nokeys.json`: the key without a `kid` is not used: the key is symmetric
    error: `nokeys.json` has no usable key
      help: fetch the issuer's key set again
    ");
    assert_snapshot!(run(shop, "-", "token.jwt"), @r"
    error: the key set cannot come from standard input
      help: name a file
    ");
    assert_snapshot!(run(shop, "jwks.json", "nowhere.jwt"), @"error: cannot read `nowhere.jwt`: it does not exist");
    assert_snapshot!(run(shop, "jwks.json", "huge.jwt"), @"error: `huge.jwt` is larger than 1048576 bytes, so it is not read");
    let usage = folder.run(&["decide", "--policies", shop]).exits(2);
    assert!(usage.err.contains("--jwks") && usage.out.is_empty(), "{usage:?}");
    let time = [
        "decide",
        "--policies",
        shop,
        "--jwks",
        "jwks.json",
        "--token",
        "token.jwt",
        "--at",
        "yesterday",
    ];
    assert_snapshot!(folder.run(&time).exits(2).err, @"
    error: invalid value 'yesterday' for '--at <RFC3339>': this is not a time with a date and a zone; write it like `2026-05-04T03:02:01Z`

    For more information, try '--help'.
    ");
}

#[test]
fn a_token_is_never_printed() {
    let signer = Signer::new("key");
    let folder = shop(&signer, &claims());
    let token = signer.token(&claims());
    let base = ["decide", "--policies", "shop.policy", "--jwks"];
    for arguments in [
        [&base[..], &["jwks.json", "--token", &token]].concat(),
        [&base[..], &["jwks.json", &format!("--token={token}")]].concat(),
        [&base[..], &["jwks.json", "--token", "token.jwt", &token]].concat(),
        [&base[..], &[&token, "--token", "token.jwt"]].concat(),
        [&base[..], &["jwks.json", &format!("--tokn={token}")]].concat(),
        vec!["check", &token],
        vec!["fmt", &token],
    ] {
        let run = folder.run(&arguments).exits(2);
        let printed = run.out + &run.err;
        assert!(!printed.contains(&token[..20]), "{arguments:?}: {printed}");
        assert!(
            !printed.contains(&token[token.len() - 20..]),
            "{arguments:?}: {printed}"
        );
    }
    let run = folder.run(&[&base[..], &["jwks.json", "--token", &token]].concat());
    assert_snapshot!(run.err, @"
    error: `--token` takes a file, but this looks like the token itself
      help: other users can see a command's arguments: pipe the token to `--token -`
    ");
}

#[test]
fn several_issuers_with_their_own_keys() {
    let (gitlab, ci) = (Signer::new("key"), Signer::new("key"));
    let folder = shop(&gitlab, &claims());
    folder.write("small.policy", SMALL);
    folder.write("ci.json", ci.jwks());
    let run = |jwks: &[&str]| {
        let mut arguments = vec!["decide", "--policies", ".", "--token", "token.jwt", "--at", NOW];
        for jwks in jwks {
            arguments.extend(["--jwks", jwks]);
        }
        folder.run(&arguments)
    };
    run(&["gitlab=jwks.json", "ci=ci.json"]).exits(0);
    run(&["gitlab=jwks.json"]).exits(0);
    assert_eq!(run(&["ci=ci.json", "jwks.json"]).exits(0).err, "");
    assert_snapshot!(run(&["jwks.json"]).exits(0).err, @"warning: the key set is used for every issuer: name its issuer with `--jwks NAME=FILE`");
    assert!(run(&["gitlab=ci.json"]).exits(1).out.contains("bad_signature"));
    assert_snapshot!(run(&["ci=ci.json"]).exits(1).out, @r"
    refused  no_keys: there are no keys for issuer `gitlab`
      help: give its keys with `--jwks gitlab=FILE`
    ");
    assert_snapshot!(run(&["gitlba=jwks.json"]).exits(2).err, @r"
    error: the policies have no issuer `gitlba`
      help: did you mean `gitlab`?
    ");
    assert_snapshot!(run(&["jwks.json", "ci.json"]).exits(2).err, @"
    error: there are two key sets without an issuer
      help: name the issuer of each: `--jwks NAME=FILE`
    ");
    assert_snapshot!(run(&["ci=ci.json", "ci=jwks.json"]).exits(2).err, @"
    error: the issuer `ci` has two key sets
      help: name the issuer of each: `--jwks NAME=FILE`
    ");
}

#[test]
fn a_key_that_is_not_used_is_reported() {
    let signer = Signer::new("key");
    let folder = shop(&signer, &claims());
    let jwks = signer.jwks().replace(
        r#"{"keys":["#,
        r#"{"keys":[{"kty":"oct","kid":"old","k":"c2VjcmV0"},"#,
    );
    folder.write("jwks.json", jwks);
    let run = decide(&folder, &[]).exits(0);
    assert_snapshot!(run.err, @"warning: `jwks.json`: the key old is not used: the key is symmetric");
}
