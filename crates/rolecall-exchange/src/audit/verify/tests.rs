//! Tests of logs that were changed: each single edit is found.

use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use proptest::prelude::*;
use rolecall::SystemClock;
use serde_json::json;

use super::*;
use crate::audit::Signer;
use crate::signing::{KeyFile, KeyRing, SigningAlgorithm};

/// A log of two files, whose second one ends with a checkpoint, and its keys.
struct Log {
    files: [String; 2],
    keys: PublicKeys,
    end: Chain,
}

fn signer() -> (Signer, PublicKeys) {
    let at = Timestamp::UNIX_EPOCH;
    let key = KeyFile::generate(SigningAlgorithm::ES256, at, at).unwrap().key();
    let ring = KeyRing::new(vec![key.unwrap()]);
    let mut keys = PublicKeys::default();
    keys.add(ring.all_keys().to_string().as_bytes()).unwrap();
    let signer = Signer {
        keys: Arc::new(ArcSwap::from_pointee(ring)),
        algorithm: SigningAlgorithm::ES256,
        clock: Arc::new(SystemClock),
    };
    (signer, keys)
}

fn log() -> Log {
    let (signer, keys) = signer();
    let mut end = Chain::default();
    let checkpoint = |end: &mut Chain, cause| signer.add(end, "log", cause).unwrap();
    let mut first = checkpoint(&mut end, Cause::Begin);
    for n in 0..4 {
        first += &end.add(&json!({ "n": n, "text": "a \"quoted\" ü" }).to_string());
    }
    first += &checkpoint(&mut end, Cause::Interval);
    first += &end.add(&json!({ "n": 4 }).to_string());
    first += &checkpoint(&mut end, Cause::Rotation);
    let mut second = checkpoint(&mut end, Cause::Begin);
    second += &end.add(&json!({ "n": 5 }).to_string());
    second += &checkpoint(&mut end, Cause::Stop);
    Log {
        files: [first, second],
        keys,
        end,
    }
}

/// Verifies files in this order, as the command does.
fn verified(log: &Log, files: &[&[u8]], anchor: bool) -> Result<Summary, Failure> {
    let mut last: Option<Summary> = None;
    let mut is_anchored = false;
    for file in files {
        let expected = Expected {
            chain: last.as_ref().map(|last| &last.chain),
            keys: Some(&log.keys),
            anchor: anchor.then(|| (log.end.lines(), log.end.last())),
        };
        let summary = verify(*file, expected)?;
        if summary.unfinished > 0 || summary.first == 0 {
            return Err(Failure::new("unfinished"));
        }
        is_anchored |= summary.is_anchored;
        last = Some(summary);
    }
    if anchor && !is_anchored {
        return Err(Failure::new("cut off"));
    }
    last.ok_or_else(|| Failure::new("empty"))
}

#[test]
fn a_log_is_followed_over_its_files() {
    let log = log();
    let [first, second] = [log.files[0].as_bytes(), log.files[1].as_bytes()];
    let summary = verified(&log, &[first, second], true).unwrap();
    assert_eq!(
        (summary.first, summary.chain.lines(), summary.unsigned),
        (9, 11, 0)
    );
    assert_eq!((summary.end, summary.checkpoints), (Some(Cause::Stop), 2));
    // The later files alone say from where they are.
    assert_eq!(verified(&log, &[second], true).unwrap().first, 9);
    for wrong in [
        &[second, first][..],
        &[first, first],
        &[first, second, second],
        &[],
    ] {
        assert!(verified(&log, wrong, false).is_err());
    }
    // Without the last lines, the rest is intact, and no checkpoint vouches for its end.
    let cut = log.files[0].len() - log.files[0].lines().last().unwrap().len() - 1;
    let summary = verified(&log, &[&first[..cut]], false).unwrap();
    assert_eq!((summary.unsigned, summary.end), (1, None));
    assert!(verified(&log, &[&first[..cut]], true).is_err());
}

#[test]
fn a_signature_of_another_key_is_not_accepted() {
    let (log, other) = (log(), signer().1);
    let expected = Expected {
        keys: Some(&other),
        ..Expected::default()
    };
    let failure = verify(log.files[0].as_bytes(), expected).unwrap_err();
    assert!(
        failure.line().contains("line 1 is signed by the key"),
        "{failure}"
    );
}

#[test]
fn each_line_that_is_removed_repeated_or_moved_is_found() {
    let log = log();
    let text = log.files.concat();
    let lines: Vec<&str> = text.lines().collect();
    // As one file, such as the copy in the database.
    let verify = |lines: &[&str]| {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        verified(&log, &[text.as_bytes()], true)
    };
    assert!(verify(&lines).is_ok());
    for at in 0..lines.len() {
        let mut removed = lines.clone();
        removed.remove(at);
        assert!(verify(&removed).is_err(), "{at}");
        let mut repeated = lines.clone();
        repeated.insert(at, lines[at]);
        assert!(verify(&repeated).is_err(), "{at}");
        for other in 0..at {
            let mut moved = lines.clone();
            moved.swap(at, other);
            assert!(verify(&moved).is_err(), "{at} {other}");
        }
    }
}

/// A single edit of a file: bytes at a place are replaced by others.
fn edits() -> impl Strategy<Value = (usize, prop::sample::Index, usize, Vec<u8>)> {
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..3),
        prop::collection::vec(prop::sample::select(b"{}[]\",:\\ \nAa0".to_vec()), 0..3),
    ];
    (0..2_usize, any::<prop::sample::Index>(), 0..200_usize, bytes)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn any_single_edit_is_found((file, at, length, bytes) in edits()) {
        let log = log();
        let mut files = log.files.clone().map(String::into_bytes);
        let at = at.index(files[file].len());
        let end = at.saturating_add(length).min(files[file].len());
        files[file].splice(at..end, bytes);
        prop_assume!(files[0] != log.files[0].as_bytes() || files[1] != log.files[1].as_bytes());
        let found = verified(&log, &[&files[0], &files[1]], true);
        prop_assert!(found.is_err(), "{:?}", files.map(|file| String::from_utf8_lossy(&file).into_owned()));
    }
}
