#!/usr/bin/env bash
# jiff 0.2.46: a timestamp with second 60 parses, as second 59.
#
# RFC 3339 allows second 60 for a leap second. A program that parses and prints such a timestamp changes it without an error:
# 23:59:60 and 23:59:59 become the same instant.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cargo init -q --name finding .
cargo add -q jiff@=0.2.46
cat >src/main.rs <<'RUST'
fn main() {
    for text in ["2016-12-31T23:59:60Z", "2027-01-31T12:00:60Z"] {
        let read: jiff::Timestamp = text.parse().unwrap();
        println!("{text} is read as {read}");
        assert!(read.to_string().ends_with(":59Z"));
    }
}
RUST
cargo run -q
