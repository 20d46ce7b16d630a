//! `rolecall-exchange demo`: an exchange on loopback with keys of its own, and job tokens of a demo CI system.

use std::path::Path;
use std::{env, fs};

use clap::Args;
use jiff::Timestamp;
use rolecall::{Clock as _, SystemClock};
use serde_json::json;

use super::serve;
use crate::config::Config;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::key_folder;
use crate::sessions::SessionKeyFile;
use crate::signing::{KeyFile, KeyRing, SigningAlgorithm, compact};

/// Run an exchange on loopback with demo keys and job tokens, and print what to try
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// The port
    #[arg(long, default_value_t = 8484, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
}

/// The issuer of the job tokens. It is not an address: its keys are in a file.
const CI: &str = "https://gitlab.demo.example";
/// The lifetime of the job tokens in seconds.
const JOB_LIFE: i64 = 3_600;

/// The files of the demo, with `$URL`, `$PORT`, `$FOLDER` and `$COMMAND` where these are.
const POLICY: &str = include_str!("demo/demo.policy");
const CONFIGURATION: &str = include_str!("demo/exchange.toml");
const GUIDE: &str = include_str!("demo/guide.txt");

pub(crate) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Failure> {
    let folder =
        tempfile::tempdir().map_err(|error| Failure::new(format!("cannot make a folder: {error}")))?;
    let port = arguments.port.to_string();
    let url = format!("http://127.0.0.1:{port}");
    let own = env::current_exe().unwrap_or_else(|_| "rolecall-exchange".into());
    let fill = |text: &str| {
        text.replace("$URL", &url)
            .replace("$PORT", &port)
            .replace("$FOLDER", &folder.path().display().to_string())
            .replace("$COMMAND", &own.display().to_string())
    };
    write(folder.path(), &url, fill)?;
    let config = Config::read(&folder.path().join("exchange.toml"))?;
    console.say(fill(GUIDE).trim_end())?;
    serve::start(config, None)
}

/// Writes keys, policies, a secret, the configuration, and a token of a job on `main` and of one on a branch.
fn write(folder: &Path, url: &str, fill: impl Fn(&str) -> String) -> Result<(), Failure> {
    let now = SystemClock.now().wall;
    let time = Timestamp::from_second(now.as_secs())
        .map_err(|error| Failure::new(format!("the clock is wrong: {error}")))?;
    for name in ["keys", "policies", "secrets/demo/shop/database", "session-keys"] {
        let path = folder.join(name);
        fs::create_dir_all(&path)
            .map_err(|error| Failure::new(format!("cannot make `{}`: {error}", path.display())))?;
    }
    let save = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text)
            .map_err(|error| Failure::new(format!("cannot write `{}`: {error}", path.display())))
    };
    key_folder::write(
        &folder.join("keys"),
        &KeyFile::generate(SigningAlgorithm::ES256, time, time)?,
    )?;
    key_folder::write(&folder.join("session-keys"), &SessionKeyFile::generate(time)?)?;
    let ci = KeyFile::generate(SigningAlgorithm::ES256, time, time)?.key();
    let ci = ci.ok_or_else(|| Failure::new("the key of the demo CI system cannot be used"))?;
    let ring = KeyRing::new(vec![ci.clone()]);
    save("policies/ci.json", &ring.jwks(now).to_string())?;
    save("policies/demo.policy", &fill(POLICY))?;
    save("exchange.toml", &fill(CONFIGURATION))?;
    save("secrets/demo/shop/database/password", "of the demo")?;
    for (file, branch, is_protected) in [("main.jwt", "main", true), ("branch.jwt", "try-it", false)] {
        let at = now.as_secs();
        let claims = json!({
            "iss": CI, "aud": url, "iat": at, "nbf": at, "exp": at.saturating_add(JOB_LIFE),
            "jti": file,
            "sub": format!("project_path:demo/shop:ref_type:branch:ref:{branch}"),
            "project_path": "demo/shop", "project_id": "1", "namespace_path": "demo",
            "ref": branch, "ref_type": "branch", "ref_protected": is_protected.to_string(),
        });
        let token = compact(&ci, &claims).map_err(|_| Failure::new("the demo CI system cannot sign"))?;
        save(file, &token)?;
    }
    Ok(())
}
