//! Key files and certificates, which are read again when they change.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::signal::unix::Signal;
use tokio::time::sleep;

use super::health::{Health, Stale};
use super::tls::Certificates;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::sessions::Sealer;
use crate::signing::KeyRing;

/// The pause between two looks at the files.
const PAUSE: Duration = Duration::from_secs(3);

/// The files at a time, with their lengths and the times of their last changes.
type Stamp = Vec<(PathBuf, Option<(SystemTime, u64)>)>;

/// Reads keys and certificates again when they have changed, and on each signal. If they cannot be used, those in use
/// stay, which logs, probes and metrics say.
pub(crate) async fn reload(
    exchange: &Exchange,
    (folder, session_folder): (&Path, Option<&Path>),
    certificates: Option<Arc<Certificates>>,
    health: &Health,
    mut signal: Signal,
) {
    let mut keys = Watched::new("keys", &health.keys);
    let mut session_keys = Watched::new("session keys", &health.session_keys);
    let files = || -> Vec<PathBuf> {
        certificates
            .iter()
            .flat_map(|certificates| certificates.files())
            .collect()
    };
    let mut certificate = Watched::new("certificate", &health.certificate);
    loop {
        let is_asked = tokio::select! {
            _ = signal.recv() => true,
            () = sleep(PAUSE) => false,
        };
        keys.look(in_folder(folder), is_asked, || {
            let keys = KeyRing::read(folder)?;
            if keys.signer(exchange.algorithm, exchange.now()).is_none() {
                return Err(Failure::new("no key signs now"));
            }
            exchange.keys.store(Arc::new(keys));
            Ok(())
        });
        if let Some(folder) = session_folder {
            session_keys.look(in_folder(folder), is_asked, || {
                let sealer = Sealer::usable(folder, exchange.now())?;
                exchange.sealer.store(Arc::new(sealer));
                Ok(())
            });
        }
        if let Some(certificates) = &certificates {
            certificate.look(stamp(files()), is_asked, || certificates.reload());
        }
    }
}

/// Files that are read again.
struct Watched<'h> {
    name: &'static str,
    stamp: Stamp,
    stale: &'h Stale,
}

impl<'h> Watched<'h> {
    /// Begins without a stamp: the files may have changed since they were read at the start.
    fn new(name: &'static str, stale: &'h Stale) -> Self {
        Self {
            name,
            stamp: Stamp::new(),
            stale,
        }
    }

    /// Reads the files if they have changed, or could not be used the last time: a key may sign later.
    fn look(&mut self, now: Stamp, is_asked: bool, read: impl FnOnce() -> Result<(), Failure>) {
        let is_new = is_asked || now != self.stamp;
        if !is_new && !self.stale.get() {
            return;
        }
        self.stamp = now;
        let (name, result) = (self.name, read());
        match &result {
            Ok(()) => tracing::info!(files = name, "the files were read again"),
            Err(failure) if is_new => tracing::error!(files = name, %failure, "those in use stay"),
            Err(_) => {}
        }
        self.stale.set(result.is_err());
    }
}

/// Returns the stamp of the files of a folder; none if it cannot be read.
fn in_folder(folder: &Path) -> Stamp {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    stamp(paths)
}

fn stamp(paths: Vec<PathBuf>) -> Stamp {
    let stamps = paths.into_iter().map(|path| {
        // Of the file that a link leads to: a `..data` link of Kubernetes leads to another one after a change.
        let found = fs::metadata(&path).ok();
        let stamp = found.and_then(|found| Some((found.modified().ok()?, found.len())));
        (path, stamp)
    });
    stamps.collect()
}
