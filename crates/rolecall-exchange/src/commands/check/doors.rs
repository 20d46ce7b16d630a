//! Findings about doors.

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
