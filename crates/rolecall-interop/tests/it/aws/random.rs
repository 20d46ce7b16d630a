//! Random policies and random requests: the tree admits what the policy admits, or the policy is refused.

use super::dice::{Dice, sampled};
use super::reference::Context;
use super::{plain, reference};
use rolecall_interop::NoticeKind;
use rolecall_interop::aws::trust;
use rolecall_interop::document::json;
use serde_json::Value;
use std::collections::BTreeMap;

const ISSUERS: &[&str] = &[
    "gitlab.com",
    "token.actions.githubusercontent.com",
    "accounts.google.com",
];

/// Keys with the operators that are usual for them, and values near those that a policy has.
struct Family {
    keys: &'static [&'static str],
    operators: &'static [&'static str],
    values: &'static [&'static str],
}

const CLAIMS: Family = Family {
    keys: &[
        "gitlab.com:sub",
        "gitlab.com:sub",
        "GITLAB.com:Sub",
        "gitlab.com:aud",
        "gitlab.com:ref_protected",
        "gitlab.com:amr",
        "token.actions.githubusercontent.com:sub",
        "token.actions.githubusercontent.com:Environment",
        "accounts.google.com:sub",
    ],
    operators: &[
        "StringEquals",
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringLike",
        "StringNotLike",
        "Null",
    ],
    values: &[
        "a",
        "A",
        "b",
        "ab",
        "a*",
        "*",
        "?",
        "a?",
        "?b",
        "*b",
        "a*b",
        "a/b:c",
        "a/*",
        "*:c",
        "true",
        "false",
        "TRUE",
        "1",
        "10",
        "1*",
        "é",
        "É",
        "a é",
        "${*}",
        "a${*}b",
        "${?}",
        "${$}",
        "a*b${?}",
        "$",
        "{}",
        "$a",
        "${",
        "${aws:username}",
        "\u{1d11e}",
        "",
    ],
};

const NETWORK: Family = Family {
    keys: &["aws:SourceIp", "aws:VpcSourceIp"],
    operators: &["IpAddress", "NotIpAddress"],
    values: &[
        "10.0.0.0/8",
        "10.1.0.0/16",
        "10.1.2.3",
        "192.0.2.1/32",
        "0.0.0.0/0",
        "10.1.2.4",
    ],
};

const TIME: Family = Family {
    keys: &["aws:CurrentTime"],
    operators: &[
        "DateEquals",
        "DateNotEquals",
        "DateLessThan",
        "DateLessThanEquals",
        "DateGreaterThan",
        "DateGreaterThanEquals",
    ],
    values: &[
        "2026-01-01T00:00:00Z",
        "2026-06-01T00:00:00Z",
        "2027-01-01T00:00:00Z",
        "soon",
    ],
};

const NUMBERS: Family = Family {
    keys: &["sts:DurationSeconds", "aws:MultiFactorAuthAge"],
    operators: &[
        "NumericEquals",
        "NumericNotEquals",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
    ],
    values: &["900", "3600", "3601", "0", "x"],
};

const OTHERS: Family = Family {
    keys: &[
        "aws:SecureTransport",
        "aws:RequestTag/team",
        "aws:TagKeys",
        "sts:RoleSessionName",
    ],
    operators: &[
        "Bool",
        "BinaryEquals",
        "StringEquals",
        "StringLike",
        "StringNotLike",
        "Null",
    ],
    values: &["true", "false", "a", "a*", "YQ=="],
};

const ARNS: Family = Family {
    keys: &["aws:PrincipalArn"],
    operators: &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
    values: &[
        "arn:aws:iam::123456789012:role/a",
        "arn:aws:iam::*:role/*",
        "arn:aws:*:role/a",
        "arn:aws:iam::123456789012:role/?",
        "arn:*:iam::1234567890*:role:x:y",
        "arn:aws:iam::123456789012:role:x:y",
        "arn:aws:iam::123456789012",
        "*",
    ],
};

