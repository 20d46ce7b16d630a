//! Scripts of clients, which `tests/clients/install` fetches.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{env, fs};

use serde_json::Value;

use super::Server;
use crate::outside;

/// The runtime of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runtime {
    Python,
    Node,
    Go,
    Rust,
}

/// Returns the folder of the scripts.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

/// Reports that a program is not here, which fails the test with `ROLECALL_REQUIRE_CLIENTS=1`.
pub(crate) fn missing(why: &str) {
    outside::skip(why, "ROLECALL_REQUIRE_CLIENTS");
}

/// Runs a script, and returns the JSON objects that it prints, a line each, or `None` without the clients.
pub(crate) fn run(
    runtime: Runtime,
    script: &str,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Option<Vec<Value>> {
    let folder = folder();
    let (program, first, installed) = match runtime {
        Runtime::Python => {
            let python = folder.join(".venv/bin/python");
            (python.clone(), Some(script), python)
        }
        Runtime::Node => ("node".into(), Some(script), folder.join("node_modules/jose")),
        Runtime::Go | Runtime::Rust => (folder.join(script), None, folder.join(script)),
    };
    if !installed.exists() {
        let all = if matches!(runtime, Runtime::Go | Runtime::Rust) {
            " --all"
        } else {
            ""
        };
        missing(&format!(
            "no clients for {script}: run crates/rolecall-exchange/tests/clients/install{all} first"
        ));
        return None;
    }
    // Nothing of the machine's own settings, such as proxies and certificates, which override what a client is told.
    let mut command = Command::new(program);
    command
        .current_dir(&folder)
        .args(first)
        .args(arguments)
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("HOME", env!("CARGO_TARGET_TMPDIR"))
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .envs(variables.iter().copied());
    let output = ended(&mut command).or_else(|| ended(&mut command));
    let output = output.unwrap_or_else(|| panic!("{script} hangs"));
    let text = String::from_utf8(output.stdout).unwrap();
    // The clients of GitHub's protocol also print commands to the runner.
    let lines = text.lines().filter(|line| line.starts_with('{'));
    let answers: Vec<Value> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && !answers.is_empty(),
        "{script}: {answers:?} {errors}"
    );
    for answer in &answers {
        eprintln!("{answer}");
    }
    Some(answers)
}

/// Runs a script with cases, against a server with TLS.
pub(crate) fn run_cases(
    runtime: Runtime,
    script: &str,
    server: &Server,
    cases: &[Value],
) -> Option<Vec<Value>> {
    let path = |name: &str| server.path(name).display().to_string();
    let name = script.replace('/', "-");
    let (ca, file) = (path("ca.pem"), path(&format!("{name}.json")));
    fs::write(&file, serde_json::to_vec(cases).unwrap()).unwrap();
    let mut variables = vec![("CASES", file.as_str())];
    // Each reads another variable.
    let names = [
        "AWS_CA_BUNDLE",
        "NODE_EXTRA_CA_CERTS",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_FILE",
    ];
    variables.extend(names.map(|name| (name, ca.as_str())));
    run(runtime, script, &[], &variables)
}

/// Runs a command for at most two minutes. `None` if it then had printed nothing: Node.js 20 hung before its first line in
/// one of about a thousand starts on a busy machine.
pub(crate) fn ended(command: &mut Command) -> Option<Output> {
    // Files, because a program waits when a pipe that is not read is full.
    let (mut stdout, mut stderr) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
    let mut child = command
        .stdin(Stdio::null())
        .stdout(stdout.try_clone().unwrap())
        .stderr(stderr.try_clone().unwrap())
        .spawn()
        .unwrap();
    let end = Instant::now() + Duration::from_secs(120);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if Instant::now() > end {
            let _ = child.kill();
            break child.wait().unwrap();
        }
        sleep(Duration::from_millis(20));
    };
    let read = |file: &mut File| {
        let mut bytes = Vec::new();
        file.rewind().unwrap();
        file.read_to_end(&mut bytes).unwrap();
        bytes
    };
    let output = Output {
        status,
        stdout: read(&mut stdout),
        stderr: read(&mut stderr),
    };
    (output.status.code().is_some() || !output.stdout.is_empty()).then_some(output)
}
