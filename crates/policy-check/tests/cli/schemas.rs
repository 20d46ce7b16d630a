//! The schemas that are published: those of what each verb prints, and that of `policy-check.toml`.

use crate::blessed::assert_blessed;
use crate::formats::{BROKEN, FOUND, TESTED};
use crate::policies::{Folder, Run, SHOP};
use crate::schema::{assert_valid, closed, own};
use crate::tokens::{NOW, Signer, claims, claims_with};
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

/// The policies of `SHOP`, a token, keys, and an older version in `before`.
fn shop_with_a_token() -> Folder {
    let signer = Signer::new("key");
    let folder = Folder::with(&[("now/shop.policy", SHOP), ("before/shop.policy", SHOP)]);
    folder.write("jwks.json", signer.jwks());
    folder.write("token.jwt", signer.token(&claims()));
    folder.write(
        "denied.jwt",
        signer.token(&claims_with(json!({"project_path": "else/shop"}))),
    );
    folder.write(
        "refused.jwt",
        signer.token(&claims_with(json!({"aud": "another"}))),
    );
    folder.write("claims.json", claims().to_string());
    folder.write("log.jsonl", format!("{}\n", claims()));
    let looser = SHOP.replace("project under \"acme\"", "project like \"*\"");
    folder.write(
        "now/shop.policy",
        format!(
            "{looser}\n{TESTED}\nassert \"never\" {{ possible plan when ref == \"main\" && ref == \"x\" }}\n"
        ),
    );
    folder.write("broken/broken.policy", BROKEN);
    folder
}

/// Runs a verb, and asserts that what it prints is as its schema has it, and names the version.
#[track_caller]
fn assert_published(folder: &Folder, arguments: &[&str]) -> Value {
    let verb = arguments[0];
    let run: Run = folder.run(&[arguments, &["--format", "json"]].concat());
    let json = run.json();
    assert_eq!(json["schema_version"], 1, "{verb}");
    assert_valid(&closed(own(&format!("schemas/{verb}.schema.json"))), &json);
    json
}

#[test]
fn each_verb_prints_json_as_its_schema_has_it() {
    let folder = shop_with_a_token();
    let found = |arguments: &[&str], paths: &[&str]| {
        let json = assert_published(&folder, arguments);
        // Otherwise nothing is said about the parts.
        for path in paths {
            assert!(json.pointer(path).is_some(), "{path}: {json:#}");
        }
    };
    found(&["check", "now"], &["/sets/0/findings"]);
    found(&["test", "now", "broken"], &["/tests/2/failures/0", "/errors/0"]);
    found(
        &["test", "now", "--coverage", "--mutate"],
        &[
            "/coverage/roles/0/comparisons/0/denied/outcome",
            "/mutation/mutants/0/diff/0",
        ],
    );
    found(&["graph", "now"], &["/ways/0/grants", "/ways/0/token"]);
    found(
        &["gen-tests", "now", "broken", "--check"],
        &["/sets/0/outcome", "/errors/0"],
    );
    found(&["prove", "now", "broken"], &["/assertions/1/token", "/errors/0"]);
    found(&["prove", "now", "possible plan"], &["/assertions/0"]);
    folder.write(
        "trust.json",
        r#"{"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
            "Condition": {"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:acme/shop:actor:ann"}}}}"#,
    );
    found(
        &["check", "trust.json"],
        &["/sets/0/coverage/assumed/0", "/sets/0/coverage/missing/0"],
    );
    folder.write(
        "provider.json",
        r#"{"Url": "token.actions.githubusercontent.com", "ClientIDList": ["sts.amazonaws.com"]}"#,
    );
    found(
        &["prove", "trust.json", "provider.json", "possible *"],
        &["/assertions/0/assumption"],
    );
    found(
        &["witness", "*", "now", "--near-miss"],
        &["/roles/0/clauses/0/near_misses/0"],
    );
    found(&["witness", "*", "broken"], &["/errors/0"]);
    found(
        &["witness", "plan", "now", "--write", "now/new.policy"],
        &["/written/tests/0"],
    );
    found(&["diff", "before", "now"], &["/roles/1/gained/token"]);
    found(&["rules"], &["/rules/0/page"]);
    found(
        &["profiles"],
        &["/profiles/0/claims/0", "/profiles/0/derivations"],
    );
    found(
        &["keys", "--jwks", "jwks.json"],
        &["/key_sets/0/keys/0/thumbprint"],
    );
    let with = |verb, token| {
        [
            verb,
            "--policies",
            "before",
            "--jwks",
            "jwks.json",
            "--at",
            NOW,
            "--token",
            token,
        ]
    };
    for verb in ["decide", "explain"] {
        found(&with(verb, "token.jwt"), &["/roles/0"]);
        found(&with(verb, "denied.jwt"), &["/roles"]);
        found(&with(verb, "refused.jwt"), &["/error/code"]);
    }
    found(
        &[&with("decide", "denied.jwt")[..], &["--role", "plan"]].concat(),
        &["/roles/0/reason"],
    );
    found(
        &["explain", "--policies", "before", "--claims", "log.jsonl"],
        &["/tokens"],
    );
    folder.write("empty.jsonl", "");
    found(
        &[
            "explain",
            "--policies",
            "before",
            "--claims",
            "empty.jsonl",
            "--unused",
        ],
        &["/unused/roles/0/allows/0/removal/token"],
    );
    found(
        &["explain", "--policies", "before", "--claims", "claims.json"],
        &["/filled_in"],
    );
}

