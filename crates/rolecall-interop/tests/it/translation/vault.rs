//! Roles of Vault.

use super::{ISSUERS, admits, token, translated};
use crate::aws::dice::{Dice, sampled};
use crate::vault::reference;
use rolecall_engine::ir::External;
use rolecall_engine::{PolicySet, Truth};
use rolecall_interop::Fidelity;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const AUDIENCES: &[&str] = &["https://vault.acme.example", "vault", "other"];

/// Returns an expected value near one of a claim.
fn expected(dice: &mut Dice, value: &str, is_glob: bool) -> Value {
    match dice.below(if is_glob { 5 } else { 8 }) {
        0 => json!(format!("{}*", &value[..value.len() / 2])),
        1 => json!(format!("*{}", &value[value.len() / 2..])),
        2 => json!(value.replace('a', "?")),
        5 => json!(dice.one_in(2)),
        6 => json!(value.parse::<i64>().unwrap_or(7)),
        _ => json!(value),
    }
}

fn role(dice: &mut Dice) -> Value {
    let issuer = &ISSUERS[0];
    let is_glob = dice.one_in(3);
    let mut claims = Map::new();
    for _ in 0..dice.below(4) {
        let claim = &issuer.claims[dice.below(issuer.claims.len())];
        let values: Vec<Value> = (0..=dice.below(3))
            .map(|_| {
                let value = dice.of(claim.values);
                expected(dice, value, is_glob)
            })
            .collect();
        let name = if dice.one_in(5) {
            format!("/{}", claim.name)
        } else {
            claim.name.to_owned()
        };
        let value = match dice.one_in(2) {
            true => values[0].clone(),
            false => json!(values),
        };
        claims.insert(name, value);
    }
    if dice.one_in(8) {
        let runners = [json!(12), json!("12"), json!([7, 12])];
        claims.insert("runner_id".to_owned(), runners[dice.below(3)].clone());
    }
    if dice.one_in(8) {
        claims.insert("aud".to_owned(), json!(dice.of(AUDIENCES)));
    }
    let subject = if dice.one_in(5) {
        dice.of(issuer.claims[0].values)
    } else {
        ""
    };
    let audiences = match dice.below(8) {
        0 => json!([]),
        1 => json!(["other"]),
        _ => json!(AUDIENCES[..2]),
    };
    json!({"data": {
        "role_type": "jwt",
        "user_claim": dice.of(&["sub", "sub", "user_login", "project_id"]),
        "bound_audiences": audiences,
        "bound_subject": subject,
        "bound_claims": claims,
        "bound_claims_type": if is_glob { "glob" } else { "string" },
        "claim_mappings": if dice.one_in(6) { json!({"user_login": "user", "/runner_id": "runner"}) } else { json!({}) },
        "groups_claim": if dice.one_in(8) { "user_login" } else { "" },
        "token_bound_cidrs": if dice.one_in(6) { json!([dice.of(&["10.0.0.0/8", "192.0.2.0/24"])]) } else { json!([]) },
    }})
}

#[test]
fn a_translated_role_admits_what_vault_admits() {
    let number = sampled(20_000, 200_000);
    let mount = json!({"data": {
        "oidc_discovery_url": format!("https://{}", ISSUERS[0].host), "bound_issuer": "", "jwt_validation_pubkeys": [],
    }});
    let (mut decided, mut admitted, mut fidelities, mut seed) =
        (0_u64, 0_u64, BTreeMap::<String, u64>::new(), 0);
    let is_near = |external: &External| external.text.ends_with("10.0.0.0/8");
    let externals = |external: &External| {
        if is_near(external) {
            Truth::True
        } else {
            Truth::False
        }
    };
    while decided < number {
        seed += 1;
        let mut dice = Dice(seed);
        let role = role(&mut dice);
        let translation = translated(&[("deploy.json", &role), ("config.json", &mount)]);
        let fidelity = &translation.coverage.roles[0].fidelity;
        *fidelities.entry(format!("{fidelity:?}")).or_default() += 1;
        if matches!(fidelity, Fidelity::Refused(_)) {
            continue;
        }
        let set = PolicySet::compile_files(translation.files)
            .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{role:#}"));
        let cidrs = role["data"]["token_bound_cidrs"].as_array().unwrap();
        let is_from_there = cidrs.is_empty() || cidrs[0] == "10.0.0.0/8";
        for _ in 0..40 {
            let audience = dice.of(AUDIENCES);
            let mut token = token(&mut dice, &ISSUERS[0], audience);
            if dice.one_in(2) {
                token["runner_id"] = json!(dice.of(&[7, 12]));
            }
            let found = admits(&set, "vault:deploy", &token, &externals);
            let expected = is_from_there && reference::allows(&role, &token).unwrap();
            assert_eq!(found, expected, "seed {seed}: {role:#}\n{token:#}");
            decided += 1;
            admitted += u64::from(found);
        }
    }
    println!("{decided} decisions agree, {admitted} admit: {fidelities:?}");
    assert!(admitted * 30 > decided, "the cases are too one-sided: {admitted}");
}
