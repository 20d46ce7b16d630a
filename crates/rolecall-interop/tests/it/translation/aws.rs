//! Roles of AWS.

use super::{ISSUERS, Issuer, admits, translated};
use crate::aws::dice::{Dice, sampled};
use crate::aws::reference::{self, Context};
use rolecall_engine::ir::External;
use rolecall_engine::{PolicySet, Truth};
use rolecall_interop::Fidelity;
use rolecall_interop::aws::{Published, published};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const ACCOUNT: &str = "123456789012";
const AUDIENCES: &[&str] = &["sts.amazonaws.com", "https://gitlab.com", "other"];

const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringLike",
    "StringNotLike",
    "Null",
];

/// Returns a value near those of a claim: one of them, a pattern, another case, or one that its type excludes.
fn value(dice: &mut Dice, claim: &super::Claim) -> String {
    let known = dice.of(claim.values);
    match dice.below(12) {
        0 => format!("{}*", &known[..known.len() / 2]),
        1 => format!("*{}", &known[known.len() / 2..]),
        2 => "*".to_owned(),
        3 => known.to_uppercase(),
        4 => known.replace('o', "?"),
        5 => known.replace('a', "*"),
        6 => "not a value: of // the type".to_owned(),
        7 => "${*}".to_owned(),
        _ => known.to_owned(),
    }
}

fn condition(dice: &mut Dice) -> Value {
    let mut operators = Map::new();
    for _ in 0..dice.below(4) {
        let set = dice.of(&["", "", "", "ForAnyValue:", "ForAllValues:"]);
        let base = dice.of(OPERATORS);
        if dice.one_in(12) {
            let operator = dice.of(&["IpAddress", "NotIpAddress", "NotIpAddressIfExists"]);
            let range = dice.of(&["10.0.0.0/8", "192.0.2.0/24"]);
            operators.insert(operator.to_owned(), json!({ "aws:SourceIp": range }));
            continue;
        }
        let issuer = &ISSUERS[dice.below(ISSUERS.len())];
        let (name, values): (&str, Vec<String>) = match dice.below(9) {
            0 => (
                "aud",
                (0..=dice.below(2))
                    .map(|_| {
                        dice.of(&["sts.amazonaws.com", "*", "other", "x", "https://*"])
                            .to_owned()
                    })
                    .collect(),
            ),
            1 => ("never_published", vec!["x".to_owned()]),
            _ => {
                let claim = &issuer.claims[dice.below(issuer.claims.len())];
                (
                    claim.name,
                    (0..=dice.below(3)).map(|_| value(dice, claim)).collect(),
                )
            }
        };
        let key = format!("{}:{name}", issuer.host);
        let (operator, values) = match base {
            "Null" => ("Null".to_owned(), json!(dice.of(&["true", "false"]))),
            _ => {
                let end = if set != "ForAnyValue:" && dice.one_in(5) {
                    "IfExists"
                } else {
                    ""
                };
                (format!("{set}{base}{end}"), json!(values))
            }
        };
        let keys = operators.entry(operator).or_insert_with(|| json!({}));
        keys.as_object_mut().unwrap().insert(key, values);
    }
    Value::Object(operators)
}

fn policy(dice: &mut Dice) -> Value {
    let statements = (0..=dice.below(3)).map(|_| {
        let issuer = ISSUERS[dice.below(ISSUERS.len())].host;
        let effect = if dice.one_in(4) { "Deny" } else { "Allow" };
        json!({
            "Effect": effect,
            "Principal": {"Federated": format!("arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}")},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": condition(dice),
        })
    });
    json!({"Version": "2012-10-17", "Statement": statements.collect::<Vec<Value>>()})
}

/// Returns a token of an issuer, and the context that AWS makes of it.
fn token(dice: &mut Dice, issuer: &Issuer) -> (Value, Context) {
    let audience = if dice.one_in(8) {
        "stranger"
    } else {
        dice.of(AUDIENCES)
    };
    let token = super::token(dice, issuer, audience);
    let mut context = Context::new();
    context.insert(format!("{}:aud", issuer.host), vec![audience.to_owned()]);
    context.insert("aws:sourceip".to_owned(), vec!["10.1.2.3".to_owned()]);
    for claim in issuer.claims {
        if let Some(value) = token[claim.name].as_str()
            && published(issuer.host, claim.name) != Published::No
        {
            context.insert(format!("{}:{}", issuer.host, claim.name), vec![value.to_owned()]);
        }
    }
    (token, context)
}

fn with_providers(policy: &Value) -> rolecall_interop::Translation {
    let providers = ISSUERS
        .iter()
        .map(|issuer| json!({"Url": issuer.host, "ClientIDList": AUDIENCES}));
    let providers = Value::Array(providers.collect());
    translated(&[("trust.json", policy), ("providers.json", &providers)])
}

#[test]
fn a_translated_role_admits_what_the_role_admits() {
    let number = sampled(20_000, 200_000);
    let (mut decided, mut admitted, mut documents, mut refused) =
        (0_u64, 0_u64, 0_u64, BTreeMap::<&str, u64>::new());
    let mut seed = 0;
    // A source address is of the request. The one here is in the first range.
    let externals =
        |external: &External| match external.text.contains("10.0.0.0/8") != external.text.contains("Not") {
            true => Truth::True,
            false => Truth::False,
        };
    while decided < number {
        seed += 1;
        let mut dice = Dice(seed);
        let policy = policy(&mut dice);
        let translation = with_providers(&policy);
        documents += 1;
        let role = &translation.coverage.roles[0];
        if let Fidelity::Refused(code) = role.fidelity {
            *refused.entry(code).or_default() += 1;
            continue;
        }
        let is_translated = role.fidelity == Fidelity::Exact;
        let set = PolicySet::compile_files(translation.files)
            .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{policy:#}"));
        for _ in 0..8 {
            let issuer = &ISSUERS[dice.below(ISSUERS.len())];
            let (token, context) = token(&mut dice, issuer);
            let audience = token["aud"].as_str().unwrap();
            let expected = AUDIENCES.contains(&audience) && reference::admits(&policy, issuer.host, &context);
            let found = is_translated && admits(&set, "aws:trust", &token, &externals);
            assert_eq!(found, expected, "seed {seed}: {policy:#}\n{token:#}");
            decided += 1;
            admitted += u64::from(found);
        }
    }
    println!("{decided} decisions agree, {admitted} admit; {documents} documents, refused {refused:?}");
    assert!(admitted * 10 > decided, "the cases are too one-sided");
}
