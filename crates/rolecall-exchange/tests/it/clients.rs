//! The official clients of the protocols, unmodified, from a virtual environment of Python.
//!
//! Where they cannot be installed, for want of Python or of a package index, their tests are skipped, and say so.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Variables that override what a client is told.
const AMBIENT: [&str; 10] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "VAULT_ADDR",
];

/// Runs a script of `tests/clients`, and returns the JSON that it prints; `None` if the clients are not there.
pub(crate) fn run(script: &str, arguments: &[&str]) -> Option<Value> {
    let python = python()?;
    let mut command = Command::new(python);
    command.arg(folder().join(script)).args(arguments);
    for name in AMBIENT {
        command.env_remove(name);
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let output =
        finish(child, Duration::from_secs(60)).unwrap_or_else(|| panic!("`{script}` takes too long"));
    assert!(output.status.success(), "{script}: {output:?}");
    Some(serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{script}: {output:?}")))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

/// Returns the interpreter of the environment, which is made once and stays in the folder of the build.
fn python() -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    PYTHON.get_or_init(installed).as_deref()
}

fn installed() -> Option<PathBuf> {
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("exchange-clients");
    let python = environment.join("bin/python");
    let wanted = folder().join("requirements.txt");
    let done = environment.join("requirements.txt");
    let text = |path: &Path| std::fs::read_to_string(path).ok();
    if text(&done).is_some() && text(&done) == text(&wanted) {
        return Some(python);
    }
    let install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--timeout",
        "10",
        "--retries",
        "1",
        "-r",
    ];
    let mut make = Command::new("python3");
    make.args(["-m", "venv"]).arg(&environment);
    let mut fill = Command::new(&python);
    fill.args(install).arg(&wanted);
    if [make, fill].into_iter().all(succeeds) {
        std::fs::copy(&wanted, &done).unwrap();
        return Some(python);
    }
    skipped();
    None
}

fn succeeds(mut command: Command) -> bool {
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok();
    let output = child.and_then(|child| finish(child, Duration::from_secs(180)));
    output.is_some_and(|output| output.status.success())
}

/// Waits for the end of a process, and ends it itself if that takes too long.
fn finish(mut child: Child, longest: Duration) -> Option<std::process::Output> {
    let end = Instant::now() + longest;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        sleep(Duration::from_millis(20));
    }
    child.wait_with_output().ok()
}

#[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
fn skipped() {
    eprintln!("SKIPPED: the clients in `tests/clients/requirements.txt` cannot be installed here");
}
