//! From text to a policy set: parse, and parse + resolve + check.

#![allow(missing_docs, clippy::expect_used, reason = "criterion makes the functions")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rolecall_benches::policy;
use rolecall_engine::{PolicySet, Source};
use std::hint::black_box;

fn compile(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile");
    group.sample_size(20);
    for roles in [10, 1_000] {
        let text = policy(roles);
        group.throughput(Throughput::Bytes(
            u64::try_from(text.len()).expect("a small file"),
        ));
        group.bench_with_input(BenchmarkId::new("parse", roles), &text, |bencher, text| {
            bencher.iter(|| rolecall_syntax::parse(black_box(text)));
        });
        group.bench_with_input(
            BenchmarkId::new("parse and lower", roles),
            &text,
            |bencher, text| {
                bencher.iter(|| PolicySet::compile([Source::new("bench.policy", black_box(text.as_str()))]));
            },
        );
    }
    group.finish();
}

criterion_group!(benches, compile);
criterion_main!(benches);
