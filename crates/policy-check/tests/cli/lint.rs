//! What `policy-check check` does with what the linter finds, and `policy-check rules`

use crate::policies::{CLEAN, Folder};
use insta::assert_snapshot;
use serde_json::{Value, json};

/// A role that everybody on gitlab.com gets, with a pattern that has no wildcard.
const OPEN: &str = r#"edition 2026

issuer gitlab {
  url "https://gitlab.com"
  profile gitlab-ci
  audience "https://sts.acme.example"
}

/// Plans.
role plan {
  tags [read]
  allow from gitlab when
    ref like "main" && ref_type == "branch" // only the main branch
    && ref_protected && pipeline_source == "push"
}
"#;

fn open() -> Folder {
    Folder::with(&[("open.policy", OPEN)])
}

/// The names of the rules that are found.
fn rules(json: &Value) -> Vec<&str> {
    let sets = json["sets"].as_array().unwrap().iter();
    let findings = sets.flat_map(|set| set["findings"].as_array().unwrap());
    findings
        .map(|finding| finding["rule"].as_str().unwrap())
        .collect()
}

#[test]
fn what_is_dangerous_is_shown_with_the_token_that_gets_in() {
    let run = open()
        .run(&["check", "--select", "shared-issuer-without-tenant"])
        .exits(1);
    assert_snapshot!(run.out, @r#"
    high[shared-issuer-without-tenant]: `plan` is granted to anyone who can run a job on `https://gitlab.com`
      --> open.policy:12:3
       |
    12 |   allow from gitlab when
       |   ^^^^^^^^^^^^^^^^^ the tenant is not restricted
       |
       = token: {"iss": "https://gitlab.com", "aud": "https://sts.acme.example", "project_path": "mallory/web", "pipeline_source": "push", "ref": "main", "ref_type": "branch", "ref_protected": "true"}
       = help: also compare the project or its owner: `project_path` or `project_id`

    1 file, 1 policy set, 1 role: 1 high
    "#);
}

#[test]
fn rules_and_categories_are_selected_and_ignored() {
    let folder = open();
    let found = |arguments: &[&str]| {
        let run = folder.run(&[&["check", "--format", "json"], arguments].concat());
        rules(&run.json()).join(" ")
    };
    assert_snapshot!(found(&[]), @"role-without-test shared-issuer-without-tenant pattern-without-wildcard");
    assert_snapshot!(found(&["--select", "pattern-without-wildcard"]), @"pattern-without-wildcard");
    assert_snapshot!(found(&["--ignore", "identity,hygiene"]), @"pattern-without-wildcard");
    assert_snapshot!(found(&["--persona", "auditor", "--ignore", "identity,hygiene"]), @"pattern-without-wildcard");
    let run = folder
        .run(&["check", "--select", "patern-without-wildcard"])
        .exits(2);
    assert_snapshot!(run.err, @r"
    error: there is no rule `patern-without-wildcard`
      help: did you mean `pattern-without-wildcard`?
    ");
}

#[test]
fn the_level_that_fails_can_be_set() {
    let folder = open();
    let low = ["check", "--select", "pattern-without-wildcard"];
    folder.run(&low).exits(0);
    folder
        .run(&[&low[..], &["--fail-level", "low"]].concat())
        .exits(1);
    folder.run(&["check", "--fail-level", "high"]).exits(1);
    folder
        .run(&["check", "--ignore", "identity", "--fail-level", "high"])
        .exits(0);
}

#[test]
fn comments_suppress_what_is_right_as_it_is() {
    let folder = open();
    let comment = "// policy-check: allow(shared-issuer-without-tenant) it plans what is public\n/// Plans.";
    folder.write("open.policy", OPEN.replace("/// Plans.", comment));
    let run = folder.run(&["check"]).exits(0);
    assert_snapshot!(run.out.lines().last().unwrap(), @"1 file, 1 policy set, 1 role: 2 low, 1 suppressed");
    let json = folder.run(&["check", "--format", "json"]).exits(0).json();
    let suppressed = &json["sets"][0]["suppressed"][0];
    assert_eq!(suppressed["reason"], "it plans what is public");
    assert_eq!(suppressed["finding"]["rule"], "shared-issuer-without-tenant");
    assert_eq!(suppressed["comment"]["line"], 9);

    let expired = comment.replace("public", "public, until 2020-01-01");
    folder.write("open.policy", OPEN.replace("/// Plans.", &expired));
    let json = folder.run(&["check", "--format", "json"]).exits(1).json();
    assert!(rules(&json).contains(&"expired-suppression"), "{json}");
}

#[test]
fn safe_fixes_are_made_and_comments_stay() {
    let folder = open();
    let run = folder.run(&["check", "--fix", "--diff"]).exits(1);
    assert_snapshot!(run.out, @r#"
    --- open.policy
    +++ open.policy
    @@ -10,6 +10,6 @@
     role plan {
       tags [read]
       allow from gitlab when
    -    ref like "main" && ref_type == "branch" // only the main branch
    +    ref == "main" && ref_type == "branch" // only the main branch
         && ref_protected && pipeline_source == "push"
     }
    "#);
    assert_eq!(folder.read("open.policy"), OPEN);
    let run = folder
        .run(&["check", "--fix", "--fail-level", "high", "--ignore", "identity"])
        .exits(0);
    assert_snapshot!(run.err, @"applied 1 fix in 1 file");
    let fixed = OPEN.replace("ref like", "ref ==");
    assert_eq!(folder.read("open.policy"), fixed);
    folder.run(&["check", "--fix", "--diff"]).exits(0);
    // Nothing is mended where something does not compile.
    let broken = format!("{OPEN}role");
    folder.write("open.policy", &broken);
    folder.run(&["check", "--fix"]).exits(1);
    assert_eq!(folder.read("open.policy"), broken);
}

#[test]
fn unsafe_fixes_are_made_only_if_they_are_asked_for() {
    let policy = CLEAN.replace("ref_type == \"branch\" && ", "");
    let folder = Folder::with(&[("shop.policy", policy.as_str())]);
    folder.run(&["check", "--fix", "--fail-level", "high"]).exits(1);
    assert_eq!(folder.read("shop.policy"), policy);
    let select = ["--select", "ref-without-ref-type"];
    let run = folder
        .run(&[&["check", "--unsafe-fixes", "--diff"], &select[..]].concat())
        .exits(1);
    assert_snapshot!(run.out, @r#"
    --- shop.policy
    +++ shop.policy
    @@ -6,7 +6,7 @@
       audience "https://sts.acme.example"
     }
     
    -condition pushed = ref == "main" && ref_protected && pipeline_source == "push"
    +condition pushed = ref == "main" && ref_type == "branch" && ref_protected && pipeline_source == "push"
     
     /// Deploys acme/shop to production.
     role deploy-prod {
    "#);
    folder
        .run(&[&["check", "--unsafe-fixes"], &select[..]].concat())
        .exits(0);
    assert!(
        folder
            .read("shop.policy")
            .contains("ref == \"main\" && ref_type == \"branch\"")
    );
}

#[test]
fn a_baseline_survives_lines_that_move() {
    let folder = open();
    let run = folder.run(&["check", "--write-baseline"]).exits(0);
    assert_snapshot!(run.out, @r#"
    3 findings in policy-check-baseline.json
    help: add `baseline = "policy-check-baseline.json"` to `policy-check.toml`, or check with `--baseline policy-check-baseline.json`
    "#);
    // With that line it is used, and nothing is missing.
    let configured = open();
    configured.write("policy-check.toml", "baseline = \"policy-check-baseline.json\"\n");
    let run = configured.run(&["check", "--write-baseline"]).exits(0);
    assert_snapshot!(run.out, @"3 findings in policy-check-baseline.json");
    assert!(
        configured
            .run(&["check"])
            .exits(0)
            .out
            .contains("3 in the baseline")
    );
    let known = ["check", "--baseline", "policy-check-baseline.json"];
    assert_snapshot!(folder.run(&known).exits(0).out, @"1 file, 1 policy set, 1 role: no findings, 3 in the baseline; baseline policy-check-baseline.json");
    folder.write(
        "open.policy",
        OPEN.replace("role plan", "// moved\n\n\nrole plan"),
    );
    folder.run(&known).exits(0);
    folder.write(
        "open.policy",
        OPEN.to_owned() + "role more { allow from gitlab when ref_protected }\n",
    );
    let json = folder
        .run(&[&known[..], &["--format", "json"]].concat())
        .exits(1)
        .json();
    assert!(rules(&json).contains(&"shared-issuer-without-tenant"), "{json}");
    folder.write("policy-check-baseline.json", "{}");
    assert_snapshot!(folder.run(&known).exits(2).err, @"
    error: `policy-check-baseline.json` is not a baseline
      help: write a new one with `policy-check check --write-baseline`
    ");
}

#[test]
fn the_nearest_configuration_is_meant() {
    let folder = Folder::with(&[
        ("policies/open.policy", OPEN),
        (
            "policies/legacy/old.policy",
            "role old { allow from gitlab when ref_protected }\n",
        ),
        (
            "policy-check.toml",
            "fail-level = \"high\"\n\n[rules]\nrole-without-test = \"off\"\npattern-without-wildcard = \"high\"\n\n\
             [[overrides]]\nfiles = [\"policies/legacy/**\"]\nrules = { shared-issuer-without-tenant = \"off\" }\n",
        ),
    ]);
    let json = folder
        .run(&["check", "policies", "--format", "json"])
        .exits(1)
        .json();
    let found = json["sets"][0]["findings"].as_array().unwrap();
    let found: Vec<Value> = found
        .iter()
        .map(|finding| json!([finding["rule"], finding["severity"], finding["file"]]))
        .collect();
    assert!(
        found.contains(&json!([
            "pattern-without-wildcard",
            "high",
            "policies/open.policy"
        ])),
        "{found:?}"
    );
    assert!(
        found.contains(&json!([
            "shared-issuer-without-tenant",
            "high",
            "policies/open.policy"
        ])),
        "{found:?}"
    );
    let is_legacy =
        |one: &&Value| one[2] == "policies/legacy/old.policy" && one[0] == "shared-issuer-without-tenant";
    assert_eq!(found.iter().find(is_legacy), None);
    assert!(
        !found.iter().any(|one| one[0] == "role-without-test"),
        "{found:?}"
    );
    // Nothing is read, or another file.
    let json = folder
        .run(&["check", "policies", "--isolated", "--format", "json"])
        .exits(1)
        .json();
    assert!(rules(&json).contains(&"role-without-test"), "{json}");
    folder.write("other.toml", "persona = \"auditor\"\n");
    folder
        .run(&["check", "policies", "--config", "other.toml"])
        .exits(1);
}

#[test]
fn a_wrong_configuration_is_no_configuration() {
    let folder = open();
    let mut errors = String::new();
    for text in [
        "fail_level = \"high\"",
        "\n\npersona = 3",
        "persona = \"everybody\"",
        "persona = \"audit\"",
        "[rules]\nany-reff = \"off\"",
        "[rules]\nany-ref = \"maybe\"",
        "[[overrides]]\nfiles = [\"[\"]\nrules = {}",
        "[boundaries]\n\"../\" = []",
        "[boundaries]\n\"team-a/\" = [\"apps/**\"]",
    ] {
        folder.write("policy-check.toml", text);
        let run = folder.run(&["check"]).exits(2);
        assert_eq!(run.out, "");
        errors += &run.err;
    }
    assert_snapshot!(errors, @r#"
    error: `policy-check.toml:1`: unknown field `fail_level`, expected one of `persona`, `fail-level`, `privileged-tags`, `known-audiences`, `boundaries`, `baseline`, `pages`, `rules`, `overrides`, `profiles`, `foreign`
      help: `policy-check rules --config-schema` lists all settings
    error: `policy-check.toml:3`: invalid type: integer `3`, expected a string
      help: `policy-check rules --config-schema` lists all settings
    error: `policy-check.toml:1`: `everybody` is not a persona; use one of `regular`, `pedantic`, `auditor`
      help: `policy-check rules --config-schema` lists all settings
    error: `policy-check.toml:1`: `audit` is not a persona: did you mean `auditor`?
      help: `policy-check rules --config-schema` lists all settings
    error: `policy-check.toml`: there is no rule `any-reff`
      help: did you mean `any-ref`?
    error: `policy-check.toml:2`: `maybe` is not a rule level; use one of `off`, `on`, `info`, `low`, `medium`, `high`
      help: `policy-check rules --config-schema` lists all settings
    error: `policy-check.toml`: error parsing glob '[': unclosed character class; missing ']'
    error: `policy-check.toml`: `../` is not a folder below this file
      help: write a boundary as `"team-a/" = ["GRANT:GLOB"]`
    error: `policy-check.toml`: `apps/**` is not `GRANT:GLOB`
      help: write it as `secrets:apps/team-a/**`
    "#);
}

#[test]
fn tests_are_run_if_they_are_asked_for() {
    let folder = Folder::with(&[("shop.policy", CLEAN)]);
    assert_snapshot!(folder.run(&["check", "--tests"]).exits(0).out, @r"
    2 passed, 0 failed
    1 file, 1 policy set, 2 roles: no findings
    ");
    folder.write(
        "shop.policy",
        CLEAN.replace("expect only plan", "expect only plan, deploy-prod"),
    );
    let high = ["--fail-level", "high"];
    folder.run(&[&["check"], &high[..]].concat()).exits(0);
    let arguments = [&["check", "--tests", "--format", "json"], &high[..]].concat();
    let json = folder.run(&arguments).exits(1).json();
    assert_eq!(json["tests"]["failed"], 1);
}

#[test]
fn findings_are_counted_by_rule() {
    let run = open()
        .run(&["check", "--statistics", "--select", "identity,operators"])
        .exits(1);
    let statistics: Vec<&str> = run.out.lines().rev().skip(1).take(2).collect();
    assert_snapshot!(statistics.join("\n"), @r"
    1  high  shared-issuer-without-tenant
    1  low  pattern-without-wildcard
    ");
}

#[test]
fn one_line_for_each_finding() {
    let run = open().run(&["check", "--format", "compact"]).exits(1);
    assert_snapshot!(run.out, @r#"
    open.policy:10:1: low: no test covers `plan` [role-without-test]
    open.policy:12:3: high: `plan` is granted to anyone who can run a job on `https://gitlab.com` [shared-issuer-without-tenant]
    open.policy:13:5: low: `ref like "main"` has no wildcard [pattern-without-wildcard]
    "#);
}

#[test]
fn two_formats_cannot_go_to_one_place() {
    let folder = open();
    let run = folder
        .run(&["check", "--format", "human", "--format", "json"])
        .exits(2);
    assert_snapshot!(run.err, @r"
    error: two formats cannot both go to standard output
      help: name a file for one of them: `--format json=FILE`
    ");
    let run = folder
        .run(&["check", "--format", "compact", "--format", "json=found.json"])
        .exits(1);
    assert!(run.out.contains("[shared-issuer-without-tenant]"), "{}", run.out);
    let json: Value = serde_json::from_str(&folder.read("found.json")).unwrap();
    assert!(rules(&json).contains(&"shared-issuer-without-tenant"), "{json}");
}

#[test]
fn rules_are_listed_and_explained() {
    let folder = Folder::new();
    let run = folder.run(&["rules"]).exits(0);
    for category in ["identity", "pipeline", "operators", "logic", "hygiene"] {
        assert!(run.out.contains(&format!("{category}\n")), "{}", run.out);
    }
    let json = folder.run(&["rules", "--format", "json"]).exits(0).json();
    let rules = json["rules"].as_array().unwrap();
    assert!(rules.len() >= 45, "{}", rules.len());
    let run = folder.run(&["rules", "shared-issuer-without-tenant"]).exits(0);
    assert!(
        run.out
            .starts_with("shared-issuer-without-tenant\nidentity · high severity"),
        "{}",
        run.out
    );
    assert!(run.out.contains("\nWhen to allow it\n"), "{}", run.out);
    assert_snapshot!(folder.run(&["rules", "shared-issuer"]).exits(2).err, @r"
    error: there is no rule `shared-issuer`
      help: did you mean `shared-issuer-without-tenant`?
    ");
    assert_snapshot!(folder.run(&["rules", "identiy"]).exits(2).err, @r"
    error: there is no rule `identiy`
      help: did you mean `identity`?
    ");
    let schema: Value =
        serde_json::from_str(&folder.run(&["rules", "--config-schema"]).exits(0).out).unwrap();
    assert_eq!(schema["title"], "policy-check.toml");
}

#[test]
fn files_are_watched() {
    use std::io::{BufRead, BufReader};
    use std::sync::mpsc;
    use std::time::Duration;

    let folder = open();
    let mut command = folder.command(&["check", "--watch", "--format", "compact"]);
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (sender, found) = mpsc::channel();
    std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
    // It may take long on a busy machine; what never comes fails.
    let next = |text: &str| loop {
        let line = found.recv_timeout(Duration::from_secs(60)).unwrap();
        if line.contains(text) {
            break;
        }
    };
    next("[pattern-without-wildcard]");
    folder.write("open.policy", OPEN.replace("ref like", "reff =="));
    next("[invalid-policy]");
    folder.write("open.policy", OPEN);
    next("[pattern-without-wildcard]");
    child.kill().unwrap();
    child.wait().unwrap();
    folder.run_with(&["check", "--watch", "-"], b"").exits(2);
}
