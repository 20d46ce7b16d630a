//! The log on the disk: its files, and the end of its chain.
//!
//! A file begins with a checkpoint. When it is large enough, or when a day has passed, it ends with one, gets the number
//! of its first line into its name, and the next file goes on with the chain.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use serde_json::json;

use super::checkpoint::{Cause, Signer};
use super::log_file::{Home, LogFile, archive, archives};
use super::verify::{Expected, Summary, verify};
use super::{Chain, Item};
use crate::config::{AuditSettings, Rotate};
use crate::failure::Failure;
use crate::random;

/// The number of lines after which a checkpoint follows.
const CHECKPOINT_LINES: u64 = 1_000;
/// The time in seconds after which a rotation that failed is tried again.
const RETRY_TIME: i64 = 60;
const DAY: i64 = 24 * 60 * 60;

/// The log of this instance.
#[derive(Debug)]
pub(super) struct Log {
    file: LogFile,
    state: State,
    settings: Settings,
    /// The time before which no rotation is tried.
    rotate_at: i64,
    /// Held while the server runs.
    _lock: File,
}

/// The end of the log. It is put back if a write fails.
#[derive(Clone, Debug)]
struct State {
    chain: Chain,
    /// The name of the chain.
    name: String,
    /// The number of lines since the last checkpoint.
    unsigned: u64,
    /// The first line of the file, and its time.
    first: u64,
    begun_at: i64,
}

#[derive(Debug)]
struct Settings {
    path: PathBuf,
    rotate: Rotate,
    signer: Signer,
}

impl Log {
    /// Opens a log, or begins one, and verifies the chain of its last file. An unfinished last line was never
    /// acknowledged: it is cut off, and a line says so.
    pub(super) fn open(audit: &AuditSettings, signer: Signer) -> Result<Self, Failure> {
        let path = &audit.file;
        let shown = path.display();
        let cannot = |error: io::Error| {
            Failure::new(format!("cannot open the audit log `{shown}`: {error}"))
                .help("create its folder, and let this user write to it")
        };
        let lock = lock(path, &cannot)?;
        let settings = Settings {
            path: path.clone(),
            rotate: audit.rotate,
            signer,
        };
        let Some(mut file) = LogFile::open(path).map_err(cannot)? else {
            let state = settings.after_archives()?;
            let (file, state) = settings.begin(&state).map_err(cannot)?;
            file.install(None).map_err(cannot)?;
            return Ok(Self {
                file,
                state,
                settings,
                rotate_at: 0,
                _lock: lock,
            });
        };
        let summary = read(path, &file)?;
        file.cut_to(summary.bytes).map_err(cannot)?;
        let unfinished = summary.unfinished;
        let mut log = Self {
            file,
            state: State::of(summary),
            settings,
            rotate_at: 0,
            _lock: lock,
        };
        let mut items = Vec::new();
        if unfinished > 0 {
            let now = log.settings.signer.now();
            let cut = json!({ "time": now, "outcome": "cut", "bytes": unfinished });
            items.push(Item::Record(cut.to_string()));
        }
        items.push(Item::Checkpoint(Cause::Start));
        log.append(&items, true).map_err(cannot)?;
        Ok(log)
    }

    /// Returns the name of the chain.
    pub(super) fn name(&self) -> &str {
        &self.state.name
    }

    /// Returns the number of the last line that is on the disk.
    pub(super) fn lines(&self) -> u64 {
        self.state.chain.lines()
    }

    /// Returns the number and the digest of the last line, if it is a checkpoint.
    pub(super) fn anchor(&self) -> Option<String> {
        let chain = &self.state.chain;
        (self.state.unsigned == 0).then(|| format!("{}:{}", chain.lines(), chain.last()))
    }

    /// Appends items, and returns when they are on the disk. If that fails, file and chain are as before. After a failure,
    /// a checkpoint is written in any case, which shows whether writing is possible again.
    pub(super) fn write(&mut self, items: &[Item], after_failure: bool) -> io::Result<()> {
        match self.file.home()? {
            Home::Same => self.rotate_if_due(),
            Home::Gone => {
                tracing::error!(file = %self.settings.path.display(), "the audit log was moved away, and goes on in a new file");
                let (file, state) = self.settings.begin(&self.state)?;
                file.install(None)?;
                (self.file, self.state) = (file, state);
            }
            Home::Other => return Err(io::Error::other("another file has its name")),
        }
        self.append(items, after_failure)
    }

