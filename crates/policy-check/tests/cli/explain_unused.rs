//! `policy-check explain --unused`: the `allow`s that no token of a log took.

use crate::policies::{Folder, Run};
use crate::schema::{assert_valid, closed, own};
use serde_json::{Value, json};

const HEAD: &str = r#"edition 2026
issuer gitlab { url "https://gitlab.example" profile gitlab-ci audience "sts" }
issuer lab { url "https://lab.example" profile gitlab-ci audience "sts" }
"#;

/// The line of a token of a project.
fn token(project: &str, more: &Value) -> String {
    let mut token = json!({"iss": "https://gitlab.example", "aud": "sts", "project_path": project});
    let members = more.as_object().unwrap().clone();
    token.as_object_mut().unwrap().extend(members);
    token.to_string()
}

/// The line of a grant in an audit log.
fn grant(role: &str, clause: Option<&str>) -> String {
    let mut line =
        json!({"line": 7, "before": "x", "time": 1_777_881_721, "outcome": "granted", "granted_role": role});
    if let Some(clause) = clause {
        line["clause"] = json!(clause);
    }
    line.to_string()
}

fn explain(policy: &str, log: &[String], more: &[&str]) -> Run {
    let folder = Folder::with(&[
        ("p/a.policy", &format!("{HEAD}{policy}")),
        ("log.jsonl", &log.join("\n")),
    ]);
    let arguments = ["explain", "--policies", "p", "--claims", "log.jsonl", "--unused"];
    folder.run(&[&arguments, more].concat())
}

/// Returns the object of what is unused, which is as its schema has it, and the exit code.
#[track_caller]
fn unused(policy: &str, log: &[String]) -> (Value, i32) {
    let run = explain(policy, log, &["--format", "json"]);
    let json = run.json();
    assert_valid(&closed(own("schemas/explain.schema.json")), &json);
    (json["unused"].clone(), run.code)
}

/// Returns the line, the outcome and the consequence of each listed `allow`.
fn listed(unused: &Value) -> Vec<(u64, &str, &str)> {
    let roles = unused["roles"].as_array().unwrap().iter();
    let allows = roles.flat_map(|role| role["allows"].as_array().unwrap());
    let each = allows.map(|allow| {
        let removal = allow["removal"]["outcome"].as_str().unwrap_or_default();
        (
            allow["line"].as_u64().unwrap(),
            allow["outcome"].as_str().unwrap(),
            removal,
        )
    });
    each.collect()
}

#[test]
fn each_clause_that_allows_a_token_is_used() {
    // The second one only ever holds together with the first one.
    let policy = r#"role r {
  allow from gitlab when project under "acme"
  allow from gitlab when project == "acme/shop"
  allow from gitlab when project == "acme/web"
  allow from lab when project == "acme/lab"
}
"#;
    let (found, exit) = unused(policy, &[token("acme/shop", &json!({}))]);
    assert_eq!(listed(&found), [(7, "unused", "nothing"), (8, "unused", "loses")]);
    assert_eq!(
        (&found["allows"], &found["unused"], exit),
        (&json!(4), &json!(2), 1)
    );
    let of_lab = token("acme/lab", &json!({"iss": "https://lab.example"}));
    let every = [
        token("acme/shop", &json!({})),
        token("acme/web", &json!({})),
        of_lab,
    ];
    let (found, exit) = unused(policy, &every);
    assert_eq!((listed(&found), exit), (vec![], 0), "{found:#}");
    assert!(
        explain(policy, &every, &[])
            .exits(0)
            .out
            .contains("unused: none of 4 `allow`s\n")
    );
}

#[test]
fn of_two_that_replace_each_other_one_must_stay() {
    let policy = r#"role r {
  allow from gitlab when project == "acme/shop"
  allow from gitlab when project in ["acme/shop"]
  allow from gitlab when project == "acme/shop" && ref == "main"
}
"#;
    let (found, _) = unused(policy, &[token("else/where", &json!({}))]);
    let lines = listed(&found);
    assert_eq!(lines, [5, 6, 7].map(|line| (line, "unused", "nothing")));
    let unless = |number: usize| found["roles"][0]["allows"][number]["removal"]["unless_removed"].clone();
    assert_eq!(unless(0), Value::Null);
    assert_eq!(unless(1), json!([{"file": "p/a.policy", "line": 5}]));
    assert_eq!(unless(2), Value::Null, "the second one stays");
    let text = explain(policy, &[], &[]).exits(1).out;
    assert!(
        text.contains("another `allow`; keep it if you remove `p/a.policy:5`"),
        "{text}"
    );
}

