//! Checks of policy sets with their own configuration, or with that of the base: a change cannot weaken its
//! own checks.

mod base;
mod before;

use crate::lint::{findings, not_linted};
use crate::loaded::{Loaded, load_with};
use crate::policy_files::FileSet;
use crate::progress::Progress;
use crate::report::weakening::Weakening;
use crate::set_settings::{RuleArguments, SetSettings};
use crate::weakening;
pub(crate) use base::Base;
use before::SetBefore;
use rolecall_lint::Session;
use rolecall_report::failure::Failure;
use rolecall_report::finding::FindingView;
use rolecall_report::findings::Suppressed;
use std::collections::{BTreeSet, HashSet};

/// A policy set with the settings that apply to it.
pub(crate) struct ConfiguredSet {
    pub(crate) set: FileSet,
    pub(crate) settings: SetSettings,
    before: Option<SetBefore>,
}

/// The findings of one policy set after suppressions and the baseline.
pub(crate) struct SetCheck {
    pub(crate) loaded: Loaded,
    /// The findings to report, in the order of the files.
    pub(crate) findings: Vec<FindingView>,
    pub(crate) suppressed: Vec<Suppressed>,
    /// The number of findings that the baseline hides.
    pub(crate) known: usize,
    /// The changes by which less is reported than at the base.
    pub(crate) weakenings: Vec<Weakening>,
}

impl ConfiguredSet {
    /// Chooses the settings of a policy set: those of the base if there is one, or else its settings now.
    pub(crate) fn new(
        set: FileSet,
        now: SetSettings,
        base: Option<&Base>,
        arguments: &RuleArguments,
    ) -> Result<Self, Failure> {
        let before = base.and_then(|base| base.set(&set.folder)).cloned();
        Self::with_earlier(set, now, base, before, arguments)
    }

    /// Does the same as [`Self::new`] for a set that was in another folder.
    pub(crate) fn with_earlier(
        set: FileSet,
        now: SetSettings,
        base: Option<&Base>,
        before: Option<FileSet>,
        arguments: &RuleArguments,
    ) -> Result<Self, Failure> {
        let Some(base) = base else {
            return Ok(Self {
                set,
                settings: now,
                before: None,
            });
        };
        let mut found = Vec::new();
        let mut all = Vec::new();
        for ((folder, _), files) in base.folders(&set, before.as_ref())? {
            let mut settings = SetSettings::new(&folder, &files, &base.version, arguments)?;
            settings.linter.unseen.clone_from(&set.unseen);
            let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
            for weaker in weakening::weakenings(&settings, &now, &names) {
                if !found.contains(&weaker) {
                    found.push(weaker);
                }
            }
            all.push(settings);
        }
        let configurations = all.iter().filter_map(|settings| settings.name.clone()).collect();
        // Several configurations cannot apply at once. What only one of them would have reported is listed as
        // a weakening.
        let own = match all.len() {
            1 => all.pop(),
            _ => None,
        };
        let own = match own {
            Some(own) => own,
            None => SetSettings::new(&set.folder, &set.files, &base.version, arguments)?,
        };
        let mut settings = if base.accepts { now } else { own };
        settings.linter.unseen.clone_from(&set.unseen);
        let old = before.map(|before| before.named_in(&set.folder));
        Ok(Self {
            set,
            settings,
            before: Some(SetBefore {
                set: old,
                weakenings: found,
                configurations,
                accepts: base.accepts,
            }),
        })
    }

    /// Lints the policy set, in a session if it is linted again and again.
    pub(crate) fn check(
        &self,
        mut session: Option<&mut Session>,
        progress: &Progress,
    ) -> Result<SetCheck, Vec<Failure>> {
        let (loaded, files) = load_with(
            &self.set,
            None,
            session.as_deref_mut(),
            Some(&self.settings.profiles),
        )?;
        let mut found = findings(&loaded, files, &self.settings, session, progress);
        let (mut weakenings, mut revealed) = (Vec::new(), HashSet::new());
        if let Some(before) = &self.before {
            let (weaker, hidden) = before.weakenings(&loaded, &found, &self.settings, progress);
            weakenings = weaker;
            if !before.accepts {
                found = found.reveal(&hidden);
                revealed = hidden;
            }
        }
        let (findings, known) = self.settings.known.split(found.shown, &revealed);
        Ok(SetCheck {
            loaded,
            findings,
            suppressed: found.suppressed,
            known,
            weakenings,
        })
    }

    /// Returns the changes by which less is reported of the set than at the base.
    pub(crate) fn weakenings(&self, loaded: &Loaded) -> Vec<Weakening> {
        let Some(before) = &self.before else {
            return Vec::new();
        };
        let Ok(set) = &loaded.outcome else {
            return before.weakenings.clone();
        };
        // Every suppression contains this text. Only then is it worth the time to lint.
        let mut sources = set.program().own_files();
        let hides = self.settings.baseline.is_some()
            || sources.any(|(_, source)| source.text.contains("policy-check:"));
        let progress = Progress::new();
        let now = match hides {
            true => findings(loaded, Vec::new(), &self.settings, None, &progress),
            false => not_linted(&loaded.outcome),
        };
        let (weakenings, _) = before.weakenings(loaded, &now, &self.settings, &progress);
        progress.finish();
        weakenings
    }
}

/// Returns the weakenings by configurations that no longer apply to any policy set, because theirs were
/// removed.
pub(crate) fn abandoned(
    base: &Base,
    sets: &[ConfiguredSet],
    arguments: &RuleArguments,
) -> Result<Vec<Weakening>, Failure> {
    let before = sets.iter().filter_map(|set| set.before.as_ref());
    let in_use: BTreeSet<&String> = before.flat_map(|before| &before.configurations).collect();
    let mut abandoned = BTreeSet::new();
    for set in &base.sets {
        if sets.iter().all(|now| now.set.folder != set.folder) {
            let before = SetSettings::new(&set.folder, &set.files, &base.version, arguments)?;
            abandoned.extend(before.name.filter(|name| !in_use.contains(name)));
        }
    }
    Ok(abandoned.iter().map(|name| weakening::abandoned(name)).collect())
}
