//! Findings about upstreams: addresses that are refused, audiences that job tokens have, and lifetimes that are refused.

use std::time::Duration;

use rolecall::PolicySet;

use crate::commands::serve::http_keys;
use crate::config::{Config, Door, DoorKind, Exceed, Life};
use crate::failure::Failure;
use crate::policies::place;

/// The lifetime of what Google and GitHub issue.
const HOUR: Duration = Duration::from_secs(60 * 60);

pub(super) fn findings(config: &Config, set: &PolicySet) -> Vec<Failure> {
    let mut findings = Vec::new();
    for door in config.doors.iter().filter(|door| !door.upstreams.is_empty()) {
        findings.extend(addresses(config, door));
        findings.extend(audience(door, set));
        findings.extend(refused(config, door, set));
    }
    findings
}

/// Finds upstreams that are never connected to.
fn addresses(config: &Config, door: &Door) -> Vec<Failure> {
    let client = match http_keys(&config.fetch) {
        Ok(keys) => keys.http_client(),
        Err(failure) => return vec![failure],
    };
    let faults = door.upstreams.iter().filter_map(|url| {
        let fault = client.check(url).err()?;
        let failure = Failure::new(format!("`doors.{}.upstream` is `{url}`: {fault}", door.name));
        Some(failure.help("if it is your own, name its host in `fetch.allow_private`"))
    });
    faults.collect()
}

/// Finds an audience of role tokens that job tokens have, too.
fn audience(door: &Door, set: &PolicySet) -> Option<Failure> {
    let mut audiences = set.issuers().flat_map(|issuer| &issuer.audiences);
    audiences.find(|audience| **audience == door.bound_audience).map(|audience| {
        Failure::new(format!(
            "`doors.{}.bound_audience` is `{audience}`, which is an audience of job tokens in the policies",
            door.name
        ))
        .help("a role token must not be taken for a job's token: use another audience, here and at the upstream")
    })
}

/// Finds roles whose lifetime is shorter than what the upstream issues.
fn refused(config: &Config, door: &Door, set: &PolicySet) -> Vec<Failure> {
    let (grant, issuer) = match (door.kind, door.settings.exceed()) {
        (DoorKind::Gcp, Exceed::Refuse) => ("gcp_provider", "Google's access tokens"),
        (DoorKind::OctoSts, Exceed::Refuse) => ("octo_sts", "GitHub's installation tokens"),
        _ => return Vec::new(),
    };
    let most = config.tokens.ttl.duration();
    let most = door.settings.ttl.map_or(most, Life::duration).min(most);
    let roles = set.program().roles().values();
    let with_grant = roles.filter(|role| role.grants.iter().any(|name| **name == *grant));
    let short = with_grant.filter(|role| role.ttl().unwrap_or(most).min(most) < HOUR);
    let findings = short.map(|role| {
        let message = format!(
            "{}: role `{}` lives for less than 1h, and {issuer} live for an hour: the door `{}` refuses them",
            place(set, role.location),
            role.name,
            door.name
        );
        Failure::new(message).help(format!(
            "set `ttl` and `[tokens] ttl` to 1h, or `exceed = \"record\"` in `[doors.{}]`",
            door.name
        ))
    });
    findings.collect()
}
