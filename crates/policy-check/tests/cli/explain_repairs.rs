//! `policy-check explain`: what would allow a role, selectors, logs, and the formats.

use crate::policies::{Folder, Run};
use crate::schema::{assert_valid, closed, own};
use insta::assert_snapshot;
use serde_json::{Value, json};

const POLICY: &str = r#"edition 2026

issuer gitlab { url "https://gitlab.example" profile gitlab-ci audience "https://sts.acme.example" }

issuer other { url "https://other.example" profile gitlab-ci audience "https://sts.acme.example" }

role deploy {
  tags [prod]
  allow from gitlab when
    project == "acme/shop"
    && ((ref_type == "branch" && ref == "main" && ref_protected) || (ref_type == "tag" && ref like "v*"))
    && environment == "production"
}

role plan { allow from gitlab when project == "acme/shop" && pipeline_source == "merge_request_event" }

role review { allow from gitlab when project == "acme/shop" && environment glob "review/*" }

role of-others { allow from gitlab when project == "umbrella/lab" }

role elsewhere { allow from other }

role never { allow from gitlab when project == "acme/shop" && ref == "a" && ref == "b" }
"#;

fn token() -> Value {
    json!({
        "iss": "https://gitlab.example",
        "aud": "https://sts.acme.example",
        "project_path": "acme/shop",
        "ref_type": "tag",
        "ref": "1.2.3",
        "ref_protected": "true",
        "environment": "Production",
        "pipeline_source": "push",
    })
}

fn explain(claims: &Value, more: &[&str]) -> Run {
    let folder = Folder::with(&[("p.policy", POLICY), ("claims.json", &claims.to_string())]);
    let arguments = ["explain", "--policies", "p.policy", "--claims", "claims.json"];
    folder.run(&[&arguments, more].concat())
}

