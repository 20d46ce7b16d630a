//! Tags that the configuration calls privileged and no role has.

use std::collections::BTreeSet;

use rolecall_engine::{Location, Source};
use rolecall_lint::unknown_privileged_tag;

use crate::judging::Judged;
use crate::report::check::CheckReport;
use crate::report::finding::Finding;

/// Reports the tags of each configuration that no role of the run has, with the first policy set that it is for.
pub(crate) fn report(report: &mut CheckReport, judged: &[Judged]) {
    if report.sets.iter().any(|set| set.tags.is_none()) {
        // Nothing is known of the tags of policies that do not compile.
        return;
    }
    let tags: BTreeSet<String> = report
        .sets
        .iter()
        .flat_map(|set| set.tags.iter().flatten().cloned())
        .collect();
    let mut seen = BTreeSet::new();
    for (set, judged) in report.sets.iter_mut().zip(judged) {
        let configured = &judged.configured;
        let Some((name, text)) = configured.name.as_ref().zip(configured.text.as_ref()) else {
            continue;
        };
        if !seen.insert(name.clone()) {
            continue;
        }
        let sources = [Source::new(name.as_str(), text.as_str())];
        let mut findings = Vec::new();
        for (tag, span) in &configured.privileged_tags {
            if tags.contains(tag) {
                continue;
            }
            let mut finding =
                unknown_privileged_tag(tag, Location::new(0, *span), tags.iter().map(String::as_str));
            let rule = finding.rule;
            if let Some(severity) = configured.settings.severity(rule, rule.severity, name) {
                finding.severity = severity;
                findings.push(finding);
            }
        }
        let findings = Finding::linted(&findings, &sources, configured.pages.as_deref());
        let is_new = |finding: &Finding| !configured.known.has(&finding.fingerprint);
        set.findings.extend(findings.into_iter().filter(is_new));
    }
}
