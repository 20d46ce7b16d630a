//! One piece of work, whose instructions valgrind counts: `instructions compile|decide|first|lint ROLES`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a bench cannot run without its input"
)]

use rolecall_benches::workload::{TOKENS, Token, Workload};
use rolecall_engine::{Claims, Document, JsonLimits, PolicySet, Source, UnverifiedClaims, assume_verified};
use rolecall_lint::{Linter, Settings};
use std::hint::black_box;

/// The number of roles in each file.
const EACH: usize = 100;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let work = arguments.next().expect("a kind of work");
    let roles = arguments.next().and_then(|roles| roles.parse().ok());
    let workload = Workload::new(roles.expect("a number of roles"));
    let files = workload.files(EACH).into_iter();
    let files: Vec<Source> = files.map(|(name, text)| Source::new(name, text)).collect();
    let compile = |files: Vec<Source>| PolicySet::compile(files).expect("a policy set");
    match work.as_str() {
        "compile" => drop(measured(|| compile(files))),
        // `first` counts the first decision on each token, which also finds the claims that the set reads.
        "decide" | "first" => {
            let set = compile(files);
            let claims: Vec<Claims> = workload.tokens.iter().map(claims).collect();
            let mut room = Vec::new();
            let mut all = || -> usize {
                let tokens = claims.iter().take(TOKENS);
                tokens.map(|claims| set.roles(claims, &mut room).count()).sum()
            };
            if work == "first" {
                assert_ne!(measured(all), 0);
            } else {
                let first = all();
                assert_eq!(first, measured(all));
            }
        }
        "lint" => {
            let set = compile(files);
            let settings = Settings::default();
            drop(measured(|| Linter::new(&set, &settings).run()));
        }
        other => panic!("`{other}` is neither `compile`, `decide`, `first` nor `lint`"),
    }
}

/// Does the work that valgrind counts, which knows this function by its name.
#[inline(never)]
fn measured<T>(work: impl FnOnce() -> T) -> T {
    black_box(work())
}

fn claims(token: &Token) -> Claims {
    let document = Document::parse(token.json.clone().into_bytes(), &JsonLimits::CLAIMS).expect("claims");
    assume_verified(UnverifiedClaims::new(document))
}