fn family(dice: &mut Dice) -> &'static Family {
    match dice.below(20) {
        0 => &NETWORK,
        1 => &TIME,
        2 => &NUMBERS,
        3 => &OTHERS,
        4 => &ARNS,
        _ => &CLAIMS,
    }
}

fn value(dice: &mut Dice, text: &str) -> String {
    match (text, dice.below(4)) {
        ("true" | "false" | "1" | "10" | "900", 0) => text.to_owned(),
        _ => Value::from(text).to_string(),
    }
}

fn values(dice: &mut Dice, family: &Family, operator: &str) -> String {
    if operator == "Null" && !dice.one_in(10) {
        let text = dice.of(&["true", "false"]);
        return value(dice, text);
    }
    // The values at the end are the odd ones.
    let usual = family.values.len().min(24);
    let one = |dice: &mut Dice| {
        let known = if dice.one_in(3) {
            family.values.len()
        } else {
            usual
        };
        let text = family.values[dice.below(known)];
        value(dice, text)
    };
    if dice.one_in(60) {
        return dice.of(&["[]", "null", "{}", "[[]]", "1.50", "-1"]).to_owned();
    }
    if dice.one_in(2) {
        return one(dice);
    }
    let number = 1 + dice.below(3);
    let list: Vec<String> = (0..number).map(|_| one(dice)).collect();
    format!("[{}]", list.join(", "))
}

fn condition(dice: &mut Dice) -> String {
    let mut operators = vec![];
    for _ in 0..dice.below(4) {
        let family = family(dice);
        let stranger = dice
            .one_in(40)
            .then(|| dice.of(&["Bool", "NumericEquals", "stringEquals", "StringMatches"]));
        let base = stranger.unwrap_or_else(|| dice.of(family.operators));
        let is_null = base == "Null" && !dice.one_in(20);
        let set = if is_null {
            ""
        } else {
            dice.of(&["", "", "", "ForAnyValue:", "ForAllValues:"])
        };
        let is_optional = !is_null && dice.one_in(5) && (set != "ForAnyValue:" || dice.one_in(10));
        let end = if is_optional { "IfExists" } else { "" };
        let number = 1 + usize::from(dice.one_in(4));
        let keys = (0..number).map(|_| {
            let multivalued = dice.of(family.keys);
            // A key with several values needs a set operator.
            let key = if multivalued.ends_with(":amr") && set.is_empty() {
                family.keys[0]
            } else {
                multivalued
            };
            format!("\"{key}\": {}", values(dice, family, base))
        });
        let keys: Vec<String> = keys.collect();
        operators.push(format!("\"{set}{base}{end}\": {{{}}}", keys.join(", ")));
    }
    format!("{{{}}}", operators.join(", "))
}

