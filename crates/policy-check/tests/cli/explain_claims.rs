//! `policy-check explain` on claims that nobody verified.

use crate::policies::{Folder, Run, SHOP, SMALL};
use crate::tokens::{claims, claims_with};
use insta::assert_snapshot;
use serde_json::{Value, json};

fn explain_claims(policy: &str, issuer: &str, claims: &Value, more: &[&str]) -> Run {
    let folder = Folder::with(&[("p.policy", policy), ("claims.json", &claims.to_string())]);
    let arguments = [
        "explain",
        "--policies",
        "p.policy",
        "--claims",
        "claims.json",
        "--issuer",
        issuer,
    ];
    folder.run(&[&arguments, more].concat())
}

#[test]
fn claims_of_anybody() {
    let run = explain_claims(
        SHOP,
        "gitlab",
        &json!({"project_path": "acme/shop"}),
        &["--role", "plan"],
    );
    assert_snapshot!(run.exits(0).out, @r#"
    these claims are not verified: this is not a decision
    unverified  gitlab
      `iss` is absent: "https://gitlab.example" is used
      `aud` is absent: "https://sts.acme.example" is used
      `iat` is absent: 1800000000 is used
      `exp` is absent: 1800003600 is used
      `namespace_path` is absent: "acme" is used
      `sub` is absent: "subject" is used

    plan: allowed
      clause from gitlab holds  p.policy:21
        p.policy:21  allow from gitlab when project under "acme"
          ✓ project_path  "acme/shop"  accepted: under "acme"
    "#);
    // Claims that are there are taken as they are.
    let run = explain_claims(
        SHOP,
        "gitlab",
        &claims_with(json!({"iss": "https://other.example"})),
        &["--role", "plan"],
    );
    let run = run.exits(1);
    assert_snapshot!(run.err, @"warning: the claim `iss` is not the URL of the issuer `gitlab`: leave out the claim, or `--issuer`");
    assert_snapshot!(run.out, @r#"
    these claims are not verified: this is not a decision
    unverified  gitlab  "project_path:acme/shop:ref_type:branch:ref:main"
      `ref_path` is absent: "refs/heads/main" is used

    plan: denied
      clause from gitlab is for another issuer  p.policy:21
          ✗ iss  "https://other.example"  accepted: "https://gitlab.example"
      the role is for tokens of another issuer
    "#);
    let run = explain_claims(
        SHOP,
        "gitlab",
        &claims_with(json!({"aud": ["a", "b"]})),
        &["--role", "plan"],
    );
    assert_snapshot!(run.exits(1).out, @r#"
    these claims are not verified: this is not a decision
    unverified  gitlab  "project_path:acme/shop:ref_type:branch:ref:main"
      `ref_path` is absent: "refs/heads/main" is used

    plan: denied
      clause from gitlab has 2 audiences instead of one  p.policy:21
          ✗ aud  ["a", "b"]  accepted: "https://sts.acme.example"
        p.policy:21  allow from gitlab when project under "acme"
          ✓ project_path  "acme/shop"  accepted: under "acme"
      allowed with 1 other claim
        aud  ["a", "b"] → "https://sts.acme.example"  by the job that asks for the token
        the token has several audiences
        help: ask for a token with one audience
    "#);
}

#[test]
fn every_reason_to_be_unknown() {
    let policy = r#"
issuer gitlab { url "https://gitlab.example" profile gitlab-ci audience "sts" }
role r {
  allow from gitlab when sub like "project_path:acme/*"
  allow from gitlab when !(ref == "main") && environment != "test" && groups_direct contains "acme"
  allow from gitlab when project_path == job_project_path || runner_id > 5 || !has user_login
}
"#;
    let claims = json!({
        "sub": "project_path:other/shop:ref_type:branch:ref:main",
        "project_path": "acme/shop",
        "project_id": 7,
        "ref_type": "branch",
        "ref": "a:b",
        "environment": null,
        "groups_direct": ["a", "b\u{1b}[2J"],
        "runner_id": "7",
        "user_login": "somebody",
    });
    assert_snapshot!(explain_claims(policy, "gitlab", &claims, &[]).exits(1).out, @r#"
    these claims are not verified: this is not a decision
    unverified  gitlab  "project_path:other/shop:ref_type:branch:ref:main"
      `iss` is absent: "https://gitlab.example" is used
      `aud` is absent: "sts" is used
      `iat` is absent: 1800000000 is used
      `exp` is absent: 1800003600 is used
      `namespace_path` is absent: "acme" is used

    denied   r  change job_project_path

    r: denied
      clause 1 from gitlab is unknown  p.policy:4
        p.policy:4  allow from gitlab when sub like "project_path:acme/*"
          ? sub  "project_path:other/shop:ref_type:branch:ref:main"  accepted: like "project_path:acme/*"
            it contradicts the claims that it is derived from: it says "other/shop" for `project_path`, and the token has "acme/shop"; it says "main" for `ref`, and the token has "a:b"
      clause 2 from gitlab is unknown  p.policy:5
        p.policy:5  allow from gitlab when !(ref == "main") && environment != "test" && groups_direct contains "acme"
          ? ref            "a:b", not a git ref  accepted: anything but "main"
          ? environment    null                  accepted: anything but "test"
          ? groups_direct  ["a", "b\u001b[2J"], not a list of GitLab namespaces  accepted: a list with "acme"
      clause 3 from gitlab is unknown  p.policy:6
        p.policy:6  allow from gitlab when project_path == job_project_path || runner_id > 5 || !has user_login
          ? one of
              ? project_path  "acme/shop", other claim absent  accepted: the same as `job_project_path`, which is absent
              ? runner_id     "7", not an int                  accepted: > 5
              ✗ user_login    "somebody"                       accepted: absent or null
      allowed with 1 other claim
        job_project_path  absent → "acme/shop"  not by the job: it tells whose token this is
    "#);
}

/// Two audiences that are both accepted are still one too many, and the words are those of `decide`.
#[test]
fn several_audiences() {
    let policy = r#"
issuer gitlab {
  url "https://gitlab.example"
  profile gitlab-ci
  audience ["a", "b", "c", "d", "e", "f", "g"]
}
role r { allow from gitlab }
"#;
    let verdict = |aud: serde_json::Value| {
        let run = explain_claims(policy, "gitlab", &json!({"aud": aud, "sub": "x"}), &[]);
        run.exits(1)
            .out
            .lines()
            .skip(7)
            .map(str::trim)
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_snapshot!(verdict(json!(["a", "b"])), @r#"
    r: denied
    clause from gitlab has 2 audiences instead of one  p.policy:7
    ✗ aud  ["a", "b"]  accepted: "a", "b", "c", "d", "e", 2 more
    allowed with 1 other claim
    aud  ["a", "b"] → "a"  by the job that asks for the token
    the token has several audiences
    help: ask for a token with one audience
    "#);
    assert_snapshot!(verdict(json!([])), @r#"
    r: denied
    clause from gitlab has 0 audiences instead of one  p.policy:7
    ✗ aud  []  accepted: "a", "b", "c", "d", "e", 2 more
    allowed with 1 other claim
    aud  [] → ["a"]  by the job that asks for the token
    "#);
    assert_snapshot!(verdict(json!(["x"])), @r#"
    r: denied
    clause from gitlab is for another audience  p.policy:7
    ✗ aud  ["x"]  accepted: "a", "b", "c", "d", "e", 2 more
    allowed with 1 other claim
    aud  ["x"] → "a"  by the job that asks for the token
    "#);
    assert_snapshot!(verdict(json!(null)), @r#"
    r: denied
    clause from gitlab has no audience  p.policy:7
    ✗ aud  null  accepted: "a", "b", "c", "d", "e", 2 more
    allowed with 1 other claim
    aud  null → "a"  by the job that asks for the token
    "#);
}

/// A time is shown with the value that is compared, and with what the token writes if that is another number.
#[test]
fn times_and_what_is_written() {
    let policy = r#"
issuer gitlab { url "https://gitlab.example" profile gitlab-ci audience "sts" }
role r { allow from gitlab when exp > 1796000000 && nbf == iat && iat >= "2026-11-30T00:00:00Z" }
"#;
    let folder = Folder::with(&[("p.policy", policy)]);
    folder.write(
        "claims.json",
        r#"{"aud": "sts", "sub": "x", "exp": 1796000000.99999999999, "nbf": 1.796e9, "iat": 1796000000.5}"#,
    );
    let arguments = [
        "explain",
        "--policies",
        "p.policy",
        "--claims",
        "claims.json",
        "--issuer",
        "gitlab",
    ];
    let run = folder.run(&arguments).exits(1);
    let lines: Vec<&str> = run
        .out
        .lines()
        .filter(|line| line.contains("accepted"))
        .map(str::trim)
        .collect();
    assert_snapshot!(lines.join("\n"), @r"
    ✗ exp  1796000000 (2026-11-30T00:53:20Z), written 1796000000.99999999999  accepted: > 1796000000 (2026-11-30T00:53:20Z)
    ✓ nbf  1796000000 (2026-11-30T00:53:20Z), written 1.796e9  accepted: the same as `iat`, 1796000000 (2026-11-30T00:53:20Z)
    ✓ iat  1796000000 (2026-11-30T00:53:20Z), written 1796000000.5  accepted: >= 1795996800 (2026-11-30T00:00:00Z)
    ");
    let json = folder
        .run(&[&arguments[..], &["--format", "json"]].concat())
        .exits(1)
        .out;
    for part in [
        r#""actual":1796000000.99999999999,"floor":1796000000,"#,
        r#""actual":1.796e9,"floor":1796000000,"#,
    ] {
        assert!(json.contains(part), "{json}");
    }
}

#[test]
fn what_a_contradicting_claim_would_have_to_be() {
    let policy = SHOP.replace(r#"project under "acme""#, r#"sub like "*:ref:main""#);
    let run = explain_claims(
        &policy,
        "gitlab",
        &claims_with(json!({"ref": "feature"})),
        &["--role", "plan"],
    );
    assert_snapshot!(run.exits(1).out, @r#"
    these claims are not verified: this is not a decision
    unverified  gitlab  "project_path:acme/shop:ref_type:branch:ref:main"
      `ref_path` is absent: "refs/heads/feature" is used

    plan: denied
      clause from gitlab is unknown  p.policy:21
        p.policy:21  allow from gitlab when sub like "*:ref:main"
          ? sub  "project_path:acme/shop:ref_type:branch:ref:main"  accepted: like "*:ref:main"
            it contradicts the claims that it is derived from: it says "main" for `ref`, and the token has "feature"
      allowed with 1 other claim
        ref  "feature" → "main"  by the author of the job, or by what starts it
        ref_path  "refs/heads/feature" → "refs/heads/main"  follows
    "#);
}

/// Claims other than `sub` have no layouts that projects configure, and a long text is not cut.
#[test]
fn what_other_claims_would_have_to_be() {
    let policy = SHOP.replace(r#"project under "acme""#, r#"sub == "x" || ref_path == "x""#);
    let run = explain_claims(
        &policy,
        "gitlab",
        &claims_with(json!({"ref_path": "refs/merge-requests/1/head", "sub": ":".repeat(5000)})),
        &["--role", "plan"],
    );
    let out = run.exits(1).out;
    let lines = out.lines().filter(|line| line.contains("it contradicts"));
    let lines: Vec<&str> = lines.collect();
    assert_snapshot!(lines.join("\n"), @r#"
    it contradicts the claims that it is derived from, which give "project_path:acme/shop:ref_type:branch:ref:main" or "project_id:4242:ref_type:branch:ref:main" or "project_path:acme/shop:ref_type:branch:ref:main:ref_protected:true" or "project_id:4242:ref_type:branch:ref:main:ref_protected:true"
    it contradicts the claims that it is derived from, which give "refs/heads/main"
    "#);
}

#[test]
fn clauses_of_other_issuers_are_named() {
    let policy = format!(
        "{SHOP}\nissuer ci {{\n  url \"https://ci.example\"\n  profile gitlab-ci\n  audience \"sts\"\n}}\n\nrole both {{\n  allow from ci\n  allow from gitlab when project == \"acme/shop\"\n}}\n\nrole ci-only {{\n  allow from ci\n}}\n"
    );
    let run = explain_claims(&policy, "gitlab", &claims(), &["--role", "both"]).exits(0);
    assert_snapshot!(run.out, @r#"
    these claims are not verified: this is not a decision
    unverified  gitlab  "project_path:acme/shop:ref_type:branch:ref:main"
      `ref_path` is absent: "refs/heads/main" is used

    both: allowed
      clause 1 from ci is for another issuer  p.policy:53
          ✗ iss  "https://gitlab.example"  accepted: "https://ci.example"
      clause 2 from gitlab holds  p.policy:54
        p.policy:54  allow from gitlab when project == "acme/shop"
          ✓ project_path  "acme/shop"  accepted: "acme/shop"
    "#);
    // A role without a clause for the issuer is not explained, unless it is asked for.
    let run = explain_claims(&policy, "gitlab", &claims(), &[]).exits(0);
    assert!(
        !run.out.contains("ci-only") && run.out.contains("both"),
        "{}",
        run.out
    );
    explain_claims(&policy, "gitlab", &claims(), &["--role", "ci-only"]).exits(1);
}

#[test]
fn no_role_for_the_issuer() {
    let policy = format!(
        "{SHOP}\n{}",
        SMALL
            .replace("edition 2026", "")
            .replace("role anything {\n  allow from ci\n}", "")
    );
    assert_snapshot!(explain_claims(&policy, "ci", &json!({}), &[]).exits(1).out, @r#"
    these claims are not verified: this is not a decision
    unverified  ci
      `iss` is absent: "https://ci.example" is used
      `aud` is absent: "sts" is used
      `iat` is absent: 1800000000 is used
      `exp` is absent: 1800003600 is used
      `sub` is absent: "subject" is used

    denied: no role has a clause for `ci`
    "#);
}

#[test]
fn an_explanation_as_json() {
    let run = explain_claims(
        SHOP,
        "gitlab",
        &json!({"project_path": "acme/shop"}),
        &["--format", "json"],
    )
    .exits(0);
    let json = run.json();
    let head =
        ["schema_version", "verified", "issuer", "subject", "filled_in"].map(|name| json[name].clone());
    assert_eq!(
        head,
        [
            json!(1),
            json!(false),
            json!("gitlab"),
            json!(null),
            json!(["iss", "aud", "iat", "exp", "namespace_path", "sub"])
        ]
    );
    let roles = json["roles"].as_array().unwrap();
    assert_eq!(roles.len(), 2);
    assert_eq!(
        (&roles[1]["role"], &roles[1]["allowed"], &roles[1]["clause"]),
        (&json!("deploy-prod"), &json!(false), &json!(null))
    );
    assert_eq!(
        (&roles[0]["role"], &roles[0]["allowed"], &roles[0]["clause"]),
        (&json!("plan"), &json!(true), &json!(1))
    );
    let clause = &roles[0]["clauses"][0];
    assert_eq!(
        clause["condition"],
        json!({
            "kind": "comparison", "claim": "project_path", "truth": "true", "actual": "acme/shop", "accepted": "under \"acme\"",
            "file": "p.policy", "line": 21, "column": 26, "end_line": 21, "end_column": 46,
            "text": "project under \"acme\"",
        })
    );
    let guard = &roles[1]["clauses"][0]["guards"][0];
    assert_eq!(
        (&guard["guard"], &guard["condition"]["truth"]),
        (&json!("no-merge-requests"), &json!("unknown"))
    );
    assert_eq!(guard["condition"]["unknown"], "absent");
}

#[test]
fn what_cannot_be_explained() {
    let run = explain_claims(SHOP, "gitlba", &json!({}), &[]).exits(2);
    assert_snapshot!(run.err, @r"
    error: the policies have no issuer `gitlba`
      help: did you mean `gitlab`?
    ");
    let run = explain_claims(SHOP, "github", &json!({}), &[]).exits(2);
    assert_snapshot!(run.err, @r"
    error: the policies have no issuer `github`
      help: did you mean `gitlab`?
    ");
    let run = explain_claims(SHOP, "gitlab", &json!([1]), &[]).exits(2);
    assert_snapshot!(run.err, @"error: cannot use `claims.json`: expected a JSON object at byte 0");
    let run = explain_claims(SHOP, "gitlab", &json!({}), &["--role", "plna"]).exits(1);
    assert_snapshot!(run.out, @r#"
    these claims are not verified: this is not a decision
    unverified  gitlab
      `iss` is absent: "https://gitlab.example" is used
      `aud` is absent: "https://sts.acme.example" is used
      `iat` is absent: 1800000000 is used
      `exp` is absent: 1800003600 is used
      `sub` is absent: "subject" is used

    plna: denied
      the policies have no such role: did you mean `plan`?
    "#);
    let folder = Folder::with(&[("p.policy", SHOP), ("claims.json", "{}")]);
    for arguments in [
        &["explain", "--policies", "p.policy"][..],
        &["explain", "--policies", "p.policy", "--claims", "claims.json"],
        &[
            "explain",
            "--policies",
            "p.policy",
            "--token",
            "t",
            "--jwks",
            "j",
            "--claims",
            "claims.json",
            "--issuer",
            "gitlab",
        ],
        &["explain", "--policies", "p.policy", "--issuer", "gitlab"],
    ] {
        folder.run(arguments).exits(2);
    }
    folder.write("claims.json", r#"{"a":1,"a":2}"#);
    let run = folder
        .run(&[
            "explain",
            "--policies",
            "p.policy",
            "--claims",
            "claims.json",
            "--issuer",
            "gitlab",
        ])
        .exits(2);
    assert_snapshot!(run.err, @"error: cannot use `claims.json`: duplicate member at byte 7");
}

#[test]
fn claims_on_standard_input() {
    let folder = Folder::with(&[("p.policy", SHOP)]);
    let arguments = [
        "explain",
        "--policies",
        "p.policy",
        "--claims",
        "-",
        "--issuer",
        "gitlab",
    ];
    folder
        .run_with(&arguments, claims().to_string().as_bytes())
        .exits(0);
}

#[test]
fn other_input_than_the_claims_of_one_token() {
    let folder = Folder::with(&[("p.policy", SMALL)]);
    let run = |stdin: &str| {
        let arguments = ["explain", "--policies", "p.policy", "--claims", "-"];
        folder.run_with(&arguments, stdin.as_bytes()).exits(2).err
    };
    let claims = claims().to_string();
    assert_snapshot!(run(&format!("{claims}\n{claims}\n")), @r"
    error: cannot use `-`: trailing data at byte 372
      help: a log of claims must be a file whose name ends in `.jsonl`
    ");
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/fixtures");
    let token = std::fs::read_to_string(format!("{fixtures}/expired.jwt")).unwrap();
    assert_snapshot!(run(&token), @r"
    error: cannot use `-`: invalid JSON at byte 0
      help: this is a token: give it with `--token`
    ");
    let arguments = ["explain", "--policies", "p.policy", "--claims", token.trim()];
    assert_snapshot!(folder.run(&arguments).exits(2).err, @r"
    error: `--claims` takes a file, but this looks like the token itself
      help: other users can see a command's arguments: pipe the token to `--token -`
    ");
    // A log may also have a fault, and claims that are cut off are no log.
    assert!(run(&format!("{claims}\n{{")).contains(".jsonl"));
    assert!(!run("{\n").contains("help:"));
}
