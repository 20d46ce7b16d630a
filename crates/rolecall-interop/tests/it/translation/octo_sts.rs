//! Policies of octo-sts.

use super::{ISSUERS, Issuer, admits, token, translated};
use crate::aws::dice::{Dice, sampled};
use crate::octo_sts::reference;
use rolecall_engine::{PolicySet, Truth};
use rolecall_interop::Fidelity;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const AUDIENCES: &[&str] = &["octo-sts.dev", "octo-sts.acme.example", "other"];

/// Returns a pattern near a value.
fn pattern(dice: &mut Dice, value: &str, other: &str) -> String {
    let half = value
        .char_indices()
        .nth(value.chars().count() / 2)
        .map_or(0, |(at, _)| at);
    let escaped = |text: &str| regex::escape(text);
    match dice.below(11) {
        0 => format!("{}.*", escaped(&value[..half])),
        1 => format!(".*{}", escaped(&value[half..])),
        2 => ".+".to_owned(),
        3 => format!("({}|{})", escaped(value), escaped(other)),
        4 => format!("{}|{}", escaped(value), escaped(other)),
        5 => format!("^{}$", escaped(value)),
        6 => value.to_owned(),
        7 => format!("(?i){}", escaped(value)),
        8 => escaped(value).replace('a', "[a-c]"),
        9 => value.replace(|c: char| c.is_ascii_digit(), r"\d"),
        _ => escaped(value),
    }
}

fn policy(dice: &mut Dice, issuer: &Issuer) -> Value {
    let mut policy = Map::new();
    let url = format!("https://{}", issuer.host);
    match dice.below(12) {
        0 => policy.insert(
            "issuer_pattern".to_owned(),
            json!(format!("{url}|https://gitlab[.]com")),
        ),
        1 => policy.insert(
            "issuer_pattern".to_owned(),
            json!(format!("({url}|https://gitlab[.]com)")),
        ),
        _ => policy.insert("issuer".to_owned(), json!(url)),
    };
    let subjects = issuer.claims[0].values;
    let (subject, other) = (dice.of(subjects), dice.of(subjects));
    match dice.one_in(2) {
        true => policy.insert("subject".to_owned(), json!(subject)),
        false => policy.insert("subject_pattern".to_owned(), json!(pattern(dice, subject, other))),
    };
    match dice.below(5) {
        0 => drop(policy.insert("audience".to_owned(), json!(dice.of(AUDIENCES)))),
        1 => drop(policy.insert(
            "audience_pattern".to_owned(),
            json!("octo-sts[.](dev|acme[.]example)"),
        )),
        _ => {}
    }
    let mut claims = Map::new();
    for _ in 0..dice.below(2) {
        let claim = &issuer.claims[dice.below(issuer.claims.len())];
        let (value, other) = (dice.of(claim.values), dice.of(claim.values));
        claims.insert(claim.name.to_owned(), json!(pattern(dice, value, other)));
    }
    policy.insert("claim_pattern".to_owned(), Value::Object(claims));
    Value::Object(policy)
}

#[test]
fn a_translated_policy_admits_what_octo_sts_admits() {
    let number = sampled(20_000, 200_000);
    let (mut decided, mut admitted, mut fidelities, mut seed) =
        (0_u64, 0_u64, BTreeMap::<String, u64>::new(), 0);
    while decided < number {
        seed += 1;
        let mut dice = Dice(seed);
        let own = &ISSUERS[dice.below(ISSUERS.len())];
        let policy = policy(&mut dice, own);
        let translation = translated(&[("deploy.sts.yaml", &policy)]);
        let fidelity = &translation.coverage.roles[0].fidelity;
        *fidelities.entry(format!("{fidelity:?}")).or_default() += 1;
        if matches!(fidelity, Fidelity::Refused(_)) {
            continue;
        }
        let set = PolicySet::compile_files(translation.files)
            .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{policy:#}"));
        for _ in 0..40 {
            let issuer = if dice.one_in(6) { &ISSUERS[0] } else { own };
            let audience = if dice.one_in(3) {
                dice.of(AUDIENCES)
            } else {
                AUDIENCES[0]
            };
            let token = token(&mut dice, issuer, audience);
            let found = admits(&set, "octo-sts:deploy", &token, &|_| Truth::True);
            // Up to 0.8.0, there is no group around a pattern: what is wider is so only compared with later versions.
            let expected = reference::allows(&policy, &token, false).unwrap();
            assert_eq!(found, expected, "seed {seed}: {policy:#}\n{token:#}");
            let later = reference::allows(&policy, &token, true).unwrap();
            let is_exact = *fidelity == Fidelity::Exact;
            assert!(
                found == later || found && !is_exact,
                "seed {seed}: {policy:#}\n{token:#}"
            );
            decided += 1;
            admitted += u64::from(found);
        }
    }
    println!("{decided} decisions agree, {admitted} admit: {fidelities:?}");
    assert!(admitted * 30 > decided, "the cases are too one-sided: {admitted}");
}
