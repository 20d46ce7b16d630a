//! Questions about all roles of a large set: right for a few hundred, and soon answered for ten thousand.
//!
//! `ROLECALL_ROLES=10000 cargo test --release -p rolecall-analysis --test it scale -- --nocapture` says how long each takes.

use crate::support::many::{edited, policy};
use rolecall_analysis::{Analysis, Answer, Budget, Coverage, difference};
use rolecall_engine::RoleId;
use std::time::Instant;

fn roles() -> usize {
    let asked = std::env::var("ROLECALL_ROLES").ok();
    asked.map_or(300, |roles| roles.parse().expect("a number of roles"))
}

/// Does something, and says how long it took.
fn timed<T>(name: &str, ask: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let answer = ask();
    eprintln!("{name}: {:?}", start.elapsed());
    answer
}

#[test]
fn all_roles() {
    let count = roles();
    let set = policy(count, |_, condition| condition);
    let all: Vec<RoleId> = set.program().roles().ids().collect();
    let position = |role: &RoleId| set.program().roles().position(*role);
    let dead: Vec<usize> = timed("roles that no token gets", || {
        let mut analysis = Analysis::new(&set);
        let dead = all
            .iter()
            .filter(|role| analysis.satisfiable(**role) == Answer::Nothing);
        dead.map(position).collect()
    });
    assert_eq!(dead, (0..count).filter(|n| n % 100 == 50).collect::<Vec<usize>>());

    let implied: usize = timed("implications", || {
        let mut analysis = Analysis::new(&set);
        let implied = all
            .iter()
            .map(|role| analysis.implied(*role).expect("a decision").len());
        implied.sum()
    });
    assert!(implied > count / 20, "{implied}");
    for role in [5, 7, 16, 28].map(|position| all[position]) {
        // The same as asking about each of them.
        let mut analysis = Analysis::new(&set);
        let is_implied = |other: &RoleId| *other != role && analysis.implies(role, *other).is_proved();
        let each: Vec<RoleId> = all.iter().take(300).copied().filter(is_implied).collect();
        let mut implied = analysis.implied(role).expect("a decision");
        implied.retain(|other| position(other) < 300);
        assert_eq!(implied, each, "{role:?}");
    }

    let covered: usize = timed("roles that others cover", || {
        let mut analysis = Analysis::new(&set);
        let covered = |role: &RoleId| matches!(analysis.covered(*role, &all), Coverage::By(_));
        all.iter().copied().filter(covered).count()
    });
    assert!(covered >= dead.len(), "{covered}");

    let proof = timed("an assertion about all", || {
        Analysis::new(&set).prove(set.program().assertions().first().expect("an assertion"))
    });
    assert!(!proof.outcome.is_refuted() || proof.role.is_some());
}

#[test]
fn a_few_edits() {
    let count = roles();
    let old = policy(count, |_, condition| condition);
    let new = policy(count, edited);
    let changes = timed("the difference", || difference(&old, &new, Budget::default()));
    let changed: Vec<_> = changes.iter().filter(|change| !change.is_unchanged()).collect();
    assert_eq!(changed.len(), 4, "{changed:?}");
}
