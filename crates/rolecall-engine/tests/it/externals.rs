//! External conditions: what no token decides grants nothing, and the dependence of a decision on it is exact.

use crate::support::externals::with_externals;
use crate::support::random::{roles, token};
use crate::support::sampling::{config, sampled};
use crate::support::{agrees, claims, compile, pushed_negation, random};
use proptest::collection::vec;
use proptest::prelude::*;
use rolecall_engine::ir::{External, Formula};
use rolecall_engine::{DenialReason, Dependence, Object, PolicySet, Truth, UnverifiedClaims, Value};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// A value for each external condition, or none.
fn value(text: &str, seed: u64) -> Option<bool> {
    let mut hasher = DefaultHasher::new();
    (text, seed).hash(&mut hasher);
    [Some(false), Some(true), None][usize::try_from(hasher.finish() % 3).unwrap()]
}

fn truth(value: Option<bool>) -> Truth {
    value.map_or(Truth::Unknown, Truth::from)
}

/// The names of the roles that a token gets by the reference evaluation if external conditions have these values.
fn evaluated(set: &PolicySet, token: &Object, externals: &dyn Fn(&str) -> Option<bool>) -> Vec<String> {
    let claims = UnverifiedClaims::new(token.clone());
    let roles = set.program().roles().values();
    let externals = |external: &External| truth(externals(&external.text));
    let mut names: Vec<String> = roles
        .map(|role| role.name.to_string())
        .filter(|name| set.evaluate_if(&claims, name, &externals).is_ok())
        .collect();
    names.sort();
    names
}

/// The dependence of the decision on a role.
fn dependence(set: &PolicySet, token: &Object, role: &str) -> Dependence {
    let claims = UnverifiedClaims::new(token.clone());
    let explanation = set.explain(&claims, role);
    explanation.operator().expect("a role").dependence.clone()
}

proptest! {
    #![proptest_config(config(sampled(3_000)))]

    /// The index, Kleene's three values, and `!` pushed to the comparisons agree with external conditions, too.
    #[test]
    fn all_readings_agree((roles, guards) in roles(), tokens in vec(token(), 1..6), seed in any::<u64>()) {
        let set = with_externals(&compile(&random::items(&roles, &guards).join("\n")), "int");
        let mut room = Vec::new();
        let externals = |text: &str| value(text, seed);
        for token in &tokens {
            agrees(&set, token, &mut room).map_err(TestCaseError::fail)?;
            let expected = pushed_negation::allowed_if(set.program(), token, &externals);
            prop_assert_eq!(evaluated(&set, token, &externals), expected, "{:?}", token);
        }
    }

    /// A role is allowed with the values that its dependence names, and not if one of them is not known; and it has no
    /// dependence if it is denied with all values.
    #[test]
    fn dependence_is_exact((roles, guards) in roles(), tokens in vec(token(), 1..4), seed in any::<u64>()) {
        let set = with_externals(&compile(&random::items(&roles, &guards).join("\n")), "int");
        for token in &tokens {
            for role in set.program().roles().values() {
                let allowed = |externals: &dyn Fn(&str) -> Option<bool>| {
                    evaluated(&set, token, externals).contains(&role.name.to_string())
                };
                match dependence(&set, token, &role.name) {
                    Dependence::None => {
                        prop_assert_eq!(allowed(&|_| None), allowed(&|text| value(text, seed)));
                    }
                    Dependence::AllowedIf(values) => {
                        let known = |text: &str| {
                            let known = values.iter().find(|(external, _)| external.text == text);
                            known.map(|(_, value)| *value)
                        };
                        prop_assert!(!allowed(&|_| None));
                        prop_assert!(allowed(&known));
                        for (left_out, _) in &values {
                            prop_assert!(!allowed(&|text| known(text).filter(|_| text != left_out.text)));
                        }
                    }
                    other => prop_assert!(false, "{:?}", other),
                }
            }
        }
    }
}

const POLICY: &str = r#"
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
role deploy { allow from gitlab when project_id == "42" }
"#;

fn job() -> Object {
    let set = compile(POLICY);
    let mut claims = Object::new();
    claims.set("project_id", Value::from("42"));
    set.complete("gitlab", &claims)
}

/// The set with this condition instead of the comparison of the project's id, which it takes.
fn with(condition: impl Fn(Formula) -> Formula) -> PolicySet {
    compile(POLICY).with_conditions(|_, written| condition(written.clone()))
}

fn not(formula: Formula) -> Formula {
    Formula::Not(Arc::new(formula))
}

#[test]
fn an_external_condition_grants_nothing() {
    let address = || Formula::external("aws:SourceIp is 192.0.2.0/24");
    for set in [
        with(|project| Formula::All([project, address()].into())),
        with(|project| Formula::All([project, not(address())].into())),
        with(|_| address()),
        with(|_| Formula::Any([address(), not(address())].into())),
    ] {
        let claims = claims(&job());
        let decision = set.decide(&claims, "deploy");
        assert_eq!(decision.reason(), Some(DenialReason::Condition));
        assert!(set.roles(&claims, &mut Vec::new()).next().is_none());
        assert!(matches!(
            dependence(&set, &job(), "deploy"),
            Dependence::AllowedIf(_)
        ));
    }
}

#[test]
fn a_role_that_is_allowed_otherwise_does_not_depend_on_it() {
    let set = with(|project| Formula::Any([project, Formula::external("aws:SourceIp")].into()));
    assert!(set.decide(&claims(&job()), "deploy").is_allowed());
    assert_eq!(dependence(&set, &job(), "deploy"), Dependence::None);
}

#[test]
fn a_role_that_is_denied_anyway_does_not_depend_on_it() {
    let set = with(|project| Formula::All([not(project), Formula::external("aws:SourceIp")].into()));
    assert_eq!(dependence(&set, &job(), "deploy"), Dependence::None);
}

#[test]
fn values_that_do_not_matter_are_not_named() {
    let (address, network) = (|| Formula::external("address"), || Formula::external("network"));
    let set = with(|project| {
        let either = Formula::Any([Formula::All([address(), network()].into()), not(address())].into());
        Formula::All([project, either].into())
    });
    let expected = External {
        text: "address".to_owned(),
    };
    assert_eq!(
        dependence(&set, &job(), "deploy"),
        Dependence::AllowedIf(vec![(Arc::new(expected), false)])
    );
}

#[test]
fn many_external_conditions_are_not_tried() {
    let set = with(|project| {
        let externals = (0..11).map(|number| Formula::external(number.to_string()));
        Formula::All(externals.chain([project]).collect())
    });
    let expected = Dependence::TooMany { count: 11, limit: 10 };
    assert_eq!(dependence(&set, &job(), "deploy"), expected);
}
