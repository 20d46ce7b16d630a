//! The documents of the issuer as files, for a server that only has to hand out files.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rolecall::UnixTime;
use serde_json::Value;

use crate::config::Config;
use crate::console::Console;
use crate::doors::document;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::signing::{KeyRing, read_folder};
use crate::whole_file::{self, Readers};

/// Writes the documents, each at once, and says until when they are right.
pub(super) fn publish(
    config: &Config,
    out: &Path,
    now: Timestamp,
    console: &Console,
) -> Result<Exit, Failure> {
    let time = UnixTime::from_secs(now.as_second());
    let keys = KeyRing::usable(&config.keys, config.algorithm, time)?;
    let files = read_folder(&config.keys)?;
    // Keys first: a client that reads a new discovery document finds them.
    let jwks = write(&out.join("jwks"), &keys.jwks(time))?;
    let discovery = document(&config.issuer, config.algorithm, &config.doors);
    let discovery = write(&out.join(".well-known/openid-configuration"), &discovery)?;
    for (path, state) in [jwks, discovery] {
        console.say(&format!("`{}`: {state}", path.display()))?;
    }
    console.say("serve both as `application/json`, with `cache-control: max-age=300`")?;
    let changes = files
        .iter()
        .flat_map(|file| [Some(file.publish_at), file.retire_at]);
    if let Some(next) = changes.flatten().filter(|time| *time > now).min() {
        console.say(&format!("the key set changes at {next}: publish it again then"))?;
    }
    Ok(Exit::Yes)
}

/// Writes a document, unless the file has it already.
fn write(path: &Path, document: &Value) -> Result<(PathBuf, &'static str), Failure> {
    let cannot = |error: std::io::Error| {
        Failure::new(format!("cannot write `{}`: {error}", path.display()))
            .help("let this user write to the folder")
    };
    let text = document.to_string();
    let is_new = whole_file::replace(path, text.as_bytes(), Readers::All).map_err(cannot)?;
    Ok((path.to_owned(), if is_new { "written" } else { "as it was" }))
}
