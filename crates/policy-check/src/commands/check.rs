//! `policy-check check`

use clap::{Args, ValueEnum};
use rayon::prelude::*;
use rolecall_lint::{Safety, Severity};

use crate::baseline::Baselines;
use crate::configured::{Configured, RuleArguments};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fixes;
use crate::help::check::{CHECK_EXAMPLES, CHECK_JSON, LINTING};
use crate::help::{WHICH_FILES, paragraphs};
use crate::judging::{Base, Judged};
use crate::output::{self, Output};
use crate::policy_files::{FileSet, Paths};
use crate::privileged_tags;
use crate::progress::Progress;
use crate::report::check::{CheckReport, Checked};
use crate::report::stats::StatsReport;
use crate::version::Version;
use crate::watch;

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
    #[arg(long, value_name = "REVISION", conflicts_with_all = ["fix", "unsafe_fixes", "diff", "watch", "write_baseline"])]
    base: Option<String>,
    /// With --base, accept changes by which less is reported or proved
    #[arg(long, requires = "base")]
    accept_configuration: bool,
    /// Output format, or FORMAT=FILE to write a file; may be repeated
    #[arg(long = "format", value_name = "FORMAT[=FILE]", default_value = "human")]
    formats: Vec<Output>,
    /// Exit with 1 if a finding has at least this severity [default: medium]
    #[arg(long, value_name = "SEVERITY")]
    fail_level: Option<SeverityName>,
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

/// The fixes to make.
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

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SeverityName {
    Info,
    Low,
    Medium,
    High,
}

impl From<SeverityName> for Severity {
    fn from(name: SeverityName) -> Self {
        match name {
            SeverityName::Info => Self::Info,
            SeverityName::Low => Self::Low,
            SeverityName::Medium => Self::Medium,
            SeverityName::High => Self::High,
        }
    }
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    output::only_one_to_standard_output(&arguments.formats)?;
    if arguments.watch {
        return watch::run(&arguments.paths, console, &|console| once(arguments, console));
    }
    once(arguments, console)
}

/// Checks everything, once.
fn once(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let rules = &arguments.rules;
    if let Some(safety) = arguments.fixes.safety() {
        let settings = |set: &FileSet| arguments.configured(set).map(|configured| configured.settings);
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
    let mut judged = Vec::new();
    for set in found.sets {
        let configured = arguments.configured(&set);
        match configured.and_then(|configured| Judged::new(set, configured, base.as_ref(), rules)) {
            Ok(one) => judged.push(one),
            Err(failure) => failures.push(failure),
        }
    }
    let abandoned = match &base {
        Some(base) => base.abandoned(&judged, rules)?,
        None => Vec::new(),
    };
    let progress = Progress::new();
    let check = |judged: &Judged| arguments.check(judged, &progress);
    let checked: Vec<Result<Checked, Vec<Failure>>> = judged.par_iter().map(check).collect();
    progress.finish();
    let mut report = CheckReport::new(arguments.base.clone(), arguments.accept_configuration);
    let mut baselines = Baselines::default();
    for checked in checked {
        match checked {
            Ok(checked) if rules.write_baseline => baselines.add(&checked),
            Ok(checked) => report.add(checked),
            Err(unread) => failures.extend(unread),
        }
    }
    if rules.write_baseline {
        console.say(&baselines.write()?)?;
        return Ok(console.finish(Exit::Yes, &failures));
    }
    if let Some(first) = report.sets.first_mut() {
        first.weakenings.extend(abandoned);
    }
    if failures.is_empty() {
        privileged_tags::report(&mut report, &judged);
    }
    report.failures.clone_from(&failures);
    for output in &arguments.formats {
        output.print(&report, arguments.statistics, console)?;
    }
    Ok(console.finish(report.exit(), &failures))
}

impl Arguments {
    /// The settings for a policy set as they are now.
    fn configured(&self, set: &FileSet) -> Result<Configured, Failure> {
        let mut configured = Configured::new(&set.folder, &set.files, &Version::Disk, &self.rules)?;
        configured.settings.unseen.clone_from(&set.unseen);
        Ok(configured)
    }

    /// Checks one policy set.
    fn check(&self, judged: &Judged, progress: &Progress) -> Result<Checked, Vec<Failure>> {
        let (mut checked, loaded) = judged.check(progress)?;
        if let Some(level) = self.fail_level {
            checked.fail_level = Severity::from(level).into();
        }
        if let Ok(set) = &loaded.outcome {
            if self.stats {
                checked.add_stats(StatsReport::new(set, loaded.compiling));
            }
            if self.tests {
                checked.run_tests(&loaded.name, set);
            }
        }
        Ok(checked)
    }
}

impl FixArguments {
    /// Which fixes are wanted, if any are.
    fn safety(&self) -> Option<Safety> {
        match (self.unsafe_fixes, self.fix || self.diff) {
            (true, _) => Some(Safety::Unsafe),
            (false, true) => Some(Safety::Safe),
            (false, false) => None,
        }
    }
}
