//! Decisions: one role, and all roles.

#![allow(missing_docs, reason = "criterion makes the functions")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use rolecall_benches::{claims, policy_set};
use std::hint::black_box;

fn decide(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decide");
    // A role in the middle of each set.
    for (roles, middle) in [(10, 0), (1_000, 500), (10_000, 5_000)] {
        let set = policy_set(roles);
        let claims = claims(middle);
        let role = format!("role-{middle}");
        assert!(set.decide(&claims, &role).is_allowed(), "the token gets its role");
        group.bench_with_input(BenchmarkId::new("one role", roles), &set, |bencher, set| {
            bencher.iter(|| set.decide(black_box(&claims), &role).is_allowed());
        });
        group.bench_with_input(BenchmarkId::new("all roles", roles), &set, |bencher, set| {
            let mut room = Vec::new();
            bencher.iter(|| set.roles(black_box(&claims), &mut room).count());
        });
    }
    group.finish();
}

criterion_group!(benches, decide);
criterion_main!(benches);
