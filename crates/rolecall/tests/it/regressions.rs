//! What fuzzing once found, found no more.

use crate::fuzz::{differential, discovery, key_set};
use rolecall::{Algorithm, Issuer, KeySet, UnixTime, Verifier};
use serde_json::json;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// The inputs of a target, each with whether its name says that it is good.
fn inputs(target: &str) -> Vec<(String, bool, Vec<u8>)> {
    let mut inputs = Vec::new();
    for folder in ["seeds", "regressions"] {
        let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
        for entry in fs::read_dir(fuzz.join(folder).join(target)).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let good = name.starts_with("good");
            inputs.push((name, good, fs::read(path).unwrap()));
        }
    }
    assert!(inputs.len() >= 3, "the seeds are there");
    inputs
}

/// A header on the first line and a payload after it.
#[test]
fn only_good_tokens_are_accepted() {
    let url = "https://issuer.example";
    let signer = crate::support::signer(Algorithm::EdDSA);
    let keys = KeySet::parse(json!({"keys": [signer.jwk("k")]}).to_string().as_bytes()).unwrap();
    let keys = HashMap::from([(url.to_owned(), keys)]);
    let verifier = Verifier::new([Issuer::new("a", url, "generic", vec!["us".to_owned()])]).unwrap();
    let now = UnixTime::from_secs(crate::support::NOW);
    for (name, good, input) in inputs("token") {
        let input = String::from_utf8_lossy(&input);
        let (header, payload) = input.split_once('\n').unwrap_or((&input, ""));
        assert!(verifier.verify(&input, &keys, now).is_err());
        let verified = verifier.verify(&signer.token(header, payload), &keys, now);
        assert_eq!(verified.is_ok(), good, "{name}: {:?}", verified.err());
    }
}

#[test]
fn another_library_agrees_or_there_is_a_reason() {
    for (name, good, input) in inputs("differential") {
        let opinions = differential::check(&String::from_utf8_lossy(&input));
        let both = opinions.ours.is_ok() && opinions.theirs.is_ok();
        assert_eq!(both, good, "{name}: {:?}", opinions.ours);
    }
}

#[test]
fn only_good_keys_are_taken() {
    for (name, good, input) in inputs("key_set") {
        let set = key_set::check(&input);
        let all = set.as_ref().is_some_and(|set| set.skipped().count() == 0);
        assert_eq!(all, good, "{name}: {set:?}");
        assert!(good || set.is_none_or(|set| set.is_empty()), "{name}");
    }
}

#[test]
fn keys_are_asked_for_where_a_good_document_says() {
    for (name, good, input) in inputs("discovery") {
        let asked = discovery::check(&input);
        assert_eq!(asked.is_some(), good, "{name}: {asked:?}");
    }
}
