//! The formats of `policy-check check`, each as its readers want it.

use crate::policies::{Folder, SHOP};
use crate::schema::{assert_valid, own, sarif};
use serde_json::{Value, json};

mod more;
mod property;

/// Every format.
pub(crate) const FORMATS: [&str; 9] = [
    "checkstyle",
    "compact",
    "github",
    "gitlab",
    "human",
    "json",
    "junit",
    "markdown",
    "sarif",
];

/// The rules that the tests know: others may come.
const SELECT: &str =
    "--select=missing-edition,never-matches,pattern-without-wildcard,ref-without-ref-type,wildcard-owner";

/// Findings with everything that a finding can have: a token, a fix, notes; one is suppressed.
pub(crate) const FOUND: &str = r#"issuer gitlab {
  url "https://gitlab.com"
  profile gitlab-ci
  audience "https://sts.acme.example"
}

role plan { allow from gitlab when project like "acme*" }

role deploy { allow from gitlab when project == "acme/shop" && ref == "main" }

role never { allow from gitlab when project == "acme/shop" && ref_type == "branch" && ref_type == "tag" }

role dull { allow from gitlab when environment like "prüfe" }

role read { allow from gitlab when project glob "*/app" } // policy-check: allow(wildcard-owner) everybody, until 2999-12-31
"#;

/// Tests and assertions of each outcome that can be had quickly.
pub(crate) const TESTED: &str = r#"
test "it fails" {
  token gitlab { project_path = "acme/shop" }
  expect deny plan
}

test "it passes" {
  token gitlab { project_path = "else/shop" }
  expect deny plan
}

assert "refuted <&>" { plan implies project under "acme" }
"#;

/// What does not compile: the same mistake twice, and one at the end.
pub(crate) const BROKEN: &str = "edition 2026\nrole x { allow frm ci }\nrole x { allow frm ci }\nrole y {\n";

/// A folder with a set that has findings, one with none, and one that does not compile.
fn folder() -> Folder {
    Folder::with(&[
        ("p/found/a b,c.policy", &format!("{FOUND}{TESTED}")),
        ("p/shop/shop.policy", SHOP),
        ("p/broken/broken.policy", BROKEN),
    ])
}

/// What a format has of it, with the tests or without.
fn printed(format: &str, more: &[&str]) -> String {
    let arguments = [
        &["check", "--persona=pedantic", SELECT, "p", "--format", format],
        more,
    ]
    .concat();
    folder().run(&arguments).exits(1).out
}

