//! Comparison of two versions of policy sets: their access, their keys and their checks.

mod keys;

use crate::checking::{Base, ConfiguredSet, abandoned};
use crate::console::Console;
use crate::loaded::{Loaded, load_plan, load_versions, load_with};
use crate::policy_files::{FileSet, find, sets_at};
use crate::report::weakening::Weakening;
use crate::set_settings::{RuleArguments, SetSettings};
use crate::version::Version;
use keys::KeyFolder;
pub(crate) use keys::{Change, KeyChange};
use rolecall_analysis::{Budget, IssuerChange, RoleChange, difference, issuer_changes};
use rolecall_engine::PolicySet;
use rolecall_interop::Coverage;
use rolecall_report::failure::Failure;
use rolecall_report::printable::path_name;
use rolecall_report::snippet;
use std::path::{Path, PathBuf};

/// One of the two versions.
pub(crate) struct Side {
    pub(crate) path: PathBuf,
    pub(crate) version: Version,
}

/// A policy set in both versions; at most one of them lacks it.
pub(crate) struct Pair {
    /// The new name of the set, or the old one if it was removed.
    name: String,
    old: Option<FileSet>,
    new: Option<FileSet>,
    /// The new set with the settings of the old version.
    configured: Option<ConfiguredSet>,
}

/// All policy sets, and the configurations that no longer apply to any.
pub(crate) struct Pairs {
    pub(crate) pairs: Vec<Pair>,
    pub(crate) abandoned: Vec<Weakening>,
}

/// The changes of one policy set.
pub(crate) struct SetChanges {
    /// The new name, or the old one if the set was removed.
    pub(crate) name: String,
    pub(crate) issuers: Vec<IssuerChange>,
    pub(crate) keys: Vec<KeyChange>,
    pub(crate) roles: Vec<RoleChange>,
    pub(crate) weakenings: Vec<Weakening>,
    /// The part of documents in other languages that is covered before and now.
    pub(crate) documents: [Option<Coverage>; 2],
}

/// Pairs the policy sets of both versions by their paths below the given folders. A set with another path is
/// another set: for a service that loads a folder, the set in it was added or removed.
pub(crate) fn pairs(old: &Side, new: &Side) -> Result<Pairs, Failure> {
    let mut before = sets_of(old)?;
    let now = sets_of(new)?;
    if let Version::Revision(revision) = &old.version {
        let sets: Vec<&Path> = before
            .iter()
            .chain(&now)
            .map(|set| set.folder.as_path())
            .collect();
        revision.refuse_submodules(&new.path, &sets)?;
    }
    if before.is_empty() && now.is_empty() {
        let message = format!(
            "there are no `.policy` files in `{}`, in either version",
            path_name(&new.path)
        );
        return Err(Failure::new(message).help("name a folder with `*.policy` files"));
    }
    let below = |set: &FileSet, side: &Side| {
        // The folder of a named file is above its path: its set is the one at the path itself.
        let below = set.folder.strip_prefix(&side.path);
        below.map_or_else(|_| PathBuf::new(), Path::to_path_buf)
    };
    let arguments = RuleArguments::default();
    let base = Base::of(old.version.clone(), before.clone(), false);
    let (mut pairs, mut configured) = (Vec::new(), Vec::new());
    for set in now {
        let key = below(&set, new);
        let at = before.iter().position(|before| below(before, old) == key);
        let earlier = at.map(|at| before.remove(at));
        let mut settings = SetSettings::new(&set.folder, &set.files, &Version::Disk, &arguments)?;
        settings.linter.unseen.clone_from(&set.unseen);
        configured.push(ConfiguredSet::with_earlier(
            set.clone(),
            settings,
            Some(&base),
            earlier.clone(),
            &arguments,
        )?);
        pairs.push(Pair {
            name: set.name.clone(),
            old: earlier,
            new: Some(set),
            configured: None,
        });
    }
    let abandoned = match &old.version {
        Version::Revision(_) => abandoned(&base, &configured, &arguments)?,
        Version::Disk => Vec::new(),
    };
    for (pair, set) in pairs.iter_mut().zip(configured) {
        pair.configured = Some(set);
    }
    pairs.extend(before.into_iter().map(|set| Pair {
        name: set.name.clone(),
        old: Some(set),
        new: None,
        configured: None,
    }));
    Ok(Pairs { pairs, abandoned })
}

