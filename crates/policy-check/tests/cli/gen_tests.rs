//! `policy-check gen-tests`

use crate::blessed::assert_blessed;
use crate::policies::{Folder, SHOP};

const FILE: &str = "generated-tests.policy";
const COVERED: &str = include_str!("../../docs/example/covered.policy");

/// Asserts that each comparison decides tests, and that each mutant fails one.
fn assert_complete(folder: &Folder, path: &str) {
    let run = folder
        .run(&["test", path, "--coverage", "--min", "100", "--mutate"])
        .exits(0);
    assert!(run.out.contains("coverage: 100.0%"), "{}", run.out);
    assert!(run.out.contains(" 0 survived"), "{}", run.out);
}

#[test]
fn the_example_is_what_it_writes() {
    let folder = Folder::with(&[("covered.policy", COVERED)]);
    folder.run(&["gen-tests"]).exits(0);
    assert_blessed("docs/example/generated-tests.policy", &folder.read(FILE));
    assert_complete(&folder, ".");
    folder.run(&["fmt", "--check", FILE]).exits(0);
}

#[test]
fn the_policies_have_the_tests_that_it_writes() {
    let folder = Folder::new();
    let policies = std::path::Path::new("../../policies").canonicalize().unwrap();
    let policies = policies.to_str().unwrap();
    let run = folder.run(&["gen-tests", policies, "--check"]).exits(0);
    assert_eq!(
        run.out.lines().filter(|line| line.ends_with("unchanged")).count(),
        12,
        "{}",
        run.out
    );
    assert_complete(&folder, policies);
}

#[test]
fn tests_of_people_count_for_nothing_and_stay() {
    let folder = Folder::with(&[("shop.policy", SHOP)]);
    folder.run(&["gen-tests"]).exits(0);
    let first = folder.read(FILE);
    // Without the tests that people wrote.
    let (roles, _) = SHOP.split_once("test \"").unwrap();
    folder.write("shop.policy", roles);
    let run = folder.run(&["gen-tests", "--check"]).exits(0);
    assert!(run.out.ends_with("unchanged\n"), "{}", run.out);
    assert_eq!(folder.read(FILE), first);
    assert_eq!(folder.read("shop.policy"), roles);
}

#[test]
fn a_changed_role_makes_the_file_outdated() {
    let folder = Folder::with(&[("p/shop.policy", SHOP)]);
    let run = folder.run(&["gen-tests", "p", "--check"]).exits(1);
    assert!(
        run.out.contains("outdated: run `policy-check gen-tests`"),
        "{}",
        run.out
    );
    assert!(!folder.path("p/generated-tests.policy").exists());
    folder.run(&["gen-tests", "p"]).exits(0);
    folder.write(
        "p/shop.policy",
        SHOP.replace("ref == \"main\"", "ref == \"trunk\""),
    );
    folder.run(&["gen-tests", "p", "--check"]).exits(1);
    let report = folder
        .run(&["gen-tests", "p", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(report["sets"][0]["outcome"], "written");
    folder.run(&["gen-tests", "p", "--check"]).exits(0);
}

#[test]
fn a_file_of_people_is_refused() {
    let folder = Folder::with(&[("shop.policy", SHOP), (FILE, "// Our own.\nset a = []\n")]);
    let run = folder.run(&["gen-tests"]).exits(2);
    assert!(
        run.err.contains("was not written by `gen-tests`") && run.err.contains("rename it"),
        "{}",
        run.err
    );
    assert_eq!(folder.read(FILE), "// Our own.\nset a = []\n");
}

#[test]
fn only_folders_have_the_file() {
    let folder = Folder::with(&[("shop.policy", SHOP)]);
    let run = folder.run(&["gen-tests", "shop.policy"]).exits(2);
    assert!(run.err.contains("`shop.policy` is not a folder"), "{}", run.err);
    let run = folder.run_with(&["gen-tests", "-"], SHOP.as_bytes()).exits(2);
    assert!(run.err.contains("is not a folder"), "{}", run.err);
}

#[test]
fn policies_that_do_not_compile_keep_the_file() {
    let folder = Folder::with(&[("shop.policy", SHOP)]);
    folder.run(&["gen-tests"]).exits(0);
    let before = folder.read(FILE);
    folder.write("shop.policy", "role r { allow from nowhere }");
    let run = folder.run(&["gen-tests"]).exits(2);
    assert!(run.err.contains("no tests are generated"), "{}", run.err);
    assert_eq!(folder.read(FILE), before);
}

#[test]
fn a_set_without_roles_needs_no_file() {
    let folder = Folder::with(&[("sets.policy", "set refs = [\"main\"]\n")]);
    let run = folder.run(&["gen-tests"]).exits(0);
    assert!(run.out.contains("0 tests with 0 cases, unchanged"), "{}", run.out);
    assert!(!folder.path(FILE).exists());
}

#[test]
fn alternatives_families_and_roles_for_nobody_are_tested() {
    let policy = r#"
        issuer ci { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
        issuer hub { url "https://token.actions.githubusercontent.com" profile github-actions audience "sts" }
        condition branch(name) = ref_type == "branch" && (ref == name || ref like "{name}/*")
        role two {
          allow from ci when project_id == "1" && (ref == "main" || (ref_protected && !(environment == "x")))
          allow from hub when repository_id == "2" && !has environment
        }
        role of-{name} for name in ["a", "b"] { allow from ci when branch(name) && project_id in ["1", "2"] }
        role nobody { allow from ci when ref == "a" && ref == "b" }
        role everybody { allow from ci }
        guard safe for two { ref_protected }
    "#;
    let folder = Folder::with(&[("p.policy", policy)]);
    folder.run(&["gen-tests"]).exits(0);
    assert_complete(&folder, ".");
    let text = folder.read(FILE);
    let names: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("test "))
        .collect();
    assert_eq!(
        names,
        [
            r#""generated: two" {"#,
            r#""generated: two (2)" {"#,
            r#""generated: of-a" {"#,
            r#""generated: everybody" {"#,
            r#""generated: nobody" {"#,
        ],
        "{text}"
    );
}

#[test]
fn odd_texts_of_policies_stay_texts() {
    let policy = r#"
        profile p { claim id: text claim claims["a b"]: text optional claim o.x: text optional alias test claim o.y: text optional claim claims["role"]: text optional claim claims["from"]["a b"]: text optional claim claims["claims"]["a b"]: text optional }
        issuer ci { url "https://ci.example" profile p audience "https://sts.acme.example" }
        role quotes { allow from ci when id == "\"\} expect allow quotes \}\\" && claims["a b"] == "a\nb" }
        role case { allow from ci when claims["o"]["x"] == "\u{202e}x" || claims["o"]["y"] == "{not}" }
        role keywords { allow from ci when claims["role"] == "a" && claims["from"]["a b"] == "b" && claims["claims"]["a b"] == "c" }
    "#;
    let policy = policy.replace("{not}", r"\{not\}");
    let folder = Folder::with(&[("p.policy", &policy)]);
    folder.run(&["gen-tests"]).exits(0);
    assert_complete(&folder, ".");
    folder.run(&["fmt", "--check", FILE]).exits(0);
    assert!(!folder.read(FILE).contains('\u{202e}'), "{}", folder.read(FILE));
}