#[test]
fn sarif_is_as_its_schema_has_it() {
    let text = printed("sarif", &[]);
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_valid(sarif(), &value);

    let run = &value["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(result["suppressions"].is_array(), "all of them say so, or none");
    }
    let find = |rule: &str| results.iter().find(|result| result["ruleId"] == rule).unwrap();
    assert_eq!(find("invalid-policy")["level"], "error");
    let owner = find("wildcard-owner");
    assert_eq!(owner["level"], "error");
    assert!(owner["properties"]["token"].is_object());
    assert_eq!(
        owner["locations"][0]["physicalLocation"]["artifactLocation"],
        json!({"uri": "p/found/a%20b%2Cc.policy", "uriBaseId": "%SRCROOT%"})
    );
    assert_eq!(
        find("never-matches")["relatedLocations"][0]["physicalLocation"]["region"]["startLine"],
        11
    );
    let dull = find("pattern-without-wildcard");
    assert_eq!(dull["level"], "note");
    let change = &dull["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "p/found/a%20b%2Cc.policy");
    // A column is a character, not a byte: `ü` is one of them.
    let region = &dull["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region["endColumn"], 60, "{region}");
    let suppressed: Vec<&Value> = results
        .iter()
        .filter(|result| result["suppressions"][0].is_object())
        .collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(
        suppressed[0]["suppressions"][0]["justification"],
        "everybody, until 2999-12-31"
    );

    let rule = rules.iter().find(|rule| rule["id"] == "wildcard-owner").unwrap();
    assert!(rule["helpUri"].is_null());
    assert_eq!(rule["defaultConfiguration"], json!({"level": "error"}));
    assert_eq!(rule["properties"]["security-severity"], "8.0");
    assert_eq!(rule["properties"]["tags"], json!(["security", "identity"]));
    assert!(
        rule["help"]["markdown"]
            .as_str()
            .unwrap()
            .starts_with("# wildcard-owner")
    );
}

#[test]
fn sarif_says_where_the_pages_are_and_what_could_not_be_read() {
    let folder = Folder::with(&[
        ("a.policy", SHOP),
        (
            "policy-check.toml",
            "pages = \"https://docs.acme.example/rules/\"\n",
        ),
    ]);
    let run = folder
        .run(&["check", ".", "--select=wildcard-owner", "--format", "sarif"])
        .exits(0);
    let value = run.json();
    assert_valid(sarif(), &value);
    assert_eq!(
        value["runs"][0]["invocations"],
        json!([{"executionSuccessful": true}])
    );
    let rules = value["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["id"] == "wildcard-owner").unwrap();
    assert_eq!(
        rule["helpUri"],
        "https://docs.acme.example/rules/wildcard-owner.md"
    );

    let value = folder
        .run(&["check", "nowhere", "--format", "sarif"])
        .exits(2)
        .json();
    assert_valid(sarif(), &value);
    assert_eq!(value["runs"][0]["invocations"][0]["executionSuccessful"], false);
    let why = &value["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(why, "cannot read `nowhere`: it does not exist");
}

#[test]
fn code_quality_is_as_gitlab_reads_it() {
    let text = printed("gitlab", &[]);
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_valid(&own("tests/schemas/code-quality.schema.json"), &value);
    let issues = value.as_array().unwrap();
    let mut fingerprints: Vec<&str> = issues
        .iter()
        .map(|issue| issue["fingerprint"].as_str().unwrap())
        .collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(
        fingerprints.len(),
        issues.len(),
        "GitLab drops what is there twice"
    );
    let severity = |rule: &str| {
        let issue = issues.iter().find(|issue| issue["check_name"] == rule).unwrap();
        issue["severity"].as_str().unwrap()
    };
    assert_eq!(severity("invalid-policy"), "blocker");
    assert_eq!(severity("wildcard-owner"), "critical");
    assert_eq!(severity("pattern-without-wildcard"), "minor");
    let clean = folder()
        .run(&["check", "p/shop", SELECT, "--format", "gitlab"])
        .exits(0);
    assert_eq!(clean.out, "[]\n");
}

#[test]
fn several_formats_at_once_and_one_exit_code() {
    let folder = folder();
    let mut arguments = vec!["check", SELECT, "p", "--format", "human"];
    let files: Vec<String> = FORMATS
        .iter()
        .map(|format| format!("--format={format}=out.{format}"))
        .collect();
    arguments.extend(files.iter().map(String::as_str));
    let run = folder.run(&arguments).exits(1);
    for format in FORMATS {
        let alone = folder
            .run(&["check", SELECT, "p", "--format", format])
            .exits(1)
            .out;
        assert_eq!(folder.read(&format!("out.{format}")), alone, "{format}");
    }
    assert_eq!(folder.read("out.human"), run.out);
    for (paths, code) in [("p/shop", 0), ("p/found", 1), ("p/broken", 1), ("nowhere", 2)] {
        for format in FORMATS {
            folder
                .run(&["check", SELECT, paths, "--format", format])
                .exits(code);
            folder
                .run(&["check", SELECT, paths, "--format", &format!("{format}=out")])
                .exits(code);
        }
    }
    let run = folder
        .run(&["check", "p", "--format", "sarif", "--format", "human"])
        .exits(2);
    assert!(
        run.err.contains("two formats cannot both go to standard output"),
        "{}",
        run.err
    );
    let run = folder
        .run(&["check", "p/shop", "--format", "sarif=no/such/folder"])
        .exits(2);
    assert!(run.err.contains("cannot write `no/such/folder`"), "{}", run.err);
    let run = folder.run(&["check", "--format", "pdf"]).exits(2);
    assert!(
        run.err.contains("expected one of checkstyle, compact, github"),
        "{}",
        run.err
    );
}
