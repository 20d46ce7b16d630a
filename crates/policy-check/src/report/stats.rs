//! Statistics of the index of a policy set.

use rolecall_engine::{AnchorPart, PolicySet};
use rolecall_report::location::count;
use rolecall_report::printable::printable;
use rolecall_report::style::{DOUBT, FAINT, paint};
use serde::Serialize;
use std::time::Duration;

/// The maximum number of unindexed roles that are listed by name.
const NAMED: usize = 5;

/// The statistics of `check --stats` for one policy set.
#[derive(Debug, Serialize)]
pub(crate) struct StatsReport {
    compile_microseconds: u128,
    index_bytes: usize,
    keys: usize,
    flags: usize,
    residuals: usize,
    anchors: Vec<AnchorReport>,
    unanchored: Unanchored,
}

/// The number of roles that are indexed by a part of a claim.
#[derive(Debug, Serialize)]
struct AnchorReport {
    claim: String,
    part: &'static str,
    roles: usize,
}

/// The roles that are not indexed.
#[derive(Debug, Serialize)]
struct Unanchored {
    groups: usize,
    roles: Vec<String>,
}

impl StatsReport {
    /// Creates the statistics of a set. `compiling` is the time taken to compile it.
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
            compile_microseconds: compiling.as_micros(),
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
            self.compile_microseconds / 1_000,
            self.compile_microseconds % 1_000,
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
