//! Statements about all tokens: of each of many roles, of two versions, and one alone.

#![allow(
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    reason = "criterion makes the functions"
)]

#[path = "../../crates/rolecall-analysis/tests/it/support/many.rs"]
mod many;

use criterion::{Criterion, criterion_group, criterion_main};
use many::{edited, policy};
use rolecall_analysis::{Analysis, Answer, Budget, Coverage, difference};
use rolecall_engine::{PolicySet, Source};
use std::hint::black_box;

const ROLES: usize = 1_000;

/// What nobody can have, what implies what, what is covered by others, and one statement about all: each begins with nothing
/// made ready.
fn many_roles(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("prove");
    group.sample_size(10);
    let set = policy(ROLES, |_, condition| condition);
    let all: Vec<usize> = (0..ROLES).collect();
    group.bench_function("which of 1,000 roles nobody can have", |bencher| {
        bencher.iter(|| {
            let mut analysis = Analysis::new(black_box(&set));
            let dead = all
                .iter()
                .filter(|role| analysis.satisfiable(**role) == Answer::Nothing);
            assert_eq!(dead.count(), ROLES / 100, "one in a hundred contradicts itself");
        });
    });
    group.bench_function("which of 1,000 roles imply which", |bencher| {
        bencher.iter(|| {
            let mut analysis = Analysis::new(black_box(&set));
            let implied = all
                .iter()
                .map(|role| analysis.implied(*role).expect("a decision").len());
            implied.sum::<usize>()
        });
    });
    group.bench_function("which of 1,000 roles are covered by others", |bencher| {
        bencher.iter(|| {
            let mut analysis = Analysis::new(black_box(&set));
            let covered = |role: &&usize| matches!(analysis.covered(**role, &all), Coverage::By(_));
            all.iter().filter(covered).count()
        });
    });
    let changed = policy(ROLES, edited);
    group.bench_function("five edits of 1,000 roles", |bencher| {
        bencher.iter(|| difference(black_box(&set), &changed, Budget::default()));
    });
    let larger = policy(2_400, |_, condition| condition);
    let assertion = larger.program().assertions().first().expect("an assertion");
    group.bench_function("an assertion about 2,400 roles", |bencher| {
        bencher.iter(|| {
            let proof = Analysis::new(black_box(&larger)).prove(assertion);
            assert!(proof.outcome.is_proved(), "all are of groups");
        });
    });
    group.finish();
}

/// A policy set as people write it.
fn one_question(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("prove one");
    let files = [
        include_str!("../../policies/gitlab-monorepo/roles.policy"),
        include_str!("../../policies/gitlab-monorepo/tests.policy"),
    ];
    let sources = files.map(|text| Source::new("monorepo.policy", text));
    let set = PolicySet::compile(sources).expect("a policy set");
    let assertion = set.program().assertions().first().expect("an assertion");
    group.bench_function("assertion, the first question", |bencher| {
        bencher.iter(|| Analysis::new(black_box(&set)).prove(assertion));
    });
    group.bench_function("assertion, asked again", |bencher| {
        let mut analysis = Analysis::new(&set);
        bencher.iter(|| analysis.prove(black_box(assertion)));
    });
    group.bench_function("a token that gets a role, the first question", |bencher| {
        bencher.iter(|| Analysis::new(black_box(&set)).satisfiable(0));
    });
    group.finish();
}

criterion_group!(benches, many_roles, one_question);
criterion_main!(benches);
