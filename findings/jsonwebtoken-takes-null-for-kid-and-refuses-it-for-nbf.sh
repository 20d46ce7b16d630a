#!/usr/bin/env bash
# jsonwebtoken 12.0.0 (Rust): a header member that is `null` counts as absent (`kid`, `typ`), but the optional claim `nbf`
# as `null` refuses the token as soon as `validate_nbf` is on, though a token without `nbf` is accepted.
#
# Claims that may be null are read by a type of their own that tells null from absent; header members are `Option`s.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "nulls"
version = "0.0.0"
edition = "2024"

[dependencies]
jsonwebtoken = { version = "=12.0.0", default-features = false, features = ["rust_crypto"] }
serde_json = "=1.0.154"
base64 = "=0.22.1"
TOML
cat >src/main.rs <<'RUST'
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Validation, crypto, decode, decode_header};

fn main() {
    let secret = b"a secret of a test, long enough to be one";
    let token = |header: &str, claims: &str| {
        let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = crypto::sign(text.as_bytes(), &EncodingKey::from_secret(secret).unwrap(), Algorithm::HS256);
        format!("{text}.{}", signature.unwrap())
    };
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_nbf = true;
    let check = |name: &str, header: &str, claims: &str| {
        let token = token(header, claims);
        let kid = decode_header(&token).map(|header| header.kid);
        let key = DecodingKey::from_secret(secret).unwrap();
        let claims = decode::<serde_json::Value>(&token, &key, &validation);
        let claims = claims.map_or_else(|error| error.to_string(), |_| "accepted".to_owned());
        println!("{name}: kid {:?}, {claims}", kid.ok().flatten());
    };
    check("kid null", r#"{"alg":"HS256","kid":null,"typ":null}"#, r#"{"exp":4000000000}"#);
    check("no nbf", r#"{"alg":"HS256"}"#, r#"{"exp":4000000000}"#);
    check("nbf null", r#"{"alg":"HS256"}"#, r#"{"exp":4000000000,"nbf":null}"#);
}
RUST
result=$(cargo run --quiet)
echo "$result"
test "$(head -2 <<<"$result")" = "kid null: kid None, accepted
no nbf: kid None, accepted"
grep -q '^nbf null: kid None, ' <<<"$result"
! grep -q '^nbf null: kid None, accepted' <<<"$result"
