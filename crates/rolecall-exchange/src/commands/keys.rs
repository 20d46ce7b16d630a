//! `rolecall-exchange keys`.

mod publish;
mod rotation;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use rolecall::{Clock as _, SystemClock};

use crate::config::Config;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::sessions::{self, SessionKeyFile};
use crate::signing::{KeyFile, read_folder};
use rotation::{Rotation, Start};

/// Make, list and retire the keys that sign role tokens or seal sessions, and publish the key set
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
    /// Make a key: it is published at once, signs a day later, and the keys before it retire a day after that
    New {
        /// Make a key that seals sessions instead: it opens them at once
        #[arg(long)]
        sessions: bool,
        /// Use it at once, though others may not know it yet: after the key before it leaked
        #[arg(long)]
        now: bool,
    },
    /// List the keys with their times
    List,
    /// Stop using a key
    Retire {
        /// The name of the key, as `keys list` shows it
        // One name in 64 begins with a hyphen.
        #[arg(allow_hyphen_values = true)]
        name: String,
        /// Retire it at once, though tokens may be in use: for a key that leaked
        #[arg(long)]
        now: bool,
    },
    /// Write the discovery document and the key set as files, for a bucket that the issuer's URL leads to
    Publish {
        /// The folder of the files: it stands for the issuer's URL
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

pub(crate) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Failure> {
    let config = Config::read(&arguments.config)?;
    let now = Timestamp::from_second(SystemClock.now().wall.as_secs())
        .map_err(|error| Failure::new(format!("the clock is wrong: {error}")))?;
    match &arguments.command {
        Command::New {
            sessions,
            now: at_once,
        } => {
            let start = if *at_once { Start::AtOnce } else { Start::InADay };
            if *sessions {
                let folder = config.session_keys.as_deref().ok_or_else(no_sessions)?;
                let rotation = Rotation::make(folder, now, sessions::read_folder)?;
                rotation.add("session", start, |_, at| SessionKeyFile::generate(at), console)
            } else {
                let rotation = Rotation::make(&config.keys, now, read_folder)?;
                let make = |now, at| KeyFile::generate(config.algorithm, now, at);
                rotation.add(config.algorithm.name(), start, make, console)
            }
        }
        Command::List => {
            let signing = Rotation::open(&config.keys, now, read_folder)?;
            if signing.is_empty() {
                console.say("no keys: `rolecall-exchange keys new` makes the first one")?;
                return Ok(Exit::No);
            }
            signing.list(console)?;
            if let Some(folder) = &config.session_keys {
                Rotation::open(folder, now, sessions::read_folder)?.list(console)?;
            }
            Ok(Exit::Yes)
        }
        Command::Retire { name, now: at_once } => {
            if Rotation::open(&config.keys, now, read_folder)?.retire(name, *at_once, console)? {
                return Ok(Exit::Yes);
            }
            let folder = config.session_keys.as_deref();
            let sessions = folder.map(|folder| Rotation::open(folder, now, sessions::read_folder));
            match sessions.transpose()? {
                Some(sessions) if sessions.retire(name, *at_once, console)? => Ok(Exit::Yes),
                _ => Err(Failure::new(format!("`{name}` is not the name of a key"))
                    .help("`rolecall-exchange keys list` lists the keys")),
            }
        }
        Command::Publish { out } => publish::publish(&config, out, now, console),
    }
}

fn no_sessions() -> Failure {
    Failure::new("`[sessions]` is missing").help("name the folder of the keys in it with `keys`")
}
