//! Findings about doors.

use rolecall::PolicySet;

use crate::config::{Config, DoorKind};
use crate::failure::Failure;

/// Finds doors that take a token once, though their clients send it again and again.
pub(super) fn findings(config: &Config) -> Vec<Failure> {
    let mut findings = Vec::new();
    if config.doors.is_empty() {
        findings.push(Failure::new("no door is open").help("open one, such as `[doors.token]`"));
    }
    let checked = config.doors.iter().filter(|door| door.is_replay_checked);
    for door in checked.filter(|door| door.kind != DoorKind::Token) {
        findings.push(
            Failure::new(format!(
                "`replay.doors` names `{}`, and clients of the kind `{}` exchange the same token again and again",
                door.name,
                door.kind.name()
            ))
            .help("remove the name: only doors of the kind `token` can take a token once"),
        );
    }
    findings
}

/// Finds doors for an audience that no issuer of the policies has: no token can be one for them.
pub(super) fn audiences(config: &Config, set: &PolicySet) -> Vec<Failure> {
    let doors = config.doors.iter();
    let findings = doors.filter_map(|door| {
        let audience = door.settings.audience.as_ref()?;
        let mut issuers = set.issuers();
        if issuers.any(|issuer| issuer.audiences.contains(audience)) {
            return None;
        }
        let message = format!(
            "`doors.{}.audience` is `{audience}`, which no issuer of the policies has",
            door.name
        );
        Some(Failure::new(message).help("add it to the `audience` of the issuer whose jobs use the door"))
    });
    findings.collect()
}
