//! The token cases: lists of tokens in `tests/cases/tokens`, each with its expected result. The form is in the
//! README there.
//!
//! `ROLECALL_BLESS=1` writes the messages.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::support::{Attempt, NOW, Signer};
use rolecall::{Algorithm, TokenKind, VerifiedToken, VerifyError};
use serde_json::{Map, Value};

/// One token of a file.
pub(crate) struct Case {
    pub(crate) name: String,
    /// `accepted`, or the code of the refusal.
    pub(crate) expected: String,
    file: PathBuf,
    message: String,
    attempt: Attempt,
    /// The text to send, with `$token` and the segments of the signed token to be filled in.
    token: String,
}

impl Case {
    /// Signs the token, changes it as the case says, and has it verified.
    pub(crate) fn run(&self) -> Result<VerifiedToken, VerifyError> {
        let signed = self.attempt.token();
        let segments: Vec<&str> = signed.split('.').collect();
        let mut token = self.token.replace("$token", &signed);
        for (name, segment) in ["$header", "$claims", "$signature"].iter().zip(segments) {
            token = token.replace(name, segment);
        }
        self.attempt.verify(&token)
    }
}

/// Returns the cases of all files.
pub(crate) fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tokens");
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files.iter().flat_map(|file| read(file)).collect()
}

fn read(file: &Path) -> Vec<Case> {
    let text = std::fs::read(file).unwrap();
    let list: Vec<Value> =
        serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    list.iter().map(|value| case(file, value)).collect()
}

fn case(file: &Path, value: &Value) -> Case {
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let name = text("name");
    let signer = value["signer"].as_str().map_or(Algorithm::ES256, algorithm);
    let mut attempt = Attempt::new(signer);
    let mut token = "$token".to_owned();
    for (member, value) in value.as_object().unwrap() {
        let text = || value.as_str().unwrap().to_owned();
        match member.as_str() {
            "name" | "signer" | "expected" | "message" => {}
            "header" => set(&mut attempt.header, value),
            "claims" => set(&mut attempt.claims, value),
            "header_text" | "claims_text" | "claims_replace" => {}
            "token" => token = text(),
            "keys" => {
                let keys = value.as_array();
                attempt.keys = keys.map(|keys| keys.iter().map(|entry| key(&attempt, entry)).collect());
            }
            "issuer" => issuer(&mut attempt, value),
            "now" => attempt.now = filled(value).unwrap().as_i64().unwrap(),
            other => panic!("{name}: `{other}` is not a member of a case"),
        }
    }
    // These are about the header and the claims with their changes.
    if let Some(text) = value["header_text"].as_str() {
        attempt.header_bytes = Some(text.replace("$header", &attempt.header.to_string()).into_bytes());
    }
    if let Some(text) = value["claims_text"].as_str() {
        attempt.payload_bytes = Some(text.replace("$claims", &attempt.claims.to_string()).into_bytes());
    }
    if let Some(pair) = value["claims_replace"].as_array() {
        let [old, new] = [&pair[0], &pair[1]].map(|text| text.as_str().unwrap());
        let claims = attempt.claims.to_string();
        assert!(claims.contains(old), "{name}: {old} is not in {claims}");
        attempt.payload_bytes = Some(claims.replacen(old, new, 1).into_bytes());
    }
    Case {
        name,
        expected: text("expected"),
        file: file.to_owned(),
        message: text("message"),
        attempt,
        token,
    }
}

fn algorithm(name: &str) -> Algorithm {
    let mut all = Algorithm::ALL.into_iter();
    all.find(|algorithm| algorithm.name() == name)
        .unwrap_or_else(|| panic!("`{name}` is not an algorithm"))
}

/// Sets members of an object, and removes those that are `$absent`.
fn set(object: &mut Value, members: &Value) {
    let object = object.as_object_mut().unwrap();
    for (name, value) in members.as_object().unwrap() {
        let _former = match filled(value) {
            Some(value) => object.insert(name.clone(), value),
            None => object.remove(name),
        };
    }
}

