#!/usr/bin/env bash
# tokio-postgres 0.7.18: a URL with `sslmode=verify-full` or `sslrootcert` is no configuration.
#
# libpq's strongest modes and its file of authorities are errors when the URL is parsed: who verifies certificates is the TLS
# implementation that is passed to `connect`, and `require` says no more than that there is TLS. A program that takes URLs as
# operators have them for other clients must read these two parameters itself, and take them out. The text of the error does not
# name the option: only its source does.
set -euo pipefail
command -v cargo >/dev/null || { echo "skipped: this needs cargo"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export CARGO_TARGET_DIR=$folder/target
cargo init -q --name finding .
cargo add -q tokio-postgres@=0.7.18 --no-default-features
cat >src/main.rs <<'RUST'
fn main() {
    for parameter in ["sslmode=disable", "sslmode=prefer", "sslmode=require", "sslmode=verify-ca", "sslmode=verify-full", "sslrootcert=ca.pem"] {
        let url = format!("postgres://user@db.example/name?{parameter}");
        match url.parse::<tokio_postgres::Config>() {
            Ok(_) => println!("{parameter}: taken"),
            Err(error) => {
                let source = std::error::Error::source(&error).unwrap();
                println!("{parameter}: {error} ({source})");
            }
        }
    }
}
RUST
cargo run -q | tee seen
diff seen - <<'SEEN'
sslmode=disable: taken
sslmode=prefer: taken
sslmode=require: taken
sslmode=verify-ca: invalid connection string (invalid value for option `sslmode`)
sslmode=verify-full: invalid connection string (invalid value for option `sslmode`)
sslrootcert=ca.pem: invalid connection string (unknown option `sslrootcert`)
SEEN
