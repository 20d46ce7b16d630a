//! Two versions of policy sets, compared: who gets in, by whose keys, and what judges them.

mod keys;

use std::path::{Path, PathBuf};

use rolecall_analysis::{Budget, IssuerChange, RoleChange, difference, issuer_changes};
use rolecall_engine::PolicySet;

use crate::checking::{Base, ConfiguredSet, abandoned};
use crate::console::Console;
use crate::failure::Failure;
use crate::loaded::{Loaded, load};
use crate::policy_files::{FileSet, sets_at};
use crate::printable::path_name;
use crate::report::snippet;
use crate::report::weakening::Weakening;
use crate::set_settings::{RuleArguments, SetSettings};
use crate::version::Version;

pub(crate) use keys::{Change, KeyChange};

/// One of the versions.
pub(crate) struct Side {
    pub(crate) path: PathBuf,
    pub(crate) version: Version,
}

/// A policy set in both versions; at most one of them lacks it.
pub(crate) struct Pair {
    old: Option<FileSet>,
    new: Option<FileSet>,
    /// The new set with the settings of the old version.
    configured: Option<ConfiguredSet>,
}

/// All policy sets, and the configurations that judge none any more.
pub(crate) struct Pairs {
    pub(crate) pairs: Vec<Pair>,
    pub(crate) abandoned: Vec<Weakening>,
}

/// The changes of one policy set.
pub(crate) struct SetChanges {
    /// Its name now, or before if it is gone.
    pub(crate) name: String,
    pub(crate) issuers: Vec<IssuerChange>,
    pub(crate) keys: Vec<KeyChange>,
    pub(crate) roles: Vec<RoleChange>,
    pub(crate) weakenings: Vec<Weakening>,
}

/// The policy sets of both versions, by their paths below the folders that were named. A set with another path is another set: a
/// service that loads its folder finds it new, or gone, whatever lies elsewhere.
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
        let below = set.folder.strip_prefix(&side.path);
        below.map(Path::to_path_buf).unwrap_or_default()
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

/// Compares a policy set before and now.
pub(crate) fn compare(
    pair: &Pair,
    old: &Side,
    new: &Side,
    console: &mut Console,
) -> Result<SetChanges, Failure> {
    let before = compiled(pair.old.as_ref(), console)?;
    let now = compiled(pair.new.as_ref(), console)?;
    let (before, loaded) = (before.0, now.1);
    let now = now.0;
    let mut issuers = issuer_changes(&before, &now);
    issuers.sort_by(|one, other| (&one.issuer, one.setting).cmp(&(&other.issuer, other.setting)));
    let place = |set: &Option<FileSet>, side: &Side| keys::Place {
        folder: set
            .as_ref()
            .map_or_else(|| side.path.clone(), |set| set.folder.clone()),
        version: side.version.clone(),
    };
    Ok(SetChanges {
        name: pair
            .new
            .as_ref()
            .or(pair.old.as_ref())
            .map(|set| set.name.clone())
            .unwrap_or_default(),
        keys: keys::changes((&before, &place(&pair.old, old)), (&now, &place(&pair.new, new)))?,
        roles: difference(&before, &now, Budget::default()),
        weakenings: match (&pair.configured, &loaded) {
            (Some(configured), Some(loaded)) => configured.weakenings(loaded),
            _ => Vec::new(),
        },
        issuers,
    })
}

/// A version of a set; without files it denies everything. With what was loaded, if there is something.
fn compiled(set: Option<&FileSet>, console: &mut Console) -> Result<(PolicySet, Option<Loaded>), Failure> {
    let Some(set) = set else {
        let nothing = PolicySet::compile([]);
        return Ok((nothing.map_err(|error| Failure::new(error.to_string()))?, None));
    };
    let loaded = load(set).map_err(|failures| {
        let first = failures.into_iter().next();
        first.unwrap_or_else(|| Failure::new("the policies cannot be read"))
    })?;
    match loaded.outcome.clone() {
        Ok(policies) => Ok((policies, Some(loaded))),
        Err(error) => {
            console.complain(&snippet::render_all(&error));
            let message = format!("the policies in `{}` do not compile", loaded.name);
            Err(Failure::new(message).help("fix them first; `policy-check check` shows their errors"))
        }
    }
}
