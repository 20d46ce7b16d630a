//! Policy sets judged by their configuration, or by that of a revision: a change cannot weaken what judges it.

use std::collections::HashSet;

use rolecall_lint::Linted;

use crate::configured::{Configured, RuleArguments};
use crate::failure::Failure;
use crate::git::Revision;
use crate::lint::lint;
use crate::loaded::{Loaded, load};
use crate::policy_files::{FileSet, Found, Paths};
use crate::progress::Progress;
use crate::report::check::{Checked, Suppressed};
use crate::version::Version;
use crate::weakening::{Weakening, suppressions, weakenings};

/// The revision that changes are judged by.
pub(crate) struct Base {
    version: Version,
    /// The policy sets as they were.
    sets: Vec<FileSet>,
    /// Whether the configuration of the change is accepted.
    accepts: bool,
}

impl Base {
    pub(crate) fn new(revision: &str, paths: &Paths, accepts: bool) -> Result<Self, Failure> {
        let Some(path) = paths.all().first() else {
            return Err(Failure::new("there is no path").help("name a folder"));
        };
        let version = Version::Revision(Revision::find(revision, path)?);
        // A set that was not there, or was not one, has suppressed nothing.
        let Found { sets, .. } = paths.find_in(&version);
        Ok(Self {
            version,
            sets,
            accepts,
        })
    }
}

/// A policy set, and the settings that it is judged by.
pub(crate) struct Judged {
    set: FileSet,
    /// The settings that count.
    pub(crate) configured: Configured,
    base: Option<Before>,
}

/// The policy set at the base.
struct Before {
    set: Option<FileSet>,
    weakenings: Vec<Weakening>,
    accepts: bool,
}

impl Judged {
    /// A policy set with its settings as they are now, judged by those of the base if there is one.
    pub(crate) fn new(
        set: FileSet,
        now: Configured,
        base: Option<&Base>,
        arguments: &RuleArguments,
    ) -> Result<Self, Failure> {
        let Some(base) = base else {
            return Ok(Self {
                set,
                configured: now,
                base: None,
            });
        };
        let before = Configured::new(&set, &set.files, &base.version, arguments)?;
        let names: Vec<String> = set.files.iter().map(|file| file.name.clone()).collect();
        let weakenings = weakenings(&before, &now, &names);
        let old = base.sets.iter().find(|old| old.folder == set.folder);
        let old = old.map(|old| old.named_in(&set.folder));
        Ok(Self {
            set,
            configured: if base.accepts { now } else { before },
            base: Some(Before {
                set: old,
                weakenings,
                accepts: base.accepts,
            }),
        })
    }

    /// Lints the policy set.
    pub(crate) fn check(&self, progress: &Progress) -> Result<(Checked, Loaded), Vec<Failure>> {
        let loaded = load(&self.set)?;
        let settings = &self.configured.settings;
        let linted = match &loaded.outcome {
            Ok(set) => lint(set, settings.clone(), progress),
            Err(_) => Linted::default(),
        };
        let mut checked = Checked::new(&loaded, &linted, &self.configured);
        if let Some(base) = &self.base {
            let before = base.set.as_ref();
            let added = added_suppressions(&checked.suppressed, before, &self.configured, progress);
            checked.weakenings.clone_from(&base.weakenings);
            let more = suppressions(&checked.suppressed, &added);
            checked.weakenings.extend(more);
            if !base.accepts {
                checked.reveal(&added);
            }
        }
        checked.take_out(&self.configured.known);
        Ok((checked, loaded))
    }
}

/// The fingerprints of those suppressed findings of a set that were not suppressed before, judged by the same settings.
pub(crate) fn added_suppressions(
    now: &[Suppressed],
    before: Option<&FileSet>,
    configured: &Configured,
    progress: &Progress,
) -> HashSet<String> {
    let mut added: HashSet<String> = now.iter().map(|one| one.finding.fingerprint.clone()).collect();
    if added.is_empty() {
        return added;
    }
    let loaded = before.and_then(|set| load(set).ok());
    if let Some(loaded) = &loaded
        && let Ok(set) = &loaded.outcome
    {
        let linted = lint(set, configured.settings.clone(), progress);
        let before = Checked::new(loaded, &linted, configured);
        for suppressed in before.suppressed {
            added.remove(&suppressed.finding.fingerprint);
        }
    }
    added
}
