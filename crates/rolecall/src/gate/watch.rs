//! A watched folder, on a thread of its own.
//!
//! It reads the folder again and again instead of asking the operating system for notifications (`notify`).
//! These report changes of the file that a path led to before. A `..data` link of Kubernetes that leads elsewhere,
//! a folder that was replaced by another one, and network file systems therefore need special cases, which
//! differ between systems and fail silently. A reading has the same answer as the one at the start. It takes
//! 0.1 ms for three files, and 15 ms for a thousand.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use super::Gate;
use crate::contained::contained;
use crate::observer::Event;
use crate::policy_files::{FolderError, PolicyFolder, Reading, Settling};
use crate::threads::spawn;
use crate::watch_error::WatchError;

/// The pause between two readings. A change is used after two or three of them.
const PAUSE: Duration = Duration::from_secs(1);

/// The least ratio of the pause to the time that a reading took, so that the thread is nearly always idle.
const IDLE: u32 = 50;

/// A watched folder. [`Gate::watch`] starts it; dropping it ends its thread, after a reading that is under way.
#[derive(Debug)]
#[must_use = "dropping the watch ends it"]
pub struct PolicyWatch {
    /// Nothing is ever sent: the thread ends when this is dropped.
    _running: Sender<Infallible>,
}

impl Gate {
    /// Watches the folder that its policies were read from, and replaces the policies whenever they change,
    /// some two seconds after the last change. Returns a handle that ends the watch when it is dropped.
    ///
    /// The first reading is made before it returns, so a folder that cannot be used is an error at once. Later,
    /// the policies in use stay, and the observer receives [`Event::PoliciesNotReplaced`], if the folder cannot
    /// be read or is empty, or the policies do not compile or have no role. A folder that is away for a moment
    /// is not reported. [`Event::PoliciesReplaced`] and [`Event::RolesRemoved`] report the changes.
    ///
    /// It works with editors that replace files, with git, and with the `..data` links of Kubernetes; files of
    /// two versions are not mixed, unless a change pauses for longer than a second. While a folder is
    /// watched, do not call [`Gate::replace_policies`]: the watch replaces other policies by those of the folder.
    ///
    /// ```no_run
    /// use rolecall::{Gate, KeySources, policies_from_folder};
    ///
    /// let gate = Gate::builder(policies_from_folder("policies/shop")?, KeySources::new()).build()?;
    /// let _watch = gate.watch("policies/shop")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`WatchError`] if the folder cannot be used now, or no thread can be started.
    pub fn watch(&self, folder: impl Into<PathBuf>) -> Result<PolicyWatch, WatchError> {
        let mut watched = Watched {
            gate: self.clone(),
            folder: PolicyFolder::new(folder),
            settling: Settling::default(),
        };
        let reading = watched.folder.read();
        let policies = self.policies();
        let mut in_use = policies.program().own_files().map(|(_, source)| source);
        if !reading
            .as_ref()
            .is_ok_and(|sources| sources.iter().eq(in_use.by_ref()))
        {
            watched.replace(&reading)?;
        }
        let (running, stopped) = mpsc::channel();
        let started = spawn("rolecall-policies", move || watched.run(&stopped));
        started.map_err(|_| WatchError::NoThread)?;
        Ok(PolicyWatch { _running: running })
    }
}

/// A folder, and the gate that uses its policies.
struct Watched {
    gate: Gate,
    folder: PolicyFolder,
    settling: Settling,
}

impl Watched {
    /// Reads the folder until the handle is dropped.
    fn run(mut self, stopped: &Receiver<Infallible>) {
        let mut pause = PAUSE;
        while matches!(stopped.recv_timeout(pause), Err(RecvTimeoutError::Timeout)) {
            let started = self.gate.shared.clock.now().monotonic;
            // A panic of the observer must not end the watch: revoked access would stay.
            contained(|| self.look());
            let ended = self.gate.shared.clock.now().monotonic;
            let took = ended.saturating_duration_since(started);
            // A reading does not take 80 years.
            pause = PAUSE.max(took.saturating_mul(IDLE));
        }
    }

    /// Reads the folder, and replaces the policies if they have changed.
    fn look(&mut self) {
        let reading = self.folder.read();
        let policies = self.gate.policies();
        let in_use = policies.program().own_files().map(|(_, source)| source);
        let Some(reading) = self.settling.next(reading, in_use) else {
            return;
        };
        if let Err(error) = self.replace(&reading) {
            self.settling.refuse(reading);
            let observer = &self.gate.shared.observer;
            observer.observe(&Event::PoliciesNotReplaced { error: &error });
        }
    }

    fn replace(&mut self, reading: &Reading) -> Result<(), WatchError> {
        let sources = reading.as_ref();
        let sources = sources.map_err(|problems| WatchError::Folder(FolderError::Files(problems.clone())))?;
        let policies = self.folder.compile(sources).map_err(WatchError::Folder)?;
        self.gate.replace_policies(policies).map_err(WatchError::Config)
    }
}