/// Returns a value with `$now`, `$now+60` and `$now-60` as numbers; nothing for `$absent`.
fn filled(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) if text == "$absent" => None,
        Value::String(text) => Some(match text.strip_prefix("$now") {
            Some("") => Value::from(NOW),
            Some(offset) => Value::from(NOW + offset.parse::<i64>().unwrap()),
            None => value.clone(),
        }),
        Value::Array(items) => items.iter().map(filled).collect(),
        Value::Object(members) => {
            let filled = |(name, value): (&String, &Value)| Some((name.clone(), filled(value)?));
            members
                .iter()
                .map(filled)
                .collect::<Option<Map<_, _>>>()
                .map(Value::Object)
        }
        _ => Some(value.clone()),
    }
}

/// Returns a key of the issuer. Without a `signer` the entry is the key as it stands.
fn key(attempt: &Attempt, entry: &Value) -> Value {
    let mut members = entry.clone();
    let Some(signer) = members.as_object_mut().unwrap().remove("signer") else {
        return members;
    };
    let mut key = match signer.as_str().unwrap() {
        "$own" => attempt.signer.jwk("key"),
        "$other" => Signer::generate(attempt.signer.algorithm).jwk("key"),
        name => crate::support::signer(algorithm(name)).jwk("key"),
    };
    set(&mut key, &members);
    key
}

fn issuer(attempt: &mut Attempt, settings: &Value) {
    for (name, value) in settings.as_object().unwrap() {
        let seconds = || Duration::from_secs(value.as_u64().unwrap());
        match name.as_str() {
            "algorithms" => {
                let names = value.as_array().unwrap().iter();
                attempt.issuer.algorithms = names.map(|name| algorithm(name.as_str().unwrap())).collect();
            }
            "leeway" => attempt.issuer.leeway = seconds(),
            "max_age" => attempt.issuer.max_age = seconds(),
            "subject_limit" => {
                attempt.issuer.subject_limit = value.as_u64().unwrap().try_into().unwrap();
            }
            "authorized_party" => {
                attempt.issuer.authorized_party = value.as_str().map(str::to_owned);
            }
            "tokens" => {
                attempt.issuer.tokens = match value.as_str().unwrap() {
                    "ID tokens" => TokenKind::IdToken,
                    "JWT-SVIDs" => TokenKind::JwtSvid,
                    other => panic!("`{other}` is not a kind of tokens"),
                }
            }
            other => panic!("`{other}` is not a setting of an issuer"),
        }
    }
}

#[test]
fn each_token_is_accepted_or_refused_as_its_file_says() {
    let bless = std::env::var_os("ROLECALL_BLESS").is_some_and(|value| value == "1");
    let mut wrong = Vec::new();
    let cases = cases();
    for case in &cases {
        let answer = case.run();
        let found = crate::support::code(&answer);
        let message = answer.err().map_or_else(String::new, |error| error.to_string());
        if found != case.expected {
            wrong.push(format!(
                "{}: {found}, not {}: {message}",
                case.name, case.expected
            ));
        } else if message != case.message && bless {
            write(case, &message);
        } else if message != case.message {
            wrong.push(format!(
                "{}\n  expected {}\n  found    {message}",
                case.name, case.message
            ));
        }
    }
    assert!(cases.len() > 170, "{}", cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Writes the message of a case into its file.
fn write(case: &Case, message: &str) {
    let text = std::fs::read_to_string(&case.file).unwrap();
    let name = format!("\"name\": {}", Value::from(case.name.as_str()));
    let (before, rest) = text.split_once(&name).unwrap();
    let (between, rest) = rest.split_once("\"message\": ").unwrap();
    assert!(
        !between.contains("\"name\": "),
        "{}: there is no `message` to write",
        case.name
    );
    let (_, after) = rest.split_once('\n').unwrap();
    let message = Value::from(message);
    std::fs::write(
        &case.file,
        format!("{before}{name}{between}\"message\": {message}\n{after}"),
    )
    .unwrap();
}