    fn append(&mut self, items: &[Item], after_failure: bool) -> io::Result<()> {
        let before = self.state.clone();
        let mut text = String::new();
        for item in items {
            match item {
                Item::Record(record) => {
                    text += &self.state.chain.add(record);
                    self.state.unsigned = self.state.unsigned.saturating_add(1);
                    if self.state.unsigned >= CHECKPOINT_LINES {
                        self.sign(&mut text, Cause::Interval);
                    }
                }
                Item::Checkpoint(cause)
                    if self.state.unsigned > 0 || after_failure || *cause == Cause::Stop =>
                {
                    self.sign(&mut text, *cause);
                }
                Item::Checkpoint(_) => {}
            }
        }
        if text.is_empty() && !after_failure {
            return Ok(());
        }
        let written = self.file.append(&text);
        if written.is_err() {
            self.state = before;
        }
        written
    }

    fn sign(&mut self, text: &mut String, cause: Cause) {
        let state = &mut self.state;
        if let Some(line) = self.settings.signer.add(&mut state.chain, &state.name, cause) {
            *text += &line;
            state.unsigned = 0;
        } else {
            tracing::error!("the audit log has no checkpoint: no key signs now");
        }
    }

    /// Goes on in the next file if it is time. If that fails, the file stays in use.
    fn rotate_if_due(&mut self) {
        let (now, state) = (self.settings.signer.now(), &self.state);
        let rotate = &self.settings.rotate;
        let is_large = self.file.length() >= rotate.size.bytes();
        let is_old = rotate.daily && now.div_euclid(DAY) > state.begun_at.div_euclid(DAY);
        let has_lines = state.chain.lines() > state.first;
        if !(has_lines && now >= self.rotate_at && (is_large || is_old)) {
            return;
        }
        if let Err(error) = self.rotate() {
            tracing::error!(file = %self.settings.path.display(), %error, "the audit log cannot go on in another file");
            self.rotate_at = now.saturating_add(RETRY_TIME);
        }
    }

    fn rotate(&mut self) -> io::Result<()> {
        let mut closed = self.state.clone();
        let closing = self
            .settings
            .signer
            .add(&mut closed.chain, &closed.name, Cause::Rotation);
        let closing = closing.ok_or_else(no_key)?;
        closed.unsigned = 0;
        // First what may fail for want of space.
        let (file, state) = self.settings.begin(&closed)?;
        self.file.append(&closing)?;
        self.state = closed;
        file.install(Some(&archive(&self.settings.path, self.state.first)))?;
        (self.file, self.state) = (file, state);
        Ok(())
    }
}

impl State {
    fn of(summary: Summary) -> Self {
        Self {
            chain: summary.chain,
            name: summary.name,
            unsigned: summary.unsigned,
            first: summary.first,
            begun_at: summary.times.0,
        }
    }
}

impl Settings {
    /// Returns the end of the last finished file; a new chain if there is none.
    fn after_archives(&self) -> Result<State, Failure> {
        let shown = self.path.display();
        let cannot = |error: &dyn std::fmt::Display| {
            Failure::new(format!(
                "cannot read the files of the audit log `{shown}`: {error}"
            ))
        };
        let last = archives(&self.path).map_err(|error| cannot(&error))?.pop();
        if let Some((_, path)) = last {
            let file = LogFile::open(&path).map_err(|error| cannot(&error))?;
            let file = file.ok_or_else(|| cannot(&format!("`{}` is empty", path.display())))?;
            return read(&path, &file).map(State::of);
        }
        Ok(State {
            chain: Chain::default(),
            name: random::identifier().map_err(|_| Failure::new("the system has no randomness"))?,
            unsigned: 0,
            first: 0,
            begun_at: 0,
        })
    }

    /// Prepares a file that goes on with a chain.
    fn begin(&self, state: &State) -> io::Result<(LogFile, State)> {
        let mut state = state.clone();
        let line = self.signer.add(&mut state.chain, &state.name, Cause::Begin);
        let file = LogFile::prepare(&self.path, &line.ok_or_else(no_key)?)?;
        state.unsigned = 0;
        state.first = state.chain.lines();
        state.begun_at = self.signer.now();
        Ok((file, state))
    }
}

fn no_key() -> io::Error {
    io::Error::other("no key signs now")
}

/// Keeps other servers away from the log. The lock has a file of its own, because those of the log change.
fn lock(path: &Path, cannot: &dyn Fn(io::Error) -> Failure) -> Result<File, Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    let lock = options.open(path.with_extension("lock")).map_err(cannot)?;
    flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(|_| {
        let message = format!("the audit log `{}` is in use by another server", path.display());
        Failure::new(message).help("give each instance a log of its own")
    })?;
    Ok(lock)
}

/// Verifies the chain of a file. Its signatures are not: the keys of some may be gone.
fn read(path: &Path, file: &LogFile) -> Result<Summary, Failure> {
    let shown = path.display().to_string();
    let help = "keep the file as evidence, and begin another one";
    let summary =
        verify(file.reader(), Expected::default()).map_err(|failure| failure.within(&shown).help(help))?;
    if summary.first == 0 {
        return Err(Failure::new(format!("`{shown}` is not an audit log")).help(help));
    }
    Ok(summary)
}

#[cfg(test)]
mod tests;
