//! `policy-check witness`

use crate::policies::{Folder, SHOP, SMALL};
use insta::assert_snapshot;
use serde_json::Value;

/// Roles of which something cannot be had.
const ODD: &str = r#"
role dead { allow from gitlab when project == "acme/shop" && ref == "main" && namespace_path == "globex" }
role half {
  allow from gitlab when ref == "main" && ref == "master"
  allow from gitlab when !(ref_type == "tag") && project under "acme" && project glob "acme/**"
  allow from gitlab when project == "acme/shop" && ref_type == "branch"
}
"#;

#[test]
fn a_token_that_gets_a_role() {
    let folder = Folder::with(&[("shop.policy", SHOP)]);
    assert_snapshot!(folder.run(&["witness", "plan"]).exits(0).out, @r#"
    granted  by clause 1, from gitlab  shop.policy:21
      token {
        "iss": "https://gitlab.example",
        "aud": "https://sts.acme.example",
        "project_path": "acme/web"
      }
      as a test to keep
        test "plan is granted" {
          token gitlab {
            project_path = "acme/web",
          }
          expect allow plan
        }

    plan  shop.policy:20: granted by 1 of 1 clause
    "#);
    assert_eq!(
        folder.run(&["witness", "plan"]).out,
        folder.run(&["witness", "plan", "shop.policy"]).out
    );
    let folder = Folder::with(&[("small.policy", SMALL)]);
    assert_snapshot!(folder.run(&["witness", "anything", "--near-miss"]).exits(0).out, @r#"
    granted  by clause 1, from ci  small.policy:10
      token {
        "iss": "https://ci.example",
        "aud": "sts"
      }
      as a test to keep
        test "anything is granted" {
          token ci { }
          expect allow anything
        }

    anything  small.policy:9: granted by 1 of 1 clause
    "#);
}

#[test]
fn tokens_that_just_do_not() {
    let folder = Folder::with(&[("shop.policy", SHOP)]);
    assert_snapshot!(folder.run(&["witness", "deploy-prod", "--near-miss"]).exits(0).out, @r#"
    granted  by clause 1, from gitlab  shop.policy:15
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
      as a test to keep
        test "deploy-prod is granted" {
          token gitlab {
            project_path = "acme/shop",
            pipeline_source = "push",
            ref = "main",
            ref_type = "branch",
            ref_protected = "true",
            environment = "production",
          }
          expect allow deploy-prod
        }

    denied  but for project == "acme/shop"  shop.policy:15:26
      "project_path" is "acme-evil/shop", not "acme/shop"
      as a test to keep
        test "deploy-prod needs project == \"acme/shop\"" {
          token gitlab {
            project_path = "acme-evil/shop",
            pipeline_source = "push",
            ref = "main",
            ref_type = "branch",
            ref_protected = "true",
            environment = "production",
          }
          expect deny deploy-prod because project_path
        }

    denied  but for ref_type == "branch"  shop.policy:9:21
      "ref_type" is "tag", not "branch"
      as a test to keep
        test "deploy-prod needs ref_type == \"branch\"" {
          token gitlab {
            project_path = "acme/shop",
            pipeline_source = "push",
            ref = "main",
            ref_type = "tag",
            ref_protected = "true",
            environment = "production",
          }
          expect deny deploy-prod because ref_type
        }

    denied  but for ref == "main"  shop.policy:9:45
      "ref" is "main-x", not "main"
      as a test to keep
        test "deploy-prod needs ref == \"main\"" {
          token gitlab {
            project_path = "acme/shop",
            pipeline_source = "push",
            ref = "main-x",
            ref_type = "branch",
            ref_protected = "true",
            environment = "production",
          }
          expect deny deploy-prod because ref
        }

    denied  but for ref_protected  shop.policy:9:62
      "ref_protected" is "false", not "true"
      as a test to keep
        test "deploy-prod needs ref_protected" {
          token gitlab {
            project_path = "acme/shop",
            pipeline_source = "push",
            ref = "main",
            ref_type = "branch",
            ref_protected = "false",
            environment = "production",
          }
          expect deny deploy-prod because ref_protected
        }

    denied  but for environment == "production"  shop.policy:15:63
      "environment" is "production-x", not "production"
      as a test to keep
        test "deploy-prod needs environment == \"production\"" {
          token gitlab {
            project_path = "acme/shop",
            pipeline_source = "push",
            ref = "main",
            ref_type = "branch",
            ref_protected = "true",
            environment = "production-x",
          }
          expect deny deploy-prod because environment
        }

    denied  but for pipeline_source != "merge_request_event"  shop.policy:24:37  guard no-merge-requests
      "pipeline_source" is "merge_request_event", not "push"
      as a test to keep
        test "deploy-prod needs pipeline_source != \"merge_request_event\"" {
          token gitlab {
            project_path = "acme/shop",
            pipeline_source = "merge_request_event",
            ref = "main",
            ref_type = "branch",
            ref_protected = "true",
            environment = "production",
          }
          expect deny deploy-prod because pipeline_source
        }

    deploy-prod  shop.policy:12: granted by 1 of 1 clause, 6 near misses
    "#);
}

#[test]
fn roles_that_cannot_be_had_or_not_in_each_way() {
    let folder = Folder::with(&[("shop.policy", SHOP), ("odd.policy", ODD)]);
    assert_snapshot!(folder.run(&["witness", "dead", "--near-miss"]).exits(1).out, @r#"
    NO TOKEN  by clause 1, from gitlab  odd.policy:2
      these contradict each other
        odd.policy:2  project == "acme/shop"
        odd.policy:2  namespace_path == "globex"

    dead  odd.policy:2: no token gets it
    "#);
    assert_snapshot!(folder.run(&["witness", "half", "--near-miss"]).exits(0).out, @r#"
    NO TOKEN  by clause 1, from gitlab  odd.policy:4
      these contradict each other
        odd.policy:4  ref == "main"
        odd.policy:4  ref == "master"

    granted  by clause 2, from gitlab  odd.policy:5
      token {
        "iss": "https://gitlab.example",
        "aud": "https://sts.acme.example",
        "project_path": "acme/web",
        "ref_type": "branch"
      }
      as a test to keep
        test "half is granted" {
          token gitlab {
            project_path = "acme/web",
            ref_type = "branch",
          }
          expect allow half
        }

    denied  but for !(ref_type == "tag")  odd.policy:5:26
      "ref_type" is "tag", not "branch"
      as a test to keep
        test "half needs !(ref_type == \"tag\")" {
          token gitlab {
            project_path = "acme/web",
            ref_type = "tag",
          }
          expect deny half because ref_type
        }

    ADDS NOTHING  project under "acme"  odd.policy:5:50
      proved: every token that meets the clause's other conditions also meets this one

    ADDS NOTHING  project glob "acme/**"  odd.policy:5:74
      proved: every token that meets the clause's other conditions also meets this one

    granted  by clause 3, from gitlab  odd.policy:6
      token {
        "iss": "https://gitlab.example",
        "aud": "https://sts.acme.example",
        "project_path": "acme/shop",
        "ref_type": "branch"
      }
      as a test to keep
        test "half is granted (2)" {
          token gitlab {
            project_path = "acme/shop",
            ref_type = "branch",
          }
          expect allow half
        }

    denied  but for project == "acme/shop"  odd.policy:6:26
      "project_path" is "acme-evil/shop", not "acme/shop"
      as a test to keep
        test "half needs project == \"acme/shop\"" {
          token gitlab {
            project_path = "acme-evil/shop",
            ref_type = "branch",
          }
          expect deny half because project_path
        }

    denied  but for ref_type == "branch"  odd.policy:6:52
      "ref_type" is "tag", not "branch"
      as a test to keep
        test "half needs ref_type == \"branch\"" {
          token gitlab {
            project_path = "acme/shop",
            ref_type = "tag",
          }
          expect deny half because ref_type
        }

    half  odd.policy:3: granted by 2 of 3 clauses, 3 near misses, 2 implied
    "#);
}

/// Every test of the report, with the outcomes of what they belong to.
fn tests(clause: &Value) -> Vec<String> {
    let misses = clause["near_misses"].as_array().into_iter().flatten();
    let all = std::iter::once(clause).chain(misses);
    all.filter_map(|one| one["test"].as_str().map(str::to_owned))
        .collect()
}

#[test]
fn what_is_pasted_passes_and_can_be_pasted_again() {
    let folder = Folder::with(&[("p/shop.policy", SHOP), ("p/odd.policy", ODD)]);
    let mut number = 0;
    for role in ["deploy-prod", "plan", "half", "plan"] {
        let run = folder.run(&["witness", role, "p", "--near-miss", "--format", "json"]);
        let json = run.exits(0).json();
        assert_eq!(
            (&json["schema_version"], &json["roles"][0]["role"]),
            (&1.into(), &role.into())
        );
        let mut text = String::new();
        for clause in json["roles"][0]["clauses"].as_array().unwrap() {
            for test in tests(clause) {
                text.push_str(&test);
                number += 1;
            }
        }
        folder.write(&format!("p/kept-{number}.policy"), text);
    }
    let run = folder.run(&["test", "p"]).exits(0);
    assert!(
        number > 10 && run.out.starts_with(&format!("{} passed, 0 failed", number + 2)),
        "{}",
        run.out
    );
}

#[test]
fn results_as_json() {
    let folder = Folder::with(&[("shop.policy", SHOP)]);
    let run = folder.run(&["witness", "deploy-prod", "--near-miss", "--format", "json"]);
    let json = run.exits(0).json();
    let clause = &json["roles"][0]["clauses"][0];
    assert_eq!(
        (&clause["index"], &clause["outcome"]),
        (&1.into(), &"granted".into())
    );
    let misses = clause["near_misses"].as_array().unwrap();
    let told: Vec<(&str, u64, u64, &str)> = misses
        .iter()
        .map(|miss| {
            let number = |name: &str| miss[name].as_u64().unwrap();
            let text = |name: &str| miss[name].as_str().unwrap();
            (text("outcome"), number("line"), number("column"), text("text"))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("token", 15, 26, "project == \"acme/shop\""),
            ("token", 9, 21, "ref_type == \"branch\""),
            ("token", 9, 45, "ref == \"main\""),
            ("token", 9, 62, "ref_protected"),
            ("token", 15, 63, "environment == \"production\""),
            ("token", 24, 37, "pipeline_source != \"merge_request_event\""),
        ]
    );
    assert_eq!(misses[5]["guard"], "no-merge-requests");
    // Without the option nobody looks for them.
    let json = folder
        .run(&["witness", "plan", "--format", "json"])
        .exits(0)
        .json();
    assert!(json["roles"][0]["clauses"][0].get("near_misses").is_none());
}

#[test]
fn what_could_not_be_decided() {
    let policy = r#"edition 2026
        profile ci { claim a: text claim b: text claim c: text derive sub = "{a}{b}" }
        issuer ci { url "https://ci.example" profile ci audience "x" }
        role whole { allow from ci when sub == c && a == "x" && b like "y*" && !(c like "xy*") }
    "#;
    let folder = Folder::with(&[("ci.policy", policy)]);
    assert_snapshot!(folder.run(&["witness", "whole"]).exits(3).out, @r"
    NOT DECIDED  by clause 1, from ci  ci.policy:4
      `c` is compared with `sub`, which is derived from several parts

    whole  ci.policy:4: granted by 0 of 1 clause, 1 not decided
    ");
    folder.run(&["witness", "whole", "--near-miss"]).exits(3);
}

#[test]
fn roles_that_there_are_not() {
    let folder = Folder::with(&[("a/shop.policy", SHOP), ("b/small.policy", SMALL)]);
    assert_snapshot!(folder.run(&["witness", "plam"]).exits(2).err, @r"
    error: there is no role `plam`
      help: did you mean `plan`?
    ");
    assert_snapshot!(folder.run(&["witness", "nothing-like-it"]).exits(2).err, @r"
    error: there is no role `nothing-like-it`
      help: the roles are `anything`, `deploy-prod`, `plan`
    ");
    // One set that has it is enough.
    folder.run(&["witness", "anything"]).exits(0);
    folder.run(&["witness"]).exits(2);
    folder.run(&["witness", "plan", "nowhere"]).exits(2);
    folder.write("b/small.policy", "role");
    let run = folder.run(&["witness", "plan"]).exits(2);
    assert!(run.out.contains("expect allow plan"), "{}", run.out);
    assert!(
        run.err.contains("they are not searched for tokens"),
        "{}",
        run.err
    );
}
