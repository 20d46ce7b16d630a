//! The linter over one policy set, on all processors.

use crate::loaded::Loaded;
use crate::progress::Progress;
use crate::report::findings::Findings;
use crate::set_settings::SetSettings;
use jiff::Zoned;
use rayon::prelude::*;
use rolecall_engine::{PolicySet, RoleId};
use rolecall_lint::{Date, LintReport, Linter, Settings};

/// The number of roles that one thread lints together: enough to be worth an analysis of their own.
const ROLES_EACH: usize = 256;

/// Lints a policy set.
pub(crate) fn lint(set: &PolicySet, mut settings: Settings, progress: &Progress) -> LintReport {
    let today = Zoned::now();
    settings.today = Date::new(today.year(), today.month(), today.day()).ok();
    let linter = Linter::new(set, &settings);
    let roles: Vec<RoleId> = set.program().roles().ids().collect();
    progress.expect(roles.chunks(ROLES_EACH).len());
    let of_some = |roles: &[RoleId]| {
        let found = linter.roles(roles.iter().copied());
        progress.step();
        found
    };
    let of_roles = || roles.par_chunks(ROLES_EACH).map(of_some).collect::<Vec<_>>();
    let (of_roles, whole) = rayon::join(of_roles, || linter.whole());
    linter.finish(of_roles.into_iter().flatten().chain(whole).collect())
}

/// Returns the findings of a policy set before the baseline, or its errors if it does not compile.
pub(crate) fn findings(loaded: &Loaded, settings: &SetSettings, progress: &Progress) -> Findings {
    let linted = match &loaded.outcome {
        Ok(set) => lint(set, settings.linter.clone(), progress),
        Err(_) => LintReport::default(),
    };
    Findings::new(&loaded.outcome, linted, settings.pages.as_deref())
}
