//! The policies of the exchange: tested before they are used, watched, and remembered for the next start.
//!
//! A set that fails is refused, and the one before stays, also after a restart: it is in a file beside the audit log.
//! `Gate::watch` would use a set that compiles, whatever its tests say, so the folder is watched here.

mod digest;
mod judge;
mod last_good;
mod names;
mod new_access;
mod proofs;
mod rules;
mod status;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;

use rolecall::{PolicySet, Source, policy_sources};

use crate::config::Config;
use crate::failure::Failure;
use judge::Before;
use last_good::LastGood;

pub(crate) use digest::digest;
pub(crate) use judge::Judge;
pub(crate) use names::Names;
pub(crate) use proofs::{place, shown_token};
pub(crate) use rules::CHOSEN_BY;
pub(crate) use status::PolicyStatus;
pub(crate) use watch::watch;

/// The policy folder, and what decides on its versions.
#[derive(Debug)]
pub(crate) struct Policies {
    folder: PathBuf,
    judge: Judge,
    last_good: LastGood,
    pub(crate) status: Arc<PolicyStatus>,
}

impl Policies {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            folder: config.policies.clone(),
            judge: Judge::new(config),
            last_good: LastGood::new(&config.audit.state_folder()),
            status: Arc::default(),
        }
    }

    /// Returns the set to start with: that of the folder if it is good, or else the last good one.
    ///
    /// # Errors
    /// [`Failure`] with the first fault of the folder, if there was no good set before.
    pub(crate) fn open(&self) -> Result<PolicySet, Failure> {
        let remembered = self.last_good.read()?;
        let last = remembered
            .as_ref()
            .map(|sources| PolicySet::compile(sources.iter().cloned()));
        let before = match &last {
            None => Before::Nothing,
            Some(Ok(set)) => Before::Set(set),
            Some(Err(_)) => Before::Unknown,
        };
        let faults = match self.read() {
            Ok(sources) => match self.judge.judge(&sources, before) {
                Ok(set) => {
                    self.accept(&sources);
                    return Ok(set);
                }
                Err(faults) => faults,
            },
            Err(failure) => vec![failure],
        };
        // Their names were in use: that one is retired since then does not stop a start.
        let set = remembered
            .as_ref()
            .and_then(|sources| self.judge.alone(sources).ok());
        let (Some(set), Some(sources)) = (set, remembered) else {
            let first = faults.into_iter().next();
            let first = first.unwrap_or_else(|| Failure::new("the policies cannot be used"));
            return Err(first.within(&self.folder.display().to_string()));
        };
        self.status.use_set(digest(&sources));
        self.refuse(&faults);
        tracing::error!("the last good policies are used instead of those in the folder");
        Ok(set)
    }

    /// Returns the set of the folder, judged by itself.
    ///
    /// # Errors
    /// The faults: one at least.
    pub(crate) fn judged(&self) -> Result<PolicySet, Vec<Failure>> {
        let sources = self.read().map_err(|failure| vec![failure])?;
        self.judge.judge(&sources, Before::Nothing)
    }

    /// Reads the files of the folder.
    pub(crate) fn read(&self) -> Result<Vec<Source>, Failure> {
        policy_sources(&self.folder)
            .map_err(|error| Failure::new(error.to_string()).help("repair the folder of the policies"))
    }

    /// Notes that a set is used. The file for the next start may fail: taken access must end even if the disk is full.
    fn accept(&self, sources: &[Source]) {
        self.status.use_set(digest(sources));
        if let Err(failure) = self.last_good.write(sources) {
            self.status.set_remembered(false);
            tracing::error!(%failure, "the policies in use are not remembered for the next start");
        }
    }

    /// Writes the file for the next start again if that failed, and the folder has the set in use.
    fn remember(&self, sources: &Result<Vec<Source>, String>) {
        let state = self.status.state();
        let Ok(sources) = sources else { return };
        if !state.remembered && digest(sources) == state.digest && self.last_good.write(sources).is_ok() {
            self.status.set_remembered(true);
        }
    }

    /// Reports that the files in the folder are not used.
    fn refuse(&self, faults: &[Failure]) {
        self.status.refuse(faults.len());
        for fault in faults {
            tracing::error!(fault = fault.line(), "the policies in the folder are refused");
        }
    }
}