fn statement(dice: &mut Dice) -> String {
    let effect = if dice.one_in(4) { "Deny" } else { "Allow" };
    let provider = |dice: &mut Dice| match dice.of(ISSUERS) {
        "accounts.google.com" => "\"accounts.google.com\"".to_owned(),
        issuer => format!("\"arn:aws:iam::123456789012:oidc-provider/{issuer}\""),
    };
    let principal = match dice.below(30) {
        0 => "\"*\"".to_owned(),
        1 => r#"{"Service": "ec2.amazonaws.com"}"#.to_owned(),
        2 => format!(r#"{{"AWS": "*", "Federated": {}}}"#, provider(dice)),
        3 => r#"{"Federated": "arn:aws:iam::123456789012:saml-provider/x"}"#.to_owned(),
        4 => r#"{"Federated": "gitlab.com"}"#.to_owned(),
        5..8 => format!(r#"{{"Federated": [{}, {}]}}"#, provider(dice), provider(dice)),
        8..12 => format!(r#"{{"Federated": {}}}"#, provider(dice)),
        _ => r#"{"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}"#.to_owned(),
    };
    let action = match dice.below(30) {
        0 => "\"sts:*\"",
        1 => r#"["sts:TagSession", "STS:assumeRoleWithWebIdentity"]"#,
        2 => "\"sts:TagSession\"",
        3 => "\"sts:AssumeRole\"",
        4 => "\"sts:AssumeRole*\"",
        5 => "\"*\"",
        _ => "\"sts:AssumeRoleWithWebIdentity\"",
    };
    let condition = match dice.below(12) {
        0 => String::new(),
        _ => format!(r#", "Condition": {}"#, condition(dice)),
    };
    let strange = match dice.below(60) {
        0 => r#", "Resource": "*""#,
        1 => r#", "NotPrincipal": {"AWS": "123456789012"}"#,
        _ => "",
    };
    format!(r#"{{"Effect": "{effect}", "Principal": {principal}, "Action": {action}{condition}{strange}}}"#)
}

pub(crate) fn policy(dice: &mut Dice) -> String {
    let version = match dice.below(12) {
        0 => "",
        1 => r#""Version": "2008-10-17", "#,
        2 if dice.one_in(4) => r#""Version": "2020-01-01", "#,
        _ => r#""Version": "2012-10-17", "#,
    };
    let number = 1 + dice.below(3);
    let statements: Vec<String> = (0..number).map(|_| statement(dice)).collect();
    match statements.as_slice() {
        [one] if dice.one_in(2) => format!(r#"{{{version}"Statement": {one}}}"#),
        all => format!(r#"{{{version}"Statement": [{}]}}"#, all.join(", ")),
    }
}

/// Returns a context in which the keys of the policy are often present, with values near those of the policy.
pub(crate) fn context(dice: &mut Dice) -> Context {
    let mut context = Context::new();
    for family in [CLAIMS, NETWORK, TIME, NUMBERS, OTHERS, ARNS] {
        for key in family.keys {
            let number = match dice.below(6) {
                0 => 0,
                1 if key.ends_with(":amr") || *key == "aws:TagKeys" => 2 + dice.below(2),
                _ => 1,
            };
            let usual = family.values.len().min(6);
            let known = if dice.one_in(2) {
                family.values.len()
            } else {
                usual
            };
            let values = (0..number).map(|_| family.values[dice.below(known)].to_owned());
            context.insert(key.to_lowercase(), values.collect());
        }
    }
    context
}

#[test]
fn the_tree_admits_what_the_policy_admits() {
    let (mut admitted, mut refused, mut codes) = (0_u64, 0_u64, BTreeMap::<&str, u64>::new());
    let number = sampled(20_000, 1_000_000);
    let mut decided = 0;
    let mut seed = 0;
    while decided < number {
        seed += 1;
        let mut dice = Dice(seed);
        let document = policy(&mut dice);
        let reading = trust(&json(&document).unwrap());
        let Some(tree) = reading.trust else {
            refused += 1;
            let refusals = reading
                .notices
                .iter()
                .filter(|notice| notice.kind == NoticeKind::Refused);
            assert!(refusals.clone().count() > 0, "{document}");
            refusals.for_each(|notice| *codes.entry(notice.code).or_default() += 1);
            continue;
        };
        let value: Value = serde_json::from_str(&document).unwrap();
        for _ in 0..4 {
            let context = context(&mut dice);
            let issuer = if dice.one_in(4) {
                dice.of(ISSUERS)
            } else {
                "gitlab.com"
            };
            let expected = reference::admits(&value, issuer, &context);
            let found = plain::admits(&tree, issuer, &context);
            assert_eq!(
                found, expected,
                "seed {seed}: {document}\n{issuer} {context:#?}\n{tree:#?}"
            );
            admitted += u64::from(found);
            decided += 1;
        }
    }
    println!(
        "{decided} decisions agree, {admitted} of them admit; {refused} of {seed} policies are refused: {codes:?}"
    );
    assert!(
        admitted * 10 > decided && refused * 2 < seed,
        "the cases are too one-sided"
    );
}
