//! `policy-check decide`

use crate::policies::{Folder, Run, SHOP};
use crate::tokens::{NOW, Signer, claims, claims_with};
use insta::assert_snapshot;
use serde_json::{Value, json};

/// The shop with a key set and a token.
pub(crate) fn shop(signer: &Signer, claims: &Value) -> Folder {
    let folder = Folder::with(&[("shop.policy", SHOP), ("jwks.json", &signer.jwks())]);
    folder.write("token.jwt", signer.token(claims) + "\n");
    folder
}

pub(crate) fn decide(folder: &Folder, more: &[&str]) -> Run {
    let arguments = [
        "decide",
        "--policies",
        "shop.policy",
        "--jwks",
        "jwks.json",
        "--token",
        "token.jwt",
        "--at",
        NOW,
    ];
    folder.run(&[&arguments, more].concat())
}

fn decide_on(changes: Value, more: &[&str]) -> Run {
    decide(&shop(&Signer::new("key"), &claims_with(changes)), more)
}

#[test]
fn the_roles_of_a_token() {
    let run = decide_on(json!({}), &[]).exits(0);
    assert_snapshot!(run.out, @r#"
    verified  gitlab  "project_path:acme/shop:ref_type:branch:ref:main"
    allowed   deploy-prod  ttl 900 s  shop.policy:15
                aws_role = "arn:aws:iam::123456789012:role/deploy"
                secrets  = "apps/acme/shop/production"
    allowed   plan  shop.policy:21
    "#);
    assert_eq!(run.err, "");
}

#[test]
fn the_roles_of_a_token_as_json() {
    let run = decide_on(json!({}), &["--format", "json"]).exits(0);
    assert_eq!(
        run.out,
        concat!(
            r#"{"schema_version":1,"verified":true,"issuer":"gitlab","subject":"project_path:acme/shop:ref_type:branch:ref:main","roles":["#,
            r#"{"role":"deploy-prod","allowed":true,"clause":{"index":1,"file":"shop.policy","line":15},"ttl_seconds":900,"#,
            r#""grants":{"aws_role":"arn:aws:iam::123456789012:role/deploy","secrets":"apps/acme/shop/production"}},"#,
            r#"{"role":"plan","allowed":true,"clause":{"index":1,"file":"shop.policy","line":21},"ttl_seconds":null,"#,
            r#""grants":{}}]}"#,
            "\n"
        )
    );
}

#[test]
fn one_role() {
    let run = decide_on(
        json!({"ref": "feature", "sub": "project_path:acme/shop:ref_type:branch:ref:feature"}),
        &[],
    );
    assert_snapshot!(run.exits(0).out, @r#"
    verified  gitlab  "project_path:acme/shop:ref_type:branch:ref:feature"
    allowed   plan  shop.policy:21
    "#);
    let json = ["--format", "json", "--role"];
    let run = decide_on(json!({}), &[&json[..], &["plan"]].concat()).exits(0);
    let roles = run.json()["roles"].clone();
    assert_eq!(
        (roles.as_array().unwrap().len(), &roles[0]["role"]),
        (1, &json!("plan"))
    );

    let denied = |changes: Value, role: &str| {
        let run = decide_on(changes, &[&json[..], &[role]].concat()).exits(1);
        assert_eq!(run.json()["verified"], true);
        run.json()["roles"].clone()
    };
    assert_eq!(
        denied(json!({"environment": "staging"}), "deploy-prod"),
        json!([{"role": "deploy-prod", "allowed": false, "reason": "condition"}])
    );
    assert_eq!(
        denied(json!({"pipeline_source": "merge_request_event"}), "deploy-prod"),
        json!([{"role": "deploy-prod", "allowed": false, "reason": "guard", "guard": "no-merge-requests"}])
    );
    assert_eq!(
        denied(json!({}), "deploy-prdo"),
        json!([{"role": "deploy-prdo", "allowed": false, "reason": "unknown_role"}])
    );
}

#[test]
fn a_denied_role_for_people() {
    let run = decide_on(json!({"environment": "staging"}), &["--role", "deploy-prod"]).exits(1);
    assert_snapshot!(run.out, @r#"
    verified  gitlab  "project_path:acme/shop:ref_type:branch:ref:main"
    denied    deploy-prod  no clause holds
      help: to see why, run `policy-check explain` with the same arguments
    "#);
    let run = decide_on(json!({"pipeline_source": null}), &["--role", "deploy-prod"]).exits(1);
    assert_snapshot!(run.out, @r#"
    verified  gitlab  "project_path:acme/shop:ref_type:branch:ref:main"
    denied    deploy-prod  the guard `no-merge-requests` does not hold
      help: to see why, run `policy-check explain` with the same arguments
    "#);
    let run = decide_on(json!({}), &["--role", "deploy-prdo"]).exits(1);
    assert_snapshot!(run.out, @r#"
    verified  gitlab  "project_path:acme/shop:ref_type:branch:ref:main"
    denied    deploy-prdo  the policies have no such role
      help: did you mean `deploy-prod`?
    "#);
}

#[test]
fn no_role_at_all() {
    let other = json!({"project_path": "other/shop", "namespace_path": "other", "sub": "project_path:other/shop:ref_type:branch:ref:main"});
    let run = decide_on(other.clone(), &[]).exits(1);
    assert_snapshot!(run.out, @r#"
    verified  gitlab  "project_path:other/shop:ref_type:branch:ref:main"
    denied    there is no role for this token
      help: to see why, run `policy-check explain` with the same arguments
    "#);
    let run = decide_on(other, &["--format", "json"]).exits(1);
    assert_eq!(run.json()["roles"], json!([]));
}

#[test]
fn grants_that_are_not_safe_to_fill_in() {
    let policy = SHOP.replace(r#" && environment == "production""#, "");
    let signer = Signer::new("key");
    let folder = shop(&signer, &claims_with(json!({"environment": "a b/$(id)"})));
    folder.write("shop.policy", policy);
    let run = decide(&folder, &["--role", "deploy-prod"]).exits(1);
    assert_snapshot!(run.out, @r#"
    verified  gitlab  "project_path:acme/shop:ref_type:branch:ref:main"
    denied    deploy-prod  the claim `environment` has no value for the grant `secrets`
      help: to see why, run `policy-check explain` with the same arguments
    "#);
    let run = decide(&folder, &["--role", "deploy-prod", "--format", "json"]).exits(1);
    let role = &run.json()["roles"][0];
    let expected = json!({
        "role": "deploy-prod",
        "allowed": false,
        "reason": "grant_not_filled",
        "grant": "secrets",
        "claim": "environment",
    });
    assert_eq!(*role, expected);
    // Another role is fine.
    let run = decide(&folder, &[]).exits(0);
    assert!(run.out.contains("plan"), "{}", run.out);
}

#[test]
fn a_token_on_standard_input() {
    let signer = Signer::new("key");
    let folder = shop(&signer, &claims());
    let arguments = [
        "decide",
        "--policies",
        ".",
        "--jwks",
        "jwks.json",
        "--token",
        "-",
        "--at",
        NOW,
    ];
    let token = signer.token(&claims());
    // One line break at its end is not a part of it; anything else is.
    for (before, after, code) in [
        ("", "", 0),
        ("", "\n", 0),
        ("", "\r\n", 0),
        ("", "\n\n", 1),
        ("", "\r", 1),
        ("", " \n", 1),
        ("", "\n ", 1),
        ("\n", "", 1),
        (" ", "", 1),
    ] {
        let written = format!("{before}{token}{after}");
        folder.run_with(&arguments, written.as_bytes()).exits(code);
        folder.write("token.jwt", &written);
        decide(&folder, &[]).exits(code);
    }
    let run = folder.run_with(&arguments, b"").exits(1);
    assert!(run.out.contains("malformed_token"));
}

/// A role compares a `sub` whose layout the issuer does not declare.
#[test]
fn a_layout_that_the_issuer_does_not_declare() {
    let policy = SHOP.replace(r#"project under "acme""#, r#"sub like "project_id:*""#);
    let signer = Signer::new("key");
    let claims = |sub: &str| claims_with(json!({"sub": sub, "pipeline_source": "merge_request_event"}));
    let folder = shop(&signer, &claims("project_id:4242:ref:main"));
    folder.write("shop.policy", &policy);
    assert_snapshot!(decide(&folder, &[]).exits(1).out, @r#"
    verified  gitlab  "project_id:4242:ref:main"
    denied    there is no role for this token
      none of the layouts of the issuer `gitlab` gives such a `sub`
      help: if the tokens have this layout, add to the issuer `gitlab`: `derive sub = "project_id:{project_id}:ref:{ref}"`; an issuer's lines replace those of the profile `gitlab-ci`: repeat the ones that are still in use
      help: to see why, run `policy-check explain` with the same arguments
    "#);
    assert_snapshot!(decide(&folder, &["--role", "plan"]).exits(1).out, @r#"
    verified  gitlab  "project_id:4242:ref:main"
    denied    plan  no clause holds
      none of the layouts of the issuer `gitlab` gives such a `sub`
      help: if the tokens have this layout, add to the issuer `gitlab`: `derive sub = "project_id:{project_id}:ref:{ref}"`; an issuer's lines replace those of the profile `gitlab-ci`: repeat the ones that are still in use
      help: to see why, run `policy-check explain` with the same arguments
    "#);
    let json = decide(&folder, &["--format", "json"]).exits(1).json();
    assert_eq!(
        json["layout"]["derive"],
        json!(["derive sub = \"project_id:{project_id}:ref:{ref}\""])
    );
    // The other role does not compare it.
    let run = decide(&folder, &["--role", "deploy-prod"]).exits(1);
    assert!(!run.out.contains("layout"), "{}", run.out);
    // The layout is one of the issuer's, and its value is wrong: no layout is proposed.
    folder.write(
        "token.jwt",
        signer.token(&claims("project_id:4242:ref_type:branch:ref:next")),
    );
    assert_snapshot!(decide(&folder, &[]).exits(1).out, @r#"
    verified  gitlab  "project_id:4242:ref_type:branch:ref:next"
    denied    there is no role for this token
      help: to see why, run `policy-check explain` with the same arguments
    "#);
}
