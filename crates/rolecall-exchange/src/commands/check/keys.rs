//! Findings about signing keys.

use rolecall::UnixTime;

use crate::config::Config;
use crate::failure::Failure;
use crate::signing::KeyRing;

/// The time in seconds before a key retires by which another one must be there: it is published for a day first.
const SUCCESSOR_TIME: i64 = 2 * 24 * 60 * 60;

/// Finds that no key signs now, or that none will when the last one retires.
pub(super) fn findings(config: &Config, now: UnixTime) -> Vec<Failure> {
    let keys = match KeyRing::usable(&config.keys, config.algorithm, now) {
        Ok(keys) => keys,
        Err(failure) => return vec![failure],
    };
    let (folder, name) = (config.keys.display(), config.algorithm.name());
    let soon = UnixTime::from_secs(now.as_secs().saturating_add(SUCCESSOR_TIME));
    if keys.signer(config.algorithm, soon).is_none() {
        return vec![
            Failure::new(format!("no key in `{folder}` signs {name} in two days"))
                .help("make the next one now with `rolecall-exchange keys new`"),
        ];
    }
    Vec::new()
}
