//! Documents in other languages: the pages of the rules about them, and what is never shown of them.

use crate::cases::difference;
use crate::policies::Folder;
use rolecall_lint::{Category, RULES};
use serde_json::Value;
use std::path::Path;

/// A block of a rule page in JSON, YAML or HCL. Marks of findings are comments, which JSON does not have.
struct Block {
    name: &'static str,
    text: String,
    marked: Vec<usize>,
    is_good: bool,
}

fn blocks(page: &str) -> Vec<Block> {
    let (mut blocks, mut lines, mut heading) = (Vec::new(), page.lines(), "");
    while let Some(line) = lines.next() {
        heading = line.strip_prefix("## ").unwrap_or(heading);
        let (name, mark) = match line {
            "```json" => ("page.json", " // error"),
            "```yaml" => ("page.sts.yaml", " # error"),
            "```hcl" => ("page.tf", " // error"),
            _ => continue,
        };
        let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let marked = text.iter().enumerate().filter(|(_, line)| line.contains(mark));
        blocks.push(Block {
            name,
            marked: marked.map(|(number, _)| number + 1).collect(),
            text: text.join("\n").replace(mark, ""),
            is_good: heading == "Good",
        });
    }
    blocks
}

const PROVIDERS: &str = r#"[
    {"Url": "gitlab.com", "ClientIDList": ["https://sts.acme.example"]},
    {"Url": "token.actions.githubusercontent.com", "ClientIDList": ["sts.amazonaws.com"]}
]"#;

const MOUNT: &str =
    r#"{"data": {"oidc_discovery_url": "https://gitlab.com", "bound_issuer": "https://gitlab.com"}}"#;

/// Returns the rules and lines of the findings in a document.
fn found(name: &str, text: &str) -> Vec<(String, u64)> {
    let folder = Folder::new();
    folder.write(name, text);
    folder.write("providers.json", PROVIDERS);
    let mut arguments = vec!["check", name, "providers.json", "--format", "json"];
    if !text.contains("bound_issuer") {
        folder.write("mount.json", MOUNT);
        arguments.push("mount.json");
    }
    let run = folder.run(&arguments);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let findings = report["sets"][0]["findings"].as_array().unwrap().clone();
    let one = |finding: Value| {
        let rule = finding["rule"].as_str().unwrap().to_owned();
        (rule, finding["line"].as_u64().unwrap())
    };
    findings.into_iter().map(one).collect()
}

#[test]
fn the_pages_of_the_rules_show_what_they_find() {
    let rules = RULES.iter().filter(|rule| rule.category == Category::Foreign);
    let mut number = 0;
    for rule in rules {
        let blocks = blocks(rule.page);
        assert!(blocks.iter().any(|block| block.is_good), "{}", rule.name);
        assert!(blocks.iter().any(|block| !block.is_good), "{}", rule.name);
        for block in blocks {
            let found = found(block.name, &block.text);
            let own = found.iter().filter(|(name, _)| name == rule.name);
            let lines: Vec<usize> = own.map(|(_, line)| usize::try_from(*line).unwrap()).collect();
            assert_eq!(lines, block.marked, "{}: {found:?}", rule.name);
            assert_eq!(block.is_good, block.marked.is_empty(), "{}", rule.name);
            number += 1;
        }
    }
    assert!(number > 10, "{number}");
}

/// A document on one line, as programs print it: the line of each finding has all secrets.
#[test]
fn only_trust_policies_of_a_document_are_shown() {
    let secret = "s3cr3t";
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/gitlab.com"},
        "Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"gitlab.com:sub":"project_path:*"}}}]}"#;
    let text = format!(
        r#"{{"Note é 好 \u{{1f512}}": "{secret}", "RoleDetailList": [{{"RoleName": "open", "Tags": "{secret}",
        "Arn": "arn:aws:iam::123456789012:role/open", "AssumeRolePolicyDocument": {trust}, "RolePolicyList": "{secret}"}}],
        "Policies": ["{secret}"]}}"#
    )
    .replace('\n', "");
    let text = text.replace("\\u{1f512}", "🔒");
    let folder = Folder::new();
    folder.write("account.json", &text);
    let formats = [
        "human",
        "compact",
        "json",
        "sarif",
        "gitlab",
        "github",
        "junit",
        "checkstyle",
        "markdown",
    ];
    for format in formats {
        let run = folder.run(&[
            "check",
            "account.json",
            "--persona",
            "auditor",
            "--format",
            format,
        ]);
        let shown = format!("{}{}", run.out, run.err);
        assert!(shown.contains("wildcard-owner"), "{format}: {shown}");
        assert!(!shown.contains(secret), "{format}: {shown}");
    }
    let commands: &[&[&str]] = &[
        &["witness", "*", "account.json"],
        &["prove", "account.json", "possible *"],
        &["prove", "account.json", "never * when project_id == \"1\""],
        &["check", "account.json", "--stats"],
    ];
    for command in commands {
        let run = folder.run(command);
        let shown = format!("{}{}", run.out, run.err);
        assert!(!shown.is_empty(), "{command:?}");
        assert!(!shown.contains(secret), "{shown}");
    }
    assert_eq!(folder.read("account.json"), text, "it is never changed");
}

#[test]
fn the_guides_show_what_the_commands_print() {
    for (guide, outcomes) in [
        (
            "aws",
            &["wildcard-owner", "never-matches", "REFUTED", "denied", "2 exact"][..],
        ),
        (
            "azure",
            &[
                "wildcard-in-equality",
                "never-matches",
                "wildcard-owner",
                "REFUTED",
            ],
        ),
        (
            "google",
            &[
                "wildcard-owner",
                "extract-to-text",
                "untranslated-role",
                "REFUTED",
            ],
        ),
        ("drift", &["wider than the policies", "missing", "unknown"]),
        ("export", &["exact", "not exported", "StringLike", "wrote to"]),
        ("moving", &["proved", "no drift", "commands.sh"]),
        (
            "names",
            &["unregistered", "another id", "left ", "would be removed"],
        ),
        ("kubernetes", &["wildcard-owner", "regex-not-anchored", "REFUTED"]),
        ("terraform", &["gained and lost", "merge-request-admitted"]),
        (
            "octo-sts",
            &["prefix-trap", "inexact-role", "1 wider here", "proved"],
        ),
        (
            "vault",
            &["wildcard-owner", "never-matches", "never-equal", "REFUTED"],
        ),
    ] {
        let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/{guide}.md"));
        let wrong = difference(&guide, guide.parent().unwrap());
        assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
        let text = std::fs::read_to_string(&guide).unwrap();
        for outcome in outcomes {
            assert!(text.contains(outcome), "{}: {outcome}", guide.display());
        }
    }
}

#[test]
fn documents_are_not_fixed() {
    let folder = Folder::new();
    let text = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
  "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"},
  "Action": "sts:AssumeRoleWithWebIdentity",
  "Condition": {"StringEquals": {"gitlab.com:sub": "project_path:acme/*"}}}]}"#;
    folder.write("trust.json", text);
    folder.run(&["check", "trust.json", "--unsafe-fixes"]);
    assert_eq!(folder.read("trust.json"), text);
}
