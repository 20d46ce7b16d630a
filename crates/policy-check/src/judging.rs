//! Policy sets judged by their configuration, or by that of a version before: a change cannot weaken what judges it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use rolecall_lint::Linted;

use crate::checkout;
use crate::configured::{Configured, RuleArguments};
use crate::failure::Failure;
use crate::git::Revision;
use crate::lint::lint;
use crate::loaded::{Loaded, load};
use crate::policy_files::{FileSet, Found, Paths, PolicyFile};
use crate::progress::Progress;
use crate::report::check::{Checked, Suppressed};
use crate::report::finding::Finding;
use crate::report::weakening::Weakening;
use crate::version::Version;
use crate::weakening;

/// The version that a change is judged by.
pub(crate) struct Base {
    version: Version,
    /// The policy sets as they were.
    sets: Vec<FileSet>,
    /// Whether the configuration of the change is accepted.
    accepts: bool,
}

impl Base {
    /// A revision of the repository that the paths are in.
    pub(crate) fn at(revision: &str, paths: &Paths, accepts: bool) -> Result<Self, Failure> {
        let first = paths.all().first().map_or(Path::new("."), PathBuf::as_path);
        let revision = Revision::find(revision, first)?;
        for path in paths.all() {
            if revision.path(path)?.is_none() {
                return Err(Failure::new("the paths are in several repositories")
                    .help("check each repository separately"));
            }
        }
        let version = Version::Revision(revision);
        // A set that was not there, or was not one, has suppressed nothing.
        let Found { sets, .. } = paths.find_in(&version);
        Ok(Self::of(version, sets, accepts))
    }

    /// A version with these policy sets.
    pub(crate) fn of(version: Version, sets: Vec<FileSet>, accepts: bool) -> Self {
        Self {
            version,
            sets,
            accepts,
        }
    }

    /// The set of a folder as it was.
    fn set(&self, folder: &Path) -> Option<&FileSet> {
        self.sets.iter().find(|set| set.folder == folder)
    }

    /// The folders whose configurations judged the files of a set, by the places of the files under their visible names and
    /// without links: those of the sets that they were part of. A set that is moved, cut or joined stays judged by them.
    fn judges(&self, set: &FileSet, before: Option<&FileSet>) -> Result<Judges, Failure> {
        let mut folders = Judges::new();
        let mut sets = Vec::new();
        for old in &self.sets {
            sets.push((
                checkout::locate(&old.folder)?.absolute().to_path_buf(),
                &old.folder,
            ));
        }
        // The deepest first.
        sets.sort_by_key(|(folder, _)| Reverse(folder.components().count()));
        for file in &set.files {
            if let (Version::Disk, Some(before)) = (&self.version, before) {
                let below = file.place.strip_prefix(&set.folder).unwrap_or(&file.place);
                let file = file.at(&before.folder.join(below));
                let key = (before.folder.clone(), false);
                folders.entry(key).or_default().push(file);
                continue;
            }
            let places: BTreeSet<&Path> = [Some(file.place.as_path()), file.path()]
                .into_iter()
                .flatten()
                .collect();
            for place in places {
                let located = checkout::locate(place)?;
                let mut above = sets
                    .iter()
                    .filter(|(folder, _)| located.absolute().starts_with(folder));
                let own = place.parent().unwrap_or(place);
                let judge = above.next().map_or(own, |(_, folder)| folder.as_path());
                let key = (judge.to_path_buf(), place != file.place);
                folders.entry(key).or_default().push(file.at(place));
            }
        }
        Ok(folders)
    }

    /// The configurations that judge no policy set any more, because theirs are gone.
    pub(crate) fn abandoned(
        &self,
        judged: &[Judged],
        arguments: &RuleArguments,
    ) -> Result<Vec<Weakening>, Failure> {
        let in_use: BTreeSet<&String> = judged.iter().flat_map(Judged::judges).collect();
        let mut abandoned = BTreeSet::new();
        for set in &self.sets {
            if judged.iter().all(|judged| judged.set.folder != set.folder) {
                let before = Configured::new(&set.folder, &set.files, &self.version, arguments)?;
                abandoned.extend(before.name.filter(|name| !in_use.contains(name)));
            }
        }
        Ok(abandoned.iter().map(|name| weakening::abandoned(name)).collect())
    }
}

/// Files by the folder whose configuration judges them. Those that are judged by their paths without links are apart: an override
/// may be meant for one of the paths alone.
type Judges = BTreeMap<(PathBuf, bool), Vec<PolicyFile>>;

/// A policy set, and the settings that it is judged by.
pub(crate) struct Judged {
    pub(crate) set: FileSet,
    /// The settings that count.
    pub(crate) configured: Configured,
    base: Option<Before>,
}

