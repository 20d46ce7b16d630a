//! Findings and notes about the state that instances may share.

use crate::config::{Config, Door, DoorKind, StoreKind};
use crate::failure::Failure;
use crate::postgres::Postgres;

/// Finds that the database cannot be used.
pub(super) fn findings(config: &Config) -> Vec<Failure> {
    let Some(url_file) = &config.postgres else {
        return Vec::new();
    };
    let postgres = match Postgres::new(url_file) {
        Ok(postgres) => postgres,
        Err(failure) => return vec![failure],
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let answered = match runtime {
        Ok(runtime) => runtime
            .block_on(postgres.query("SELECT 1", &[]))
            .map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let unusable = |error| {
        let message = format!("the database of `{}` cannot be used: {error}", url_file.display());
        Failure::new(message).help("see \"Several instances\" in the guide for the rights that it needs")
    };
    answered.map_err(unusable).err().into_iter().collect()
}

/// Returns notes about what is not shared, which is right for one instance only.
pub(super) fn notes(config: &Config) -> Vec<String> {
    let checks = |door: &Door| door.is_replay_checked;
    let ends_sessions = |door: &Door| door.kind == DoorKind::Vault && door.upstreams.is_empty();
    let remembered: Vec<&str> = [
        ("used tokens", config.doors.iter().any(checks)),
        ("ended sessions", config.doors.iter().any(ends_sessions)),
    ]
    .into_iter()
    .filter_map(|(what, is_needed)| is_needed.then_some(what))
    .collect();
    let (place, end) = match config.replay {
        StoreKind::Memory => ("by this instance alone, until it ends", "`file` or `postgres`"),
        StoreKind::File => ("by this instance alone", "`postgres` if there are several"),
        StoreKind::Postgres => return Vec::new(),
    };
    if remembered.is_empty() {
        return Vec::new();
    }
    let remembered = remembered.join(" and ");
    vec![format!(
        "note: {remembered} are remembered {place}: `[replay] store` may be {end}"
    )]
}
