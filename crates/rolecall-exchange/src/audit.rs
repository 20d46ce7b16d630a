//! The audit log: files of JSON lines, each with the digest of the line before it, and with checkpoints that are signed.
//!
//! A thread of its own writes it. Lines that wait together reach the disk together (`fdatasync`). A caller that issues
//! something waits until its line is there; one that refuses does not.

mod chain;
mod checkpoint;
mod copy;
mod log;
mod log_file;
mod record;
mod source;
mod tally;
mod verify;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::sleep;

use crate::config::AuditSettings;
use crate::failure::Failure;
use crate::postgres::Postgres;
use copy::Copier;
use log::Log;
use source::Source;
use writer::Reports;

pub(crate) use chain::{Chain, Link};
pub(crate) use checkpoint::{Cause, Signer};
pub(crate) use record::{Outcome, Record};
pub(crate) use tally::{Tally, network};
pub(crate) use verify::{Expected, Summary, verify};

/// The maximum number of lines that wait for the disk.
const MAX_WAITING: usize = 16_384;
/// The time after which lines have a checkpoint.
const CHECKPOINT_TIME: Duration = Duration::from_secs(60);
/// The time after which a log that could not be written is tried again.
const RETRY_TIME: Duration = Duration::from_secs(1);

/// A line that waits for the disk, and the caller that waits for it.
#[derive(Debug)]
struct Waiting {
    item: Item,
    written: Option<oneshot::Sender<bool>>,
}

/// A line to write.
#[derive(Debug)]
enum Item {
    /// A JSON object with members.
    Record(String),
    /// A checkpoint, if there are lines since the last one, or the server stops.
    Checkpoint(Cause),
}

/// The audit log of the running server.
#[derive(Clone, Debug)]
pub(crate) struct Audit {
    lines: mpsc::Sender<Waiting>,
    is_required: bool,
    is_failing: Arc<AtomicBool>,
    /// The number of the last line on the disk, and of the last one in the database.
    durable: watch::Receiver<u64>,
    copied: Arc<AtomicU64>,
    name: Arc<str>,
}

/// The line did not reach the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotWritten;

impl Audit {
    /// Opens the log, goes on with its chain, and starts the thread that writes it.
    pub(crate) fn open(settings: &AuditSettings, signer: Signer) -> Result<Self, Failure> {
        let log = Log::open(settings, signer)?;
        let (lines, waiting) = mpsc::channel(MAX_WAITING);
        let is_failing = Arc::new(AtomicBool::new(false));
        let name = Arc::from(log.name());
        let (durable, reported) = watch::channel(log.lines());
        let reports = Reports {
            is_failing: Arc::clone(&is_failing),
            durable,
        };
        writer::start(log, waiting, reports)?;
        Ok(Self {
            lines,
            is_required: settings.required,
            is_failing,
            durable: reported,
            copied: Arc::default(),
            name,
        })
    }

    /// Writes a record, and returns when it is on the disk. If the log is not required, a failure is only reported.
    ///
    /// # Errors
    /// [`NotWritten`] if the log is required, and the disk or the queue is full.
    pub(crate) async fn record(&self, record: String) -> Result<(), NotWritten> {
        let (written, result) = oneshot::channel();
        let waiting = Waiting {
            item: Item::Record(record),
            written: Some(written),
        };
        let sent = self.lines.try_send(waiting).is_ok();
        let is_written = sent && result.await.unwrap_or(false);
        if is_written {
            return Ok(());
        }
        tracing::error!("an audit line could not be written");
        if self.is_required { Err(NotWritten) } else { Ok(()) }
    }

    /// Writes a checkpoint if there are lines without one, and returns when all records before are on the disk.
    async fn checkpoint(&self, cause: Cause) {
        let (written, result) = oneshot::channel();
        let waiting = Waiting {
            item: Item::Checkpoint(cause),
            written: Some(written),
        };
        if self.lines.send(waiting).await.is_ok() {
            // The writer reports its failures.
            let _ = result.await;
        }
    }

    /// Ends the log with a checkpoint, and returns when all records are on the disk.
    pub(crate) async fn finish(&self) {
        self.checkpoint(Cause::Stop).await;
    }

    /// Writes checkpoints from time to time. A log that cannot be written is tried again until it can, so that a server
    /// that reports itself as not ready, and is asked for nothing, gets ready again.
    pub(crate) async fn watch(&self) {
        let mut waited = Duration::ZERO;
        loop {
            sleep(RETRY_TIME).await;
            waited = waited.saturating_add(RETRY_TIME);
            if waited >= CHECKPOINT_TIME || self.is_failing.load(Ordering::Relaxed) {
                self.checkpoint(Cause::Interval).await;
                waited = Duration::ZERO;
            }
        }
    }

    /// Writes a record of a refusal without waiting for it. It is lost if the queue is full.
    pub(crate) fn note(&self, record: String) {
        let waiting = Waiting {
            item: Item::Record(record),
            written: None,
        };
        if self.lines.try_send(waiting).is_err() {
            tracing::warn!("the audit line of a refusal was lost: the queue is full");
        }
    }

    /// Returns whether a line that is required can be written, as far as is known.
    pub(crate) fn is_ready(&self) -> bool {
        !(self.is_required && self.is_failing.load(Ordering::Relaxed))
    }

    /// Returns whether the last write succeeded.
    pub(crate) fn is_written(&self) -> bool {
        !self.is_failing.load(Ordering::Relaxed)
    }

    /// Returns the number of lines that are not in the database yet.
    pub(crate) fn lag(&self) -> u64 {
        let copied = self.copied.load(Ordering::Relaxed);
        self.durable.borrow().saturating_sub(copied)
    }

    /// Copies the lines to the database, as far and as soon as it takes them.
    pub(crate) async fn copy(&self, settings: &AuditSettings, postgres: Arc<Postgres>) {
        let copier = Copier {
            source: Source::new(&settings.file),
            name: Arc::clone(&self.name),
            postgres,
            copied: Arc::clone(&self.copied),
        };
        copier.run(self.durable.clone()).await;
    }
}