#[test]
fn a_guard_and_a_grant_are_a_part_of_the_clause() {
    let policy = r#"role r {
  allow from gitlab when project == "acme/shop"
  grant path = "x/{environment}"
}
role s { allow from gitlab when project == "acme/shop" }
guard g for s { ref == "main" }
"#;
    let main = json!({"ref": "main"});
    let (found, _) = unused(policy, &[token("acme/shop", &main)]);
    assert_eq!(
        listed(&found),
        [(5, "unused", "loses")],
        "the grant is not filled"
    );
    let (found, _) = unused(
        policy,
        &[token("acme/shop", &json!({"ref": "x", "environment": "e"}))],
    );
    assert_eq!(listed(&found), [(8, "unused", "loses")], "the guard denies it");
}

#[test]
fn a_family_is_listed_as_it_is_written() {
    let policy = r#"role r-{app} for app in ["a", "b", "c"] {
  allow from gitlab when project == "acme/{app}" && ref == "main"
  allow from gitlab when project == "acme/{app}" && ref == "next"
}
"#;
    let main = json!({"ref": "main"});
    let (found, exit) = unused(policy, &[token("acme/b", &main)]);
    assert_eq!((listed(&found), exit), (vec![(6, "unused", "loses")], 1));
    assert_eq!(found["roles"][0]["role"], "r-{app}");
    assert_eq!(found["roles"][0]["unused_roles"], json!(["r-a", "r-c"]));
    let text = explain(policy, &[token("acme/b", &main)], &[]).out;
    assert!(
        text.contains(": no token of the log got `r-a`, `r-c`\n"),
        "{text}"
    );
    assert!(
        text.contains("unused: 1 of 2 `allow`s, 2 unused roles\n"),
        "{text}"
    );
    // Each `allow` is used by some role, and one role is not.
    let next = json!({"ref": "next"});
    let some = [token("acme/a", &main), token("acme/b", &next)];
    let (found, exit) = unused(policy, &some);
    assert_eq!((listed(&found), exit), (vec![], 1));
    assert_eq!(found["roles"][0]["unused_roles"], json!(["r-c"]));
    // A selector leaves it out.
    let run = explain(policy, &some, &["--role", "r-a,r-b"]);
    assert!(run.code == 0, "{}", run.out);
}

#[test]
fn a_log_says_from_when_to_when_it_is() {
    let policy = "role r { allow from gitlab }\n";
    let of = |times: &[Value]| {
        let lines: Vec<String> = times
            .iter()
            .map(|time| token("a/b", &json!({"iat": time})))
            .collect();
        let (found, _) = unused(policy, &lines);
        [&found["from"], &found["to"], &found["without_time"]].map(Value::clone)
    };
    let [early, late] = ["2026-05-04T08:02:01Z", "2026-05-06T08:02:01Z"];
    let (first, last) = (json!(1_777_881_721), json!(1_778_054_521.5));
    assert_eq!(
        of(&[last.clone(), first.clone()]),
        [json!(early), json!(late), json!(0)]
    );
    let odd = [json!("soon"), json!(i64::MAX), json!(1e30), json!(null)];
    assert_eq!(
        of(&[&[first][..], &odd].concat()),
        [json!(early), json!(early), json!(4)]
    );
    assert_eq!(of(&odd), [Value::Null, Value::Null, json!(4)]);
    let text = explain(policy, &[], &[]).exits(1).out;
    assert!(
        text.contains("  the log does not say from when to when it is\n"),
        "{text}"
    );
}

const SHOP: &str = r#"role deploy {
  allow from gitlab when project == "acme/shop" allow from gitlab when project == "acme/web"
  allow from gitlab when project == "acme/lab"
}
role plan { allow from gitlab when project under "acme" }
"#;

