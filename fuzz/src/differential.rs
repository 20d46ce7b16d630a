//! Two opinions of one token: ours, and that of `jsonwebtoken`.
//!
//! The other library gets the same issuer, audiences, leeway and second of the clock. It must require every claim that it
//! can require, and may try every key. What we accept it has to accept and to read in the same way; where it accepts more,
//! there is a reason, which is in a list, and so is where it accepts less. ES512 is left out: it does not have that.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "whatever is odd here shall end the run, and not each test uses everything"
)]

use std::sync::LazyLock;
use std::time::SystemTime;

use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{DecodingKey, TokenData, Validation, decode, decode_header};
use rolecall::{Algorithm, Json, KeySet, UnixTime, VerifiedToken, Verifier, VerifyError};
use serde_json::{Value, json};

use crate::support::{Signer, issuer, key_set, signer};

/// The codes with which we refuse what the other library accepts, and why.
#[rustfmt::skip]
pub const STRICTER: &[(&str, &str)] = &[
    ("ambiguous_key", "which of two keys is meant is left to its caller"),
    ("claims_not_json", "it takes the last of two members, objects of any size, and a list of values for claims"),
    ("expired", "it accepts a token at its end, too, and rounds that up"),
    ("forbidden_header", "it does not act on `b64`, `cty` and the like, nor on an empty `crit`"),
    ("header_not_json", "it takes the last of two members that it does not know, and objects of any size"),
    ("issued_in_future", "it does not look at `iat`"),
    ("kid_too_long", "it has no limit"),
    ("lives_too_long", "it does not look at `iat`"),
    ("malformed_claim", "it takes a list of issuers, any `sub`, `iat` and `azp`"),
    ("malformed_header", "it takes any text as `kid` and `typ`"),
    ("missing_claim", "it cannot be told to require `iat`"),
    ("not_an_id_token", "it knows nothing of kinds of tokens"),
    ("several_audiences", "one of ours among the audiences is enough for it"),
    ("subject_too_long", "it has no limit"),
    ("time_out_of_range", "it does not look at `iat`, and takes an `nbf` from before 1970"),
    ("times_out_of_order", "it does not compare the times of a token"),
    ("token_too_large", "it has no limit"),
    ("unknown_key", "which key has the `kid` is left to its caller"),
    ("unusable_key", "what a key is meant for is left to its caller"),
    ("wrong_algorithm", "which key has the `kid` is left to its caller"),
    ("wrong_authorized_party", "it does not look at `azp`"),
    ("wrong_type", "it does not look at `typ`"),
];

/// Where the other library refuses what we accept, and why.
#[rustfmt::skip]
pub const LAXER: &[(&str, &str)] = &[
    ("ed25519", "it does not know the name that RFC 9864 gave to EdDSA with this curve"),
    ("nbf_null", "for it, `null` is a time that is malformed"),
    ("nbf_fraction", "it rounds times: the last half of a second of the leeway is missing"),
    ("odd_member", "it reads members of the header that we ignore, and wants them to be of their types"),
];

/// Members of a header that we ignore and the other library reads.
const IGNORED: [&str; 8] = ["jku", "jwk", "nonce", "url", "x5c", "x5t", "x5t#S256", "x5u"];

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| Verifier::new([issuer()]).unwrap());

/// A second key for EdDSA.
static OTHER: LazyLock<Signer> = LazyLock::new(|| Signer::generate(Algorithm::EdDSA));

/// The keys under their names: one for each `kty` and `crv`, and the second one.
static JWKS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let each = [
        Algorithm::EdDSA,
        Algorithm::ES256,
        Algorithm::ES384,
        Algorithm::RS256,
    ];
    let mut keys = each
        .map(|algorithm| signer(algorithm).jwk(algorithm.name()))
        .to_vec();
    keys.push(OTHER.jwk("other"));
    keys
});

/// Our keys, with one of them once more for another use.
static OURS: LazyLock<KeySet> = LazyLock::new(|| {
    let mut enc = signer(Algorithm::EdDSA).jwk("enc");
    enc["use"] = json!("enc");
    key_set(&[JWKS.as_slice(), &[enc]].concat())
});

static THEIRS: LazyLock<Vec<DecodingKey>> = LazyLock::new(|| {
    let keys = JWKS
        .iter()
        .cloned()
        .map(|jwk| serde_json::from_value(jwk).unwrap());
    keys.map(|jwk| DecodingKey::from_jwk(&jwk).unwrap()).collect()
});

/// What the two say of one token in one second.
pub struct Opinions {
    pub ours: Result<VerifiedToken, VerifyError>,
    pub theirs: Result<TokenData<Value>, Error>,
    /// The key of the list in which the difference stands, if it does.
    pub explained: Option<&'static str>,
}

