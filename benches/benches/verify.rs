//! Verification of an RS256 token of GitLab's size, beside the check of its signature alone.

#![allow(missing_docs, clippy::expect_used, reason = "criterion makes the functions")]

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use criterion::{Criterion, criterion_group, criterion_main};
use rolecall::{
    Clock, CoarseClock, Gate, Issuer, KeySet, KeySources, Moment, SystemClock, UnixTime, Verifier,
};
use rolecall_benches::{policy_set, signed, signed_many};
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

/// A clock that is read, and says that the tokens are valid.
struct Back(Box<dyn Clock>);

impl Clock for Back {
    fn now(&self) -> Moment {
        let wall = UnixTime::from_secs(1_800_000_600);
        let now = black_box(self.0.now());
        Moment { wall, ..now }
    }
}

/// A clock that costs nothing.
struct Stopped(Moment);

impl Clock for Stopped {
    fn now(&self) -> Moment {
        self.0
    }
}

/// A repeated token, beside a comparison of its bytes.
fn repeat(criterion: &mut Criterion) {
    let signed = signed_many(64);
    let copies: Vec<String> = signed.iter().map(|signed| signed.token.clone()).collect();
    let jwks = signed.first().expect("a token").jwks.as_bytes();
    let gate = |clock: Box<dyn Clock>| {
        let keys = KeySet::parse(jwks).expect("a key set");
        let sources = KeySources::new().fixed("https://gitlab.com", keys);
        let gate = Gate::builder(policy_set(100), sources).clock(Back(clock));
        gate.build().expect("a gate")
    };
    let gates = [
        ("stopped", gate(Box::new(Stopped(SystemClock.now())))),
        ("coarse", gate(Box::new(CoarseClock::new()))),
        ("exact", gate(Box::new(SystemClock))),
    ];

    let mut group = criterion.benchmark_group("repeat 64 tokens in turn");
    group.bench_function("comparing its bytes", |bencher| {
        let mut pairs = signed.iter().zip(&copies).cycle();
        bencher.iter(|| {
            let (signed, copy) = pairs.next().expect("a token");
            black_box(&signed.token) == black_box(copy)
        });
    });
    for (clock, gate) in gates {
        group.bench_function(
            format!("a gate with its clock {clock}, and a decision"),
            |bencher| {
                let mut tokens = copies.iter().cycle();
                bencher.iter(|| {
                    let token = tokens.next().expect("a token");
                    gate.authorize(black_box(token), "role-0").is_ok()
                });
            },
        );
    }
    group.finish();
}

criterion_group!(benches, verify, repeat);
criterion_main!(benches);
