//! Random credentials, each with random tokens: the reference evaluator and the one over our tree agree.

use super::{reference, tree};
use crate::aws::dice::{Dice, sampled};
use rolecall_interop::azure::identities;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// The issuers, each with subjects of its tokens.
const ISSUERS: &[(&str, &[&str])] = &[
    (
        "https://token.actions.githubusercontent.com",
        &[
            "repo:acme/shop:ref:refs/heads/main",
            "repo:acme/shop:environment:production",
            "repo:acme@72/shop@4242:ref:refs/heads/main",
            "repo:Acme/shop:pull_request",
        ],
    ),
    (
        "https://gitlab.com",
        &[
            "project_path:acme/shop:ref_type:branch:ref:main",
            "project_path:acme/web:ref_type:tag:ref:v1",
            "project_path:acme/shop:ref_type:branch:ref:é",
        ],
    ),
    (
        "https://app.terraform.io",
        &[
            "organization:acme:project:shop:workspace:web:run_phase:plan",
            "organization:acme:project:shop:workspace:web:run_phase:apply",
        ],
    ),
    (
        "https://gitlab.example.org",
        &["project_path:acme/shop:ref_type:branch:ref:main"],
    ),
];

const AUDIENCES: &[&str] = &["api://AzureADTokenExchange", "api://AzureADTokenExchange", "shop"];

/// The other claims of tokens, with values.
const CLAIMS: &[(&str, &[&str])] = &[
    ("repository_id", &["4242", "42"]),
    ("repository_owner_id", &["72", "7"]),
    ("project_id", &["4242", "42"]),
    (
        "job_workflow_ref",
        &[
            "acme/ci/.github/workflows/a.yml@refs/heads/main",
            "acme/ci/.github/workflows/b.yml@refs/heads/main",
            "",
        ],
    ),
];

/// Returns a text near one of some: itself, a pattern that it fits, or another one.
fn near(dice: &mut Dice, texts: &[&str]) -> String {
    let text = dice.of(texts);
    let middle = text
        .char_indices()
        .nth(text.chars().count() / 2)
        .map_or(0, |(at, _)| at);
    match dice.below(12) {
        0 | 1 => format!("{}*", &text[..middle]),
        2 => format!("*{}", &text[middle..]),
        3 => text.replace('a', "?"),
        4 => text.replacen("ac", "*", 1),
        5 => text.to_uppercase(),
        6 => dice
            .of(&["*", "**", "", "?*", "it''s", "(a|b)", "repo:.*"])
            .to_owned(),
        _ => text.to_owned(),
    }
}

fn expression(dice: &mut Dice, subjects: &[&str]) -> String {
    let parts = (0..=dice.below(3)).map(|number| {
        let operator = dice.of(&["eq", "matches", "matches"]);
        if number == 0 || dice.one_in(6) {
            return format!("claims['sub'] {operator} '{}'", near(dice, subjects));
        }
        let (claim, values) = CLAIMS[dice.below(CLAIMS.len())];
        let operator = if claim.ends_with("_id") && !dice.one_in(20) {
            "eq"
        } else {
            operator
        };
        format!("claims['{claim}'] {operator} '{}'", near(dice, values))
    });
    let parts: Vec<String> = parts.collect();
    match dice.below(40) {
        0 => parts.join(" or "),
        1 => parts.join("  and "),
        _ => parts.join(" and "),
    }
}

/// Returns an issuer, and its credential.
fn credential(dice: &mut Dice) -> Json {
    let (issuer, subjects) = ISSUERS[dice.below(ISSUERS.len())];
    let audience = dice.of(AUDIENCES);
    let (subject, expression) = match dice.below(3) {
        0 => (json!(near(dice, subjects)), Json::Null),
        _ => {
            let value = expression(dice, subjects);
            (Json::Null, json!({"value": value, "languageVersion": 1}))
        }
    };
    json!({
        "name": "a", "issuer": issuer, "audiences": [audience], "subject": subject,
        "claimsMatchingExpression": expression,
    })
}

/// Returns an answer of Graph.
pub(crate) fn document(dice: &mut Dice) -> Json {
    let credentials: Vec<Json> = (0..=dice.below(2)).map(|_| credential(dice)).collect();
    match dice.below(3) {
        0 => json!(credentials),
        1 => json!({"value": credentials}),
        _ => {
            json!({"value": [{"id": "x", "displayName": "shop", "federatedIdentityCredentials": credentials}]})
        }
    }
}

/// Returns a token as its issuer issues it. It may lack claims.
pub(crate) fn token(dice: &mut Dice) -> Json {
    let (issuer, subjects) = ISSUERS[dice.below(ISSUERS.len())];
    let mut token = json!({
        "iss": issuer, "aud": dice.of(AUDIENCES), "sub": dice.of(subjects), "iat": 1_800_000_000,
        "exp": 1_800_003_600,
    });
    for (claim, values) in CLAIMS {
        if !dice.one_in(4) {
            token[*claim] = json!(dice.of(values));
        }
    }
    token
}

#[test]
fn the_tree_admits_what_the_credentials_admit() {
    let number = sampled(40_000, 1_000_000);
    let (mut decided, mut admitted, mut refused) = (0_u64, 0_u64, BTreeMap::<&str, u64>::new());
    let mut seed = 0;
    while decided < number {
        seed += 1;
        let mut dice = Dice(seed);
        let document = document(&mut dice);
        let found = identities(&document.to_string()).unwrap().unwrap();
        let [identity] = found.identities.as_slice() else {
            panic!("{document:#}");
        };
        if identity.reading.tree.is_none() {
            let codes = identity.reading.notices.iter().map(|notice| notice.code);
            codes.for_each(|code| *refused.entry(code).or_default() += 1);
            continue;
        }
        for _ in 0..8 {
            let token = token(&mut dice);
            let expected = reference::allows(&document, &token);
            let found = tree::allows(&found, &token);
            assert_eq!(Some(found), expected, "seed {seed}: {document:#}\n{token:#}");
            decided += 1;
            admitted += u64::from(found);
        }
    }
    println!("{decided} decisions agree, {admitted} admit; refused {refused:?}");
    assert!(admitted * 40 > decided, "the cases are too one-sided");
}
