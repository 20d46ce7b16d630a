//! The thread that writes the audit log. This is the only file of the crate that starts a thread.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::thread;

use rustix::fs::{FlockOperation, flock};
use serde_json::json;
use tokio::sync::mpsc;

use super::{Chain, Waiting, verify};
use crate::failure::Failure;

/// The maximum number of lines that are written together.
const MAX_TOGETHER: usize = 1_024;

/// An open audit log.
pub(crate) struct Writer {
    file: File,
    path: PathBuf,
    chain: Chain,
    /// The length of the file up to its last whole line on disk.
    length: u64,
}

impl Writer {
    /// Opens a log, or creates it, and verifies its chain. An unfinished last line was never acknowledged: it is
    /// cut off, and a line says so.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let cannot = |error: std::io::Error| {
            Failure::new(format!("cannot open the audit log `{shown}`: {error}"))
                .help("create its folder, and let this user write to it")
        };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(cannot)?;
        flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|_| {
            Failure::new(format!("the audit log `{shown}` is in use by another server"))
                .help("give each instance a log of its own")
        })?;
        let summary = verify(BufReader::new(&file)).map_err(|failure| {
            failure
                .within(&shown.to_string())
                .help("keep the file as evidence, and begin another one")
        })?;
        let mut writer = Self {
            file,
            path: path.to_owned(),
            chain: summary.chain,
            length: summary.bytes,
        };
        writer.cut().map_err(cannot)?;
        if summary.unfinished > 0 {
            let line = writer
                .chain
                .add(&json!({ "outcome": "cut", "bytes": summary.unfinished }));
            writer.write(line.as_bytes()).map_err(cannot)?;
        }
        Ok(writer)
    }

    /// Starts the thread, which ends when all senders are gone and all lines are written.
    pub(super) fn start(mut self, mut waiting: mpsc::Receiver<Waiting>) -> Result<(), Failure> {
        let work = move || {
            let mut lines = Vec::new();
            while waiting.blocking_recv_many(&mut lines, MAX_TOGETHER) > 0 {
                self.write_all(&mut lines);
            }
        };
        let thread = thread::Builder::new().name("audit".to_owned()).spawn(work);
        thread
            .map(drop)
            .map_err(|error| Failure::new(format!("cannot start a thread for the audit log: {error}")))
    }

    /// Writes lines together, and tells those who wait for them. If that fails, the file and the chain are as before.
    fn write_all(&mut self, lines: &mut Vec<Waiting>) {
        let before = self.chain.clone();
        let records = lines.iter().filter_map(|line| line.record.as_ref());
        let text: String = records.map(|record| self.chain.add(record)).collect();
        let result = self.write(text.as_bytes());
        if let Err(error) = &result {
            tracing::error!(file = %self.path.display(), %error, "the audit log cannot be written");
            self.chain = before;
            // A part may be written, which the next line would follow.
            if let Err(error) = self.cut() {
                tracing::error!(file = %self.path.display(), %error, "the audit log cannot be cut");
            }
        }
        for line in lines.drain(..) {
            if let Some(written) = line.written {
                // A caller that is gone issues nothing.
                let _ = written.send(result.is_ok());
            }
        }
    }

    fn write(&mut self, text: &[u8]) -> std::io::Result<()> {
        // A cut that failed before is tried again.
        self.cut()?;
        self.file.write_all(text)?;
        self.file.sync_data()?;
        self.length = self
            .length
            .saturating_add(u64::try_from(text.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    /// Cuts off what is after the last whole line, and goes there.
    fn cut(&mut self) -> std::io::Result<()> {
        if self.file.seek(SeekFrom::End(0))? > self.length {
            self.file.set_len(self.length)?;
            self.file.seek(SeekFrom::Start(self.length))?;
        }
        Ok(())
    }
}
