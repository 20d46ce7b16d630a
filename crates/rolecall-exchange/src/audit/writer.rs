//! The thread that writes the audit log. This is the only file of the crate that starts a thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tokio::sync::{mpsc, oneshot, watch};

use super::log::Log;
use super::{Item, Waiting};
use crate::failure::Failure;
use crate::telemetry;

/// The maximum number of lines that are written together.
const MAX_TOGETHER: usize = 1_024;

/// The state of the log, as the thread reports it.
#[derive(Debug)]
pub(super) struct Reports {
    /// True if the last write failed.
    pub(super) is_failing: Arc<AtomicBool>,
    /// The number of the last line that is on the disk.
    pub(super) durable: watch::Sender<u64>,
}

/// Starts the thread, which ends when all senders are gone and all lines are written.
pub(super) fn start(
    mut log: Log,
    mut waiting: mpsc::Receiver<Waiting>,
    reports: Reports,
) -> Result<(), Failure> {
    let work = move || {
        let mut lines = Vec::new();
        while waiting.blocking_recv_many(&mut lines, MAX_TOGETHER) > 0 {
            let (items, callers): (Vec<Item>, Vec<_>) =
                lines.drain(..).map(|line| (line.item, line.written)).unzip();
            let is_written = write(&mut log, &items, &reports);
            for caller in callers.into_iter().flatten() {
                // A caller that is gone issues nothing.
                let _: Result<(), bool> = oneshot::Sender::send(caller, is_written);
            }
        }
    };
    let thread = thread::Builder::new().name("audit".to_owned()).spawn(work);
    thread
        .map(drop)
        .map_err(|error| Failure::new(format!("cannot start a thread for the audit log: {error}")))
}

/// Writes items together, reports the state, and returns whether they are on the disk.
fn write(log: &mut Log, items: &[Item], reports: &Reports) -> bool {
    let was_failing = reports.is_failing.load(Ordering::Relaxed);
    let written = log.write(items, was_failing);
    reports.is_failing.store(written.is_err(), Ordering::Relaxed);
    match written {
        Ok(()) => {
            if was_failing {
                tracing::info!("the audit log can be written again");
            }
            let before = reports.durable.send_replace(log.lines());
            // An anchor that is kept elsewhere shows later whether lines were cut off.
            if let Some(anchor) = log.anchor().filter(|_| before < log.lines()) {
                tracing::info!(anchor, "the audit log has a checkpoint");
            }
            true
        }
        Err(error) => {
            telemetry::audit_failed();
            tracing::error!(%error, "the audit log cannot be written");
            false
        }
    }
}
