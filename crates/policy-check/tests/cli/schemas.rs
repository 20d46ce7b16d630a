//! The schemas that are published: that of what `check` prints, and that of `policy-check.toml`.

use crate::blessed::assert_blessed;
use crate::formats::{BROKEN, FOUND, TESTED};
use crate::policies::{Folder, SHOP};
use crate::schema::{assert_valid, closed, own};
use serde_json::{Value, json};

/// A `sub` that no layout gives, one with another value than its claim, and one whose layout does not apply.
const LAYOUTS: &str = r#"issuer github {
  url "https://token.actions.githubusercontent.com"
  profile github-actions
  audience "sts"
}

role any { allow from github when sub like "repo:*" && repository_id == "311" }

role own { allow from github when sub == "repo:acme/shop:actor:dev" && repository_id == "311" }

test "another layout" {
  token github { repository = "acme/shop", repository_id = "311", actor = "dev", sub = "repo:acme/shop:actor:dev" }
  expect allow any
}

test "another ref" {
  token github { repository = "acme/shop", repository_id = "311", ref = "refs/heads/next", sub = "repo:acme/shop:ref:refs/heads/main" }
  expect allow any
}

test "the layout does not apply" {
  token github {
    repository = "acme/shop",
    repository_id = "311",
    ref = "refs/heads/main",
    environment = "live",
    sub = "repo:acme/shop:ref:refs/heads/main",
  }
  expect allow any
}

assert "possible" { possible own }
"#;

#[test]
fn what_check_prints_is_as_its_schema_has_it() {
    let never = "\nassert \"possible\" { possible never }\n";
    let folder = Folder::with(&[
        ("p/found/a.policy", &format!("{FOUND}{TESTED}{never}")),
        ("p/layouts/layouts.policy", LAYOUTS),
        ("p/shop/shop.policy", SHOP),
        ("p/broken/broken.policy", BROKEN),
    ]);
    let schema = closed(own("schemas/check.schema.json"));
    let run = |more: &[&str]| -> Value {
        let arguments = [&["check", "p", "--format", "json", "--persona", "auditor"], more].concat();
        folder.run(&arguments).exits(1).json()
    };
    let all = run(&["--tests", "--stats"]);
    assert_valid(&schema, &all);
    assert_valid(&schema, &run(&[]));
    let none = folder
        .run(&["check", "nowhere", "--format", "json"])
        .exits(2)
        .json();
    assert_valid(&schema, &none);
    assert_valid(
        &schema,
        &folder
            .run(&[
                "check",
                "p/shop",
                "--isolated",
                "--select=never-matches",
                "--format=json",
            ])
            .exits(0)
            .json(),
    );

    // All kinds were there: otherwise nothing is said about them.
    let found = all["sets"].as_array().unwrap();
    let found: Vec<&Value> = found
        .iter()
        .flat_map(|set| set["findings"].as_array().unwrap())
        .collect();
    for what in [
        "/token/aud",
        "/fix/edits/0/text",
        "/notes/0/line",
        "/help",
        "/label",
        "/proposal/text",
    ] {
        assert!(
            found
                .iter()
                .any(|one| one.pointer(what).is_some_and(|value| !value.is_null())),
            "{what}"
        );
    }
    for path in [
        "/sets/1/suppressed/0/comment/line",
        "/sets/1/stats/anchors/0/claim",
        "/tests/tests/0/failures/0/explanation/clauses/0/condition/claim",
        "/tests/assertions/0/token",
        "/tests/assertions/1/contradictions/0/parts/0/text",
        "/tests/assertions/2/contradictions/0/layout/derive/0",
        "/tests/tests/2/failures/0/explanation/clauses/0/condition/parts/0/layout/derive/0",
        "/tests/tests/3/failures/0/explanation/clauses/0/condition/parts/0/differences/0/said",
        "/tests/tests/4/failures/0/explanation/clauses/0/condition/parts/0/derivation/line",
    ] {
        assert!(all.pointer(path).is_some(), "{path}: {all:#}");
    }
    // And the closed schema does close: what it does not name is refused.
    let mut more = all;
    more["sets"][1]["findings"][0]["surprise"] = json!(1);
    assert!(!jsonschema::is_valid(&schema, &more));
}

#[test]
fn the_schema_of_the_configuration_is_the_one_that_is_printed() {
    let folder = Folder::new();
    let schema = folder.run(&["rules", "--config-schema"]).exits(0).out;
    assert_blessed("schemas/policy-check.schema.json", &schema);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let config = json!({
        "persona": "pedantic", "fail-level": "high", "privileged-tags": ["prod"], "known-audiences": [],
        "boundaries": {"team-a/": ["secrets:apps/team-a/**"]}, "baseline": "baseline.json", "pages": "https://docs.acme.example", "rules": {"never-matches": "off"},
        "overrides": [{"files": ["legacy/**"], "rules": {"never-matches": "low"}}],
    });
    assert_valid(&schema, &config);
    for wrong in [
        json!({"persona": "nobody"}),
        json!({"rule": {}}),
        json!({"rules": {"never-matches": "loud"}}),
    ] {
        assert!(!jsonschema::is_valid(&schema, &wrong), "{wrong}");
    }
}

#[test]
fn the_configuration_takes_exactly_the_names_in_its_schema() {
    let folder = Folder::with(&[("shop.policy", SHOP)]);
    let schema = folder.run(&["rules", "--config-schema"]).exits(0).out;
    let schema: Value = serde_json::from_str(&schema).unwrap();
    for (definition, line, count) in [
        ("Persona", "persona = ", 3),
        ("Severity", "fail-level = ", 4),
        ("RuleLevel", "rules.never-matches = ", 6),
    ] {
        let names = schema["$defs"][definition]["enum"].as_array().unwrap();
        assert_eq!(names.len(), count, "{definition}");
        let check = |name: &str| {
            folder.write("policy-check.toml", format!("{line}\"{name}\"\n"));
            folder.run(&["check"])
        };
        for name in names {
            let run = check(name.as_str().unwrap());
            assert_eq!(run.err, "", "{definition} {name}");
        }
        let unknown = check("loud").exits(2);
        assert!(unknown.err.contains("`loud` is not a"), "{unknown:?}");
    }
}
