//! Roles of another policy set: the mistake is caught, and nothing is proved.

use crate::support::{compile, role};
use rolecall_analysis::Analysis;
use rolecall_engine::PolicySet;

/// A set with so many roles, each for another subject.
fn set(roles: usize) -> PolicySet {
    let mut policy = "issuer i { url \"https://i.example\" profile generic audience \"x\" }\n".to_owned();
    for number in 0..roles {
        policy += &format!("role r{number} {{ allow from i when sub == \"{number}\" }}\n");
    }
    compile(&policy)
}

#[test]
fn a_name_is_the_only_way_to_a_role() {
    let set = set(2);
    assert!(set.program().role("r1").is_some());
    assert!(set.program().role("r2").is_none());
    assert!(set.program().roles().id_at(2).is_none());
}

#[test]
#[should_panic = "this id belongs to another policy set"]
#[cfg_attr(not(debug_assertions), ignore = "only debug builds check the owner of an id")]
fn a_role_of_a_larger_set_is_caught() {
    let (ours, others) = (set(2), set(100));
    let _ = Analysis::new(&ours).implies(role(&others, 99), role(&ours, 1));
}

#[test]
#[should_panic = "this id belongs to another policy set"]
#[cfg_attr(not(debug_assertions), ignore = "only debug builds check the owner of an id")]
fn a_role_of_a_set_of_the_same_size_is_caught() {
    let (ours, others) = (set(2), set(2));
    let _ = Analysis::new(&ours).disjoint(role(&others, 0), role(&ours, 1));
}
