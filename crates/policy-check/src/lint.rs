//! The linter over one policy set, on all processors.

use crate::loaded::Loaded;
use crate::progress::Progress;
use crate::set_settings::SetSettings;
use jiff::Zoned;
use rayon::prelude::*;
use rolecall_engine::{CompileError, ParsedFile, PolicySet, RoleId};
use rolecall_lint::{Date, LintReport, Linter, Part, Session, Settings};
use rolecall_report::findings::Findings;
use rolecall_report::foreign::Foreign;

/// The number of roles that one thread lints together: enough to be worth an analysis of their own.
const ROLES_EACH: usize = 256;

/// Lints a policy set that was compiled from some files, in a session if it is linted again and again.
pub(crate) fn lint(
    set: &PolicySet,
    files: &[ParsedFile],
    foreign: &Foreign,
    mut settings: Settings,
    session: Option<&mut Session>,
    progress: &Progress,
) -> LintReport {
    let today = Zoned::now();
    settings.today = Date::new(today.year(), today.month(), today.day()).ok();
    if let Some(session) = session.filter(|_| foreign.is_empty()) {
        return session.lint_with(set, &settings, |linter, roles| run(linter, roles, progress));
    }
    foreign.lint(set, files, &settings, |linter, roles| {
        run(linter, roles, progress)
    })
}

/// Runs the rules on some roles and on the whole set.
fn run(linter: &Linter<'_>, roles: &[RoleId], progress: &Progress) -> Vec<Part> {
    progress.expect(roles.chunks(ROLES_EACH).len());
    let of_some = |roles: &[RoleId]| {
        let found = linter.roles(roles.iter().copied());
        progress.step();
        found
    };
    let of_roles = || roles.par_chunks(ROLES_EACH).flat_map_iter(of_some).collect();
    let (mut parts, whole): (Vec<Part>, Part) = rayon::join(of_roles, || linter.whole());
    parts.push(whole);
    parts
}

/// Returns the errors of a policy set that is not linted.
pub(crate) fn not_linted(outcome: &Result<PolicySet, CompileError>) -> Findings {
    Findings::new(outcome, Vec::new(), LintReport::default(), None, |_, _| {
        Vec::new()
    })
}

/// Returns the findings of a policy set before the baseline, or its errors if it does not compile.
pub(crate) fn findings(
    loaded: &Loaded,
    files: Vec<ParsedFile>,
    settings: &SetSettings,
    session: Option<&mut Session>,
    progress: &Progress,
) -> Findings {
    let linted = match &loaded.outcome {
        Ok(set) => {
            let settings = settings.linter.clone();
            lint(set, &files, &loaded.foreign, settings, session, progress)
        }
        Err(_) => LintReport::default(),
    };
    Findings::new(
        &loaded.outcome,
        files,
        linted,
        settings.pages.as_deref(),
        |found, render| found.into_par_iter().map(render).collect(),
    )
}
