//! Random credentials in a state: Terraform's attributes admit what the credentials do.

use super::locations::state;
use super::translated;
use crate::aws::dice::{Dice, sampled};
use crate::azure::translation::allows;
use crate::azure::{random, reference};
use rolecall_engine::PolicySet;
use rolecall_interop::Fidelity;
use serde_json::{Value as Json, json};

/// Returns the resource of a credential.
fn resource(credential: &Json) -> (&'static str, Json) {
    let mut values =
        json!({"application_id": "/applications/00a1", "display_name": "a", "issuer": credential["issuer"]});
    match credential["subject"].as_str() {
        Some(subject) => {
            values["subject"] = json!(subject);
            values["audiences"] = credential["audiences"].clone();
            ("azuread_application_federated_identity_credential", values)
        }
        None => {
            values["audience"] = credential["audiences"][0].clone();
            values["claims_matching_expression"] = credential["claimsMatchingExpression"]["value"].clone();
            (
                "azuread_application_flexible_federated_identity_credential",
                values,
            )
        }
    }
}

#[test]
fn credentials_in_a_state_admit_the_same_tokens() {
    let number = sampled(6_000, 300_000);
    let (mut decided, mut admitted, mut seed) = (0_u64, 0_u64, 0);
    while decided < number {
        seed += 1;
        let mut dice = Dice(seed);
        let document = random::document(&mut dice);
        let Some(credentials) = document.as_array() else {
            continue;
        };
        // A provider writes an absent text as an empty one.
        if credentials.iter().any(|credential| credential["subject"] == "") {
            continue;
        }
        let resources: Vec<_> = credentials.iter().map(resource).collect();
        let translation = translated(&state(&resources).to_string());
        let [role] = translation.coverage.roles.as_slice() else {
            panic!("{document:#}");
        };
        assert_eq!(role.name, "azure:00a1");
        if let Fidelity::Refused(_) = role.fidelity {
            continue;
        }
        let set = PolicySet::compile_files(translation.files).unwrap();
        for _ in 0..8 {
            let token = random::token(&mut dice);
            let expected = reference::allows(&document, &token);
            let found = allows(&set, &["azure:00a1"], &token);
            assert_eq!(Some(found), expected, "seed {seed}: {document:#}\n{token:#}");
            decided += 1;
            admitted += u64::from(found);
        }
    }
    println!("{decided} decisions agree, {admitted} admit");
    assert!(admitted * 60 > decided, "the cases are too one-sided");
}
