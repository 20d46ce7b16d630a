//! What fuzzing once found, found no more: files with a header on the first line and a payload after it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop where something is odd"
)]

mod support;

use rolecall::{Algorithm, Issuer, KeySet, UnixTime, Verifier};
use serde_json::json;
use std::collections::HashMap;
use std::path::Path;

#[test]
fn only_good_tokens_are_accepted() {
    let url = "https://issuer.example";
    let signer = support::signer(Algorithm::EdDSA);
    let keys = KeySet::parse(json!({"keys": [signer.jwk("k")]}).to_string().as_bytes()).unwrap();
    let keys = HashMap::from([(url.to_owned(), keys)]);
    let verifier = Verifier::new([Issuer::new("a", url, "generic", vec!["us".to_owned()])]).unwrap();
    let now = UnixTime::from_secs(support::NOW);
    let mut seen = 0_u32;
    for folder in ["seeds", "regressions"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../fuzz")
            .join(folder)
            .join("token");
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let input = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            let (header, payload) = input.split_once('\n').unwrap_or((&input, ""));
            assert!(verifier.verify(&input, &keys, now).is_err());
            let good = path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("good"));
            let verified = verifier.verify(&signer.token(header, payload), &keys, now);
            assert_eq!(verified.is_ok(), good, "{}: {:?}", path.display(), verified.err());
            seen = seen.saturating_add(1);
        }
    }
    assert!(seen >= 3, "the seeds are there");
}
