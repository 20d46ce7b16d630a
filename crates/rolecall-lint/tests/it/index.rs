//! The index of the rules, `docs/README.md`, is made of the rules; what it says to be impossible is tried here.
//!
//! `ROLECALL_BLESS=1` writes it anew.

mod impossible;

use impossible::Proof::{Denied, Refused};
use impossible::{IMPOSSIBLE, ISSUER, Impossible};
use rolecall_engine::{Document, JsonLimits, PolicySet, Source, UnverifiedClaims};
use rolecall_lint::{Category, RULES, Rule, Safety};
use std::fmt::Write;
use std::path::Path;

/// What the linter leaves to others.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "a path that is free again, or whose id is now another project's",
        "the network: only the server knows",
    ),
    (
        "more access than before",
        "`policy-check diff`, which compares two versions of a set and shows tokens",
    ),
    (
        "two roles that share a token although they should not",
        "`assert \"…\" { disjoint a, b }`",
    ),
    (
        "a role that is easier to get than a lesser one",
        "`assert \"…\" { deploy implies plan }`",
    ),
];

fn table(category: Category) -> String {
    let mut text =
        String::from("| rule | what it finds | severity | persona | fix |\n|---|---|---|---|---|\n");
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
        "# The rules of the linter\n\n\
         Each rule has a page: what it finds, which token gets in, what to write instead, and when to allow it. The severity is the\n\
         usual one; some findings have another, for privileged roles above all. A safe fix means exactly the same;\n\
         an unsafe one changes who gets a role, to what was most likely meant.\n\n\
         This file is made of the rules: `ROLECALL_BLESS=1 cargo test -p rolecall-lint --test it index`.\n",
    );
    let about = |category| match category {
        Category::Identity => "who can get a role",
        Category::Pipeline => "which code can get a role",
        Category::Operators => "which operator, literal or pattern is written",
        Category::Logic => "what a condition comes to",
        Category::Hygiene => "what is unused, untested or unsaid",
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
    text.push_str("\n## Impossible by design\n\nOther systems need rules for these. Here they do not compile, or they let nobody in.\n\n");
    text.push_str("| what goes wrong elsewhere | why it cannot here |\n|---|---|\n");
    for Impossible { smell, reason, .. } in IMPOSSIBLE {
        let (smell, reason) = (smell.replace('|', "\\|"), reason.replace('|', "\\|"));
        writeln!(text, "| {smell} | {reason} |").expect("a string");
    }
    text.push_str("\n## Not the linter's business\n\n| what may be wrong | what tells it |\n|---|---|\n");
    for (wrong, teller) in ELSEWHERE {
        writeln!(text, "| {wrong} | {teller} |").expect("a string");
    }
    text
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
