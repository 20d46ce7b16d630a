//! A policy set as it was at the base, and the changes since then by which less is reported.

use crate::lint::findings;
use crate::loaded::{Loaded, load_with};
use crate::policy_files::FileSet;
use crate::progress::Progress;
use crate::report::weakening::Weakening;
use crate::set_settings::SetSettings;
use crate::weakening;
use rolecall_report::finding::FindingView;
use rolecall_report::findings::{Findings, Suppressed};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A policy set as it was at the base.
pub(super) struct SetBefore {
    /// The set, with its files under the paths that they have now; none if there was no such set.
    pub(super) set: Option<FileSet>,
    /// The changes of the settings.
    pub(super) weakenings: Vec<Weakening>,
    /// The names of the configurations that applied to its files.
    pub(super) configurations: BTreeSet<String>,
    /// True if the configuration of the change applies.
    pub(super) accepts: bool,
}

impl SetBefore {
    /// Returns the changes by which less is reported, and the fingerprints of the findings that they hide.
    pub(super) fn weakenings(
        &self,
        loaded: &Loaded,
        now: &Findings,
        settings: &SetSettings,
        progress: &Progress,
    ) -> (Vec<Weakening>, HashSet<String>) {
        let mut found = self.weakenings.clone();
        let before = self.set.as_ref().and_then(|set| {
            let loaded = load_with(set, None, None, Some(&settings.profiles));
            loaded.ok().map(|(loaded, _)| loaded)
        });
        if let Some(before) = &before
            && let (Ok(before), Ok(now)) = (&before.outcome, &loaded.outcome)
        {
            let tags = &settings.linter.privileged_tags;
            found.extend(weakening::of_policies(before, now, tags));
        }
        let is_known = |finding: &&FindingView| settings.known.has(&finding.fingerprint);
        let hides = !now.suppressed.is_empty() || now.shown.iter().any(|finding| is_known(&finding));
        let earlier = match &before {
            Some(before) if hides => Some(findings(before, Vec::new(), settings, None, progress)),
            _ => None,
        };
        let mut suppressed: HashMap<(&str, &str), Vec<&Suppressed>> = HashMap::new();
        for one in earlier.iter().flat_map(|earlier| &earlier.suppressed) {
            suppressed.entry(one.finding.subject()).or_default().push(one);
        }
        let mut hidden = HashSet::new();
        for one in &now.suppressed {
            let before = suppressed.get(&one.finding.subject());
            if let Some(weaker) = weakening::suppression(one, before.map_or(&[], Vec::as_slice)) {
                found.push(weaker);
                hidden.insert(one.finding.fingerprint.clone());
            }
        }
        let shown = earlier.iter().flat_map(|earlier| &earlier.shown);
        let shown: HashSet<(&str, &str)> = shown.map(FindingView::subject).collect();
        for finding in now.shown.iter().filter(is_known) {
            if !shown.contains(&finding.subject()) {
                found.push(weakening::known(finding));
                hidden.insert(finding.fingerprint.clone());
            }
        }
        (found, hidden)
    }
}
