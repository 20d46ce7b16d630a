//! Conditions, and the findings about the tenants that they admit: see the files in `cases/tenants`.
//!
//! A file begins with issuers, down to the line `---`. Then come clauses of a role, which is privileged after the word
//! `prod`. Under each, a line `> LEVEL RULE` for each finding, and `> proved: CONDITION` or `> refuted: CONDITION` for what
//! a proof says about all tokens with the role. To add a clause, write it and run `ROLECALL_BLESS=1 cargo test -p
//! rolecall-lint --test it tenants`, which writes the findings. Then ask whether they are right.

use rolecall_analysis::Analysis;
use rolecall_engine::{PolicySet, Source};
use rolecall_lint::{Finding, Linter, Settings};
use std::fs;
use std::path::PathBuf;

/// The rules about tenants.
const RULES: [&str; 10] = [
    "any-project",
    "cross-issuer-collision",
    "name-without-id",
    "only-author-claims",
    "prefix-trap",
    "shared-issuer-without-tenant",
    "unproved-tenant",
    "whole-group-trusted",
    "wildcard-crosses-delimiter",
    "wildcard-owner",
];

fn files() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/tenants");
    let files = fs::read_dir(folder).expect("the folder");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    files
}

/// A policy set with one role, of these clauses.
fn compile(issuers: &str, clauses: &str) -> PolicySet {
    let (tags, clauses) = match clauses.strip_prefix("prod ") {
        Some(clauses) => ("tags [prod] ttl 15m ", clauses),
        None => ("", clauses),
    };
    let policy = format!("edition 2026\n{issuers}role r {{ {tags}{clauses} }}\n");
    PolicySet::compile([Source::new("a.policy", policy)]).unwrap_or_else(|error| panic!("{clauses}: {error}"))
}

/// The findings about tenants. Each token that they show gets the role.
fn findings(set: &PolicySet) -> Vec<Finding> {
    let settings = Settings::default();
    let mut found = Linter::new(set, &settings).run().findings;
    found.retain(|finding| RULES.contains(&finding.rule.name));
    found.sort_by_key(|finding| finding.rule.name);
    for finding in &found {
        let Some(witness) = &finding.witness else { continue };
        let decision = set.evaluate(&witness.claims(), "r");
        assert!(decision.is_ok(), "{}: {:?}", finding.message, witness.token);
    }
    found
}

/// Whether all tokens with the role fulfil a condition.
fn is_proved(issuers: &str, clauses: &str, condition: &str) -> bool {
    let statement = format!("{issuers}assert \"a\" {{ r implies {condition} }}\n");
    let set = compile(&statement, clauses);
    let mut analysis = Analysis::new(&set);
    let assertion = set.program().assertions().iter().next().expect("the assertion");
    analysis.prove(assertion).outcome.is_proved()
}

#[test]
fn findings_about_tenants_are_as_written() {
    let is_written_anew = std::env::var_os("ROLECALL_BLESS").is_some_and(|value| value == "1");
    for file in files() {
        let text = fs::read_to_string(&file).expect("the file");
        let (head, cases) = text.split_once("---\n").expect("issuers, then `---`");
        let issuers: String = head
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| format!("{line}\n"))
            .collect();
        let mut written = format!("{head}---\n");
        let blocks = cases.trim().split("\n\n").map(|block| {
            let mut lines = block.lines();
            let clauses = lines.next().expect("a line");
            if clauses.starts_with('#') {
                return block.to_owned();
            }
            let found = findings(&compile(&issuers, clauses));
            let mut block = vec![clauses.to_owned()];
            block.extend(
                found
                    .iter()
                    .map(|finding| format!("> {} {}", finding.severity, finding.rule.name)),
            );
            for line in lines {
                let Some((answer, condition)) = line.trim_start_matches("> ").split_once(": ") else {
                    continue;
                };
                let proved = is_proved(&issuers, clauses, condition);
                assert_eq!(proved, answer == "proved", "{clauses}: {condition}");
                block.push(line.to_owned());
            }
            block.join("\n")
        });
        written.push_str(&blocks.collect::<Vec<String>>().join("\n\n"));
        written.push('\n');
        if is_written_anew {
            fs::write(&file, &written).expect("the file is written");
        }
        assert_eq!(
            written,
            fs::read_to_string(&file).expect("the file"),
            "{}",
            file.display()
        );
    }
}
