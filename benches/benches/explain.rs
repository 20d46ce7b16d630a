//! Explanations of one token against many roles: the ranking, the nearest ten with what would allow them, and both with
//! the explanations.

#![allow(missing_docs, clippy::expect_used, reason = "criterion makes the functions")]

use criterion::{Criterion, criterion_group, criterion_main};
use rolecall_analysis::Analysis;
use rolecall_benches::{policy_set, token_claims};
use rolecall_engine::{Object, RoleId, UnverifiedClaims, Value};
use std::hint::black_box;

const ROLES: usize = 10_000;
const NEAREST: usize = 10;

/// The claims of a job in the project of a role, on another branch: it gets none of its roles.
fn denied(role: usize) -> UnverifiedClaims {
    let mut token = Object::new();
    for (claim, value) in token_claims(role) {
        token.set(claim, value);
    }
    for (claim, text) in [
        ("ref", "topic"),
        ("ref_path", "refs/heads/topic"),
        ("ref_protected", "false"),
    ] {
        token.set(claim, Value::from(text));
    }
    let subject = token
        .get("sub")
        .and_then(Value::as_text)
        .map(|sub| sub.replace(":ref:main", ":ref:topic"));
    token.set("sub", Value::Text(subject.expect("a subject")));
    UnverifiedClaims::new(token)
}

fn explain(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explain");
    group.sample_size(20);
    let set = policy_set(ROLES);
    let roles: Vec<RoleId> = set.program().roles().ids().collect();
    // A project with a role, and one without: then the nearest ones are those of other projects.
    let own = denied(0);
    let mut stranger = Object::from(own.members());
    stranger.set("project_path", Value::from("nobody/nothing"));
    stranger.set("project_id", Value::from("99999999"));
    stranger.set(
        "sub",
        Value::from("project_path:nobody/nothing:ref_type:branch:ref:topic"),
    );
    let stranger = UnverifiedClaims::new(stranger);
    group.bench_function("10,000 roles ranked", |bencher| {
        bencher.iter(|| set.nearest(black_box(&own), &roles).len());
    });
    for (name, claims) in [
        ("of a project with a role", &own),
        ("of another project", &stranger),
    ] {
        group.bench_function(
            format!("a token {name}: the nearest ten of 10,000 roles"),
            |bencher| {
                bencher.iter(|| {
                    let mut analysis = Analysis::new(black_box(&set));
                    let near = analysis.nearest(claims, &roles, NEAREST);
                    let mut explainer = set.explainer(claims);
                    let explained = near.roles.iter().map(|(role, _)| {
                        let explanation = explainer.explain(&set.program()[*role].name);
                        explanation.operator().map_or(0, |view| view.clauses.len())
                    });
                    explained.sum::<usize>()
                });
            },
        );
    }
    group.finish();
}

criterion_group!(benches, explain);
criterion_main!(benches);
