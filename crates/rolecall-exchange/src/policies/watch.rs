//! The watched policy folder.

use std::time::Duration;

use rolecall::{Gate, Source};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::judge::Before;
use super::{Policies, digest};
use crate::failure::Failure;

/// The pause between two readings. A change is used after two equal ones: a reading in between may have files of two
/// versions.
const PAUSE: Duration = Duration::from_secs(1);

/// The policies at a time, or the reason why there are none, and the other files that the judgement depends on.
type Reading = (Result<Vec<Source>, String>, [String; 2]);

/// Reads the folder again and again, and replaces the policies by each new set that is good.
pub(crate) async fn watch(policies: Policies, gate: Gate) {
    let mut watched = Watched {
        policies,
        gate,
        last: None,
        judged: None,
    };
    loop {
        sleep(PAUSE).await;
        // A judgement may take long, and a thread that answers requests must not.
        let look = move || {
            watched.look();
            watched
        };
        watched = match spawn_blocking(look).await {
            Ok(watched) => watched,
            Err(error) => {
                tracing::error!(%error, "the watch of the policies failed");
                return;
            }
        };
    }
}

struct Watched {
    policies: Policies,
    gate: Gate,
    /// The last reading, if it was not judged yet.
    last: Option<Reading>,
    /// The last reading that was judged.
    judged: Option<Reading>,
}

impl Watched {
    fn look(&mut self) {
        let sources = self.policies.read().map_err(|failure| failure.line());
        let reading = (sources, self.policies.judge.files());
        if self.judged.as_ref() == Some(&reading) {
            self.last = None;
            self.policies.remember(&reading.0);
            return;
        }
        if self.last.as_ref() != Some(&reading) {
            self.last = Some(reading);
            return;
        }
        self.judge(&reading);
        self.judged = self.last.take();
    }

    fn judge(&self, (sources, _): &Reading) {
        let policies = &self.policies;
        let sources = match sources {
            Ok(sources) => sources,
            Err(fault) => return policies.refuse(&[Failure::new(fault.clone())]),
        };
        if digest(sources) == policies.status.state().digest {
            return policies.status.set_current();
        }
        match policies.judge.judge(sources, Before::Set(&self.gate.policies())) {
            Ok(set) => match self.gate.replace_policies(set) {
                Ok(()) => {
                    policies.accept(sources);
                    tracing::info!(
                        digest = policies.status.state().digest,
                        "the policies were replaced"
                    );
                }
                Err(error) => policies.refuse(&[Failure::new(error.to_string())]),
            },
            Err(faults) => policies.refuse(&faults),
        }
    }
}
