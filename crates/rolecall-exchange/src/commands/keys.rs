//! `rolecall-exchange keys`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use rolecall::{Clock as _, SystemClock};

use crate::config::Config;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::sessions::{self, SessionKeyFile};
use crate::signing::{KeyFile, read_folder};

/// Make, list and retire the keys that sign role tokens, and make those that seal sessions
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = "exchange.toml", global = true)]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Make a key: it is published at once, signs a day later, and the keys before it retire two days later
    New {
        /// Make a key that seals sessions: it opens them at once
        #[arg(long)]
        sessions: bool,
    },
    /// List the keys with their times
    List,
    /// Stop publishing a key
    Retire {
        /// The key
        kid: String,
        /// Retire it at once, though tokens may be in use: for a key that leaked
        #[arg(long)]
        now: bool,
    },
}

/// The time from which a key is published before it signs. Relying parties store key sets for up to a day.
const PUBLISHED_BEFORE: SignedDuration = SignedDuration::from_hours(24);
/// The time for which a key is published after its successor signs: longer than any role token or session lives.
const PUBLISHED_AFTER: SignedDuration = SignedDuration::from_hours(25);

pub(crate) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Failure> {
    let config = Config::read(&arguments.config)?;
    let now = Timestamp::from_second(SystemClock.now().wall.as_secs())
        .map_err(|error| Failure::new(format!("the clock is wrong: {error}")))?;
    match &arguments.command {
        Command::New { sessions: true } => new_for_sessions(&config, now, console),
        Command::New { sessions: false } => new(&config, now, console),
        Command::List => list(&config, now, console),
        Command::Retire { kid, now: at_once } => retire(&config, kid, *at_once, now, console),
    }
}

fn later(time: Timestamp, by: SignedDuration) -> Result<Timestamp, Failure> {
    time.checked_add(by)
        .map_err(|error| Failure::new(format!("the clock is wrong: {error}")))
}

fn new(config: &Config, now: Timestamp, console: &Console) -> Result<Exit, Failure> {
    create(&config.keys)?;
    let mut before = read_folder(&config.keys)?;
    before.retain(|key| key.algorithm == config.algorithm && key.retire_at.is_none_or(|time| time > now));
    // The first key signs at once: nothing is stored anywhere yet.
    let sign_at = if before.is_empty() {
        now
    } else {
        later(now, PUBLISHED_BEFORE)?
    };
    let key = KeyFile::generate(config.algorithm, now, sign_at)?;
    let path = key.write(&config.keys)?;
    // After the new key is there: if this stops here, the old ones only stay longer.
    for mut old in before {
        if old.retire_at.is_none() {
            old.retire_at = Some(later(sign_at, PUBLISHED_AFTER)?);
            old.write(&config.keys)?;
        }
    }
    console.say(&format!(
        "`{}`: published now, signs from {sign_at}",
        path.display()
    ))?;
    Ok(Exit::Yes)
}

fn new_for_sessions(config: &Config, now: Timestamp, console: &Console) -> Result<Exit, Failure> {
    let folder = config.session_keys.as_ref().ok_or_else(|| {
        Failure::new("`[sessions]` is missing").help("name the folder of the keys in it with `keys`")
    })?;
    create(folder)?;
    let mut before = sessions::read_folder(folder)?;
    before.retain(|key| key.retire_at.is_none_or(|time| time > now));
    let seal_at = if before.is_empty() {
        now
    } else {
        later(now, PUBLISHED_BEFORE)?
    };
    let path = SessionKeyFile::generate(seal_at)?.write(folder)?;
    for mut old in before {
        if old.retire_at.is_none() {
            old.retire_at = Some(later(seal_at, PUBLISHED_AFTER)?);
            old.write(folder)?;
        }
    }
    console.say(&format!("`{}`: seals from {seal_at}", path.display()))?;
    Ok(Exit::Yes)
}

fn create(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::new(format!("cannot create `{}`: {error}", folder.display())))
}

fn list(config: &Config, now: Timestamp, console: &Console) -> Result<Exit, Failure> {
    let mut files = read_folder(&config.keys)?;
    files.sort_by_key(|file| file.sign_at);
    for file in &files {
        let Some(key) = file.key() else { continue };
        let state = if file.retire_at.is_some_and(|time| time <= now) {
            "retired"
        } else if file.sign_at <= now {
            "in use"
        } else if file.publish_at <= now {
            "published"
        } else {
            "to come"
        };
        let retired = file
            .retire_at
            .map_or(String::new(), |time| format!(", retires {time}"));
        let (kid, algorithm, sign_at) = (key.kid(), file.algorithm.name(), file.sign_at);
        console.say(&format!(
            "{kid}  {algorithm}  {state}, signs from {sign_at}{retired}"
        ))?;
    }
    if files.is_empty() {
        console.say("no keys: `rolecall-exchange keys new` makes the first one")?;
        return Ok(Exit::No);
    }
    Ok(Exit::Yes)
}

fn retire(
    config: &Config,
    kid: &str,
    at_once: bool,
    now: Timestamp,
    console: &Console,
) -> Result<Exit, Failure> {
    let files = read_folder(&config.keys)?;
    let is_wanted = |file: &KeyFile| file.key().is_some_and(|key| key.kid() == kid);
    let Some(file) = files.iter().find(|file| is_wanted(file)) else {
        return Err(Failure::new(format!("there is no key `{kid}`"))
            .help("`rolecall-exchange keys list` lists the keys"));
    };
    let signs = |other: &&KeyFile| {
        !is_wanted(other)
            && other.algorithm == file.algorithm
            && other.sign_at <= now
            && other.retire_at.is_none_or(|time| time > now)
    };
    let Some(successor) = files.iter().filter(signs).max_by_key(|other| other.sign_at) else {
        return Err(Failure::new(format!("no other key signs now: `{kid}` stays"))
            .help("make a key with `rolecall-exchange keys new`, and wait until it signs"));
    };
    let mut file = file.clone();
    let end = if at_once {
        now
    } else {
        later(successor.sign_at, PUBLISHED_AFTER)?.max(now)
    };
    file.retire_at = Some(end);
    // A key that never signed would be retired before it signs.
    file.sign_at = file.sign_at.min(end);
    file.publish_at = file.publish_at.min(end);
    file.write(&config.keys)?;
    console.say(&format!("`{kid}` retires {end}"))?;
    Ok(Exit::Yes)
}
