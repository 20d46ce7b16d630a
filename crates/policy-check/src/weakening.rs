//! Changes of a configuration, a baseline or suppressions by which less is reported than before.

use crate::report::weakening::Weakening;
use crate::set_settings::SetSettings;
use rolecall_analysis::{AssertionChange, assertion_changes};
use rolecall_engine::PolicySet;
use rolecall_lint::{Level, Override, RULES, Scope, Settings, Severity};
use rolecall_report::finding::FindingView;
use rolecall_report::findings::Suppressed;
use rolecall_report::location::count;
use rolecall_report::printable::path_name;
use std::cmp::Reverse;

/// Returns the changes of a policy set's settings by which less is reported, for its current files.
pub(crate) fn weakenings(before: &SetSettings, now: &SetSettings, files: &[String]) -> Vec<Weakening> {
    let mut found = Vec::new();
    let mut add = |setting: &str, message: String| {
        found.push(Weakening {
            setting: setting.to_owned(),
            message,
            file: now.name.clone().or_else(|| before.name.clone()),
            line: None,
        });
    };
    let (old, new) = (&before.linter, &now.linter);
    if new.persona < old.persona {
        add(
            "persona",
            format!("`persona` is now {}, was {}", new.persona, old.persona),
        );
    }
    if now.fail_level > before.fail_level {
        let message = format!(
            "`fail-level` is now {}, was {}",
            now.fail_level, before.fail_level
        );
        add("fail-level", message);
    }
    for tag in &old.privileged_tags {
        if !new.privileged_tags.contains(tag) {
            add(
                "privileged-tags",
                format!("`privileged-tags` no longer has `{tag}`"),
            );
        }
    }
    if !old.known_audiences.is_empty() {
        for audience in &new.known_audiences {
            if !old.known_audiences.contains(audience) {
                add(
                    "known-audiences",
                    format!("`known-audiences` now has `{audience}`"),
                );
            }
        }
        if new.known_audiences.is_empty() {
            add(
                "known-audiences",
                "`known-audiences` is now empty, which allows every audience".to_owned(),
            );
        }
    }
    for boundary in &old.boundaries {
        let folder = &boundary.folder;
        let Some(same) = new.boundaries.iter().find(|same| same.folder == *folder) else {
            add("boundaries", format!("the boundary of `{folder}` was removed"));
            continue;
        };
        for grant in same
            .grants
            .iter()
            .filter(|grant| !boundary.grants.contains(grant))
        {
            add(
                "boundaries",
                format!("the boundary of `{folder}` now has `{grant}`"),
            );
        }
    }
    for (url, profile) in &now.profiles {
        let was = before.profiles.get(url).map(String::as_str);
        if was != Some(profile.as_str()) {
            let message = format!("tokens of `{url}` are now taken for those of `{profile}`");
            add("profiles", message);
        }
    }
    for url in before
        .profiles
        .keys()
        .filter(|url| !now.profiles.contains_key(*url))
    {
        add("profiles", format!("`profiles` no longer has `{url}`"));
    }
    for file in before
        .documents
        .iter()
        .filter(|file| !now.documents.contains(file))
    {
        add(
            "foreign.files",
            format!("`foreign.files` no longer has `{}`", path_name(file)),
        );
    }
    let of_roles = |settings: &Settings| {
        let of_override = |some: &Override| match &some.scope {
            Scope::Roles(roles) => {
                let pair = |role: &String| {
                    let levels = some
                        .rules
                        .iter()
                        .map(|(rule, level)| (role.clone(), rule.clone(), *level));
                    levels.collect::<Vec<_>>()
                };
                roles.iter().flat_map(pair).collect()
            }
            Scope::Files(_) => Vec::new(),
        };
        settings
            .overrides
            .iter()
            .flat_map(of_override)
            .collect::<Vec<_>>()
    };
    let earlier = of_roles(old);
    for level in of_roles(new).into_iter().filter(|level| !earlier.contains(level)) {
        let (role, rule, level) = level;
        let lowered = match level {
            Level::Off => Some("off".to_owned()),
            Level::On => None,
            Level::As(severity) => Some(severity.to_string()),
        };
        if let Some(is) = lowered {
            add(
                &format!("rules.{rule}"),
                format!("`{rule}` is now {is} for the role `{role}`"),
            );
        }
    }
    // A lower persona is one change, not one per rule.
    let mut new = new.clone();
    new.persona = new.persona.max(old.persona);
    for rule in RULES {
        let mut lowered: Vec<&String> = Vec::new();
        let mut change = None;
        for file in files {
            let levels = |found: Severity| {
                let level = |settings: &Settings| settings.severity(rule, found, file, None);
                (level(old), level(&new))
            };
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
            let message = format!("`{}` is now {}{of}, was {}", rule.name, name(is), name(was));
            add(&format!("rules.{}", rule.name), message);
        }
    }
    let mut known: Vec<(&str, &str)> = now.known.beyond(&before.known).collect();
    known.sort_unstable();
    let same = known.chunk_by(|one, next| one == next);
    found.extend(same.filter_map(|same| {
        let (file, rule) = same.first()?;
        let more = count(same.len(), "more finding");
        Some(Weakening {
            setting: "baseline".to_owned(),
            message: format!("the baseline hides {more} of `{rule}` in `{file}`"),
            file: now.baseline_name(),
            line: None,
        })
    }));
    found
}

