//! Key files and certificates, which are read again when they change.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::signal::unix::Signal;
use tokio::task::spawn_blocking;
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

/// The files that are read again, and those who use them. If they cannot be used, those in use stay, which logs, probes
/// and metrics say.
pub(crate) struct Files {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) health: Arc<Health>,
    pub(crate) keys: PathBuf,
    pub(crate) session_keys: Option<PathBuf>,
    pub(crate) certificates: Option<Arc<Certificates>>,
}

/// The files as they were read last; at first, as if they had changed since the start.
#[derive(Default)]
struct Seen {
    keys: Stamp,
    session_keys: Stamp,
    certificate: Stamp,
}

impl Files {
    /// Reads the files again when they have changed, and on each signal, until a thread of the runtime fails.
    pub(crate) async fn watch(self, mut signal: Signal) {
        let files = Arc::new(self);
        let mut seen = Seen::default();
        loop {
            let is_asked = tokio::select! {
                _ = signal.recv() => true,
                () = sleep(PAUSE) => false,
            };
            let files = Arc::clone(&files);
            // A disk that hangs stops neither requests nor signals.
            let look = spawn_blocking(move || {
                files.look(&mut seen, is_asked);
                seen
            });
            seen = match look.await {
                Ok(seen) => seen,
                Err(error) => return tracing::error!(%error, "the watch of keys and certificates failed"),
            };
        }
    }

    fn look(&self, seen: &mut Seen, is_asked: bool) {
        let exchange = &self.exchange;
        let keys = Watched {
            name: "keys",
            stale: &self.health.keys,
            is_asked,
        };
        keys.look(&mut seen.keys, in_folder(&self.keys), || {
            let keys = KeyRing::usable(&self.keys, exchange.algorithm, exchange.now())?;
            exchange.keys.store(Arc::new(keys));
            Ok(())
        });
        if let Some(folder) = &self.session_keys {
            let keys = Watched {
                name: "session keys",
                stale: &self.health.session_keys,
                is_asked,
            };
            keys.look(&mut seen.session_keys, in_folder(folder), || {
                let sealer = Sealer::usable(folder, exchange.now())?;
                exchange.sealer.store(Arc::new(sealer));
                Ok(())
            });
        }
        if let Some(certificates) = &self.certificates {
            let certificate = Watched {
                name: "certificate",
                stale: &self.health.certificate,
                is_asked,
            };
            let now = stamp(certificates.files().to_vec());
            certificate.look(&mut seen.certificate, now, || certificates.reload());
        }
    }
}

/// Files of one use.
struct Watched<'h> {
    name: &'static str,
    stale: &'h Stale,
    is_asked: bool,
}

impl Watched<'_> {
    /// Reads the files if they have changed, or could not be used the last time: a key may sign later.
    fn look(&self, seen: &mut Stamp, now: Stamp, read: impl FnOnce() -> Result<(), Failure>) {
        let is_new = self.is_asked || now != *seen;
        if !is_new && !self.stale.get() {
            return;
        }
        *seen = now;
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
