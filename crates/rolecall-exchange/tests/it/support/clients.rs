//! Scripts of clients, which `tests/clients/install` fetches.

use std::env;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

/// The runtime of a script.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Runtime {
    Python,
    Node,
}

/// Runs a script, and returns the JSON objects that it prints, a line each. Without the clients, it returns `None` and
/// says so; with `ROLECALL_REQUIRE_CLIENTS=1` it fails.
pub(crate) fn run(
    runtime: Runtime,
    script: &str,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Option<Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    let python = folder.join(".venv/bin/python");
    let (program, installed) = match runtime {
        Runtime::Python => (python.as_path(), python.clone()),
        Runtime::Node => (Path::new("node"), folder.join("node_modules/jose")),
    };
    if !installed.exists() {
        let why = "run crates/rolecall-exchange/tests/clients/install first";
        assert!(
            env::var_os("ROLECALL_REQUIRE_CLIENTS").is_none(),
            "no clients: {why}"
        );
        eprintln!("skipped: no clients for {script}: {why}");
        return None;
    }
    // Nothing of the machine's own settings, such as proxies and certificates, which override what a client is told.
    let mut command = Command::new(program);
    command
        .current_dir(&folder)
        .arg(script)
        .args(arguments)
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("HOME", env!("CARGO_TARGET_TMPDIR"))
        .env("AWS_EC2_METADATA_DISABLED", "true")
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

/// Runs a command for at most two minutes. `None` if it then had printed nothing: Node.js 20 hung before its first line in
/// one of about a thousand starts on a busy machine.
pub(crate) fn ended(command: &mut Command) -> Option<Output> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let end = Instant::now() + Duration::from_secs(120);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            let _ = child.kill();
            break;
        }
        sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().unwrap();
    (output.status.code().is_some() || !output.stdout.is_empty()).then_some(output)
}
