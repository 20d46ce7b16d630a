#!/usr/bin/env bash
# rustc 1.95.0: at `opt-level = 1`, a loop over a range calls `Range::next` as an unoptimized function if a dependency that is
# not optimized has such a loop.
#
# Up to level 1, a crate does not compile generic functions that its dependencies contain already, and calls theirs. So the
# level of a crate's code is partly that of its dependencies: unoptimized dependencies made a test run take 110 s instead of 37 s,
# though all their own crates were at level 1. At level 2 each crate compiles generic functions itself, and inlines them.
set -euo pipefail
rustc --version | grep -q '^rustc 1\.95\.' || {
    echo "skipped: this describes rustc 1.95"
    exit 0
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >lower.rs <<'RUST'
pub fn total(count: usize) -> usize {
    let mut sum = 0;
    for number in 0..count {
        sum += number;
    }
    sum
}
RUST
cat >upper.rs <<'RUST'
fn main() {
    let mut mixed = 0;
    for number in 0..std::env::args().count() {
        mixed ^= lower::total(number) & number;
    }
    println!("{mixed}");
}
RUST

calls() {
    rustc --edition 2024 --crate-type lib -C "opt-level=$1" lower.rs
    rustc --edition 2024 --extern lower=liblower.rlib -C "opt-level=$2" --emit asm upper.rs
    grep -cE 'call.*Iterator.*range.*next|call.*range.*Iterator.*next' upper.s || true
}
result=$(for lower in 0 2; do for upper in 1 2; do echo "lower at $lower, upper at $upper: $(calls $lower $upper)"; done; done)
echo "calls of Range::next in upper:"
echo "$result"
test "$result" = "lower at 0, upper at 1: 1
lower at 0, upper at 2: 0
lower at 2, upper at 1: 0
lower at 2, upper at 2: 0"