fn sets_of(side: &Side) -> Result<Vec<FileSet>, Failure> {
    sets_at(&side.path, &side.version).map_err(|failures| {
        let first = failures.into_iter().next();
        first.unwrap_or_else(|| Failure::new("the policies cannot be read"))
    })
}

/// Compares the old and the new version of a policy set.
pub(crate) fn compare(
    pair: &Pair,
    old: &Side,
    new: &Side,
    console: &mut Console,
) -> Result<SetChanges, Failure> {
    let [before, now] = pair.load().map_err(|failures| {
        let first = failures.into_iter().next();
        first.unwrap_or_else(|| Failure::new("the policies cannot be read"))
    })?;
    let (before, now) = (Compiled::new(before, console)?, Compiled::new(now, console)?);
    let mut issuers = issuer_changes(&before.set, &now.set);
    issuers.sort_by(|one, other| (&one.issuer, one.setting).cmp(&(&other.issuer, other.setting)));
    let key_folder = |set: &Option<FileSet>, side: &Side| KeyFolder {
        folder: set
            .as_ref()
            .map_or_else(|| side.path.clone(), |set| set.folder.clone()),
        version: side.version.clone(),
    };
    Ok(SetChanges {
        name: pair.name.clone(),
        keys: keys::changes(
            (&before.set, &key_folder(&pair.old, old)),
            (&now.set, &key_folder(&pair.new, new)),
        )?,
        roles: difference(&before.set, &now.set, Budget::default()),
        weakenings: match (&pair.configured, &now.loaded) {
            (Some(configured), Some(loaded)) => configured.weakenings(loaded),
            _ => Vec::new(),
        },
        documents: [before.foreign(), now.foreign()],
        issuers,
    })
}

/// Compares the roles before and after a plan of Terraform.
pub(crate) fn plan(path: &Path, console: &mut Console) -> Result<SetChanges, Failure> {
    let found = find(&[path.to_path_buf()], "-", &Version::Disk);
    let first = |failures: Vec<Failure>| {
        let first = failures.into_iter().next();
        first.unwrap_or_else(|| Failure::new("the plan cannot be read"))
    };
    let set = found.sets.first().ok_or_else(|| first(found.failures))?;
    let [before, now] = load_plan(set).map_err(first)?;
    let (before, now) = (
        Compiled::new(Some(before), console)?,
        Compiled::new(Some(now), console)?,
    );
    Ok(SetChanges {
        name: set.name.clone(),
        issuers: Vec::new(),
        keys: Vec::new(),
        roles: difference(&before.set, &now.set, Budget::default()),
        weakenings: Vec::new(),
        documents: [before.foreign(), now.foreign()],
    })
}

impl Pair {
    /// Reads and compiles both versions. Documents in other languages are translated together.
    fn load(&self) -> Result<[Option<Loaded>; 2], Vec<Failure>> {
        let configured = self.configured.as_ref();
        let profiles = configured.map(|configured| &configured.settings.profiles);
        let one = |set: &Option<FileSet>| match set {
            Some(set) => load_with(set, None, None, profiles).map(|(loaded, _)| Some(loaded)),
            None => Ok(None),
        };
        match (&self.old, &self.new, profiles) {
            (Some(old), Some(new), Some(profiles)) => Ok(load_versions([old, new], profiles)?.map(Some)),
            (old, new, _) => Ok([one(old)?, one(new)?]),
        }
    }
}

/// A version of a set that compiles. A missing set is an empty one, which denies everything.
struct Compiled {
    set: PolicySet,
    loaded: Option<Loaded>,
}

impl Compiled {
    fn new(loaded: Option<Loaded>, console: &mut Console) -> Result<Self, Failure> {
        let Some(loaded) = loaded else {
            let nothing = PolicySet::compile([]).map_err(|error| Failure::new(error.to_string()))?;
            let loaded = None;
            return Ok(Self { set: nothing, loaded });
        };
        match loaded.outcome.clone() {
            Ok(set) => Ok(Self {
                set,
                loaded: Some(loaded),
            }),
            Err(error) => {
                console.complain(&snippet::render_all(&error));
                let message = format!("the policies in `{}` do not compile", loaded.name);
                Err(Failure::new(message).help("fix them first; `policy-check check` shows their errors"))
            }
        }
    }

    /// Returns the part of documents in other languages that the comparison covers; none without such documents.
    fn foreign(&self) -> Option<Coverage> {
        let foreign = &self.loaded.as_ref()?.foreign;
        (!foreign.is_empty()).then(|| foreign.coverage().clone())
    }
}
