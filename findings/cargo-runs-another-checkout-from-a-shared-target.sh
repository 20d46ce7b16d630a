#!/usr/bin/env bash
# cargo 1.95.0: with one `CARGO_TARGET_DIR`, a second checkout of a workspace gets the artifacts of the first one, although
# its sources differ, if they are older than the build. `cargo run` runs the other checkout's program.
#
# Members of a workspace are identified by their path within the workspace, so two checkouts have the same artifacts.
# Whether these are up to date is decided by the times of the files alone. So a benchmark of two revisions in two checkouts
# with one target folder measures the same program twice.
set -euo pipefail
cargo --version | grep -q '^cargo 1\.95\.' || {
    echo "skipped: this describes cargo 1.95"
    exit 0
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for checkout in first second; do
    mkdir -p $checkout/member/src
    printf '[workspace]\nmembers = ["member"]\nresolver = "3"\n' >$checkout/Cargo.toml
    printf '[package]\nname = "member"\nversion = "0.1.0"\nedition = "2024"\n' >$checkout/member/Cargo.toml
    printf 'fn main() { println!("%s"); }\n' $checkout >$checkout/member/src/main.rs
done
run() {
    (cd "$1" && CARGO_TARGET_DIR=$2 cargo run --quiet)
}
run first "$folder/shared" >/dev/null
shared=$(run second "$folder/shared")
own=$(run second "$folder/own")
echo "the program of the second checkout says, in a shared target folder: $shared; in its own: $own"
test "$shared" = first && test "$own" = second