#[test]
fn grants_of_an_audit_log_name_the_clause() {
    let (found, exit) = unused(
        SHOP,
        &[
            grant("deploy", Some("a.policy:6")),
            grant("plan", Some("a.policy:8")),
        ],
    );
    assert_eq!(found["log"], "audit");
    assert_eq!(listed(&found), [(5, "unused", "loses"), (5, "unused", "loses")]);
    assert_eq!(exit, 1);
    // Two of them are on one line.
    let all = [
        grant("deploy", Some("a.policy:6")),
        grant("deploy", Some("a.policy:5")),
        grant("plan", Some("a.policy:8")),
    ];
    let (found, exit) = unused(SHOP, &all);
    assert_eq!(
        listed(&found),
        [(5, "not_decided", "loses"), (5, "not_decided", "loses")]
    );
    assert_eq!((&found["not_decided"], exit), (&json!(2), 3));
}

#[test]
fn a_clause_that_is_not_there_any_more_is_counted() {
    for place in [
        "a.policy:4",
        "a.policy:60",
        "b.policy:6",
        "xa.policy:6",
        "policy:6",
        "a.policy",
        "a.policy:x",
        "",
    ] {
        let log = [
            grant("deploy", Some(place)),
            grant("plan", Some("a.policy:8")),
            grant("gone", Some("a.policy:8")),
        ];
        let (found, exit) = unused(SHOP, &log);
        assert_eq!(listed(&found).len(), 3, "{place}");
        assert!(
            listed(&found)
                .iter()
                .all(|(_, outcome, _)| *outcome == "not_decided"),
            "{place}: {found:#}"
        );
        assert_eq!(
            [&found["moved"], &found["unknown_roles"], &found["earlier"]],
            [1, 1, 0],
            "{place}"
        );
        assert_eq!(exit, 3, "{place}");
    }
    let text = explain(
        SHOP,
        &[grant("deploy", Some("a.policy:4")), grant("gone", None)],
        &[],
    )
    .exits(1)
    .out;
    assert!(
        text.contains("  1 grant by an `allow` that is not at its place in these policies: use"),
        "{text}"
    );
    assert!(
        text.contains("  1 grant of a role that is not in these policies\n"),
        "{text}"
    );
}

#[test]
fn a_use_of_an_earlier_grant_has_no_clause() {
    let (found, exit) = unused(SHOP, &[grant("deploy", None), grant("plan", Some("a.policy:8"))]);
    assert!(
        listed(&found)
            .iter()
            .all(|(_, outcome, _)| *outcome == "not_decided"),
        "{found:#}"
    );
    assert_eq!((&found["earlier"], exit), (&json!(1), 3));
    // The log has the grant that it goes back to.
    let log = [
        grant("deploy", Some("a.policy:6")),
        grant("deploy", None),
        grant("plan", Some("a.policy:8")),
    ];
    let (found, exit) = unused(SHOP, &log);
    assert_eq!(listed(&found), [(5, "unused", "loses"), (5, "unused", "loses")]);
    assert_eq!((&found["earlier"], exit), (&json!(1), 1));
}

