//! Findings about signing keys.

use rolecall::UnixTime;

use crate::config::Config;
use crate::failure::Failure;
use crate::signing::{KeyRing, read_folder};

/// The time in seconds before a key retires by which another one must be there: it is published for a day first.
const SUCCESSOR_TIME: i64 = 2 * 24 * 60 * 60;

/// Finds that no key signs now, or that none will when the last one retires.
pub(super) fn findings(config: &Config, now: UnixTime) -> Vec<Failure> {
    let files = match read_folder(&config.keys) {
        Ok(files) => files,
        Err(failure) => return vec![failure],
    };
    let folder = config.keys.display();
    let name = config.algorithm.name();
    let keys = KeyRing::new(files.iter().filter_map(crate::signing::KeyFile::key).collect());
    if keys.signer(config.algorithm, now).is_none() {
        return vec![
            Failure::new(format!("no key in `{folder}` signs {name} now"))
                .help("`rolecall-exchange keys new` makes one, which signs at once if it is the first"),
        ];
    }
    let soon = UnixTime::from_secs(now.as_secs().saturating_add(SUCCESSOR_TIME));
    if keys.signer(config.algorithm, soon).is_none() {
        return vec![
            Failure::new(format!("no key in `{folder}` signs {name} in two days"))
                .help("make the next one now with `rolecall-exchange keys new`"),
        ];
    }
    Vec::new()
}
