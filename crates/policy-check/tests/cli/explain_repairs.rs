//! `policy-check explain`: what would allow a role, selectors, logs, and the formats.

use crate::policies::{Folder, Run, SHOP};
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
    assert_snapshot!(explain(&token(), &[]).exits(1).out, @"");
}

#[test]
fn a_role_for_other_projects_and_one_that_no_token_gets() {
    assert_snapshot!(explain(&token(), &["--role", "of-others"]).exits(1).out, @"");
    assert_snapshot!(explain(&token(), &["--role", "never"]).exits(1).out, @"");
    assert_snapshot!(explain(&token(), &["--role", "elsewhere"]).exits(1).out, @"");
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
    assert_eq!(names("*p*l*"), ["deploy", "plan"]);
    let run = explain(&token(), &["--role", "#prd"]).exits(2);
    assert_snapshot!(run.err, @"");
    let run = explain(&token(), &["--role", "x*"]).exits(2);
    assert_snapshot!(run.err, @"");
}

#[test]
fn the_issuer_of_claims_is_found_by_iss() {
    let run = explain(&json!({"project_path": "acme/shop"}), &[]).exits(2);
    assert_snapshot!(run.err, @"");
    let run = explain(&json!({"iss": "https://nowhere.example"}), &[]).exits(2);
    assert_snapshot!(run.err, @"");
    explain(&json!({"project_path": "acme/shop"}), &["--issuer", "gitlab"]).exits(1);
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
    assert_snapshot!(run.out, @"");
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
    assert_snapshot!(run(&["--format", "markdown"]).exits(0).out, @"");
    let html = run(&["--format", "html"]).exits(0).out;
    assert!(html.contains("umbrella/lab") || html.contains("deploy"), "{html}");
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
        "/roles/0/repair/oddity/code",
        "/roles/0/clauses/0/condition/parts/1/parts/0/parts/0/accepted",
        "/other_projects/0",
    ] {
        assert!(json.pointer(what).is_some(), "{what} {json:#}");
    }
}

#[test]
fn markdown_folds_each_role() {
    assert_snapshot!(explain(&token(), &["--role", "review", "--format", "markdown"]).exits(1).out, @"");
}

#[test]
fn a_page_loads_and_runs_nothing() {
    let hostile = "<script>alert(1)</script>\u{202e}\"'><img src=x onerror=alert(1)>";
    let mut claims = token();
    claims["environment"] = json!(hostile);
    claims["sub"] = json!(hostile);
    let html = explain(&claims, &["--format", "html"]).exits(1).out;
    assert!(html.starts_with("<!DOCTYPE html>"), "{html}");
    assert!(html.contains("default-src 'none'"), "{html}");
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
fn a_refused_token_has_all_formats() {
    let folder = Folder::with(&[
        ("p.policy", SHOP),
        ("keys.json", r#"{"keys": []}"#),
        ("token.jwt", "not a token"),
    ]);
    let arguments = [
        "explain",
        "--policies",
        "p.policy",
        "--jwks",
        "keys.json",
        "--token",
        "token.jwt",
    ];
    for format in ["human", "json", "markdown", "html"] {
        let run = folder.run(&[&arguments[..], &["--format", format]].concat());
        let run = if run.code == 2 { continue } else { run.exits(1) };
        assert!(
            run.out.contains("malformed") || run.out.contains("token"),
            "{}",
            run.out
        );
    }
}