#[test]
fn an_audit_log_is_recognised_by_its_first_object() {
    let noise = ["no JSON".to_owned(), String::new()];
    let counted = json!({"line": 1, "before": "", "time": 0, "outcome": "counted", "peer": null}).to_string();
    let log = [
        &noise[..],
        &[counted],
        &[token("acme/shop", &json!({})), grant("plan", Some("a.policy:8"))],
    ]
    .concat();
    let run = explain(SHOP, &log, &["--role", "plan"]).exits(0);
    assert!(
        run.out
            .starts_with("an audit log with 1 grant: its chain is not verified here\n"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("  line 4: it is not a line of an audit log\n"),
        "{}",
        run.out
    );
    let run = explain(SHOP, &log, &["--issuer", "gitlab"]).exits(2);
    assert!(
        run.err.contains("an audit log has the issuer of each grant"),
        "{}",
        run.err
    );
    // A token is not one because of a claim.
    let claims = token(
        "acme/shop",
        &json!({"outcome": "granted", "granted_role": "plan"}),
    );
    assert_eq!(unused(SHOP, &[claims]).0["log"], "claims");
}

#[test]
fn what_others_wrote_is_inert() {
    let evil = "\u{1b}[2J\u{202e}<script>@all`#1`";
    let log = [
        grant(evil, Some(evil)),
        grant("plan", Some(&format!("{evil}:8"))),
        json!({"line": 1, "before": "", "outcome": evil, "time": 1}).to_string(),
    ];
    let log = log.map(|line| line + &" ".repeat(3));
    for format in ["human", "json", "markdown", "html"] {
        let out = explain(SHOP, &log, &["--format", format]).exits(1).out;
        assert!(!out.contains(['\u{1b}', '\u{202e}']), "{format} {out}");
        let is_markup = matches!(format, "html" | "markdown");
        assert!(!is_markup || !out.contains("<script>@"), "{format} {out}");
        assert!(format != "markdown" || !out.contains("@all"), "{out}");
    }
    let claims = token(evil, &json!({"ref": evil, "iat": 1e300}));
    let out = explain(SHOP, &[claims], &["--format", "markdown"]).exits(1).out;
    assert!(!out.contains("@all") && !out.contains('\u{1b}'), "{out}");
}

#[test]
fn many_unused_are_cut_in_text_and_not_in_json() {
    let role = |number: usize| {
        format!("role r{number} {{ allow from gitlab when project == \"acme/p{number}\" }}\n")
    };
    let policy: String = (0..70).map(role).collect();
    let text = explain(&policy, &[], &[]).exits(1).out;
    assert_eq!(text.matches("\nUNUSED").count(), 50, "{text}");
    assert!(
        text.contains("\nand 20 more `allow`s: see `--format json`"),
        "{text}"
    );
    assert!(
        text.contains("unused: 70 of 70 `allow`s, 70 unused roles\n"),
        "{text}"
    );
    assert_eq!(listed(&unused(&policy, &[]).0).len(), 70);
    assert_eq!(
        explain(&policy, &[], &["--format", "html"])
            .out
            .matches(">unused</span>")
            .count(),
        70
    );
}

/// Two statements: one for a repository, and one for another one, from an address.
const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
   "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.example"},
   "Condition": {"StringEquals": {"gitlab.example:aud": "sts", "gitlab.example:sub": "project_path:acme/shop:ref_type:branch:ref:main"}}},
  {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
   "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.example"},
   "Condition": {"StringEquals": {"gitlab.example:aud": "sts", "gitlab.example:sub": "project_path:acme/web:ref_type:branch:ref:main"},
                 "IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}},
  {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
   "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.example"},
   "Condition": {"StringEquals": {"gitlab.example:aud": "sts", "gitlab.example:sub": "project_path:acme/lab:ref_type:branch:ref:main"}}}
]}"#;
const PROVIDER: &str = r#"{"Url": "gitlab.example", "ClientIDList": ["sts"]}"#;
const CONFIGURATION: &str = "[profiles]\n\"https://gitlab.example\" = \"gitlab-ci\"\n";

#[test]
fn a_trust_policy_has_unused_statements() {
    let of = |projects: &[&str]| {
        let line = |project: &&str| {
            let sub = format!("project_path:{project}:ref_type:branch:ref:main");
            token(project, &json!({"ref_type": "branch", "ref": "main", "sub": sub}))
        };
        let log: Vec<String> = projects.iter().map(line).collect();
        let folder = Folder::with(&[
            ("trust.json", TRUST),
            ("provider.json", PROVIDER),
            ("policy-check.toml", CONFIGURATION),
            ("log.jsonl", &log.join("\n")),
        ]);
        let arguments = [
            "explain",
            "--policies",
            "trust.json",
            "--policies",
            "provider.json",
            "--claims",
            "log.jsonl",
            "--unused",
            "--format",
            "json",
        ];
        let run = folder.run(&arguments);
        let json = run.json();
        assert_valid(&closed(own("schemas/explain.schema.json")), &json);
        (json["unused"].clone(), run.code)
    };
    let (found, exit) = of(&["acme/shop"]);
    let lines: Vec<(u64, &str, &str)> = listed(&found);
    assert_eq!(lines.len(), 2, "{found:#}");
    assert!(
        lines
            .iter()
            .all(|(_, outcome, removal)| (*outcome, *removal) == ("unused", "loses")),
        "{found:#}"
    );
    assert_eq!(exit, 1);
    // It depends on the address whether the token took the second one.
    let (found, exit) = of(&["acme/shop", "acme/web", "acme/lab"]);
    let lines = listed(&found);
    assert_eq!(
        (lines.len(), lines[0].1, exit),
        (1, "not_decided", 3),
        "{found:#}"
    );
}