/// Returns the weakening by a suppression that is new, hides another finding, or lasts longer. Findings of
/// one rule in the same text are the same finding.
pub(crate) fn suppression(now: &Suppressed, before: &[&Suppressed]) -> Option<Weakening> {
    let (rule, reason) = (now.finding.rule, &now.reason);
    let same = before
        .iter()
        .filter(|before| before.finding.subject() == now.finding.subject());
    // If there are several, the one that lasted longest.
    let until = same
        .map(|before| &before.until)
        .min_by_key(|until| (until.is_some(), Reverse(*until)));
    let message = match (until, &now.until) {
        (None, _) => format!("a comment hides `{rule}`: \"{reason}\""),
        (Some(None), _) => return None,
        (Some(Some(old)), Some(new)) if new <= old => return None,
        (Some(Some(old)), Some(new)) => {
            format!("a comment hides `{rule}` until {new}, was until {old}")
        }
        (Some(Some(old)), None) => format!("a comment hides `{rule}` permanently, was until {old}"),
    };
    Some(Weakening {
        setting: "suppression".to_owned(),
        message,
        file: Some(now.comment.file.clone()),
        line: Some(now.comment.line),
    })
}

/// Returns the weakening by a baseline that hides a finding in changed text.
pub(crate) fn known(finding: &FindingView) -> Weakening {
    Weakening {
        setting: "baseline".to_owned(),
        message: format!("the baseline hides `{}` in text that has changed", finding.rule),
        file: Some(finding.location.file.clone()),
        line: Some(finding.location.line),
    }
}

/// Returns the weakening by a configuration that no longer applies to any policy set.
pub(crate) fn abandoned(name: &str) -> Weakening {
    Weakening {
        setting: "configuration".to_owned(),
        message: format!("`{name}` no longer applies to any policy set"),
        file: None,
        line: None,
    }
}

/// Returns the assertions that were removed or changed, and the roles that lost a privileged tag, by which
/// their findings become less severe.
pub(crate) fn of_policies(before: &PolicySet, now: &PolicySet, tags: &[String]) -> Vec<Weakening> {
    let mut found = Vec::new();
    let mut add = |setting: &str, message: String| {
        found.push(Weakening {
            setting: setting.to_owned(),
            message,
            file: None,
            line: None,
        });
    };
    for change in assertion_changes(before, now) {
        let message = match change {
            AssertionChange::Gone { name } => format!("the assertion `{name}` was removed"),
            AssertionChange::Other { name } => format!("the assertion `{name}` now means something else"),
            _ => continue,
        };
        add("assertion", message);
    }
    for role in before.program().roles().values() {
        let Some(same) = now.program().role(&role.name).map(|role| &now.program()[role]) else {
            continue;
        };
        let lost = role
            .tags
            .iter()
            .filter(|tag| tags.iter().any(|other| *other == ***tag) && !same.tags.contains(tag));
        lost.for_each(|tag| {
            add(
                "privileged-tags",
                format!("the role `{}` lost the tag `{tag}`", role.name),
            );
        });
    }
    found
}
