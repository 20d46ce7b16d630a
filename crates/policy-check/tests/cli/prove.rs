//! `policy-check prove`

use crate::policies::{Folder, SHOP, SMALL};
use insta::assert_snapshot;
use serde_json::json;

/// Assertions that do not hold, of each kind.
const WRONG: &str = r#"
assert "who plans may deploy" { plan implies deploy-prod }
assert "plans are for the shop" { plan implies project == "acme/shop" }
assert "nobody plans on a tag" { never plan when ref_type == "tag" }
assert "a tag can be deployed" { possible deploy-prod when ref_type == "tag" }
assert "apart" { disjoint plan, deploy-prod }
"#;

/// A role that nobody can get.
const DEAD: &str = r#"
role dead { allow from gitlab when project == "acme/shop" && ref == "main" && namespace_path == "globex" }
assert "it can be had" { possible dead }
"#;

#[test]
fn what_is_proved() {
    let folder = Folder::with(&[("shop.policy", SHOP)]);
    assert_snapshot!(folder.run(&["prove"]).exits(0).out, @r"
    proved  production belongs to acme  shop.policy:44
    1 assertion proved
    ");
    assert_snapshot!(folder.run(&["prove", "shop.policy", "deploy-prod implies plan"]).exits(0).out, @r"
    proved  deploy-prod implies plan  <statement>:1
    1 assertion proved
    ");
    let folder = Folder::with(&[("small.policy", SMALL)]);
    assert_snapshot!(folder.run(&["prove"]).exits(0).out, @"there are no assertions to prove");
}

#[test]
fn what_is_refuted_comes_with_a_token() {
    let folder = Folder::with(&[("shop.policy", SHOP), ("wrong.policy", WRONG)]);
    assert_snapshot!(folder.run(&["prove"]).exits(1).out, @r#"
    proved  production belongs to acme  shop.policy:44
    REFUTED  who plans may deploy  wrong.policy:2
      this token is granted `plan`, and not `deploy-prod`
      token {
        "iss": "https://gitlab.example",
        "aud": "https://sts.acme.example",
        "project_path": "acme/web"
      }
      as a test to keep, which fails until the policies are repaired
        test "who plans may deploy" {
          token gitlab { project_path = "acme/web" }
          expect deny plan
          // Or, if it should get both roles: expect allow deploy-prod
        }

    REFUTED  plans are for the shop  wrong.policy:3
      this token is granted `plan`, and the condition is not TRUE
      token {
        "iss": "https://gitlab.example",
        "aud": "https://sts.acme.example",
        "project_path": "acme/web"
      }
      as a test to keep, which fails until the policies are repaired
        test "plans are for the shop" {
          token gitlab { project_path = "acme/web" }
          expect deny plan
        }

    REFUTED  nobody plans on a tag  wrong.policy:4
      this token is granted `plan`, and the condition is TRUE
      token {
        "iss": "https://gitlab.example",
        "aud": "https://sts.acme.example",
        "project_path": "acme/web",
        "ref_type": "tag"
      }
      as a test to keep, which fails until the policies are repaired
        test "nobody plans on a tag" {
          token gitlab { project_path = "acme/web", ref_type = "tag" }
          expect deny plan
        }

    REFUTED  a tag can be deployed  wrong.policy:5
      no token is granted `deploy-prod` while the condition is TRUE

    REFUTED  apart  wrong.policy:6
      this token is granted `deploy-prod` and `plan`
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
      as a test to keep, which fails until the policies are repaired
        test "apart" {
          token gitlab {
            project_path = "acme/shop",
            pipeline_source = "push",
            ref = "main",
            ref_type = "branch",
            ref_protected = "true",
            environment = "production",
          }
          // Keep the line of the role that this token should not get.
          expect deny deploy-prod
          expect deny plan
        }

    1 assertion proved, 5 refuted
    "#);
    // The tests of the policies say so, too.
    let run = folder.run(&["test"]).exits(1);
    assert!(
        run.out
            .ends_with("2 passed, 0 failed, 1 assertion proved, 5 refuted\n"),
        "{}",
        run.out
    );
}

#[test]
fn what_contradicts_what() {
    let folder = Folder::with(&[("shop.policy", SHOP), ("dead.policy", DEAD)]);
    assert_snapshot!(folder.run(&["prove", "--filter", "had"]).exits(1).out, @r#"
    REFUTED  it can be had  dead.policy:3
      no token is granted `dead`
      these contradict each other
        dead.policy:2  project == "acme/shop"
        dead.policy:2  namespace_path == "globex"

    0 assertions proved, 1 refuted
    "#);
}

#[test]
fn results_as_json() {
    let folder = Folder::with(&[("shop.policy", SHOP), ("wrong.policy", WRONG)]);
    let json = folder.run(&["prove", "--format", "json"]).exits(1).json();
    let counts = ["schema_version", "proved", "refuted", "not_decided"].map(|name| json[name].clone());
    assert_eq!(counts, [1, 1, 5, 0].map(|count| json!(count)));
    let refuted = &json["assertions"][2];
    assert_eq!(refuted["outcome"], "refuted");
    assert_eq!(refuted["role"], "plan");
    assert_eq!(refuted["token"]["iss"], "https://gitlab.example");
    let test = refuted["test"].as_str().unwrap();
    // A test to keep fails until the policies are repaired.
    folder.write("kept.policy", test);
    let run = folder.run(&["test", "--filter", "plans are"]).exits(1);
    assert!(run.out.contains("0 passed, 1 failed"), "{}", run.out);
    let repaired = SHOP.replace("project under \"acme\"\n", "project == \"acme/shop\"\n");
    folder.write("shop.policy", repaired);
    let run = folder.run(&["test", "--filter", "plans are"]).exits(0);
    assert!(
        run.out.contains("1 passed, 0 failed, 1 assertion proved"),
        "{}",
        run.out
    );
}

#[test]
fn what_could_not_be_decided() {
    let policy = r#"edition 2026
        profile ci { claim a: text claim b: text claim c: text derive sub = "{a}{b}" }
        issuer ci { url "https://ci.example" profile ci audience "x" }
        role whole { allow from ci when sub == c && a == "x" && b like "y*" }
        role half { allow from ci when c like "xy*" }
        assert "an equation" { whole implies half }
    "#;
    let folder = Folder::with(&[("ci.policy", policy)]);
    assert_snapshot!(folder.run(&["prove"]).exits(3).out, @r"
    NOT DECIDED  an equation  ci.policy:6
      `c` is compared with `sub`, which is derived from several parts

    0 assertions proved, 1 not decided
    ");
    folder.run(&["test"]).exits(3);
}

#[test]
fn statements_that_mean_nothing() {
    let folder = Folder::with(&[("shop.policy", SHOP)]);
    let run = folder.run(&["prove", "plan implies nothing_like_it"]).exits(2);
    assert_snapshot!(run.err, @"
    error[unknown-name]: there is no condition `nothing_like_it`, and the profile `gitlab-ci` has no such claim
     --> <statement>:1:14
      |
    1 | plan implies nothing_like_it
      |              ^^^^^^^^^^^^^^^
      |
      = help: if tokens have it, declare it in a profile that extends `gitlab-ci`

    error: the statement has an error, so it is not proved
      help: fix the statement
    ");
    let run = folder
        .run(&["prove", "possible plan", "never plan when ref == \"x\""])
        .exits(2);
    assert_snapshot!(run.err, @"
    error: only one statement can be proved at a time
      help: run the command once per statement
    ");
    folder.run(&["prove", "nowhere"]).exits(2);
}

#[test]
fn errors_of_the_policies_are_not_blamed_on_the_statement() {
    let folder = Folder::with(&[("shop.policy", "role plan { allow from nowhere }\n")]);
    let run = folder.run(&["prove", "possible plan"]).exits(2);
    assert!(
        run.err.contains("the policies in `.` do not compile"),
        "{}",
        run.err
    );
    assert!(!run.err.contains("statement"), "{}", run.err);
}

#[test]
fn statements_are_reported_as_they_were_given() {
    let folder = Folder::with(&[("shop.policy", SHOP)]);
    // Two lines, and an error on the second.
    let run = folder.run(&["prove", "never plan when\n  ref == 1"]).exits(2);
    assert!(run.err.contains("<statement>:2:10"), "{}", run.err);
    assert!(run.err.contains("2 |   ref == 1\n"), "{}", run.err);
    // Errors at the very beginning, at the end, behind it, and in what is no statement at all.
    for odd in [
        "nobody implies plan",
        "possible plan,",
        "never plan when",
        "never plan when (ref",
        "possible plan }",
        "plan \"",
        "} } }",
        "ä ö",
    ] {
        let odd = format!("{odd} ");
        let run = folder.run(&["prove", &odd]).exits(2);
        assert!(run.err.contains("<statement>:1:"), "{}", run.err);
        assert!(!run.err.contains("assert \""), "{}", run.err);
        let json = folder.run(&["prove", "--format", "json", &odd]).exits(2).json();
        let errors = json["errors"].as_array().unwrap();
        assert!(!errors.is_empty());
        for error in errors {
            let column = usize::try_from(error["end_column"].as_u64().unwrap()).unwrap();
            assert!(error["line"] == 1 && column <= 1 + odd.chars().count(), "{error}");
        }
    }
}

#[test]
fn roles_that_there_are_not() {
    let folder = Folder::with(&[("shop.policy", SHOP)]);
    let run = folder.run(&["prove", "possible nothing_like_it"]).exits(2);
    assert_snapshot!(run.err, @"
    error[unknown-role]: there is no role `nothing_like_it`
     --> <statement>:1:10
      |
    1 | possible nothing_like_it
      |          ^^^^^^^^^^^^^^^
      |
      = help: the roles are `deploy-prod`, `plan`

    error: the statement has an error, so it is not proved
      help: fix the statement
    ");
}
