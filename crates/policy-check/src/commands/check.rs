//! `policy-check check`

mod assembly;
mod formats;

use crate::baseline::NewBaselines;
use crate::checking::{Base, ConfiguredSet, abandoned};
use crate::choice::ByName;
use crate::console::Console;
use crate::fixes;
use crate::help::check::{CHECK_EXAMPLES, CHECK_JSON, LINTING};
use crate::help::{WHICH_FILES, paragraphs};
use crate::output::{self, Output};
use crate::paths::Paths;
use crate::policy_files::FileSet;
use crate::progress::Progress;
use crate::report::stats::StatsReport;
use crate::report::test::TestReport;
use crate::set_settings::{RuleArguments, SetSettings};
use crate::version::Version;
use crate::watch;
use assembly::{RunContext, SetResult, assemble};
use clap::Args;
use formats::CheckFormat;
use rayon::prelude::*;
use rolecall_lint::{Safety, Session, Severity};
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use std::collections::HashMap;

/// Report errors in policies, and dangerous, dead or untidy code
#[derive(Args, Clone, Debug)]
#[command(after_help = CHECK_EXAMPLES)]
#[command(after_long_help = paragraphs(&[LINTING, WHICH_FILES, CHECK_JSON, CHECK_EXAMPLES]))]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    #[command(flatten)]
    rules: RuleArguments,
    #[command(flatten)]
    fixes: FixArguments,
    /// Apply the configuration, baseline and suppressions of this git revision
    #[arg(long, value_name = "REVISION")]
    #[arg(conflicts_with_all = ["fix", "unsafe_fixes", "diff", "watch", "write_baseline"])]
    base: Option<String>,
    /// With --base, accept changes by which less is reported or proved
    #[arg(long, requires = "base")]
    accept_configuration: bool,
    /// Output format, or FORMAT=FILE to write a file; may be repeated
    #[arg(long = "format", value_name = "FORMAT[=FILE]", default_value = "human")]
    formats: Vec<Output<CheckFormat>>,
    /// Exit with 1 if a finding has at least this severity [default: medium]
    #[arg(long, value_name = "SEVERITY")]
    fail_level: Option<ByName<Severity>>,
    /// Also run the tests and prove the assertions of the policies
    #[arg(long)]
    tests: bool,
    /// Show how each set's roles are indexed, and the size of the index
    #[arg(long)]
    stats: bool,
    /// Print the number of findings per rule
    #[arg(long)]
    statistics: bool,
    /// Check again whenever a file changes
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "write_baseline"])]
    watch: bool,
}

/// The arguments that select fixes.
#[derive(Args, Clone, Debug)]
struct FixArguments {
    /// Apply safe fixes: those that do not change which tokens get a role
    #[arg(long)]
    fix: bool,
    /// Apply all fixes, including those that change which tokens get a role
    #[arg(long)]
    unsafe_fixes: bool,
    /// Print the changes instead of making them; exit with 1 if there are any
    #[arg(long)]
    diff: bool,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    output::only_one_to_standard_output(&arguments.formats)?;
    if arguments.watch {
        let mut sessions = HashMap::new();
        return watch::run(&arguments.paths, console, &mut |console| {
            once(arguments, Some(&mut sessions), console)
        });
    }
    once(arguments, None, console)
}

/// The sessions of policy sets that are checked again and again, by their names.
type Sessions = HashMap<String, Session>;

