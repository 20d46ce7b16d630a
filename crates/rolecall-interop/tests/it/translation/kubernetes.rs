//! Authenticators of Kubernetes.

use super::google::{Generator, ISSUERS, Issuer, literal, token};
use super::{admits, translated};
use crate::aws::dice::{Dice, sampled};
use crate::kubernetes::reference::accepts;
use rolecall_engine::ir::External;
use rolecall_engine::{PolicySet, Truth};
use rolecall_interop::Fidelity;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Returns an expression about the token, with a name of one of its claims.
fn condition(generator: &mut Generator<'_>) -> String {
    let levels = generator.dice.below(3);
    generator.condition(levels).replace("assertion", "claims")
}

fn rules(generator: &mut Generator<'_>) -> Vec<Value> {
    let mut rules = Vec::new();
    for number in 0..generator.dice.below(3) {
        let claim = generator.claim();
        if generator.dice.one_in(3) {
            let text = generator.text(claim);
            let taken = |rule: &Value| rule["claim"] == generator.claims[claim].0;
            if !rules.iter().any(taken) {
                rules.push(json!({"claim": generator.claims[claim].0, "requiredValue": text}));
            }
            continue;
        }
        // Two rules differ.
        let condition = format!("{}{}", condition(generator), " ".repeat(number));
        rules.push(json!({"expression": condition}));
    }
    rules
}

fn mappings(generator: &mut Generator<'_>) -> Value {
    let claim = |generator: &mut Generator<'_>| {
        let claim = generator.claim();
        match generator.dice.one_in(2) {
            true => "sub",
            false => generator.claims[claim].0,
        }
    };
    let prefix = |generator: &mut Generator<'_>| generator.dice.of(&["", "ci:", "system:"]);
    let name = claim(generator);
    let mut mappings = json!({});
    mappings["username"] = match generator.dice.below(5) {
        0 => json!({"expression": format!("claims.{name}")}),
        1 => json!({"expression": format!("'ci:' + claims.{name} + '@' + claims.sub")}),
        2 => json!({"expression": format!("has(claims.{name}) ? claims.{name} : 'none'")}),
        _ => json!({"claim": name, "prefix": prefix(generator)}),
    };
    let name = claim(generator);
    match generator.dice.below(6) {
        0 => mappings["groups"] = json!({"claim": "groups_direct", "prefix": prefix(generator)}),
        1 => mappings["groups"] = json!({"claim": name, "prefix": prefix(generator)}),
        2 => mappings["groups"] = json!({"expression": format!("[claims.{name}, 'ci']")}),
        3 => mappings["uid"] = json!({"claim": name}),
        4 => mappings["uid"] = json!({"expression": format!("claims.{name}")}),
        _ => {}
    }
    if generator.dice.one_in(4) {
        let value = format!("claims.{}", claim(generator));
        mappings["extra"] = json!([{"key": "acme.example/a", "valueExpression": value}]);
    }
    mappings
}

fn user_rule(generator: &mut Generator<'_>) -> Value {
    let claim = generator.claim();
    let start = generator.dice.of(&["", "ci:", "system:", "c"]);
    let text = match generator.dice.one_in(2) {
        true => generator.text(0),
        false => generator.text(claim),
    };
    let text = literal(&json!(format!("{start}{text}")), generator.dice);
    let expression = match generator.dice.below(7) {
        0 => format!("user.username == {text}"),
        1 => format!("user.username != {text}"),
        2 => format!("user.username.startsWith('{start}')"),
        3 => "!user.username.startsWith('system:')".to_owned(),
        4 => format!("{text} in user.groups"),
        5 => format!("!({text} in user.groups)"),
        _ => "user.groups.all(g, !g.startsWith('acme'))".to_owned(),
    };
    json!({"expression": expression})
}

fn entry(dice: &mut Dice, issuer: &'static Issuer) -> Value {
    let mut generator = Generator {
        dice,
        claims: issuer.claims,
        attributes: Vec::new(),
    };
    let mut entry = json!({
        "issuer": {"url": issuer.url, "audiences": ["https://acme.example"]},
        "claimValidationRules": rules(&mut generator),
        "claimMappings": mappings(&mut generator),
    });
    if generator.dice.one_in(2) {
        entry["userValidationRules"] = json!([user_rule(&mut generator)]);
    }
    entry
}

#[test]
fn a_translated_authenticator_accepts_what_the_api_server_accepts() {
    let number = sampled(20_000, 1_000_000);
    let (mut decided, mut admitted, mut seed) = (0_u64, 0_u64, 0);
    let mut fidelities = BTreeMap::<String, u64>::new();
    while decided < number {
        seed += 1;
        let mut dice = Dice(seed);
        let issuer = &ISSUERS[dice.below(2)];
        let entry = entry(&mut dice, issuer);
        let document = json!({
            "apiVersion": "apiserver.config.k8s.io/v1",
            "kind": "AuthenticationConfiguration",
            "jwt": [entry],
        });
        let translation = translated(&[("cluster.json", &document)]);
        let role = &translation.coverage.roles[0];
        let fidelity = role.fidelity.clone();
        *fidelities.entry(format!("{fidelity:?}")).or_default() += 1;
        if matches!(fidelity, Fidelity::Refused(_)) {
            continue;
        }
        assert_eq!(fidelity, Fidelity::Exact);
        let name = role.name.clone();
        let shown = format!("seed {seed}: {entry:#}");
        let set =
            PolicySet::compile_files(translation.files).unwrap_or_else(|error| panic!("{error}\n{shown}"));
        let externals = |_: &External| Truth::True;
        for _ in 0..8 {
            let token = token(&mut dice, issuer);
            let found = admits(&set, &name, &token, &externals);
            assert_eq!(found, accepts(&entry, &token), "{shown}\n{token:#}");
            decided += 1;
            admitted += u64::from(found);
        }
    }
    println!("{decided} decisions agree, {admitted} admit: {fidelities:?}");
    assert!(admitted * 30 > decided, "the cases are too one-sided: {admitted}");
}
