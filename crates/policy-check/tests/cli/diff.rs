//! `policy-check diff`

use crate::policies::{Folder, SHOP};
use insta::assert_snapshot;
use std::process::Command;

/// The shop before and now: planning is wider, deploying is narrower, and a role is new.
fn shop() -> Folder {
    let now = SHOP.replace("project under \"acme\"\n", "project like \"acme*\"\n");
    let now = now.replace(
        "environment == \"production\"\n",
        "environment == \"production\" && environment_protected\n",
    );
    let now = now + "role audit { allow from gitlab when namespace_id == \"7\" }\n";
    Folder::with(&[("old/shop.policy", SHOP), ("new/shop.policy", &now)])
}

#[test]
fn who_gains_and_who_loses() {
    let folder = shop();
    assert_snapshot!(folder.run(&["diff", "old", "new"]).exits(0).out, @r#"
    lost  deploy-prod
      no longer granted
      token {
        "iss": "https://gitlab.example",
        "aud": "https://sts.acme.example",
        "project_path": "acme/shop",
        "pipeline_source": "push",
        "ref": "main",
        "ref_type": "branch",
        "ref_protected": "true",
        "environment": "production"
      }
    gained  plan
      now granted
      token {
        "iss": "https://gitlab.example",
        "aud": "https://sts.acme.example",
        "project_path": "acme-evil/web"
      }
    gained  audit (new)
      now granted
      token {
        "iss": "https://gitlab.example",
        "aud": "https://sts.acme.example",
        "namespace_id": "7"
      }
    0 roles unchanged, 2 gained, 1 lost
    "#);
    assert_snapshot!(folder.run(&["diff", "old", "old"]).exits(0).out, @"2 roles unchanged");
}

#[test]
fn what_is_a_no() {
    let folder = shop();
    for (flags, code) in [
        (&["--fail-on", "gained"][..], 1),
        (&["--fail-on", "lost"], 1),
        (&["--fail-on", "any"], 1),
        (&["--no-new-access"], 1),
        (&[], 0),
    ] {
        folder.run(&[&["diff", "old", "new"], flags].concat()).exits(code);
        folder.run(&[&["diff", "old", "old"], flags].concat()).exits(0);
    }
    folder.write(
        "narrow/shop.policy",
        SHOP.replace("project under \"acme\"\n", "project == \"acme/shop\"\n"),
    );
    folder.run(&["diff", "old", "narrow", "--no-new-access"]).exits(0);
    folder
        .run(&["diff", "old", "narrow", "--fail-on", "lost"])
        .exits(1);
    folder.run(&["diff", "narrow", "old", "--no-new-access"]).exits(1);
}

#[test]
fn a_comment_for_a_merge_request() {
    let folder = shop();
    assert_snapshot!(folder.run(&["diff", "old", "new", "--format", "markdown"]).exits(0).out, @r#"
    ### Access

    | issuer or role | change |
    |---|---|
    | <code>deploy-prod</code> | lost |
    | <code>plan</code> | gained |
    | <code>audit (new)</code> | gained |

    0 roles proved unchanged, for all tokens.

    <details><summary><code>deploy-prod</code> is no longer granted, for example to this token</summary>

        "iss": "https://gitlab.example"
        "aud": "https://sts.acme.example"
        "project_path": "acme/shop"
        "pipeline_source": "push"
        "ref": "main"
        "ref_type": "branch"
        "ref_protected": "true"
        "environment": "production"

    </details>

    <details><summary><code>plan</code> is now granted, for example to this token</summary>

        "iss": "https://gitlab.example"
        "aud": "https://sts.acme.example"
        "project_path": "acme-evil/web"

    </details>

    <details><summary><code>audit (new)</code> is now granted, for example to this token</summary>

        "iss": "https://gitlab.example"
        "aud": "https://sts.acme.example"
        "namespace_id": "7"

    </details>
    "#);
    assert_snapshot!(folder.run(&["diff", "old", "old", "--format", "markdown"]).exits(0).out, @"
    ### Access

    No change: 2 roles proved unchanged, for all tokens.
    ");
}

#[test]
fn changes_as_json() {
    let json = shop()
        .run(&["diff", "old", "new", "--format", "json"])
        .exits(0)
        .json();
    let counts =
        ["schema_version", "unchanged", "gained", "lost", "not_decided"].map(|name| json[name].as_u64());
    assert_eq!(counts, [1, 0, 2, 1, 0].map(Some));
    let plan = &json["roles"][1];
    assert_eq!(
        (&plan["old"], &plan["gained"]["outcome"]),
        (&"plan".into(), &"yes".into())
    );
    let project = plan["gained"]["token"]["project_path"].as_str().unwrap();
    assert!(
        project.starts_with("acme") && project != "acme" && !project.starts_with("acme/"),
        "{project}"
    );
    assert_eq!(plan["lost"]["outcome"], "no");
}

#[test]
fn what_a_role_gives() {
    let longer = SHOP.replace("ttl 15m", "ttl 1h");
    let shorter = SHOP.replace("ttl 15m", "ttl 5m");
    let grants = SHOP.replace(
        "apps/{project_path}/{environment}",
        "apps/{namespace_path}/{environment}",
    );
    let folder = Folder::with(&[
        ("old/shop.policy", SHOP),
        ("longer/shop.policy", &longer),
        ("shorter/shop.policy", &shorter),
        ("grants/shop.policy", &grants),
    ]);
    assert_snapshot!(folder.run(&["diff", "old", "longer"]).exits(0).out, @"
    gained  deploy-prod
      ttl is now 3600 s, was 900 s
    1 role unchanged, 1 gained
    ");
    assert_snapshot!(folder.run(&["diff", "old", "grants"]).exits(0).out, @r#"
    gained and lost  deploy-prod
      grant secrets is now "apps/{namespace_path}/{environment}", was "apps/{project_path}/{environment}"
      no longer granted
      token {
        "iss": "https://gitlab.example",
        "aud": "https://sts.acme.example",
        "project_path": "acme/shop",
        "pipeline_source": "push",
        "ref": "main",
        "ref_type": "branch",
        "ref_protected": "true",
        "environment": "production"
      }
    1 role unchanged, 1 gained, 1 lost
    "#);
    assert_snapshot!(folder.run(&["diff", "old", "shorter", "--format", "markdown"]).exits(0).out, @"
    ### Access

    | issuer or role | change |
    |---|---|
    | <code>deploy-prod</code> | lost |

    1 role proved unchanged, for all tokens.

    <code>deploy-prod</code>: <code>ttl is now 300 s, was 900 s</code>
    ");
    for (new, gained, lost) in [
        ("longer", 1, 0),
        ("shorter", 0, 1),
        ("grants", 1, 1),
        ("old", 0, 0),
    ] {
        folder.run(&["diff", "old", new, "--no-new-access"]).exits(gained);
        folder.run(&["diff", "old", new, "--fail-on", "lost"]).exits(lost);
        folder
            .run(&["diff", "old", new, "--fail-on", "any"])
            .exits(gained | lost);
    }
    let json = folder
        .run(&["diff", "old", "longer", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(json["gained"], 1);
    let given = serde_json::json!([{"what": "ttl", "old": 900, "new": 3600, "gained": true, "lost": false}]);
    assert_eq!(json["roles"][0]["given"], given);
    assert_eq!(json["roles"][0]["gained"]["outcome"], "no");
}

#[test]
fn claims_that_are_declared_otherwise() {
    let set = |kind: &str| {
        format!(
            r#"edition 2026
            profile p {{ claim a: {kind} claim b: text }}
            issuer i {{ url "https://i.example" profile p audience "x" }}
            role asks {{ allow from i when a == "1" }}
            role gives {{ allow from i when b == "1" grant g = "{{a}}" }}"#
        )
    };
    let folder = Folder::with(&[("old/p.policy", &set("text")), ("new/p.policy", &set("id"))]);
    assert_snapshot!(folder.run(&["diff", "old", "new"]).exits(3).out, @r#"
    gained and lost  issuer i
      profile is still p, but declared differently
    not decided  asks
      not decided: the type or the derivation of the claim `a` has changed
    gained and lost  gives
      grant g is still "{a}", but a claim in it is declared differently
      not decided: the type or the derivation of the claim `a` has changed
    0 roles unchanged, 1 gained, 1 lost, 1 not decided, 1 issuer change
    "#);
}

#[test]
fn a_revision_of_git() {
    let folder = shop();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.arg("-C").arg(folder.path("new")).args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.com",
        ]);
        assert!(
            command.args(arguments).output().unwrap().status.success(),
            "{arguments:?}"
        );
    };
    let now = folder.read("new/shop.policy");
    folder.write("new/shop.policy", SHOP);
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "before"]);
    git(&["tag", "before"]);
    folder.write("new/shop.policy", now);
    let there = folder.run(&["diff", "--base", "before", "new"]).exits(0).out;
    assert_eq!(there, folder.run(&["diff", "old", "new"]).exits(0).out);
    for odd in ["nowhere", "--help", "before:new", ""] {
        folder.run(&["diff", &format!("--base={odd}"), "new"]).exits(2);
    }
    folder.run(&["diff", "--base", "before", "old", "new"]).exits(2);
    folder.run(&["diff", "new"]).exits(2);
}