/// Checks all policy sets once.
fn once(
    arguments: &Arguments,
    mut sessions: Option<&mut Sessions>,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let rules = &arguments.rules;
    if let Some(safety) = arguments.fixes.safety() {
        let settings = |set: &FileSet| arguments.settings(set).map(|settings| settings.linter);
        let changed = fixes::run(&arguments.paths, safety, arguments.fixes.diff, &settings, console)?;
        if arguments.fixes.diff {
            return Ok(Exit::yes_if(!changed));
        }
    }
    let base = match &arguments.base {
        Some(revision) => Some(Base::at(
            revision,
            &arguments.paths,
            arguments.accept_configuration,
        )?),
        None => None,
    };
    let found = arguments.paths.find();
    let mut failures = found.failures;
    let mut sets = Vec::new();
    for set in found.sets {
        let settings = arguments.settings(&set);
        match settings.and_then(|settings| ConfiguredSet::new(set, settings, base.as_ref(), rules)) {
            Ok(set) => sets.push(set),
            // The search for documents may have reported it.
            Err(failure) if failures.iter().any(|known| known.message == failure.message) => {}
            Err(failure) => failures.push(failure),
        }
    }
    let abandoned = match &base {
        Some(base) => abandoned(base, &sets, rules)?,
        None => Vec::new(),
    };
    let progress = Progress::new();
    let session = |set: &ConfiguredSet| {
        let sessions = sessions.as_deref_mut();
        sessions.map(|sessions| sessions.remove(&set.set.name).unwrap_or_default())
    };
    let mut open: Vec<Option<Session>> = sets.iter().map(session).collect();
    let both = sets.par_iter().zip(&mut open);
    let check = |(set, session): (_, &mut Option<Session>)| arguments.check(set, session.as_mut(), &progress);
    let checked: Vec<Result<SetResult<'_>, Vec<Failure>>> = both.map(check).collect();
    if let Some(sessions) = sessions {
        let names = sets.iter().map(|set| set.set.name.clone());
        sessions.extend(
            names
                .zip(open)
                .filter_map(|(name, session)| Some((name, session?))),
        );
    }
    progress.finish();
    let mut results = Vec::new();
    for result in checked {
        match result {
            Ok(result) => results.push(result),
            Err(unread) => failures.extend(unread),
        }
    }
    if rules.write_baseline {
        let mut baselines = NewBaselines::default();
        for result in &results {
            let settings = result.settings;
            let path = settings.baseline.as_deref();
            baselines.add(path, settings.without_baseline(), &result.check.findings);
        }
        console.say(&baselines.write()?)?;
        return Ok(console.finish(Exit::Yes, &failures));
    }
    let run = RunContext {
        base: arguments.base.clone(),
        accepts_weakenings: arguments.accept_configuration,
        fail_level: arguments.fail_level.map(|ByName(severity)| severity),
        abandoned,
        failures: failures.clone(),
    };
    let (report, exit) = assemble(results, run);
    for output in &arguments.formats {
        formats::print(output, &report, arguments.statistics, console)?;
    }
    Ok(console.finish(exit, &failures))
}

impl Arguments {
    /// Returns the settings for a policy set in its current version.
    fn settings(&self, set: &FileSet) -> Result<SetSettings, Failure> {
        let mut settings = SetSettings::new(&set.folder, &set.files, &Version::Disk, &self.rules)?;
        settings.linter.unseen.clone_from(&set.unseen);
        Ok(settings)
    }

    /// Checks one policy set, and runs its tests if that is requested.
    fn check<'s>(
        &self,
        set: &'s ConfiguredSet,
        session: Option<&mut Session>,
        progress: &Progress,
    ) -> Result<SetResult<'s>, Vec<Failure>> {
        let check = set.check(session, progress)?;
        let loaded = &check.loaded;
        let policies = loaded.outcome.as_ref().ok();
        let stats = policies.filter(|_| self.stats);
        let stats = stats.map(|policies| StatsReport::new(policies, loaded.compiling));
        let tests = policies.filter(|_| self.tests);
        let tests = tests.map(|policies| TestReport::new(&loaded.name, policies, &loaded.foreign));
        Ok(SetResult {
            settings: &set.settings,
            stats,
            tests,
            check,
        })
    }
}

impl FixArguments {
    /// Returns the requested kind of fixes, if there is one.
    fn safety(&self) -> Option<Safety> {
        match (self.unsafe_fixes, self.fix || self.diff) {
            (true, _) => Some(Safety::Unsafe),
            (false, true) => Some(Safety::Safe),
            (false, false) => None,
        }
    }
}
