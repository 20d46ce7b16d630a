//! How the roles of a policy set are looked up.

use std::time::Duration;

use rolecall_engine::{AnchorPart, PolicySet};
use serde::Serialize;

use super::location::count;
use crate::printable::printable;
use crate::style::{DOUBT, FAINT, paint};

/// How many roles are named that nothing leads to.
const NAMED: usize = 5;

/// What `check --stats` says of a policy set.
#[derive(Debug, Serialize)]
pub(crate) struct StatsReport {
    compile_microseconds: u64,
    index_bytes: usize,
    keys: usize,
    flags: usize,
    residuals: usize,
    anchors: Vec<AnchorReport>,
    unanchored: Unanchored,
}

/// Roles that are looked up by a part of a claim.
#[derive(Debug, Serialize)]
struct AnchorReport {
    claim: String,
    part: &'static str,
    roles: usize,
}

/// The roles that no part of a claim leads to.
#[derive(Debug, Serialize)]
struct Unanchored {
    groups: usize,
    roles: Vec<String>,
}

impl StatsReport {
    /// The statistics of a set that took so long to compile.
    pub(crate) fn new(set: &PolicySet, compiling: Duration) -> Self {
        let stats = set.index_stats();
        let anchors = stats.anchors.into_iter().map(|anchor| AnchorReport {
            claim: anchor.claim,
            part: match anchor.part {
                AnchorPart::Value => "value",
                AnchorPart::Start => "start",
                AnchorPart::End => "end",
            },
            roles: anchor.roles,
        });
        let names = stats.unanchored.iter().map(|role| &set.program()[*role].name);
        Self {
            compile_microseconds: u64::try_from(compiling.as_micros()).unwrap_or(u64::MAX),
            index_bytes: stats.bytes,
            keys: stats.keys,
            flags: stats.flags,
            residuals: stats.residuals,
            anchors: anchors.collect(),
            unanchored: Unanchored {
                groups: stats.unanchored_groups,
                roles: names.map(ToString::to_string).collect(),
            },
        }
    }

    pub(crate) fn text(&self) -> String {
        let milliseconds = format!(
            "{}.{:03} ms",
            self.compile_microseconds.checked_div(1_000).unwrap_or_default(),
            self.compile_microseconds.checked_rem(1_000).unwrap_or_default(),
        );
        let mut text = format!(
            "  compiled in {milliseconds}; the index has {}, {}, {} and takes {}\n",
            count(self.keys, "key"),
            count(self.flags, "flag"),
            count(self.residuals, "condition"),
            count(self.index_bytes, "byte"),
        );
        for anchor in &self.anchors {
            let by = format!("{} ({})", printable(&anchor.claim), anchor.part);
            text.push_str(&format!("  {:>8} by {by}\n", anchor.roles));
        }
        let unanchored = &self.unanchored.roles;
        if !unanchored.is_empty() {
            let named: Vec<&str> = unanchored.iter().take(NAMED).map(String::as_str).collect();
            let more = if unanchored.len() > NAMED { ", …" } else { "" };
            let names = paint(FAINT, format!("{}{more}", named.join(", ")));
            let by = paint(DOUBT, "not indexed, tried for every token");
            text.push_str(&format!("  {:>8} {by}: {names}\n", unanchored.len()));
        }
        text
    }
}
