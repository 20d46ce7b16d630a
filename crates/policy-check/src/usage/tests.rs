//! The use of `allow`s by random tokens is that of a slow and obvious evaluation of each one alone.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may panic")]

use super::*;
use proptest::prelude::*;
use proptest::sample::select;
use rolecall_engine::ir::Formula;
use rolecall_engine::{Object, Source, Value};

const CONDITIONS: &[&str] = &[
    "project == \"a/b\"",
    "project under \"a\"",
    "project != \"a/b\"",
    "ref like \"m*\"",
    "ref == \"main\" && ref_protected",
    "!(ref_protected) || has environment",
    "environment in [\"x\", \"y\"]",
    "project == \"a/b\" && project == \"b/c\"",
];

/// Returns a policy with roles that have several `allow`s, a role for each of these alone, and a guard and a grant for all.
fn policy(roles: &[Vec<&str>]) -> String {
    let mut text = "issuer i { url \"https://i.example\" profile gitlab-ci audience \"x\" }\n\
        guard g for * { pipeline_source != \"web\" }\n"
        .to_owned();
    let allow = |condition: &&str| format!("allow from i when {condition}\n");
    for (number, conditions) in roles.iter().enumerate() {
        let all: String = conditions.iter().map(allow).collect();
        text += &format!("role r{number} {{ {all} grant p = \"{{ref}}\" }}\n");
        for (clause, condition) in conditions.iter().enumerate() {
            text += &format!(
                "role r{number}-{clause} {{ {} grant p = \"{{ref}}\" }}\n",
                allow(condition)
            );
        }
    }
    text
}

fn token(claims: [Option<&str>; 5]) -> UnverifiedClaims {
    UnverifiedClaims::new(token_object(claims))
}

fn token_object(claims: [Option<&str>; 5]) -> Object {
    let mut token = Object::new();
    for (name, value) in [("iss", "https://i.example"), ("aud", "x"), ("sub", "s")] {
        token.set(name, Value::from(value));
    }
    token.set("iat", Value::Int(1));
    token.set("exp", Value::Int(2));
    let names = [
        "project_path",
        "ref",
        "ref_protected",
        "environment",
        "pipeline_source",
    ];
    for (name, value) in names.iter().zip(claims) {
        if let Some(value) = value {
            token.set(name, Value::from(value));
        }
    }
    token
}

/// Returns a claim with one of some values, or none.
fn claim(values: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![1 => Just(None), 4 => select(values).prop_map(Some)]
}

fn tokens() -> impl Strategy<Value = Vec<UnverifiedClaims>> {
    let claims = [
        claim(&["a/b", "b/c", "a"]).boxed(),
        claim(&["main", "next"]).boxed(),
        claim(&["true", "false"]).boxed(),
        claim(&["x", "z"]).boxed(),
        claim(&["push", "push", "web"]).boxed(),
    ];
    proptest::collection::vec(claims.prop_map(token), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn used_is_what_a_slow_evaluation_finds(
        roles in proptest::collection::vec(proptest::collection::vec(select(CONDITIONS), 1..5), 1..4),
        tokens in tokens(),
    ) {
        let text = policy(&roles);
        let set = PolicySet::compile([Source::new("p.policy", text.as_str())]).unwrap();
        let asked: Vec<RoleId> = (0..roles.len())
            .map(|number| set.program().role(&format!("r{number}")).unwrap())
            .collect();
        let mut usage = Usage::new(&set, &asked, |_| false);
        for claims in &tokens {
            usage.add_token(claims, &set.rehearse_all(claims));
        }
        let usage = usage.proved();
        prop_assert_eq!(usage.roles.len(), roles.len());
        for (number, (role, conditions)) in usage.roles.iter().zip(&roles).enumerate() {
            prop_assert_eq!(role.allows.len(), conditions.len());
            let mut any = false;
            for (clause, allow) in role.allows.iter().enumerate() {
                let alone = format!("r{number}-{clause}");
                let is_used = tokens.iter().any(|claims| set.evaluate(claims, &alone).is_ok());
                any |= is_used;
                let expected = if is_used { Used::Yes } else { Used::No };
                prop_assert_eq!(role.used(allow), expected, "{}\n{}", alone, text);
                prop_assert_eq!(allow.removal.is_none(), is_used);
            }
            prop_assert_eq!(role.is_used(), any);
        }
    }
}

#[test]
fn what_depends_on_external_conditions_is_not_decided() {
    let text = r#"
        issuer i { url "https://i.example" profile gitlab-ci audience "x" }
        role one { allow from i when project == "a/b" && environment == "x" }
        role not-one { allow from i when project == "a/b" && !(environment == "x") }
        role other-project { allow from i when project == "b/c" && environment == "x" }
        role either { allow from i when project == "a/b" || environment == "x" }
        role many { allow from i when project == "b/c" && environment != "1" && environment != "2"
          && environment != "3" && environment != "4" && environment != "5" }
    "#;
    let set = PolicySet::compile([Source::new("p.policy", text)]).unwrap();
    // Each comparison of an environment becomes a condition that no token decides.
    let set = set.with_conditions(|clause, condition| {
        let environment = set.program()[clause.issuer].profile.claim_by_name("environment");
        condition.replace(&|formula| match formula {
            Formula::Atom(atom, location) if Some(atom.claim) == environment => {
                Some(Formula::external(format!("{location:?}")))
            }
            _ => None,
        })
    });
    let state = |project: &'static str, audience: &str| {
        let roles: Vec<RoleId> = set.program().roles().ids().collect();
        let mut usage = Usage::new(&set, &roles, |_| false);
        let mut claims = token_object([Some(project), None, None, None, None]);
        claims.set("aud", Value::from(audience));
        let claims = UnverifiedClaims::new(claims);
        usage.add_token(&claims, &set.rehearse_all(&claims));
        let states = usage.roles.iter().map(|role| role.allows[0].state);
        states.collect::<Vec<State>>()
    };
    use State::{MaybeExternal, Unused, Used};
    assert_eq!(
        state("a/b", "x"),
        [MaybeExternal, MaybeExternal, Unused, Used, MaybeExternal]
    );
    assert_eq!(state("a/b", "y"), [Unused; 5]);
}
