//! `rolecall-exchange check`: all that can be checked without serving.

mod doors;
mod files;
mod grants;
mod keys;
mod names;
mod roles;
mod state;
mod upstreams;

use std::path::PathBuf;

use clap::Args;
use rolecall::{Clock as _, PolicySet, SystemClock, UnixTime};
use rolecall_lint::{Linter, Settings, Severity};

use super::serve::gate;
use crate::config::Config;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::policies::{Policies, place};

/// Check the configuration, the keys, and the policies with their tests and assertions
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = "exchange.toml")]
    config: PathBuf,
    /// Write the names of new and removed roles into `names.lock` beside the policies
    #[arg(long)]
    lock: bool,
}

pub(crate) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Failure> {
    let config = Config::read(&arguments.config)?;
    if arguments.lock {
        names::lock(&config, console)?;
    }
    for note in state::notes(&config) {
        console.say(&note)?;
    }
    let findings = findings(&config, SystemClock.now().wall);
    for finding in &findings {
        console.say(&finding.line())?;
    }
    if findings.is_empty() {
        console.say("no findings")?;
        return Ok(Exit::Yes);
    }
    Ok(Exit::No)
}

/// Returns the findings, each with what to do next.
fn findings(config: &Config, now: UnixTime) -> Vec<Failure> {
    let mut findings = keys::findings(config, now);
    findings.extend(files::findings(config, now));
    findings.extend(doors::findings(config));
    findings.extend(state::findings(config));
    match Policies::new(config).judged() {
        Ok(set) => {
            findings.extend(names::findings(config, &set));
            findings.extend(doors::audiences(config, &set));
            findings.extend(grants::findings(&set));
            findings.extend(roles::findings(config, &set));
            findings.extend(upstreams::findings(config, &set));
            findings.extend(linted(&set));
            findings.extend(gate(config, set).err());
        }
        Err(faults) => findings.extend(faults),
    }
    findings
}

/// Returns what the linter reports with severity high.
fn linted(set: &PolicySet) -> Vec<Failure> {
    let report = Linter::new(set, &Settings::default()).run();
    let high = report
        .findings
        .into_iter()
        .filter(|finding| finding.severity == Severity::High);
    let shown = high.map(|finding| {
        let (place, rule) = (place(set, finding.location), finding.rule.name);
        let help = finding
            .help
            .unwrap_or_else(|| format!("`policy-check rules {rule}` explains it"));
        Failure::new(format!("{place}: {} ({rule})", finding.message)).help(help)
    });
    shown.collect()
}
