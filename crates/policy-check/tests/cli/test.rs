//! `policy-check test`

use crate::policies::{Folder, SHOP, SMALL};
use crate::xml::Element;
use insta::assert_snapshot;
use serde_json::json;

/// Two tests that fail: one role too few, and one too many.
const FAILING: &str = r#"
test "a tag deploys" {
  token gitlab like "main deploys to production" {
    ref_type = "tag",
    environment = null,
    pipeline_source = absent,
  }
  expect allow deploy-prod
}

test "nobody plans" {
  token gitlab { project_path = "acme/shop" }
  expect deny *
}
"#;

#[test]
fn several_sets() {
    let folder = Folder::with(&[
        ("p/a/shop.policy", SHOP),
        ("p/b/shop.policy", SHOP),
        ("p/c/small.policy", SMALL),
    ]);
    assert_snapshot!(folder.run(&["test", "p", "-v"]).exits(0).out, @r"
    ok  main deploys to production  p/a/shop.policy:26
    ok  a tag called main does not  p/a/shop.policy:39
    ok  main deploys to production  p/b/shop.policy:26
    ok  a tag called main does not  p/b/shop.policy:39
    proved  production belongs to acme  p/a/shop.policy:44
    proved  production belongs to acme  p/b/shop.policy:44
    4 passed, 0 failed, 2 assertions proved
    ");
}

#[test]
fn a_set_that_does_not_compile() {
    let folder = Folder::with(&[
        ("p/a/a.policy", SHOP),
        ("p/b/b.policy", "role x { allow from ci }\n"),
    ]);
    let run = folder.run(&["test", "p"]).exits(2);
    assert_snapshot!(run.out, @"2 passed, 0 failed, 1 assertion proved");
    assert_snapshot!(run.err, @"
    error[unknown-issuer]: there is no issuer `ci`
     --> p/b/b.policy:1:21
      |
    1 | role x { allow from ci }
      |                     ^^
      |
      = help: declare it: `issuer ci { url … profile … audience … }`

    error: the policies in `p/b` do not compile: their tests are not run
      help: fix them first
    ");
    let run = folder.run(&["test", "p/b"]).exits(2);
    assert_eq!(run.out, "");
    let run = folder.run(&["test", "p", "--format", "json"]).exits(2);
    let json = run.json();
    assert_eq!(
        (&json["passed"], &json["errors"][0]["file"]),
        (&json!(2), &json!("p/b/b.policy"))
    );
    // Failures do not hide that something could not run.
    folder.write("p/a/tests.policy", FAILING);
    folder.run(&["test", "p"]).exits(2);
    folder.run(&["test", "nowhere"]).exits(2);
}

#[test]
fn results_as_json() {
    let folder = Folder::with(&[("shop.policy", SHOP), ("tests.policy", FAILING)]);
    let json = folder.run(&["test", "--format", "json"]).exits(1).json();
    let counts = ["schema_version", "passed", "failed", "proved"].map(|name| json[name].clone());
    assert_eq!(counts, [1, 2, 2, 1].map(|count| json!(count)));
    assert_eq!(
        json["tests"][0],
        json!({"set": ".", "name": "main deploys to production", "file": "shop.policy", "line": 26, "outcome": "passed"})
    );
    assert_eq!(
        json["assertions"][0],
        json!({
            "set": ".", "name": "production belongs to acme", "file": "shop.policy", "line": 44,
            "outcome": "proved",
        })
    );
    let failed = &json["tests"][2];
    assert_eq!(
        (&failed["outcome"], &failed["name"]),
        (&json!("failed"), &json!("a tag deploys"))
    );
    assert_eq!(failed["token"]["ref_type"], "tag");
    assert_eq!(failed["token"].get("pipeline_source"), None);
    let failure = &failed["failures"][0];
    assert_eq!(
        (&failure["role"], &failure["expected"]),
        (&json!("deploy-prod"), &json!("allow"))
    );
    let comparisons = failure["explanation"]["clauses"][0]["condition"]["parts"]
        .as_array()
        .unwrap();
    let ref_type = comparisons
        .iter()
        .find(|comparison| comparison["claim"] == "ref_type")
        .unwrap();
    assert_eq!(
        (&ref_type["truth"], &ref_type["actual"]),
        (&json!("false"), &json!("tag"))
    );
}

#[test]
fn standard_input() {
    let run = Folder::new().run_with(&["test", "-"], SHOP.as_bytes()).exits(0);
    assert!(run.out.starts_with("2 passed"), "{}", run.out);
}

/// A policy whose names have what breaks formats.
const ODD: &str = r#"
issuer ci { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
role r { allow from ci when environment == "</pre><script>x</script>" && ref == "main" }
test "a # b \\ ]]> <b> ::error::" {
  token ci { environment = "</pre><script>x</script>", ref = "main" }
  expect allow r
}
test "\u{202e}fails" { token ci { ref = "main" } expect allow r }
"#;

#[test]
fn names_stay_inert_in_each_format() {
    let folder = Folder::with(&[("a.policy", ODD)]);
    let of = |format: &str| {
        folder
            .run(&["test", "--coverage", "--format", format])
            .exits(1)
            .out
    };
    let tap = of("tap");
    assert!(tap.contains(r"ok 1 - test: a \# b \\ ]]> <b>"), "{tap}");
    assert!(
        tap.contains("not ok 2 - test: \\\\u{202e}fails\n  ---\n  message: "),
        "{tap}"
    );
    let page = of("html");
    assert!(!page.contains("<script") && !page.contains('\u{202e}'), "{page}");
    let junit = Element::parse(&of("junit"));
    assert_eq!(junit.attributes["failures"], "1");
    let case = &junit.children[0].children[0];
    assert!(case.attributes["time"].parse::<f64>().is_ok());
}

#[test]
fn lines_and_branches_for_ci_systems() {
    let folder = Folder::with(&[("a.policy", ODD)]);
    let document = folder
        .run(&["test", "--coverage", "--format", "cobertura"])
        .exits(1)
        .out;
    let root = Element::parse(&document);
    let of_root = [
        "lines-valid",
        "lines-covered",
        "branches-valid",
        "branches-covered",
    ];
    // Both comparisons decide the first test; no test is denied because of one of them as expected.
    assert_eq!(
        of_root.map(|name| root.attributes[name].as_str()),
        ["1", "0", "4", "2"]
    );
    assert!(
        document.contains(r#"<line number="3" hits="0" branch="true" condition-coverage="50% (2/4)"/>"#),
        "{document}"
    );
}
