//! The report and the exit code of one run of `check`, from the results for its policy sets.

use crate::checking::SetCheck;
use crate::privileged_tags;
use crate::report::check::{CheckReport, ReportContext, SetReport};
use crate::report::stats::StatsReport;
use crate::report::test::TestReport;
use crate::report::weakening::Weakening;
use crate::set_settings::SetSettings;
use rolecall_lint::Severity;
use rolecall_report::coverage::CoverageReport;
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::finding::FindingView;
use rolecall_report::gathered::gathered;
use rolecall_report::severity::ReportSeverity;

/// The results for one policy set.
pub(super) struct SetResult<'s> {
    pub(super) settings: &'s SetSettings,
    pub(super) check: SetCheck,
    pub(super) stats: Option<StatsReport>,
    pub(super) tests: Option<TestReport>,
}

/// The parts of a run that do not belong to one policy set.
pub(super) struct RunContext {
    /// The revision whose configuration applies.
    pub(super) base: Option<String>,
    /// True if the user accepts changes by which less is reported.
    pub(super) accepts_weakenings: bool,
    /// The lowest severity that fails the run, if the command line sets it.
    pub(super) fail_level: Option<Severity>,
    /// The weakenings by configurations that no longer apply to any policy set.
    pub(super) abandoned: Vec<Weakening>,
    /// The policy sets that could not be checked, and why.
    pub(super) failures: Vec<Failure>,
}

/// Returns the report of a run, and its exit code as far as findings and tests decide it.
pub(super) fn assemble(results: Vec<SetResult<'_>>, run: RunContext) -> (CheckReport, Exit) {
    let unknown_tags = unknown_tags(&results, &run.failures);
    let pages = results.iter().find_map(|result| result.settings.pages.clone());
    let (mut sets, mut tests, mut fails) = (Vec::new(), None::<TestReport>, false);
    let mut abandoned = run.abandoned;
    for (result, unknown_tags) in results.into_iter().zip(unknown_tags) {
        let SetResult { settings, check, .. } = result;
        let mut findings = check.findings;
        findings.extend(unknown_tags);
        let fail_level = ReportSeverity::Rule(run.fail_level.unwrap_or(settings.fail_level));
        fails |= findings.iter().any(|finding| finding.severity >= fail_level);
        // Abandoned configurations belong to no set: the first one lists them.
        let mut weakenings = check.weakenings;
        weakenings.append(&mut abandoned);
        fails |= !weakenings.is_empty() && !run.accepts_weakenings;
        if let Some(of_set) = result.tests {
            tests.get_or_insert_default().append(of_set);
        }
        let set = check.loaded.outcome.as_ref().ok();
        sets.push(SetReport {
            roles: set.map(|set| set.program().roles().len()),
            coverage: CoverageReport::new(&check.loaded.foreign),
            name: check.loaded.name,
            files: check.loaded.files,
            findings: gathered(findings),
            fail_level,
            suppressed: check.suppressed,
            known: check.known,
            configuration: settings.name.clone(),
            lowered_rules: settings.lowered,
            baseline: settings.baseline_name(),
            weakenings,
            stats: result.stats,
        });
    }
    let mut coverage = sets.iter().filter_map(|set| set.coverage.as_ref());
    let is_complete = coverage.all(CoverageReport::is_complete);
    let exit = match tests.as_ref().map_or(Exit::Yes, TestReport::exit) {
        _ if fails => Exit::No,
        Exit::Yes if !is_complete => Exit::Undecided,
        exit => exit,
    };
    let context = ReportContext {
        accepts_weakenings: run.accepts_weakenings,
        pages,
        failures: run.failures,
    };
    (CheckReport::new(run.base, sets, tests, context), exit)
}

/// Returns the privileged tags that no role has, for each policy set. They are unknown unless all sets could
/// be read and compiled.
fn unknown_tags(results: &[SetResult<'_>], failures: &[Failure]) -> Vec<Vec<FindingView>> {
    let compiled: Vec<_> = results
        .iter()
        .filter_map(|result| Some((result.settings, result.check.loaded.outcome.as_ref().ok()?)))
        .collect();
    if failures.is_empty() && compiled.len() == results.len() {
        privileged_tags::findings(&compiled)
    } else {
        results.iter().map(|_| Vec::new()).collect()
    }
}
