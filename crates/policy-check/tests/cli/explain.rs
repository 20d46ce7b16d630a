//! `policy-check explain`

use crate::policies::{Folder, Run, SHOP};
use crate::tokens::{NOW, Signer, claims_with};
use insta::assert_snapshot;
use serde_json::{Value, json};

fn explain_token(changes: Value, more: &[&str]) -> Run {
    let signer = Signer::new("key");
    let folder = Folder::with(&[("shop.policy", SHOP), ("jwks.json", &signer.jwks())]);
    folder.write("token.jwt", signer.token(&claims_with(changes)));
    let arguments = [
        "explain",
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

#[test]
fn a_token_that_is_allowed() {
    assert_snapshot!(explain_token(json!({}), &[]).exits(0).out, @r#"
    verified  gitlab  "project_path:acme/shop:ref_type:branch:ref:main"

    allowed  deploy-prod  shop.policy:15
    allowed  plan         shop.policy:21

    deploy-prod: allowed
      clause from gitlab holds  shop.policy:15
        shop.policy:15  allow from gitlab when project == "acme/shop" && on_main && environment == "production"
          ✓ project_path   "acme/shop"   accepted: "acme/shop"
        shop.policy:9  condition on_main = ref_type == "branch" && ref == "main" && ref_protected
          ✓ ref_type       "branch"      accepted: "branch"
          ✓ ref            "main"        accepted: "main"
          ✓ ref_protected  "true"        accepted: true
        shop.policy:15  allow from gitlab when project == "acme/shop" && on_main && environment == "production"
          ✓ environment    "production"  accepted: "production"
      guard no-merge-requests holds
        shop.policy:24  guard no-merge-requests for #prod { pipeline_source != "merge_request_event" }
          ✓ pipeline_source  "push"  accepted: anything but "merge_request_event"

    plan: allowed
      clause from gitlab holds  shop.policy:21
        shop.policy:21  allow from gitlab when project under "acme"
          ✓ project_path  "acme/shop"  accepted: under "acme"
    "#);
}

#[test]
fn a_token_that_is_denied() {
    let changes = json!({
        "ref": "feature",
        "ref_protected": "maybe",
        "environment": null,
        "pipeline_source": "merge_request_event",
    });
    assert_snapshot!(explain_token(changes, &["--role", "deploy-prod"]).exits(1).out, @r#"
    verified  gitlab  "project_path:acme/shop:ref_type:branch:ref:main"

    deploy-prod: denied
      clause from gitlab is false  shop.policy:15
        shop.policy:15  allow from gitlab when project == "acme/shop" && on_main && environment == "production"
          ✓ project_path   "acme/shop"                           accepted: "acme/shop"
        shop.policy:9  condition on_main = ref_type == "branch" && ref == "main" && ref_protected
          ✓ ref_type       "branch"                              accepted: "branch"
          ✗ ref            "feature"                             accepted: "main"
          ? ref_protected  "maybe", not a bool in a JSON string  accepted: true
        shop.policy:15  allow from gitlab when project == "acme/shop" && on_main && environment == "production"
          ? environment    absent                                accepted: "production"
      guard no-merge-requests is false
        shop.policy:24  guard no-merge-requests for #prod { pipeline_source != "merge_request_event" }
          ✗ pipeline_source  "merge_request_event"  accepted: anything but "merge_request_event"
          ✗ the grant `secrets` needs the claim `environment`, and the token has no value of its type
      allowed with 4 other claims
        environment      absent → "production"           by the author of the job, or by what starts it
        pipeline_source  "merge_request_event" → "push"  by the author of the job, or by what starts it
        ref              "feature" → "main"              by the author of the job, or by what starts it
        ref_protected    "maybe" → "true"                by an administrator of the project
        the token is from a merge request
        help: run the job in the pipeline of a branch
    "#);
}

#[test]
fn a_token_that_is_refused() {
    let run = explain_token(json!({"aud": "https://sts.other.example"}), &[]).exits(1);
    assert_snapshot!(run.out, @r"
    refused  wrong_audience: audience `https://sts.other.example` is not one of the issuer's audiences; accepted: `https://sts.acme.example`
      help: request a token with exactly one audience, one that the issuer lists
    ");
    let run = explain_token(json!({"exp": 1}), &["--format", "json"]).exits(1);
    assert_eq!(run.json()["verified"], false);
}

#[test]
fn grants_that_cannot_be_filled_in() {
    let signer = Signer::new("key");
    let policy = SHOP.replace(r#" && environment == "production""#, "");
    let folder = Folder::with(&[("shop.policy", &policy), ("jwks.json", &signer.jwks())]);
    folder.write(
        "token.jwt",
        signer.token(&claims_with(json!({"environment": "../x"}))),
    );
    let arguments = [
        "explain",
        "--policies",
        "shop.policy",
        "--jwks",
        "jwks.json",
        "--token",
        "token.jwt",
        "--at",
        NOW,
        "--role",
        "deploy-prod",
    ];
    let run = folder.run(&arguments).exits(1);
    assert!(
        run.out.contains("holds, but a grant is not filled")
            && run.out.contains("the grant `secrets` cannot use"),
        "{}",
        run.out
    );
    let run = folder
        .run(&[&arguments[..], &["--format", "json"]].concat())
        .exits(1);
    let role = &run.json()["roles"][0];
    assert_eq!(role["allowed"], false);
    let unfilled = &role["clauses"][0]["grants_not_filled"][0];
    assert_eq!(
        (&unfilled["grant"], &unfilled["claim"]),
        (&json!("secrets"), &json!("environment"))
    );
}