/// The policy set in the version before.
struct Before {
    set: Option<FileSet>,
    weakenings: Vec<Weakening>,
    /// The configurations that judged its files.
    judges: BTreeSet<String>,
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
        let before = base.and_then(|base| base.set(&set.folder)).cloned();
        Self::against(set, now, base, before, arguments)
    }

    /// The same for a set that was another one before.
    pub(crate) fn against(
        set: FileSet,
        now: Configured,
        base: Option<&Base>,
        before: Option<FileSet>,
        arguments: &RuleArguments,
    ) -> Result<Self, Failure> {
        let Some(base) = base else {
            return Ok(Self {
                set,
                configured: now,
                base: None,
            });
        };
        let mut found = Vec::new();
        let mut judges = Vec::new();
        for ((folder, _), files) in base.judges(&set, before.as_ref())? {
            let mut judge = Configured::new(&folder, &files, &base.version, arguments)?;
            judge.settings.unseen.clone_from(&set.unseen);
            let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
            for weaker in weakening::weakenings(&judge, &now, &names) {
                if !found.contains(&weaker) {
                    found.push(weaker);
                }
            }
            judges.push(judge);
        }
        let names = judges.iter().filter_map(|judge| judge.name.clone()).collect();
        // Several of them cannot judge at once. What one of them would have reported and the change does not is listed.
        let own = match judges.len() {
            1 => judges.pop(),
            _ => None,
        };
        let own = match own {
            Some(own) => own,
            None => Configured::new(&set.folder, &set.files, &base.version, arguments)?,
        };
        let mut configured = if base.accepts { now } else { own };
        configured.settings.unseen.clone_from(&set.unseen);
        let old = before.map(|before| before.named_in(&set.folder));
        Ok(Self {
            set,
            configured,
            base: Some(Before {
                set: old,
                weakenings: found,
                judges: names,
                accepts: base.accepts,
            }),
        })
    }

    /// The configurations that judged the files before.
    fn judges(&self) -> impl Iterator<Item = &String> {
        self.base.iter().flat_map(|base| &base.judges)
    }

    /// Lints the policy set.
    pub(crate) fn check(&self, progress: &Progress) -> Result<(Checked, Loaded), Vec<Failure>> {
        let loaded = load(&self.set)?;
        let mut checked = self.lint(&loaded, progress);
        let mut hidden = HashSet::new();
        if let Some(base) = &self.base {
            let (weakenings, added) = base.weakenings(&loaded, &checked, self, progress);
            checked.weakenings = weakenings;
            if !base.accepts {
                checked.reveal(&added);
                hidden = added;
            }
        }
        checked.take_out(&self.configured.known, &hidden);
        Ok((checked, loaded))
    }

    /// The changes by which less is reported of a set than before.
    pub(crate) fn weakenings(&self, loaded: &Loaded) -> Vec<Weakening> {
        let Some(base) = &self.base else {
            return Vec::new();
        };
        let Ok(set) = &loaded.outcome else {
            return base.weakenings.clone();
        };
        // A comment that hides something has this in it: linting is worth its time only then.
        let mut sources = set.program().own_sources().iter();
        let progress = Progress::new();
        let hides =
            self.configured.baseline.is_some() || sources.any(|source| source.text.contains("policy-check:"));
        let checked = match hides {
            true => self.lint(loaded, &progress),
            false => Checked::new(loaded, &Linted::default(), &self.configured),
        };
        let (weakenings, _) = base.weakenings(loaded, &checked, self, &progress);
        progress.finish();
        weakenings
    }

    fn lint(&self, loaded: &Loaded, progress: &Progress) -> Checked {
        let linted = match &loaded.outcome {
            Ok(set) => lint(set, self.configured.settings.clone(), progress),
            Err(_) => Linted::default(),
        };
        Checked::new(loaded, &linted, &self.configured)
    }
}

impl Before {
    /// The changes by which less is reported, and the fingerprints of the findings that are hidden only now.
    fn weakenings(
        &self,
        loaded: &Loaded,
        checked: &Checked,
        judged: &Judged,
        progress: &Progress,
    ) -> (Vec<Weakening>, HashSet<String>) {
        let mut found = self.weakenings.clone();
        let before = self.set.as_ref().and_then(|set| load(set).ok());
        if let Some(before) = &before
            && let (Ok(before), Ok(now)) = (&before.outcome, &loaded.outcome)
        {
            let tags = &judged.configured.settings.privileged_tags;
            found.extend(weakening::of_policies(before, now, tags));
        }
        let known = |finding: &&Finding| judged.configured.known.has(&finding.fingerprint);
        let hides = !checked.suppressed.is_empty() || checked.findings.iter().any(|finding| known(&finding));
        let earlier = match &before {
            Some(before) if hides => Some(judged.lint(before, progress)),
            _ => None,
        };
        let mut suppressed: HashMap<(&str, &str), Vec<&Suppressed>> = HashMap::new();
        for one in earlier.iter().flat_map(|earlier| &earlier.suppressed) {
            let key = (one.finding.rule, one.finding.context.as_str());
            suppressed.entry(key).or_default().push(one);
        }
        let mut added = HashSet::new();
        for one in &checked.suppressed {
            let before = suppressed.get(&(one.finding.rule, one.finding.context.as_str()));
            if let Some(weaker) = weakening::suppression(one, before.map_or(&[], Vec::as_slice)) {
                found.push(weaker);
                added.insert(one.finding.fingerprint.clone());
            }
        }
        let knew = earlier.iter().flat_map(|earlier| &earlier.findings);
        let knew: HashSet<(&str, &str)> = knew.map(|one| (one.rule, one.context.as_str())).collect();
        for finding in checked.findings.iter().filter(known) {
            if !knew.contains(&(finding.rule, finding.context.as_str())) {
                found.push(weakening::known(finding));
                added.insert(finding.fingerprint.clone());
            }
        }
        (found, added)
    }
}
