//! The pages of the rules are their tests: a `// error` line of a bad policy is found by the rule, and no other line; a good
//! policy has nothing above low.

use rolecall_engine::{PolicySet, Source};
use rolecall_lint::{
    Boundary, Category, Finding, Linter, Persona, RULES, RuleInfo as Rule, Settings, Severity,
};
use rolecall_syntax::line_column;

/// The issuers that the policies of the pages know, unless they declare their own.
const ISSUERS: &str = r#"
edition 2026
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
issuer github { url "https://token.actions.githubusercontent.com" profile github-actions audience "https://sts.acme.example" }
issuer own { url "https://gitlab.acme.example" profile gitlab-ci audience "https://sts.acme.example" }
"#;

/// A policy of a page.
struct Block<'p> {
    text: &'p str,
    /// The line of the page that it begins on, from 1.
    line: usize,
    is_good: bool,
}

/// The policies of a page: those below `## Bad` and `## Good`.
fn blocks(page: &str) -> Vec<Block<'_>> {
    let (mut blocks, mut is_good, mut start) = (Vec::new(), false, None);
    let mut at = 0;
    for (number, line) in page.split_inclusive('\n').enumerate() {
        match (line.trim_end(), start) {
            ("## Bad", None) => is_good = false,
            ("## Good", None) => is_good = true,
            ("```policy", None) => start = Some((at + line.len(), number + 2)),
            ("```", Some((from, first))) => {
                let text = &page[from..at];
                blocks.push(Block {
                    text,
                    line: first,
                    is_good,
                });
                start = None;
            }
            _ => {}
        }
        at += line.len();
    }
    assert!(start.is_none(), "a block is not closed");
    blocks
}

/// The rules about policies. The others are tried where there is a configuration.
fn of_policies() -> impl Iterator<Item = &'static &'static Rule> {
    // The translation of foreign documents is tested with the command.
    let of_policies = RULES.iter().filter(|rule| rule.category != Category::Foreign);
    of_policies.filter(|rule| rule.name != "unknown-privileged-tag")
}

fn boundaries(rule: &Rule) -> Vec<Boundary> {
    if rule.name != "grant-outside-boundary" {
        return Vec::new();
    }
    let grants = [
        "secrets:apps/team-a/**",
        "aws_role:arn:aws:iam::123456789012:role/team-a-*",
    ];
    let grants = grants.map(str::to_owned).to_vec();
    let files = ["page.policy".to_owned()].into();
    vec![Boundary::new("team-a/", files, grants).expect("a boundary")]
}

fn settings(rule: &Rule) -> Settings {
    Settings {
        persona: rule.persona,
        today: "2026-06-30".parse().ok(),
        known_audiences: vec!["https://sts.acme.example".to_owned()],
        boundaries: boundaries(rule),
        ..Settings::default()
    }
}

/// What is found in the policy of a page, with the lines where it stands.
fn found(rule: &Rule, block: &Block<'_>) -> Vec<(Finding, usize)> {
    // The marks are no part of the policy; what they mark keeps its place.
    let text = block.text.replace("// error", "        ");
    let mut sources = vec![Source::new("page.policy", text)];
    if !block.text.contains("issuer ") {
        sources.push(Source::new("issuers.policy", ISSUERS));
    }
    let set = PolicySet::compile(sources)
        .unwrap_or_else(|error| panic!("{}, line {}: {error}", rule.name, block.line));
    let mut settings = settings(rule);
    if rule.name == "unseen-policy-file" && !block.is_good {
        settings.unseen.insert("page.policy".to_owned(), "it is hidden");
    }
    let findings = Linter::new(&set, &settings).run().findings;
    let first = set.program().files().ids().next();
    let findings = findings
        .into_iter()
        .filter(|finding| Some(finding.location.file()) == first);
    let with_line = |finding: Finding| {
        let (line, _) = line_column(block.text, finding.location.span().start);
        (finding, line)
    };
    findings.map(with_line).collect()
}

#[test]
fn bad_policies_are_found_where_the_page_says() {
    for rule in of_policies() {
        let blocks = blocks(rule.page);
        assert!(
            blocks.iter().any(|block| !block.is_good),
            "{}: no bad policy",
            rule.name
        );
        for block in blocks.iter().filter(|block| !block.is_good) {
            let lines = block.text.lines().enumerate();
            let wanted: Vec<usize> = lines
                .filter(|(_, line)| line.contains("// error"))
                .map(|(at, _)| at + 1)
                .collect();
            assert!(
                !wanted.is_empty(),
                "{}: a bad policy without `// error`",
                rule.name
            );
            let found = found(rule, block);
            let mut own: Vec<usize> = found
                .iter()
                .filter(|(finding, _)| finding.rule.name == rule.name)
                .map(|(_, line)| *line)
                .collect();
            own.dedup();
            assert_eq!(
                own, wanted,
                "{}, the policy at line {}: {found:#?}",
                rule.name, block.line
            );
        }
    }
}

#[test]
fn good_policies_have_nothing_above_low() {
    for rule in of_policies() {
        let blocks = blocks(rule.page);
        assert!(
            blocks.iter().any(|block| block.is_good),
            "{}: no good policy",
            rule.name
        );
        for block in blocks.iter().filter(|block| block.is_good) {
            let found = found(rule, block);
            let bad = found.iter().find(|(finding, _)| {
                finding.rule.name == rule.name
                    || finding.rule.persona == Persona::Regular && finding.severity > Severity::Low
            });
            if let Some((finding, line)) = bad {
                panic!(
                    "{}, line {}: {}: {}",
                    rule.name,
                    block.line + line - 1,
                    finding.rule.name,
                    finding.message
                );
            }
        }
    }
}

#[test]
fn pages_have_one_form() {
    for rule in RULES {
        let page = rule.page;
        assert!(
            page.starts_with(&format!("# {}\n\n", rule.name)),
            "{}: the title",
            rule.name
        );
        let summary = format!("{}{}.\n", rule.summary[..1].to_uppercase(), &rule.summary[1..]);
        assert!(
            page.contains(&summary),
            "{}: the summary is not that of the rule: {summary}",
            rule.name
        );
        let mut at = 0;
        for heading in [
            "What it does",
            "Why it is bad",
            "Bad",
            "Good",
            "When to allow it",
            "Sources",
        ] {
            let found = page.find(&format!("\n## {heading}\n"));
            let found = found.unwrap_or_else(|| panic!("{}: no `{heading}`", rule.name));
            assert!(found > at, "{}: `{heading}` is out of order", rule.name);
            at = found;
        }
        assert!(
            page.lines().all(|line| line.chars().count() <= 140),
            "{}: a long line",
            rule.name
        );
    }
}

#[test]
fn rules_are_in_order_and_each_has_one_page() {
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert!(names.is_sorted(), "{names:?}");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let pages = std::fs::read_dir(folder)
        .expect("the pages")
        .filter_map(Result::ok);
    let mut pages: Vec<String> = pages
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".md")?.to_owned()))
        .collect();
    pages.retain(|page| page != "README" && page != "levels");
    pages.sort();
    assert_eq!(names, pages);
}
