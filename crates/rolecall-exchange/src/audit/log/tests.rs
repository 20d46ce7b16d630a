//! Tests of the log's files over days, lines and crashes.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use rolecall::{Clock, Moment, UnixTime};
use tempfile::TempDir;

use super::*;
use crate::signing::{KeyFile, KeyRing, PublicKeys, SigningAlgorithm};

/// A clock that stands until it is set.
#[derive(Clone, Default)]
struct Set(Arc<AtomicI64>);

impl Clock for Set {
    fn now(&self) -> Moment {
        Moment {
            wall: UnixTime::from_secs(self.0.load(Ordering::Relaxed)),
            monotonic: Instant::now(),
        }
    }
}

struct Bench {
    folder: TempDir,
    clock: Set,
    keys: Arc<ArcSwap<KeyRing>>,
    rotate: Rotate,
}

impl Bench {
    fn new() -> Self {
        let at = Timestamp::UNIX_EPOCH;
        let key = KeyFile::generate(SigningAlgorithm::ES256, at, at).unwrap().key();
        Self {
            folder: tempfile::tempdir().unwrap(),
            clock: Set::default(),
            keys: Arc::new(ArcSwap::from_pointee(KeyRing::new(vec![key.unwrap()]))),
            rotate: Rotate::default(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self) -> Result<Log, Failure> {
        let audit = AuditSettings {
            file: self.path("audit.jsonl"),
            required: true,
            rotate: self.rotate,
            postgres: false,
        };
        let signer = Signer {
            keys: Arc::clone(&self.keys),
            algorithm: SigningAlgorithm::ES256,
            clock: Arc::new(self.clock.clone()),
        };
        Log::open(&audit, signer)
    }

    /// Verifies all files, and returns the number of lines of each.
    fn lines(&self) -> Vec<usize> {
        let mut keys = PublicKeys::default();
        keys.add(self.keys.load().all_keys().to_string().as_bytes())
            .unwrap();
        let mut paths = archives(&self.path("audit.jsonl")).unwrap();
        paths.push((0, self.path("audit.jsonl")));
        let mut chain: Option<Chain> = None;
        let mut counts = Vec::new();
        for (_, path) in paths {
            let text = fs::read(path).unwrap();
            let expected = Expected {
                chain: chain.as_ref(),
                keys: Some(&keys),
                anchor: None,
            };
            let summary = verify(&*text, expected).unwrap();
            counts.push((summary.first..=summary.chain.lines()).count());
            chain = Some(summary.chain);
        }
        counts
    }
}

fn record() -> Item {
    Item::Record("{\"time\":1,\"outcome\":\"granted\"}".to_owned())
}

#[test]
fn a_day_has_files_of_its_own_and_quiet_days_have_none() {
    let bench = Bench::new();
    let mut log = bench.open().unwrap();
    for day in [0, 0, 1, 5, 5] {
        bench.clock.0.store(day * DAY + 10, Ordering::Relaxed);
        log.write(&[record()], false).unwrap();
    }
    // Each but the last one with a checkpoint at both ends.
    assert_eq!(bench.lines(), [4, 3, 3]);
    // A clock that is set back begins no file.
    bench.clock.0.store(DAY, Ordering::Relaxed);
    log.write(&[record()], false).unwrap();
    assert_eq!(bench.lines(), [4, 3, 4]);
}

#[test]
fn a_thousand_lines_have_a_checkpoint_and_none_is_repeated() {
    let bench = Bench::new();
    let mut log = bench.open().unwrap();
    let records: Vec<Item> = (0..1_500).map(|_| record()).collect();
    log.write(&records, false).unwrap();
    assert_eq!(bench.lines(), [1_502]);
    assert_eq!(log.anchor(), None);
    for _ in 0..3 {
        log.write(&[Item::Checkpoint(Cause::Interval)], false).unwrap();
        assert_eq!(bench.lines(), [1_503]);
    }
    assert!(log.anchor().unwrap().starts_with("1503:"));
}

#[test]
fn a_crash_between_two_files_is_repaired() {
    let bench = Bench::new();
    let mut log = bench.open().unwrap();
    log.write(&[record()], false).unwrap();
    drop(log);
    // The file was finished, and the next one has no name yet, or not even its line.
    let finished = bench.path("audit-000000000001.jsonl");
    for next in [Some("{\"line\":"), None] {
        fs::rename(bench.path("audit.jsonl"), &finished).unwrap();
        if let Some(next) = next {
            fs::write(bench.path("audit.next"), next).unwrap();
        }
        let log = bench.open().unwrap();
        assert_eq!(log.lines(), 3);
        assert_eq!(bench.lines(), [2, 1]);
        drop(log);
        fs::rename(&finished, bench.path("audit.jsonl")).unwrap();
    }
    // An empty file is none.
    fs::rename(bench.path("audit.jsonl"), &finished).unwrap();
    fs::write(bench.path("audit.jsonl"), "").unwrap();
    assert_eq!(bench.open().unwrap().lines(), 3);
}

#[test]
fn a_file_that_is_not_a_log_is_not_touched() {
    for text in ["notes", "notes\n", "{\"line\":2,\"before\":\"x\"}\n"] {
        let bench = Bench::new();
        fs::write(bench.path("audit.jsonl"), text).unwrap();
        assert!(bench.open().is_err(), "{text}");
        assert_eq!(fs::read_to_string(bench.path("audit.jsonl")).unwrap(), text);
    }
}

#[test]
fn a_rotation_that_is_not_possible_does_not_stop_the_log() {
    let mut bench = Bench::new();
    bench.rotate.daily = true;
    let mut log = bench.open().unwrap();
    log.write(&[record()], false).unwrap();
    fs::write(bench.path("audit-000000000001.jsonl"), "something else").unwrap();
    bench.clock.0.store(DAY, Ordering::Relaxed);
    log.write(&[record()], false).unwrap();
    // Nor does a key that is missing.
    let keys = bench.keys.swap(Arc::new(KeyRing::new(Vec::new())));
    bench.clock.0.store(2 * DAY, Ordering::Relaxed);
    log.write(&[record(), Item::Checkpoint(Cause::Interval)], false)
        .unwrap();
    bench.keys.store(keys);
    fs::remove_file(bench.path("audit-000000000001.jsonl")).unwrap();
    bench.clock.0.store(2 * DAY + RETRY_TIME, Ordering::Relaxed);
    log.write(&[record()], false).unwrap();
    let lines = bench.lines();
    assert_eq!(lines.len(), 2, "{lines:?}");
}