/// Has a token made and judged, and the judgements compared.
///
/// The input has a line for the header and one for the payload, in which `@-30` is half a minute ago. If there is a third
/// line, `12 15 AA`, so much of the signed token is replaced by what comes last.
pub fn check(input: &str) -> Opinions {
    let mut lines = input.split('\n');
    let mut line = || lines.next().unwrap_or_default();
    let (header, payload, change) = (line(), line(), line());
    let (payload, ours, theirs) = loop {
        let now = UnixTime::from(SystemTime::now());
        let payload = with_times(payload, now.as_secs());
        let token = changed(sign(header, &payload), change);
        let ours = VERIFIER.read(&token).and_then(|read| read.verify(&OURS, now));
        let theirs = theirs(&token);
        // The other library looks at the clock itself: it must have seen the same second.
        if UnixTime::from(SystemTime::now()) == now {
            break (payload, ours, theirs);
        }
    };
    let explained = match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => {
            let theirs = theirs.claims.as_object().unwrap();
            let claims = ours.claims().members();
            assert!(
                same(Json::Object(claims), &Value::Object(theirs.clone())),
                "{input}"
            );
            None
        }
        (Err(_), Err(_)) => None,
        (Err(ours), Ok(_)) => {
            let reason = STRICTER.iter().find(|(code, _)| *code == ours.code());
            assert!(reason.is_some(), "refused ({ours}), but not by them: {input}");
            reason.map(|(code, _)| *code)
        }
        (Ok(_), Err(theirs)) => {
            let reason = laxer(header, &payload, theirs.kind());
            assert!(reason.is_some(), "accepted, but not by them ({theirs}): {input}");
            reason
        }
    };
    Opinions {
        ours,
        theirs,
        explained,
    }
}

/// The token of a header and a payload, signed as the header says or, if that says nothing, with EdDSA.
fn sign(header: &str, payload: &str) -> String {
    let read: Value = serde_json::from_str(header).unwrap_or_default();
    let algorithm = read["alg"]
        .as_str()
        .and_then(Algorithm::from_name)
        .unwrap_or(Algorithm::EdDSA);
    let is_other = algorithm == Algorithm::EdDSA && read["kid"] == "other";
    let signer = if is_other { &OTHER } else { signer(algorithm) };
    signer.token(header, payload)
}

/// Writes times down: each is a number of seconds from now, behind an `@`.
fn with_times(text: &str, now: i64) -> String {
    let mut parts = text.split('@');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let digits = part.strip_prefix(['+', '-']).unwrap_or(part);
        let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit());
        match part[..part.len() - rest.len()].parse::<i64>() {
            Ok(offset) => format!("{text}{}{rest}", now.saturating_add(offset)),
            Err(_) => format!("{text}@{part}"),
        }
    })
}

/// Replaces a part of a token.
fn changed(mut token: String, change: &str) -> String {
    let mut words = change.splitn(3, ' ');
    let mut place = || Some(words.next()?.parse::<usize>().ok()? % (token.len() + 1));
    if let (Some(from), Some(to)) = (place(), place())
        && from <= to
    {
        token.replace_range(from..to, words.next().unwrap_or_default());
    }
    token
}

fn theirs(token: &str) -> Result<TokenData<Value>, Error> {
    let issuer = issuer();
    let algorithm = decode_header(token)?.alg;
    let mut validation = Validation::new(algorithm);
    validation.leeway = issuer.leeway.as_secs();
    validation.validate_nbf = true;
    validation.set_required_spec_claims(&["aud", "exp", "iss", "sub"]);
    validation.set_audience(&issuer.audiences);
    validation.set_issuer(&[issuer.url]);
    let keys = THEIRS.iter().filter(|key| key.family() == algorithm.family());
    let mut verdicts = keys.map(|key| decode(token, key, &validation));
    // A key that does not fit says nothing about the rest.
    let fits = |verdict: &Result<_, Error>| !matches!(verdict, Err(error) if *error.kind() == ErrorKind::InvalidSignature);
    verdicts
        .find(fits)
        .unwrap_or_else(|| Err(ErrorKind::InvalidSignature.into()))
}

/// Why the other library refuses what we accept, if there is a reason.
fn laxer(header: &str, payload: &str, theirs: &ErrorKind) -> Option<&'static str> {
    let header: Value = serde_json::from_str(header).ok()?;
    let payload: Value = serde_json::from_str(payload).ok()?;
    Some(match theirs {
        ErrorKind::Json(_) if header["alg"] == "Ed25519" => "ed25519",
        ErrorKind::Json(_) if IGNORED.iter().any(|name| header.get(name).is_some()) => "odd_member",
        ErrorKind::ImmatureSignature if payload["nbf"].is_f64() => "nbf_fraction",
        ErrorKind::InvalidClaimFormat(claim) if claim == "nbf" && payload["nbf"].is_null() => "nbf_null",
        _ => return None,
    })
}

/// Whether both read the same. Of floats only as much as a comparison can rely on.
fn same(ours: Json<'_>, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Json::Null, Value::Null) => true,
        (Json::Bool(ours), Value::Bool(theirs)) => ours == *theirs,
        (Json::Int(ours), Value::Number(theirs)) => theirs.as_i64() == Some(ours),
        (Json::Decimal(ours), Value::Number(theirs)) => {
            let ours: f64 = ours.as_str().parse().unwrap();
            let theirs = theirs.as_f64().unwrap();
            (ours - theirs).abs() <= ours.abs() * 1e-15 + f64::MIN_POSITIVE
        }
        (Json::Text(ours), Value::String(theirs)) => ours == theirs,
        (Json::List(ours), Value::Array(theirs)) => {
            ours.count() == theirs.len() && ours.zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Json::Object(mut ours), Value::Object(theirs)) => {
            let find = |(name, value)| theirs.get(name).is_some_and(|theirs| same(value, theirs));
            ours.count() == theirs.len() && ours.all(find)
        }
        _ => false,
    }
}
