//! Tags that the configuration calls privileged although no role has them.

use crate::set_settings::SetSettings;
use rolecall_engine::{Arena, Location, ParsedFile, PolicySet, Source};
use rolecall_lint::{identities, unknown_privileged_tag};
use rolecall_report::finding::FindingView;
use rolecall_report::location::Locations;
use std::collections::BTreeSet;

/// Returns, for each policy set of a run, the privileged tags of its configuration that no role of any set
/// has. If several sets share a configuration, its tags are reported only for the first of them.
pub(crate) fn findings(sets: &[(&SetSettings, &PolicySet)]) -> Vec<Vec<FindingView>> {
    let roles = sets.iter().flat_map(|(_, set)| set.program().roles().values());
    let tags: BTreeSet<&str> = roles
        .flat_map(|role| role.tags.iter().map(|tag| &**tag))
        .collect();
    let mut seen = BTreeSet::new();
    let of_set = |settings: &SetSettings| match (&settings.name, &settings.text) {
        (Some(name), Some(text)) if seen.insert(name.clone()) => unknown(settings, name, text, &tags),
        _ => Vec::new(),
    };
    sets.iter().map(|(settings, _)| *settings).map(of_set).collect()
}

/// Returns the privileged tags of one configuration that are not among the tags of roles.
fn unknown(settings: &SetSettings, name: &str, text: &str, tags: &BTreeSet<&str>) -> Vec<FindingView> {
    let mut sources = Arena::new();
    let file = sources.push(Source::new(name, text));
    let mut findings = Vec::new();
    for (tag, span) in &settings.privileged_tags {
        if tags.contains(tag.as_str()) {
            continue;
        }
        let mut finding = unknown_privileged_tag(tag, Location::new(file, *span), tags.iter().copied());
        let rule = finding.rule;
        if let Some(severity) = settings.linter.severity(rule, rule.severity, name, None) {
            finding.severity = severity;
            findings.push(finding);
        }
    }
    let files = sources.map(|_, source| ParsedFile::new(source.clone()));
    let names = identities(&findings, &files);
    let locations = Locations::new(&sources);
    let pages = settings.pages.as_deref();
    let found = findings.into_iter().zip(names);
    let views = found.map(|found| FindingView::of_linter(found, &locations, pages));
    views
        .filter(|finding| !settings.known.has(&finding.fingerprint))
        .collect()
}
