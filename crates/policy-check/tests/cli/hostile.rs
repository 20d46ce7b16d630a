//! Policies of at most 1 MiB that would take forever, or all memory, if a bound did not hold.
//!
//! Each case is an answer or a refusal of a release build, which is made when it is needed. What it takes is printed:
//! `cargo test -p policy-check hostile -- --nocapture`. The aim is 5 seconds and 512 MB on two cores. With
//! `ROLECALL_HOSTILE=test` the build of the tests is used: it is there already, and says the same in more time.

#![allow(clippy::print_stdout, reason = "a table is printed")]

mod cases;
mod texts;

use crate::policies::Folder;
use std::fs::File;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread::{available_parallelism, scope, sleep};
use std::time::{Duration, Instant};

/// The size of a file, and so of each case, in bytes.
const LARGEST: usize = 1024 * 1024;
/// The most memory that a case may take, in MB.
const MOST_MEMORY: u64 = 512;
/// A case that takes longer hangs.
const HANG: Duration = Duration::from_secs(120);

/// A text, and what the command says of it.
pub(crate) struct Case {
    /// The bound, in words.
    name: &'static str,
    verb: &'static [&'static str],
    text: String,
    exit: i32,
    /// A part of what it prints.
    says: &'static str,
}

/// The outcome of a run.
struct Outcome {
    exit: Option<i32>,
    printed: String,
    time: Duration,
    /// The peak in MB, where that can be measured.
    memory: Option<u64>,
}

#[test]
fn hostile_policies_take_little() {
    let (cases, next, wrong) = (cases::all(), AtomicUsize::new(0), Mutex::new(Vec::new()));
    // The release build is measured, so its cases do not share the machine.
    let workers = if is_test_build() {
        available_parallelism().map_or(1, NonZero::get)
    } else {
        1
    };
    scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let faults = check(case);
                    wrong.lock().unwrap().extend(faults);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(next.into_inner() >= cases.len(), "every case was run");
}

/// Runs a case, prints what it took, and returns what is wrong with that.
fn check(case: &Case) -> Vec<String> {
    let size = case.text.len();
    assert!(size <= LARGEST, "{}: {size} bytes", case.name);
    let (outcome, mut wrong) = (run(case), Vec::new());
    let memory = outcome
        .memory
        .map_or("not measured".to_owned(), |memory| format!("{memory:>4} MB"));
    let answer = match outcome.exit {
        Some(2) => "refused",
        Some(_) => "answered",
        None => "hung",
    };
    let seconds = outcome.time.as_secs_f64();
    println!("{:<52}  {answer:<8}  {seconds:>6.2} s  {memory}", case.name);
    if outcome.exit != Some(case.exit) || !outcome.printed.contains(case.says) {
        let first: String = outcome.printed.chars().take(2_000).collect();
        wrong.push(format!("{}: exit {:?}\n{first}", case.name, outcome.exit));
    }
    if outcome.memory.is_some_and(|memory| memory > MOST_MEMORY) {
        wrong.push(format!("{}: {memory}", case.name));
    }
    wrong
}

/// Returns whether the build of the tests is used.
fn is_test_build() -> bool {
    std::env::var_os("ROLECALL_HOSTILE").is_some_and(|build| build == "test")
}

/// Runs the release build on a case.
fn run(case: &Case) -> Outcome {
    let folder = Folder::with(&[("hostile.policy", &case.text), ("claims.json", &cases::claims())]);
    let printed = folder.path("printed");
    let output = File::create(&printed).unwrap();
    let build = release_build();
    let start = Instant::now();
    let mut child = Command::new(build)
        .args(case.verb)
        .arg("hostile.policy")
        .current_dir(folder.path(""))
        .env("NO_COLOR", "1")
        .stdout(output.try_clone().unwrap())
        .stderr(output)
        .spawn()
        .unwrap();
    let mut memory = None;
    let exit = loop {
        memory = peak_memory(&child).max(memory);
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        if start.elapsed() > HANG {
            child.kill().unwrap();
            child.wait().unwrap();
            break None;
        }
        sleep(Duration::from_millis(5));
    };
    Outcome {
        exit,
        printed: std::fs::read_to_string(printed).unwrap(),
        time: start.elapsed(),
        memory,
    }
}

/// The most memory that a process has had so far, in MB; Linux says it.
fn peak_memory(child: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes / 1024)
}

/// The command as it is shipped: without optimization, time and memory would say nothing.
fn release_build() -> &'static Path {
    static BUILD: OnceLock<PathBuf> = OnceLock::new();
    BUILD.get_or_init(|| {
        if is_test_build() {
            println!("the build of the tests, not the release");
            return PathBuf::from(env!("CARGO_BIN_EXE_policy-check"));
        }
        let output = Command::new(env!("CARGO"))
            .args(["build", "--release", "--quiet", "--package", "policy-check"])
            .args(["--message-format", "json"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let messages = String::from_utf8(output.stdout).unwrap();
        let executable = messages.lines().find_map(|line| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            Some(PathBuf::from(message["executable"].as_str()?))
        });
        executable.unwrap()
    })
}
