//! Changes of a configuration, a baseline or suppressions by which less is reported than before.

use std::collections::{BTreeMap, HashSet};

use rolecall_lint::{RULES, Severity};
use serde::Serialize;

use crate::configured::Configured;
use crate::report::check::Suppressed;

/// A change by which less is reported than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Weakening {
    /// The setting of `policy-check.toml`, `rules.NAME`, `baseline` or `suppression`.
    pub(crate) setting: String,
    /// The change, on one line.
    pub(crate) message: String,
    /// The file that the change is in, if it is known.
    pub(crate) file: Option<String>,
    /// The line, if it is known.
    pub(crate) line: Option<usize>,
}

/// Compares the settings of a policy set before and now, for its files as they are now.
pub(crate) fn weakenings(before: &Configured, now: &Configured, files: &[String]) -> Vec<Weakening> {
    let mut found = Vec::new();
    let mut add = |setting: &str, message: String| {
        found.push(Weakening {
            setting: setting.to_owned(),
            message,
            file: now.name.clone().or_else(|| before.name.clone()),
            line: None,
        });
    };
    let (old, new) = (&before.settings, &now.settings);
    if new.persona < old.persona {
        add(
            "persona",
            format!("`persona` is {} now, and was {}", new.persona, old.persona),
        );
    }
    if now.fail_level > before.fail_level {
        let message = format!(
            "`fail-level` is {} now, and was {}",
            now.fail_level, before.fail_level
        );
        add("fail-level", message);
    }
    for tag in &old.privileged_tags {
        if !new.privileged_tags.contains(tag) {
            add("privileged-tags", format!("`privileged-tags` lacks `{tag}` now"));
        }
    }
    if !old.known_audiences.is_empty() {
        for audience in &new.known_audiences {
            if !old.known_audiences.contains(audience) {
                add(
                    "known-audiences",
                    format!("`known-audiences` has `{audience}` now"),
                );
            }
        }
        if new.known_audiences.is_empty() {
            add(
                "known-audiences",
                "`known-audiences` is empty now, and allows every audience".to_owned(),
            );
        }
    }
    // A lower persona is one change, and not one of each rule.
    let mut new = new.clone();
    new.persona = new.persona.max(old.persona);
    for rule in RULES {
        let mut lowered: Vec<&String> = Vec::new();
        let mut change = None;
        for file in files {
            let levels = |found: Severity| (old.severity(rule, found, file), new.severity(rule, found, file));
            let [usual, highest] = [levels(rule.severity), levels(Severity::High)];
            if usual.1 < usual.0 || highest.1 < highest.0 {
                lowered.push(file);
                change.get_or_insert(if usual.1 < usual.0 { usual } else { highest });
            }
        }
        if let Some((was, is)) = change {
            let name = |level: Option<Severity>| level.map_or("off", Severity::name);
            let of = match lowered.as_slice() {
                all if all.len() == files.len() => String::new(),
                [file] => format!(" in `{file}`"),
                some => format!(" in {} files", some.len()),
            };
            let message = format!("`{}` is {} now{of}, and was {}", rule.name, name(is), name(was));
            add(&format!("rules.{}", rule.name), message);
        }
    }
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for entry in now.known.beyond(&before.known) {
        let count = known.entry(entry).or_default();
        *count = count.saturating_add(1);
    }
    for ((file, rule), count) in known {
        found.push(Weakening {
            setting: "baseline".to_owned(),
            message: format!("the baseline hides {count} more of `{rule}` in `{file}`"),
            file: now.baseline_name(),
            line: None,
        });
    }
    found
}

/// The suppressions with these fingerprints, which hide something that was not hidden before.
pub(crate) fn suppressions(suppressed: &[Suppressed], added: &HashSet<String>) -> Vec<Weakening> {
    let added = suppressed
        .iter()
        .filter(|one| added.contains(&one.finding.fingerprint));
    let one = |suppressed: &Suppressed| Weakening {
        setting: "suppression".to_owned(),
        message: format!(
            "a comment hides `{}`: \"{}\"",
            suppressed.finding.rule, suppressed.reason
        ),
        file: Some(suppressed.comment.file.clone()),
        line: Some(suppressed.comment.line),
    };
    added.map(one).collect()
}
