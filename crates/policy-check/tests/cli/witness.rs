//! `policy-check witness`

use crate::policies::{Folder, Run, SHOP, SMALL};
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
          token gitlab { project_path = "acme/web" }
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
          token ci {}
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
          token gitlab like "deploy-prod is granted" { project_path = "acme-evil/shop" }
          expect deny deploy-prod because project_path
        }

    denied  but for ref_type == "branch"  shop.policy:9:21
      "ref_type" is "tag", not "branch"
      as a test to keep
        test "deploy-prod needs ref_type == \"branch\"" {
          token gitlab like "deploy-prod is granted" { ref_type = "tag" }
          expect deny deploy-prod because ref_type
        }

    denied  but for ref == "main"  shop.policy:9:45
      "ref" is "main-x", not "main"
      as a test to keep
        test "deploy-prod needs ref == \"main\"" {
          token gitlab like "deploy-prod is granted" { ref = "main-x" }
          expect deny deploy-prod because ref
        }

    denied  but for ref_protected  shop.policy:9:62
      "ref_protected" is "false", not "true"
      as a test to keep
        test "deploy-prod needs ref_protected" {
          token gitlab like "deploy-prod is granted" { ref_protected = "false" }
          expect deny deploy-prod because ref_protected
        }

    denied  but for environment == "production"  shop.policy:15:63
      "environment" is "production-x", not "production"
      as a test to keep
        test "deploy-prod needs environment == \"production\"" {
          token gitlab like "deploy-prod is granted" { environment = "production-x" }
          expect deny deploy-prod because environment
        }

    denied  but for pipeline_source != "merge_request_event"  shop.policy:24:37  guard no-merge-requests
      "pipeline_source" is "merge_request_event", not "push"
      as a test to keep
        test "deploy-prod needs pipeline_source != \"merge_request_event\"" {
          token gitlab like "deploy-prod is granted" { pipeline_source = "merge_request_event" }
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
          token gitlab { project_path = "acme/web", ref_type = "branch" }
          expect allow half
        }

    denied  but for !(ref_type == "tag")  odd.policy:5:26
      "ref_type" is "tag", not "branch"
      as a test to keep
        test "half needs !(ref_type == \"tag\")" {
          token gitlab like "half is granted" { ref_type = "tag" }
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
          token gitlab { project_path = "acme/shop", ref_type = "branch" }
          expect allow half
        }

    denied  but for project == "acme/shop"  odd.policy:6:26
      "project_path" is "acme-evil/shop", not "acme/shop"
      as a test to keep
        test "half needs project == \"acme/shop\"" {
          token gitlab { project_path = "acme-evil/shop", ref_type = "branch" }
          expect deny half because project_path
        }

    denied  but for ref_type == "branch"  odd.policy:6:52
      "ref_type" is "tag", not "branch"
      as a test to keep
        test "half needs ref_type == \"branch\"" {
          token gitlab like "half is granted (2)" { ref_type = "tag" }
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

/// A role for each of these numbers.
fn many(roles: usize) -> String {
    let issuer = "issuer ci { url \"https://ci.example\" profile generic audience \"sts\" }\n";
    let roles = (0..roles).map(|n| {
        format!(
            "role r{n} {{ tags [t{}] allow from ci when sub == \"{n}\" }}\n",
            n % 2
        )
    });
    issuer.to_owned() + &roles.collect::<String>()
}

#[test]
fn selectors_select_as_in_policies() {
    let folder = Folder::with(&[("many.policy", &many(12))]);
    let selected = |selector: &str| {
        let json = folder
            .run(&["witness", selector, "--format", "json"])
            .exits(0)
            .json();
        let roles = json["roles"].as_array().unwrap().iter();
        roles
            .map(|role| role["role"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(selected("r1*"), "r1 r10 r11");
    assert_eq!(selected("#t1"), "r1 r3 r5 r7 r9 r11");
    assert_eq!(selected("r7, #t1,r0"), "r0 r1 r3 r5 r7 r9 r11");
    assert_eq!(selected("*").split(' ').count(), 12);
    assert_snapshot!(folder.run(&["witness", "r1, #t4, x*, rr1"]).exits(2).err, @r"
    error: no role has the tag `t4`
      help: did you mean `#t0`?
    error: no role has a name like `x*`
      help: there are 12 roles, such as `r0`, `r1`, `r10`, `r11`, `r2`
    error: there is no role `rr1`
      help: did you mean `r1`?
    ");
}

#[test]
fn roles_above_the_limit_are_counted() {
    let folder = Folder::with(&[("a/many.policy", &many(70)), ("b/many.policy", &many(71))]);
    let run = folder.run(&["witness", "*"]).exits(3);
    let end = "41 more roles left out: at most 100 are searched at a time, so select fewer\n";
    assert!(run.out.ends_with(end), "{}", run.out);
    let json = folder.run(&["witness", "*", "--format", "json"]).exits(3).json();
    assert_eq!(
        (json["roles"].as_array().unwrap().len(), &json["left_out"]),
        (100, &41.into())
    );
    let json = folder
        .run(&["witness", "*", "a", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(json["left_out"], 0);
}

/// The names of the added tests, and the number of those that were there.
fn added(run: &Run) -> (Vec<String>, u64) {
    let written = &run.json()["written"];
    let names = written["tests"].as_array().unwrap().iter();
    let names = names.map(|name| name.as_str().unwrap().to_owned());
    (names.collect(), written["existing"].as_u64().unwrap())
}

#[test]
fn tests_are_added_once() {
    let folder = Folder::with(&[("p/shop.policy", SHOP), ("p/odd.policy", ODD)]);
    let write = |file: &str, selector: &str| {
        let line = [
            "witness",
            selector,
            "p",
            "--near-miss",
            "--format=json",
            "--write",
            file,
        ];
        added(&folder.run(&line).exits(if selector == "*" { 1 } else { 0 }))
    };
    let (names, existing) = write("p/tests.policy", "half, plan");
    assert_eq!((names.len(), existing), (7, 0), "{names:?}");
    let first = folder.read("p/tests.policy");
    assert!(
        first.starts_with("edition 2026\n\ntest \"half is granted\" {\n"),
        "{first}"
    );
    let (names, existing) = write("p/tests.policy", "half, plan");
    assert_eq!((names.len(), existing), (0, 7));
    assert_eq!(folder.read("p/tests.policy"), first);
    // Those of the other roles are new, in whichever file.
    let (names, existing) = write("p/more.policy", "*");
    assert_eq!((names.len(), existing), (7, 7), "{names:?}");
    assert_eq!(write("p/none.policy", "*").1, 14);
    assert!(!folder.path("p/none.policy").exists());
    folder.run(&["fmt", "--check", "p"]).exits(1);
    folder
        .run(&["fmt", "--check", "p/tests.policy", "p/more.policy"])
        .exits(0);
    folder.run(&["test", "p"]).exits(0);
}

#[test]
fn what_is_in_the_file_stays() {
    let before = format!(
        "// a comment\n{SHOP}\n\n\n// one more\n\
         test \"plan is granted\" {{ token gitlab {{ project = \"acme/other\" }} expect allow plan /* yes */ }} // end"
    );
    let folder = Folder::with(&[("shop.policy", &before)]);
    let line = [
        "witness",
        "plan",
        "--near-miss",
        "--format=json",
        "--write",
        "shop.policy",
    ];
    let (names, _) = added(&folder.run(&line).exits(0));
    assert_eq!(
        names,
        ["plan is granted (2)", "plan needs project under \"acme\""]
    );
    let after = folder.read("shop.policy");
    for comment in [
        "// a comment\n",
        "// one more\n",
        "/* yes */",
        "// end\n",
        "/// Deploys",
    ] {
        assert_eq!(after.matches(comment).count(), 1, "{comment}: {after}");
    }
    folder.run(&["fmt", "--check"]).exits(0);
    folder.run(&["test"]).exits(0);
    let (names, existing) = added(&folder.run(&line).exits(0));
    assert_eq!((names.len(), existing), (0, 2));
    assert_eq!(folder.read("shop.policy"), after);
}

#[test]
fn near_misses_are_like_an_example_that_is_there() {
    let folder = Folder::with(&[("shop.policy", SHOP)]);
    folder
        .run(&["witness", "deploy-prod", "--write", "a.policy"])
        .exits(0);
    let example = folder.read("a.policy").replace("deploy-prod is granted", "mine");
    folder.write("a.policy", &example);
    folder
        .run(&["witness", "deploy-prod", "--near-miss", "--write", "b.policy"])
        .exits(0);
    let misses = folder.read("b.policy");
    assert!(
        misses.contains("token gitlab like \"mine\" { ref_type = \"tag\" }"),
        "{misses}"
    );
    assert_eq!(misses.matches("expect allow").count(), 0);
    folder.run(&["test"]).exits(0);
    // The same token, written otherwise: it may have claims that it does not name.
    folder.write(
        "a.policy",
        example.replace(
            "token gitlab {",
            "token gitlab {\n sub = \"project_path:acme/shop:ref_type:branch:ref:main\",",
        ),
    );
    std::fs::remove_file(folder.path("b.policy")).unwrap();
    folder
        .run(&["witness", "deploy-prod", "--near-miss", "--write", "b.policy"])
        .exits(0);
    let misses = folder.read("b.policy");
    assert!(!misses.contains("like \"mine\""), "{misses}");
    folder.run(&["test"]).exits(0);
}

#[test]
fn files_that_are_no_files_of_the_set() {
    let folder = Folder::with(&[
        ("a/shop.policy", SHOP),
        ("a/notes.txt", "notes"),
        ("a/more/x.policy", ""),
        ("b/small.policy", SMALL),
    ]);
    let refused = |arguments: &[&str], file: &str| {
        let line = [&["witness", "*", "--near-miss", "--write", file], arguments].concat();
        folder.run(&line).exits(2).err
    };
    for (arguments, file, words) in [
        (
            &["a"][..],
            "b/t.policy",
            "is not in the folder of the policy set, `a`",
        ),
        (
            &["a"],
            "a/../b/t.policy",
            "is not in the folder of the policy set, `a`",
        ),
        (&["a"], "t.policy", "is not in the folder of the policy set, `a`"),
        (&["a"], "a/notes.txt", "is not a policy file of `a`"),
        (&["a"], "b/small.policy", "is not a policy file of `a`"),
        (&["a"], "a", "is not a policy file of `a`"),
        (&["a"], "a/t.txt", "would not be a policy file"),
        (&["a"], "a/.policy", "would not be a policy file"),
        (&["a"], "a/none/t.policy", "`a/none` is not a folder"),
        (
            &["a"],
            "a/shop.policy/t.policy",
            "`a/shop.policy` is not a folder",
        ),
        (
            &["a/shop.policy"],
            "a/t.policy",
            "would not be one of the named files",
        ),
        (
            &["a", "b"],
            "a/t.policy",
            "tests are added to one policy set, and there are 2",
        ),
        (
            &["."],
            "a/t.policy",
            "tests are added to one policy set, and there are 2",
        ),
    ] {
        let err = refused(arguments, file);
        assert!(err.contains(words), "{arguments:?} {file}: {err}");
    }
    assert_eq!(folder.read("a/notes.txt"), "notes");
    assert!(!folder.path("a/t.policy").exists() && !folder.path("b/t.policy").exists());
    // Named files, and a folder below.
    folder
        .run(&["witness", "plan", "a/shop.policy", "--write", "a/shop.policy"])
        .exits(0);
    folder
        .run(&["witness", "deploy-prod", "a", "--write", "./a/more/t.policy"])
        .exits(0);
    folder
        .run(&[
            "witness",
            "deploy-prod",
            "a",
            "--near-miss",
            "--write",
            "a/more/x.policy",
        ])
        .exits(0);
    folder.run(&["test", "a"]).exits(0);
    // Nothing is written if a set cannot be used or a selector selects nothing.
    folder
        .run(&["witness", "plan, x", "a", "--write", "a/no.policy"])
        .exits(2);
    folder.write("a/broken.policy", "role");
    folder
        .run(&["witness", "plan", "a", "--write", "a/no.policy"])
        .exits(2);
    assert!(!folder.path("a/no.policy").exists());
}

#[cfg(unix)]
#[test]
fn tests_are_not_written_through_links() {
    use std::os::unix::fs::symlink;
    for is_checkout in [false, true] {
        let outside = Folder::with(&[("secret.policy", "// a secret\n")]);
        let work = outside.below("work");
        if is_checkout {
            work.write(".git/config", "");
        }
        work.write("p/shop.policy", SHOP);
        work.write("p/real/a.policy", "// a\n");
        work.write("q/b.policy", "// b\n");
        symlink("real", work.path("p/inside")).unwrap();
        symlink("real/a.policy", work.path("p/link.policy")).unwrap();
        for file in ["p/link.policy", "p/inside/a.policy", "p/inside/new.policy"] {
            work.run(&["witness", "plan", "p", "--write", file]).exits(2);
        }
        // A link that leads out of the set makes it unusable.
        for (link, target) in [
            ("p/out", "../q"),
            ("p/up.policy", "../../secret.policy"),
            ("p/dangling.policy", "nothing"),
        ] {
            symlink(target, work.path(link)).unwrap();
            for file in [link, "p/out/new.policy", "p/new.policy"] {
                work.run(&["witness", "plan", "p", "--write", file]).exits(2);
            }
            std::fs::remove_file(work.path(link)).unwrap();
        }
        if is_checkout {
            work.run(&["witness", "plan", ".", "--write", ".git/t.policy"])
                .exits(2);
            work.run(&["witness", "plan", "p", "--write", "../t.policy"])
                .exits(2);
        }
        assert_eq!(work.read("p/real/a.policy"), "// a\n");
        assert_eq!(outside.read("secret.policy"), "// a secret\n");
        let names: Vec<_> = std::fs::read_dir(work.path("p")).unwrap().collect();
        assert_eq!(names.len(), 4, "{names:?}");
    }
}
