#!/usr/bin/env bash
# cargo 1.95.0: after `cargo check`, `cargo build` compiles procedural macros once more if one of their dependencies is also
# a dependency of the program.
#
# Cargo drops the debug information of macros and build scripts. If a build would compile the same crate for the program as
# well, it keeps the debug information, so that one compilation serves both. `cargo check` compiles nothing for the program,
# so its macros are without. The crate differs, and with it all macros and build scripts above it: here `syn` and
# `serde_derive`; elsewhere the C code that a build script compiles. With `debug = false` for dependencies both are alike.
set -euo pipefail
cargo --version | grep -q '^cargo 1\.95\.' || {
    echo "skipped: this describes cargo 1.95"
    exit 0
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export CARGO_TARGET_DIR=$folder/target
cargo init -q --name finding .
# `serde_derive` uses `syn`, which uses `unicode-ident`.
cargo add -q serde@=1.0.229 --features derive
cargo add -q unicode-ident@=1.0.27

count() { grep -cE 'Compiling (syn|serde_derive) ' || true; }
cargo check -q
again=$(cargo build 2>&1 | count)
echo "compiled again after a check: $again macros"

printf '[profile.dev.package."*"]\ndebug = false\n' >>Cargo.toml
cargo clean -q
cargo check -q
alike=$(cargo build 2>&1 | count)
echo "compiled again after a check, without debug information of dependencies: $alike macros"
test "$again" = 2 && test "$alike" = 0
