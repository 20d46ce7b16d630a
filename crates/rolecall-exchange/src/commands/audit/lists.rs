//! Lists of what an audit log has. The log was verified before.

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::verification::open;
use crate::console::Console;
use crate::failure::Failure;

/// The members of a line that the lists show.
#[derive(Debug, Deserialize)]
#[serde(default)]
struct Line {
    time: i64,
    outcome: String,
    door: String,
    peer: String,
    subject: String,
    reason: String,
    granted_role: String,
    clause: String,
    count: u64,
    wanted: Value,
    explanation: Value,
}

impl Default for Line {
    fn default() -> Self {
        let text = String::new;
        Self {
            time: 0,
            outcome: text(),
            door: text(),
            peer: text(),
            subject: text(),
            reason: text(),
            granted_role: text(),
            clause: text(),
            count: 0,
            wanted: Value::Null,
            explanation: Value::Null,
        }
    }
}

/// Calls a function with each line of a log. The last one may be unfinished, and a line of another kind has other members.
fn each(files: &[PathBuf], mut take: impl FnMut(Line) -> Result<(), Failure>) -> Result<(), Failure> {
    for path in files {
        let lines = open(path)?.lines().map_while(Result::ok);
        for line in lines.filter_map(|line| serde_json::from_str(&line).ok()) {
            take(line)?;
        }
    }
    Ok(())
}

/// The uses of a role, a clause and a door.
#[derive(Default)]
struct Uses {
    count: u64,
    last: i64,
    /// The number of times that an upstream issued something that lives longer than the role may.
    exceeded: u64,
}

/// Lists each role, clause and door with the number of uses and the last one. A use without a clause is one of a session
/// or a token that was granted before, or of what an upstream issued for too long.
pub(super) fn roles(files: &[PathBuf], console: &Console) -> Result<(), Failure> {
    let mut uses: BTreeMap<(String, String, String), Uses> = BTreeMap::new();
    each(files, |line| {
        let is_exceeded = line.outcome == "exceeded";
        if is_exceeded || line.outcome == "granted" {
            let uses = uses
                .entry((line.granted_role, line.clause, line.door))
                .or_default();
            uses.count = uses.count.saturating_add(u64::from(!is_exceeded));
            uses.exceeded = uses.exceeded.saturating_add(u64::from(is_exceeded));
            uses.last = line.time.max(uses.last);
        }
        Ok(())
    })?;
    for ((role, clause, door), uses) in uses {
        let times = |count: u64| format!("{count} {}", if count == 1 { "time" } else { "times" });
        let counts = [
            (uses.count > 0).then(|| times(uses.count)),
            (uses.exceeded > 0).then(|| format!("{} longer than it may live", times(uses.exceeded))),
        ];
        let counts = counts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let clause = if clause.is_empty() { "-" } else { &clause };
        console.say(&format!(
            "{role}  {clause}  {door}  {counts}, last {}",
            time(uses.last)
        ))?;
    }
    Ok(())
}

/// Lists the refused requests, and the numbers of those that were only counted.
pub(super) fn denials(files: &[PathBuf], console: &Console) -> Result<(), Failure> {
    each(files, |line| {
        let Line {
            door, peer, reason, ..
        } = &line;
        let at = time(line.time);
        match line.outcome.as_str() {
            "refused" => {
                let wanted = wanted(&line.wanted);
                let explanation = explanation(&line.explanation);
                let subject = printable(&line.subject);
                console.say(&format!(
                    "{at}  {door}  {peer}  {reason}  {wanted}  {subject}{explanation}"
                ))
            }
            "counted" => {
                let (peer, reason) = match peer.as_str() {
                    "" => ("other peers", "all reasons"),
                    peer => (peer, reason.as_str()),
                };
                console.say(&format!("{at}  {peer}  {reason}  {} times", line.count))
            }
            _ => Ok(()),
        }
    })
}

fn wanted(wanted: &Value) -> String {
    let text = |name: &str| wanted[name].as_str().map(printable);
    let value = text("value").map(|value| format!("`{value}`"));
    let role = text("role").map(|role| format!("role `{role}`"));
    value.into_iter().chain(role).collect::<Vec<_>>().join(", ")
}

/// Describes the explanation of a denial.
fn explanation(explanation: &Value) -> String {
    let texts = |value: &Value| {
        let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let texts = items.iter().filter_map(Value::as_str);
        texts
            .map(|text| format!("`{}`", printable(text)))
            .collect::<Vec<_>>()
    };
    if explanation["roles"].is_array() {
        let roles = texts(&explanation["roles"]).join(", ");
        return format!(": it gets {roles}; name one, or make them disjoint");
    }
    let Some(role) = explanation["role"].as_str() else {
        return match explanation["candidates"].as_u64() {
            Some(0) => ": no role grants this".to_owned(),
            _ => String::new(),
        };
    };
    let role = printable(role);
    if explanation["other_issuer"].as_bool() == Some(true) {
        return format!(": nearest role `{role}`: it is for other issuers");
    }
    let failed = explanation["failed"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let failed = failed.iter().map(|one| {
        let text = |name: &str| printable(one[name].as_str().unwrap_or("absent"));
        format!(
            "`{}` is {}, accepted: {}",
            text("claim"),
            text("actual"),
            text("accepted")
        )
    });
    format!(
        ": nearest role `{role}`: {}",
        failed.collect::<Vec<_>>().join("; ")
    )
}

/// Returns a text without control characters, which a terminal would obey.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .collect()
}

fn time(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |time| time.to_string())
}
