//! The audit log: a file of JSON lines, each with the digest of the line before it.
//!
//! A thread of its own writes it. Lines that wait together reach the disk together (`fdatasync`). A caller that issues
//! something waits until its line is there; one that refuses does not.

mod chain;
mod record;
mod tally;
mod verify;
mod writer;

use tokio::sync::{mpsc, oneshot};

use crate::config::AuditSettings;
use crate::failure::Failure;

pub(crate) use chain::{Chain, Link};
pub(crate) use record::{Outcome, Record};
pub(crate) use tally::{Tally, network};
pub(crate) use verify::verify;
pub(crate) use writer::Writer;

/// The maximum number of lines that wait for the disk.
const MAX_WAITING: usize = 16_384;

/// A line that waits for the disk, and the caller that waits for it.
pub(crate) struct Waiting {
    /// The record; none for a caller that only waits for the lines before it.
    pub(crate) record: Option<serde_json::Value>,
    pub(crate) written: Option<oneshot::Sender<bool>>,
}

/// The audit log of the running server.
#[derive(Clone, Debug)]
pub(crate) struct Audit {
    lines: mpsc::Sender<Waiting>,
    is_required: bool,
}

/// The line did not reach the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotWritten;

impl Audit {
    /// Opens the log, goes on with its chain, and starts the thread that writes it.
    pub(crate) fn open(settings: &AuditSettings) -> Result<Self, Failure> {
        let writer = Writer::open(&settings.file)?;
        let (lines, waiting) = mpsc::channel(MAX_WAITING);
        writer.start(waiting)?;
        Ok(Self {
            lines,
            is_required: settings.required,
        })
    }

    /// Writes a record, and returns when it is on the disk. If the log is not required, a failure is only reported.
    ///
    /// # Errors
    /// [`NotWritten`] if the log is required, and the disk or the queue is full.
    pub(crate) async fn record(&self, record: serde_json::Value) -> Result<(), NotWritten> {
        let (written, result) = oneshot::channel();
        let waiting = Waiting {
            record: Some(record),
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

    /// Returns when all records before are on the disk.
    pub(crate) async fn flush(&self) {
        let (written, result) = oneshot::channel();
        let waiting = Waiting {
            record: None,
            written: Some(written),
        };
        if self.lines.send(waiting).await.is_ok() {
            // The writer reports its failures.
            let _ = result.await;
        }
    }

    /// Writes a record of a refusal without waiting for it. It is lost if the queue is full.
    pub(crate) fn note(&self, record: serde_json::Value) {
        let waiting = Waiting {
            record: Some(record),
            written: None,
        };
        if self.lines.try_send(waiting).is_err() {
            tracing::warn!("the audit line of a refusal was lost: the queue is full");
        }
    }
}
