//! `rolecall-exchange check`: all that can be checked without serving.

mod doors;
mod keys;
mod roles;
mod state;

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
use crate::server::Certificates;

/// Check the configuration, the keys, and the policies with their tests and assertions
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = "exchange.toml")]
    config: PathBuf,
}

pub(crate) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Failure> {
    let config = Config::read(&arguments.config)?;
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
    if let Some(Err(failure)) = config.listen.tls.as_ref().map(Certificates::read) {
        findings.push(failure);
    }
    findings.extend(doors::findings(config));
    findings.extend(state::findings(config));
    match Policies::new(config).judged() {
        Ok(set) => {
            findings.extend(roles::findings(config, &set));
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
