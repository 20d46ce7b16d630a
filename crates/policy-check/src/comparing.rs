//! Two versions of policy sets, compared: who gets in, by whose keys, and what judges them.

mod keys;

use std::path::{Path, PathBuf};

use rolecall_analysis::{Budget, IssuerChange, RoleChange, difference, issuer_changes};
use rolecall_engine::PolicySet;

use crate::configured::{Configured, RuleArguments};
use crate::console::Console;
use crate::failure::Failure;
use crate::judging::added_suppressions;
use crate::lint::lint;
use crate::loaded::{Loaded, load};
use crate::policy_files::{FileSet, sets_at};
use crate::printable::path_name;
use crate::progress::Progress;
use crate::report::check::Checked;
use crate::report::snippet;
use crate::version::Version;
use crate::weakening::{Weakening, suppressions, weakenings};

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

/// The policy sets of both versions, by their paths below the folders that were named. A single one on either side is the same
/// set, whatever its path.
pub(crate) fn pairs(old: &Side, new: &Side) -> Result<Vec<Pair>, Failure> {
    let mut before = sets_of(old)?;
    let now = sets_of(new)?;
    if before.is_empty() && now.is_empty() {
        let message = format!(
            "there are no `.policy` files in `{}`, now or before",
            path_name(&new.path)
        );
        return Err(Failure::new(message).help("name a folder with `*.policy` files"));
    }
    if before.len() <= 1 && now.len() <= 1 {
        let (old, new) = (before.pop(), now.into_iter().next());
        return Ok(vec![Pair { old, new }]);
    }
    let below = |set: &FileSet, side: &Side| set.folder.strip_prefix(&side.path).ok().map(Path::to_path_buf);
    let mut pairs = Vec::new();
    for set in now {
        let key = below(&set, new);
        let at = before.iter().position(|before| below(before, old) == key);
        let old = at.map(|at| before.remove(at));
        pairs.push(Pair { old, new: Some(set) });
    }
    pairs.extend(before.into_iter().map(|set| Pair {
        old: Some(set),
        new: None,
    }));
    Ok(pairs)
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
        weakenings: match (&pair.new, &loaded) {
            (Some(set), Some(loaded)) => weaker(pair.old.as_ref(), set, loaded, &old.version)?,
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

/// The changes by which `check` reports less of a set than before.
fn weaker(
    before: Option<&FileSet>,
    now: &FileSet,
    loaded: &Loaded,
    version: &Version,
) -> Result<Vec<Weakening>, Failure> {
    let arguments = RuleArguments::default();
    let configured = Configured::new(now, &now.files, &Version::Disk, &arguments)?;
    let earlier = match version {
        Version::Revision(_) => now,
        Version::Disk => before.unwrap_or(now),
    };
    let earlier = Configured::new(earlier, &now.files, version, &arguments)?;
    let mut found = weakenings(&earlier, &configured, &loaded.files);
    let Ok(set) = &loaded.outcome else {
        return Ok(found);
    };
    // A comment that hides something has this in it: linting is worth its time only then.
    let has_comments = set
        .program()
        .own_sources()
        .iter()
        .any(|source| source.text.contains("policy-check:"));
    if has_comments {
        let progress = Progress::new();
        let linted = lint(set, earlier.settings.clone(), &progress);
        let checked = Checked::new(loaded, &linted, &earlier);
        let before = before.map(|before| before.named_in(&now.folder));
        let added = added_suppressions(&checked.suppressed, before.as_ref(), &earlier, &progress);
        progress.finish();
        found.extend(suppressions(&checked.suppressed, &added));
    }
    Ok(found)
}
