//! Verification of an RS256 token of GitLab's size, beside the check of its signature alone.

#![allow(missing_docs, clippy::expect_used, reason = "criterion makes the functions")]

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use criterion::{Criterion, criterion_group, criterion_main};
use rolecall::{Issuer, KeySet, UnixTime, Verifier};
use rolecall_benches::{policy_set, signed};
use std::collections::HashMap;
use std::hint::black_box;

fn verify(criterion: &mut Criterion) {
    let signed = signed(10);
    let set = policy_set(100);
    let issuers: Vec<Issuer> = set.issuers().cloned().collect();
    let verifier = Verifier::new(issuers).expect("issuers");
    let keys = KeySet::parse(signed.jwks.as_bytes()).expect("a key set");
    let keys = HashMap::from([("https://gitlab.com".to_owned(), keys)]);
    let now = UnixTime::from_secs(1_800_000_600);
    let public_key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &signed.public_key).expect("a key");

    let mut group = criterion.benchmark_group("verify");
    group.bench_function("signature alone", |bencher| {
        bencher.iter(|| {
            public_key
                .verify_sig(black_box(signed.message.as_bytes()), &signed.signature)
                .expect("a signature");
        });
    });
    group.bench_function("token", |bencher| {
        bencher.iter(|| {
            verifier
                .verify(black_box(&signed.token), &keys, now)
                .expect("a token")
        });
    });
    group.bench_function("token and one of 100 roles", |bencher| {
        bencher.iter(|| {
            let token = verifier
                .verify(black_box(&signed.token), &keys, now)
                .expect("a token");
            set.decide(token.claims(), "role-10").is_allowed()
        });
    });
    group.finish();
}

criterion_group!(benches, verify);
criterion_main!(benches);
