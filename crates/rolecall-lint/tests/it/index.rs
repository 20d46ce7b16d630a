//! The index of the rules, `docs/README.md`, is made of the rules; what it says to be impossible is tried here.
//!
//! `ROLECALL_BLESS=1` writes it anew.

mod impossible;

use impossible::Proof::{Denied, Refused};
use impossible::{IMPOSSIBLE, ISSUER, Impossible};
use rolecall_engine::{Document, JsonLimits, Object, PolicySet, Source, UnverifiedClaims};
use rolecall_lint::{Category, Harm, RULES, RuleInfo as Rule, Safety};
use std::fmt::Write;
use std::path::Path;

/// Mistakes that the linter leaves to other checks.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "a path that is available again, or now belongs to another project",
        "the CI server: the linter does not use the network",
    ),
    (
        "more access than before",
        "`policy-check diff` compares two versions of a set and shows tokens",
    ),
    (
        "two roles that must not be granted to the same token",
        "`assert \"…\" { disjoint a, b }`",
    ),
    (
        "a role that is easier to get than a less privileged one",
        "`assert \"…\" { deploy implies plan }`",
    ),
];

fn table(category: Category) -> String {
    let mut text = String::from("| rule | finding | severity | persona | fix |\n|---|---|---|---|---|\n");
    for rule in RULES.iter().filter(|rule| rule.category == category) {
        let Rule {
            name,
            summary,
            severity,
            persona,
            ..
        } = rule;
        let fix = match rule.fix {
            Some(Safety::Safe) => "safe",
            Some(Safety::Unsafe) => "unsafe",
            None => "–",
        };
        writeln!(
            text,
            "| [{name}]({name}.md) | {summary} | {severity} | {persona} | {fix} |"
        )
        .expect("a string");
    }
    text
}

fn index() -> String {
    let mut text = String::from(
        "# Linter rules\n\n\
         Each rule has a page with its findings, a token that gets in, the policy to write instead, and the cases in\n\
         which to allow it. The severity is the usual one; [levels.md](levels.md) has those of privileged roles. A\n\
         safe fix does not change the meaning of the policies. An unsafe fix changes access, to the most likely\n\
         intention.\n\n\
         This file is generated from the rules: `ROLECALL_BLESS=1 cargo test -p rolecall-lint --test it index`.\n",
    );
    let about = |category| match category {
        Category::Identity => "tokens that can get a role",
        Category::Pipeline => "code that can get a role",
        Category::Operators => "operators, literals and patterns",
        Category::Logic => "effects of conditions",
        Category::Hygiene => "unused, untested and undocumented parts",
        Category::Foreign => "documents in other languages, such as AWS trust policies",
    };
    for category in Category::ALL {
        write!(
            text,
            "\n## {category}: {}\n\n{}",
            about(*category),
            table(*category)
        )
        .expect("a string");
    }
    text.push_str("\n## Impossible by design\n\nOther systems need rules for these. In Rolecall they do not compile, or they admit no token.\n\n");
    text.push_str("| mistake elsewhere | prevented here by |\n|---|---|\n");
    for Impossible { smell, reason, .. } in IMPOSSIBLE {
        let (smell, reason) = (smell.replace('|', "\\|"), reason.replace('|', "\\|"));
        writeln!(text, "| {smell} | {reason} |").expect("a string");
    }
    text.push_str("\n## Out of scope\n\n| possible mistake | check |\n|---|---|\n");
    for (wrong, teller) in ELSEWHERE {
        writeln!(text, "| {wrong} | {teller} |").expect("a string");
    }
    text
}

/// The page of the levels, with the table of the code.
fn levels(page: &str) -> String {
    let head = "| the harm | ordinary role | privileged role |\n";
    let (before, rest) = page.split_once(head).expect("the table");
    let (_, after) = rest.split_once("\n\n").expect("the end of the table");
    let mut table = format!("{head}|---|---|---|\n");
    for harm in Harm::ALL {
        let [ordinary, privileged] = harm.levels();
        let description = harm.description();
        writeln!(table, "| {description} | {ordinary} | {privileged} |").expect("a string");
    }
    format!("{before}{table}\n{after}")
}

#[test]
fn the_page_of_the_levels_has_the_table_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/levels.md");
    let written = std::fs::read_to_string(&path).expect("the page");
    let page = levels(&written);
    if std::env::var_os("ROLECALL_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, &page).expect("the page can be written");
        return;
    }
    assert_eq!(written, page, "docs/levels.md: write it with `ROLECALL_BLESS=1`");
}

#[test]
fn the_index_is_that_of_the_rules() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/README.md");
    let index = index();
    if std::env::var_os("ROLECALL_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, &index).expect("the index can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == index,
        "docs/README.md is not that of the rules: write it with `ROLECALL_BLESS=1`"
    );
}

fn sources(policy: &str) -> Vec<Source> {
    let issuer = if policy.contains("issuer ") { "" } else { ISSUER };
    vec![Source::new("a.policy", policy), Source::new("b.policy", issuer)]
}

#[test]
fn what_is_impossible_is_so() {
    let mut wrong = String::new();
    for Impossible { smell, proof, .. } in IMPOSSIBLE {
        match proof {
            Refused(policies) => {
                for (policy, words) in *policies {
                    match PolicySet::compile(sources(policy)) {
                        Ok(_) => writeln!(wrong, "{smell}: `{policy}` compiles").expect("a string"),
                        Err(error) if !error.to_string().contains(words) => {
                            writeln!(wrong, "{smell}: `{policy}`: {error}").expect("a string");
                        }
                        Err(_) => {}
                    }
                }
            }
            Denied {
                policy,
                denied,
                allowed,
            } => {
                let set =
                    PolicySet::compile(sources(policy)).unwrap_or_else(|error| panic!("{policy}: {error}"));
                let is_allowed = |claims: &str| {
                    let token = format!(r#"{{"iss": "https://gitlab.com", {claims}}}"#);
                    let token = Document::parse(token.into_bytes(), &JsonLimits::CLAIMS).expect("a token");
                    // What every verified token has is filled in.
                    let issuer = set.program().issuers().values().next().expect("an issuer");
                    let token = set.complete(&issuer.issuer.name, &Object::from(token.members()));
                    set.evaluate(&UnverifiedClaims::new(token), "r").is_ok()
                };
                if is_allowed(denied) || !allowed.is_empty() && !is_allowed(allowed) {
                    writeln!(wrong, "{smell}: `{policy}` decides otherwise").expect("a string");
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