#[test]
fn the_nearest_roles_and_what_would_allow_them() {
    assert_snapshot!(explain(&token(), &[]).exits(1).out, @r#"
    these claims are not verified: this is not a decision
    unverified  gitlab
      `iat` is absent: 1800000000 is used
      `exp` is absent: 1800003600 is used
      `namespace_path` is absent: "acme" is used
      `ref_path` is absent: "refs/tags/1.2.3" is used
      `sub` is absent: "project_path:acme/shop:ref_type:tag:ref:1.2.3" is used

    denied   plan    change pipeline_source
    denied   review  change environment
    denied   deploy  change environment, ref: the environment is spelled in another way
    denied   never   no token gets it
    denied   1 role for other projects

    plan: denied
      clause from gitlab is false  p.policy:15
        p.policy:15  role plan { allow from gitlab when project == "acme/shop" && pipeline_source == "merge_request_event" }
          ✓ project_path     "acme/shop"  accepted: "acme/shop"
          ✗ pipeline_source  "push"       accepted: "merge_request_event"
      allowed with 1 other claim
        pipeline_source  "push" → "merge_request_event"  by the author of the job, or by what starts it

    review: denied
      clause from gitlab is false  p.policy:17
        p.policy:17  role review { allow from gitlab when project == "acme/shop" && environment glob "review/*" }
          ✓ project_path  "acme/shop"   accepted: "acme/shop"
          ✗ environment   "Production"  accepted: glob "review/*"
      allowed with 1 other claim
        environment  "Production" → "review/web"  by the author of the job, or by what starts it

    deploy: denied
      clause from gitlab is false  p.policy:9
        p.policy:10  project == "acme/shop"
          ✓ project_path   "acme/shop"   accepted: "acme/shop"
        p.policy:11  && ((ref_type == "branch" && ref == "main" && ref_protected) || (ref_type == "tag" && ref like "v*"))
          ✗ one of
              ✗ all of
                  ✗ ref_type       "tag"         accepted: "branch"
                  ✗ ref            "1.2.3"       accepted: "main"
                  ✓ ref_protected  "true"        accepted: true
              ✗ all of
                  ✓ ref_type       "tag"         accepted: "tag"
                  ✗ ref            "1.2.3"       accepted: like "v*"
        p.policy:12  && environment == "production"
          ✗ environment    "Production"  accepted: "production"
            only upper and lower case differ
      allowed with 2 other claims
        environment  "Production" → "production"  by the author of the job, or by what starts it
        ref          "1.2.3" → "v1.0.0"           by the author of the job, or by what starts it
        ref_path  "refs/tags/1.2.3" → "refs/tags/v1.0.0"  follows
        sub  "project_path:acme/shop:ref_type:tag:ref:1.2.3" → "project_path:acme/shop:ref_type:tag:ref:v1.0.0"  follows
        the environment is spelled in another way
        help: use one spelling of the environment in the pipeline and in the policy

    never: denied
      clause from gitlab is false  p.policy:23
        p.policy:23  role never { allow from gitlab when project == "acme/shop" && ref == "a" && ref == "b" }
          ✓ project_path  "acme/shop"  accepted: "acme/shop"
          ✗ ref           "1.2.3"      accepted: "a"
          ✗ ref           "1.2.3"      accepted: "b"
      no token of this issuer gets the role: `policy-check witness` tries all issuers
    "#);
}

#[test]
fn a_role_for_other_projects_and_one_that_no_token_gets() {
    assert_snapshot!(explain(&token(), &["--role", "of-others"]).exits(1).out, @r#"
    these claims are not verified: this is not a decision
    unverified  gitlab
      `iat` is absent: 1800000000 is used
      `exp` is absent: 1800003600 is used
      `namespace_path` is absent: "acme" is used
      `ref_path` is absent: "refs/tags/1.2.3" is used
      `sub` is absent: "project_path:acme/shop:ref_type:tag:ref:1.2.3" is used

    of-others: denied
      clause from gitlab is false  p.policy:19
        p.policy:19  role of-others { allow from gitlab when project == "umbrella/lab" }
          ✗ project_path  "acme/shop"  accepted: "umbrella/lab"
      allowed with 1 other claim
        project_path  "acme/shop" → "umbrella/lab"  not by the job: it tells whose token this is
        namespace_path  "acme" → "umbrella"  follows
        sub  "project_path:acme/shop:ref_type:tag:ref:1.2.3" → "project_path:umbrella/lab:ref_type:tag:ref:1.2.3"  follows
    "#);
    assert_snapshot!(explain(&token(), &["--role", "never"]).exits(1).out, @r#"
    these claims are not verified: this is not a decision
    unverified  gitlab
      `iat` is absent: 1800000000 is used
      `exp` is absent: 1800003600 is used
      `namespace_path` is absent: "acme" is used
      `ref_path` is absent: "refs/tags/1.2.3" is used
      `sub` is absent: "project_path:acme/shop:ref_type:tag:ref:1.2.3" is used

    never: denied
      clause from gitlab is false  p.policy:23
        p.policy:23  role never { allow from gitlab when project == "acme/shop" && ref == "a" && ref == "b" }
          ✓ project_path  "acme/shop"  accepted: "acme/shop"
          ✗ ref           "1.2.3"      accepted: "a"
          ✗ ref           "1.2.3"      accepted: "b"
      no token of this issuer gets the role: `policy-check witness` tries all issuers
    "#);
    assert_snapshot!(explain(&token(), &["--role", "elsewhere"]).exits(1).out, @r#"
    these claims are not verified: this is not a decision
    unverified  gitlab
      `iat` is absent: 1800000000 is used
      `exp` is absent: 1800003600 is used
      `namespace_path` is absent: "acme" is used
      `ref_path` is absent: "refs/tags/1.2.3" is used
      `sub` is absent: "project_path:acme/shop:ref_type:tag:ref:1.2.3" is used

    elsewhere: denied
      clause from other is for another issuer  p.policy:21
          ✗ iss  "https://gitlab.example"  accepted: "https://other.example"
      the role is for tokens of another issuer
    "#);
}

#[test]
fn selectors() {
    let names = |selector: &str| -> Vec<String> {
        let json = explain(&token(), &["--role", selector, "--format", "json"])
            .exits(1)
            .json();
        let roles = json["roles"].as_array().unwrap().iter();
        roles
            .map(|role| role["role"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names("#prod"), ["deploy"]);
    assert_eq!(names("*p*l*"), ["plan", "deploy"]);
    // Roles for other projects and issuers are folded only if nobody asked for them.
    assert_eq!(names("of-others,deploy"), ["deploy", "of-others"]);
    assert_eq!(names("elsewhere,of-*"), ["of-others", "elsewhere"]);
    let run = explain(&token(), &["--role", "#prd"]).exits(2);
    assert_snapshot!(run.err, @r"
    error: no role has the tag `prd`
      help: did you mean `#prod`?
    ");
    for empty in ["", "plan,", " , plan"] {
        let run = explain(&token(), &["--role", empty]).exits(2);
        assert_eq!(run.out, "");
        assert_eq!(
            run.err, "error: a selector of roles is empty\n  help: write `*` for all roles\n",
            "{empty}"
        );
    }
    let run = explain(&token(), &["--role", "x*"]).exits(2);
    assert_snapshot!(run.err, @r"
    error: no role has a name like `x*`
      help: there are 6 roles, such as `deploy`, `elsewhere`, `never`, `of-others`, `plan`
    ");
}

#[test]
fn the_issuer_of_claims_is_found_by_iss() {
    let run = explain(&json!({"project_path": "acme/shop"}), &[]).exits(2);
    assert_snapshot!(run.err, @r"
    error: the claims have no `iss`
      help: name their issuer with `--issuer NAME`
    ");
    let run = explain(&json!({"iss": "https://nowhere.example"}), &[]).exits(2);
    assert_snapshot!(run.err, @r"
    error: no issuer of the policies has the URL `https://nowhere.example`
      help: compare it with the issuers' `url`: `https://gitlab.example`, `https://other.example`
    ");
    explain(&json!({"project_path": "acme/shop"}), &["--issuer", "gitlab"]).exits(1);
}

#[test]
fn the_tenants_have_the_words_of_the_ci_system() {
    let policy = r#"edition 2026
issuer github { url "https://hub.example" profile github-actions audience "x" }
role own { allow from github when repository == "acme/shop" }
role other { allow from github when repository == "acme/lab" }
role third { allow from github when repository == "acme/web" }
role main {
  allow from github when repository == "acme/shop" && ref == "refs/heads/main"
}
"#;
    let others = |claims: Value| {
        let folder = Folder::with(&[("p.policy", policy), ("claims.json", &claims.to_string())]);
        let arguments = ["explain", "--policies", "p.policy", "--claims", "claims.json"];
        let out = folder.run(&arguments).exits(0).out;
        let mut lines = out.lines().filter(|line| line.contains(" for other "));
        lines.next().map(str::to_owned)
    };
    let github = json!({"iss": "https://hub.example", "repository": "acme/shop"});
    assert_eq!(
        others(github).as_deref(),
        Some("denied   2 roles for other repositories")
    );
}

fn log() -> String {
    let mut lines = Vec::new();
    for number in 0..5 {
        let mut token = token();
        token["ref"] = json!(format!("v{number}"));
        token["environment"] = json!("production");
        lines.push(token.to_string());
    }
    for _ in 0..3 {
        lines.push(token().to_string());
    }
    let mut stranger = token();
    stranger["project_path"] = json!("mallory/shop");
    lines.push(stranger.to_string());
    lines.push("not JSON".to_owned());
    lines.push(String::new());
    lines.push(json!({"iss": "https://nowhere.example"}).to_string());
    lines.join("\n")
}

#[test]
fn a_log_is_summed_up() {
    let folder = Folder::with(&[("p.policy", POLICY), ("log.jsonl", &log())]);
    let run = folder
        .run(&["explain", "--policies", "p.policy", "--claims", "log.jsonl"])
        .exits(0);
    assert_snapshot!(run.out, @r#"
    the claims of 9 tokens: they are not verified
      line 10: invalid JSON at byte 0
      line 12: no issuer of the policies has the URL `https://nowhere.example`

    allowed
           5  deploy

    4 tokens get no role; what would give the nearest one
           3  plan  pipeline_source → "merge_request_event"
           1  of-others  project_path → "umbrella/lab"
    "#);
    let run = |more: &[&str]| {
        folder.run(
            &[
                &["explain", "--policies", "p.policy", "--claims", "log.jsonl"],
                more,
            ]
            .concat(),
        )
    };
    let json = run(&["--format", "json"]).exits(0).json();
    assert_valid(&closed(own("schemas/explain.schema.json")), &json);
    assert_eq!(json["tokens"], 9);
    assert_snapshot!(run(&["--format", "markdown"]).exits(0).out, @r"
    ### Log of claims

    the claims of 9 tokens&#58; they are not verified
    - line 10&#58; invalid JSON at byte 0
    - line 12&#58; no issuer of the policies has the URL <code>https&#58;//nowhere&#46;example</code>

    | tokens | allowed |
    |---:|---|
    | 5 | <code>deploy</code> |

    4 tokens get no role; what would give the nearest one

    | tokens | role | change | |
    |---:|---|---|---|
    | 3 | <code>plan</code> | <code>pipeline&#95;source → &#34;merge&#95;request&#95;event&#34;</code> |  |
    | 1 | <code>of-others</code> | <code>project&#95;path → &#34;umbrella/lab&#34;</code> |  |
    ");
    let html = run(&["--format", "html"]).exits(0).out;
    for words in ["umbrella/lab", "deploy", "merge_request_event"] {
        assert!(html.contains(words), "{words} {html}");
    }
}

#[test]
fn the_json_is_as_its_schema_has_it() {
    let schema = own("schemas/explain.schema.json");
    let of_check = own("schemas/check.schema.json");
    let definitions = schema["$defs"].as_object().unwrap();
    let shared = definitions
        .iter()
        .filter(|(name, _)| of_check["$defs"].get(name).is_some());
    let shared: Vec<&String> = shared
        .inspect(|(name, definition)| assert_eq!(of_check["$defs"][name], **definition, "{name}"))
        .map(|(name, _)| name)
        .collect();
    assert!(shared.len() > 8, "{shared:?}");
    let schema = closed(schema);
    for more in [
        &[][..],
        &["--role", "never"],
        &["--role", "elsewhere"],
        &["--role", "no-such-role"],
    ] {
        let json = explain(&token(), &[more, &["--format", "json"]].concat())
            .exits(1)
            .json();
        assert_valid(&schema, &json);
    }
    let json = explain(&token(), &["--format", "json"]).exits(1).json();
    for what in [
        "/roles/0/repair/changes/0/by",
        "/roles/2/repair/oddity/code",
        "/roles/2/clauses/0/condition/parts/1/parts/0/parts/0/accepted",
        "/other_projects/0",
    ] {
        assert!(json.pointer(what).is_some(), "{what} {json:#}");
    }
}

#[test]
fn markdown_folds_each_role() {
    assert_snapshot!(explain(&token(), &["--role", "review", "--format", "markdown"]).exits(1).out, @r#"
    ### Claims of <code>gitlab</code>

    these claims are not verified&#58; this is not a decision

    - <code>iat</code> is absent&#58; <code>1800000000</code> is used
    - <code>exp</code> is absent&#58; <code>1800003600</code> is used
    - <code>namespace&#95;path</code> is absent&#58; &#34;acme&#34; is used
    - <code>ref&#95;path</code> is absent&#58; <code>&#34;refs/tags/1&#46;2&#46;3&#34;</code> is used
    - <code>sub</code> is absent&#58; <code>&#34;project&#95;path&#58;acme/shop&#58;ref&#95;type&#58;tag&#58;ref&#58;1&#46;2&#46;3&#34;</code> is used

    <details><summary><b>denied</b> <code>review</code> change environment</summary>

        review: denied
          clause from gitlab is false  p.policy:17
            p.policy:17  role review { allow from gitlab when project == "acme/shop" && environment glob "review/*" }
              ✓ project_path  "acme/shop"   accepted: "acme/shop"
              ✗ environment   "Production"  accepted: glob "review/*"
          allowed with 1 other claim
            environment  "Production" → "review/web"  by the author of the job, or by what starts it

    </details>
    "#);
}

#[test]
fn a_page_loads_and_runs_nothing() {
    let hostile = "<script>alert(1)</script>\u{202e}\"'><img src=x onerror=alert(1)>";
    let mut claims = token();
    claims["environment"] = json!(hostile);
    claims["sub"] = json!(hostile);
    let html = explain(&claims, &["--format", "html"]).exits(1).out;
    assert!(html.starts_with("<!DOCTYPE html>"), "{html}");
    for directive in ["default-src 'none'", "base-uri 'none'", "form-action 'none'"] {
        assert!(html.contains(directive), "{directive} {html}");
    }
    for never in [
        "<script",
        "<img",
        "onerror=alert(1)>",
        "\u{202e}",
        "http-equiv=\"refresh",
        "<link",
        "src=",
    ] {
        let found = html.replace("src=x onerror", "").contains(never);
        assert!(!found, "{never} {html}");
    }
    // Each element that is opened is closed, so that nothing of the page is lost in another element.
    for element in [
        "details", "summary", "div", "ul", "li", "table", "tr", "td", "p", "span", "code",
    ] {
        let count = |what: &str| html.matches(what).count();
        let opened = count(&format!("<{element}>")) + count(&format!("<{element} "));
        assert_eq!(opened, count(&format!("</{element}>")), "{element}");
    }
}

#[test]
fn a_page_has_the_reason_of_a_contradiction() {
    let role = r#"role by-sub { allow from gitlab when sub like "project_path:acme/shop:*" }"#;
    let mut claims = token();
    claims["sub"] = json!("project_path:acme/shop:ref_type:tag:ref:9.9.9");
    let folder = Folder::with(&[
        ("p.policy", &format!("{POLICY}\n{role}\n")),
        ("claims.json", &claims.to_string()),
    ]);
    let arguments = [
        "explain",
        "--policies",
        "p.policy",
        "--claims",
        "claims.json",
        "--role",
        "by-sub",
    ];
    let text = folder.run(&arguments).exits(1).out;
    let reason = text
        .lines()
        .find(|line| line.contains("it contradicts the claims"))
        .unwrap();
    assert!(reason.contains("9.9.9"), "{text}");
    let html = folder
        .run(&[&arguments[..], &["--format", "html"]].concat())
        .exits(1)
        .out;
    assert!(
        html.contains(&reason.trim().replace('"', "&quot;")),
        "{reason} {html}"
    );
}

#[test]
fn a_refused_token_has_all_formats() {
    let policies = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies");
    let folder = Folder::new();
    let run = |token: &str, more: &[&str]| {
        let token = format!("{policies}/fixtures/{token}.jwt");
        let (set, keys) = (
            format!("{policies}/gitlab-to-cloud"),
            format!("{policies}/fixtures/jwks.json"),
        );
        let arguments = ["explain", "--policies", &set, "--jwks", &keys, "--token", &token];
        let at = ["--at", "2026-11-22T12:10:00Z"];
        folder.run(&[&arguments[..], &at, more].concat()).exits(1)
    };
    assert_snapshot!(run("expired", &[]).out, @r"
    refused  expired: the token expired at 1795266000; it is 1795349400, and the leeway is 30 s
      expired     2026-11-21T13:00:00Z
      now         2026-11-22T12:10:00Z
      off by      23h 9m 30s
      help: request a new token from the CI system right before it is used
    ");
    assert_snapshot!(run("other-audience", &["--format", "markdown"]).out, @r"
    ### Token refused

    <code>wrong&#95;audience</code>: audience <code>https&#58;//vault&#46;acme&#46;example</code> is not one of the issuer's audiences; accepted&#58; <code>https&#58;//sts&#46;acme&#46;example</code>

    help: request a token with exactly one audience, one that the issuer lists
    ");
    let schema = closed(own("schemas/explain.schema.json"));
    for token in ["expired", "other-audience", "other-key"] {
        assert_valid(&schema, &run(token, &["--format", "json"]).json());
        let html = run(token, &["--format", "html"]).out;
        assert!(html.contains("refused") && html.contains("</html>"), "{html}");
    }
}
