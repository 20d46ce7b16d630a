//! `rolecall-exchange demo`: an exchange on loopback with keys of its own, and job tokens of a demo CI system.

use std::fs;
use std::path::Path;

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
const AUDIENCE: &str = "https://deploy.demo.example";
/// The lifetime of the job tokens in seconds.
const JOB_LIFE: i64 = 3_600;

pub(crate) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Failure> {
    let folder =
        tempfile::tempdir().map_err(|error| Failure::new(format!("cannot make a folder: {error}")))?;
    let url = format!("http://127.0.0.1:{}", arguments.port);
    write(folder.path(), &url, arguments.port)?;
    let config = Config::read(&folder.path().join("exchange.toml"))?;
    console.say(&guide(&url, folder.path()))?;
    serve::start(config, None)
}

/// Writes keys, policies, the configuration, and a token of a job on `main` and of one on a branch.
fn write(folder: &Path, url: &str, port: u16) -> Result<(), Failure> {
    let now = SystemClock.now().wall;
    let time = Timestamp::from_second(now.as_secs())
        .map_err(|error| Failure::new(format!("the clock is wrong: {error}")))?;
    let save = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text)
            .map_err(|error| Failure::new(format!("cannot write `{}`: {error}", path.display())))
    };
    for name in ["keys", "policies"] {
        let path = folder.join(name);
        fs::create_dir(&path)
            .map_err(|error| Failure::new(format!("cannot make `{}`: {error}", path.display())))?;
    }
    key_folder::write(
        &folder.join("keys"),
        &KeyFile::generate(SigningAlgorithm::ES256, time, time)?,
    )?;
    let ci = KeyFile::generate(SigningAlgorithm::ES256, time, time)?.key();
    let ci = ci.ok_or_else(|| Failure::new("the key of the demo CI system cannot be used"))?;
    let ring = KeyRing::new(vec![ci.clone()]);
    save("policies/ci.json", &ring.jwks(now).to_string())?;
    save("policies/demo.policy", &policy(url))?;
    save(
        "exchange.toml",
        &format!(
            "issuer = \"{url}\"\npolicies = \"policies\"\n\
             [listen]\naddress = \"127.0.0.1:{port}\"\n\
             [signing]\nkeys = \"keys\"\nalgorithm = \"ES256\"\n\
             [denials]\ndetail = \"claims\"\n\
             [audit]\nfile = \"audit.jsonl\"\n[doors.token]\n[doors.request]\n"
        ),
    )?;
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

fn policy(url: &str) -> String {
    format!(
        r#"edition 2026

issuer ci {{
  url      "{CI}"
  profile  gitlab-ci
  audience "{url}"
  jwks     "ci.json"
}}

role deploy {{
  ttl 10m
  allow from ci when project_id == "1" && ref == "main" && ref_type == "branch" && ref_protected
  grant audience = "{AUDIENCE}"
}}
"#
    )
}

/// Returns the text that says what to try.
fn guide(url: &str, folder: &Path) -> String {
    let folder = folder.display();
    let ask = |job: &str| {
        format!(
            "  curl -s -H \"Authorization: Bearer $(cat {folder}/{job}.jwt)\" \"{url}/id-token?audience={AUDIENCE}\""
        )
    };
    format!(
        "The exchange answers at {url} until you press Ctrl-C. Its files are in {folder}.\n\n\
         A job on `main` gets a role token:\n{}\n\n\
         A job on another branch does not:\n{}\n\n\
         The same with the client for scripts:\n  \
         rolecall-exchange token --url {url} --audience {AUDIENCE} --token-file {folder}/main.jwt\n\n\
         The keys with which a service verifies role tokens:\n  curl -s {url}/jwks\n\n\
         The reasons of denials, for operators:\n  rolecall-exchange audit denials {folder}/audit.jsonl",
        ask("main"),
        ask("branch"),
    )
}