const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": [{
  "Effect": "Allow",
  "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"},
  "Action": "sts:AssumeRoleWithWebIdentity",
  "Condition": {"StringEquals": {"gitlab.com:project_id": "4242", "gitlab.com:ref_protected": "true"}}
}]}"#;

#[test]
fn documents_in_other_languages_are_reported_as_the_schemas_have_it() {
    let folder = Folder::new();
    folder.write("trust.json", TRUST);
    folder.write(
        "wider.json",
        TRUST.replace(", \"gitlab.com:ref_protected\": \"true\"", ""),
    );
    folder.write(
        "refused.json",
        TRUST.replace("4242", "${aws:PrincipalTag/project}"),
    );
    let checked = assert_published(&folder, &["check", "trust.json", "refused.json"]);
    assert_eq!(checked["sets"][0]["coverage"]["complete"], false);
    let compared = assert_published(&folder, &["diff", "trust.json", "wider.json"]);
    assert_eq!(compared["documents"][0]["now"]["exact"], 1);
    let imported = assert_published(&folder, &["import", "trust.json", "refused.json"]);
    assert_eq!(imported["roles"][1]["exact"], true);
    assert_eq!(imported["roles"][0]["role"], Value::Null);
}

#[test]
fn exported_roles_are_reported_as_the_schema_has_it() {
    let folder = Folder::with(&[("p/shop.policy", EXPORTED)]);
    let exported = |more: &[&str]| {
        let arguments = [&["export", "p", "aws", "*", "--account", "123456789012"], more].concat();
        assert_published(&folder, &arguments)
    };
    let report = exported(&[]);
    let outcomes: Vec<&Value> = report["roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| &role["outcome"])
        .collect();
    assert_eq!(outcomes, ["exact", "wider"]);
    assert_eq!(report["roles"][1]["unseen"], json!(["environment"]));
    assert_eq!(exported(&["--out", "aws"])["folder"], "aws");
    assert!(folder.path("aws/trust-policy.json").exists());
    // A script names the documents beside it.
    let two = EXPORTED.replace("environment == \"live\"", "ref_protected");
    let folder = Folder::with(&[("p/shop.policy", &two)]);
    let arguments = [
        "export",
        "p",
        "aws",
        "*",
        "--account",
        "123456789012",
        "--as",
        "cli",
        "--out",
        "aws",
    ];
    let report = assert_published(&folder, &arguments);
    assert_eq!(report["roles"][1]["target"], "AWS");
    for role in ["deploy", "live"] {
        let script = folder.read(&format!("aws/{role}/commands.sh"));
        assert!(script.contains("file://trust-policy.json"), "{script}");
        assert!(folder.path(&format!("aws/{role}/trust-policy.json")).exists());
    }
}

#[test]
fn differences_of_live_roles_are_reported_as_the_schema_has_it() {
    let policies = EXPORTED.replace(
        "ref_protected }",
        "ref_protected\n  grant aws_role = \"arn:aws:iam::123456789012:role/deploy\" }",
    );
    let folder = Folder::with(&[("p/shop.policy", &policies)]);
    let role = |name: &str, policy: &str| {
        format!(
            r#"{{"RoleName": "{name}", "Arn": "arn:aws:iam::123456789012:role/{name}", "AssumeRolePolicyDocument": {policy}}}"#
        )
    };
    let wider = TRUST.replace(", \"gitlab.com:ref_protected\": \"true\"", "");
    for (deploy, state) in [
        (TRUST, "equal"),
        (&wider, "drifted"),
        ("{\"Statement\": []}", "drifted"),
    ] {
        let roles = format!(
            r#"{{"Roles": [{}, {}]}}"#,
            role("deploy", deploy),
            role("other", TRUST)
        );
        folder.write("account.json", roles);
        let report = assert_published(&folder, &["drift", "p", "account.json"]);
        assert_eq!(report["roles"][0]["state"], state);
        assert_eq!(report["roles"][1]["state"], "unknown");
    }
}

#[test]
fn names_and_migrations_are_reported_as_the_schema_has_it() {
    let policy = r#"issuer github {
  url "https://token.actions.githubusercontent.com"
  profile github-actions
  audience "a"
}
role deploy { allow from github when sub in ["repo:acme/shop:pull_request", "repo:acme/gone:pull_request"] }
"#;
    let repositories = r#"[{"id": 4242, "full_name": "acme/shop", "owner": {"id": 72, "login": "acme"}}]"#;
    let folder = Folder::with(&[("p/shop.policy", policy), ("repos.json", repositories)]);
    let report = assert_published(
        &folder,
        &["names", "p", "--projects", "repos.json", "--ours", "acme"],
    );
    let standings: Vec<&Value> = report["names"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| &name["standing"])
        .collect();
    assert_eq!(standings, ["unregistered", "ours"]);
    let arguments = ["migrate", "immutable-subjects", "p", "--projects", "repos.json"];
    let report = assert_published(&folder, &arguments);
    assert_eq!(
        (&report["subjects"], &report["written"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(report["left"][0]["line"], 6);
    let report = assert_published(&folder, &[&arguments[..], &["--write"]].concat());
    assert_eq!(report["written"], true);
    assert!(
        folder
            .read("p/shop.policy")
            .contains("repo:acme@72/shop@4242:pull_request")
    );
    let report = assert_published(&folder, &[&arguments[..], &["--drop-old"]].concat());
    assert_eq!(report["step"], "drop_old");
}

const EXPORTED: &str = r#"issuer gitlab {
  url "https://gitlab.com"
  profile gitlab-ci
  audience "https://sts.acme.example"
}

role deploy { allow from gitlab when project_id == "4242" && ref_protected }

role live { allow from gitlab when project_id == "4242" && environment == "live" }
"#;

#[test]
fn each_verb_with_json_has_a_schema() {
    let folder = Folder::new();
    let help = folder.run(&["help"]).exits(0).out;
    let verbs = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let verbs = verbs.take_while(|line| line.starts_with("  "));
    let mut with_json = 0;
    for verb in verbs.filter_map(|line| line.split_whitespace().next()) {
        let help = folder.run(&[verb, "--help"]).out;
        if help.contains("The JSON is") {
            with_json += 1;
            own(&format!("schemas/{verb}.schema.json"));
        }
    }
    assert!(with_json >= 10, "{with_json}: {help}");
}
