//! `policy-check check`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rayon::prelude::*;
use rolecall_lint::{Level, Linted, Persona, RULES, Safety, Settings, Severity};

use crate::baseline::{self, Baselines, Known};
use crate::config::{self, Found};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fixes;
use crate::help::{CHECK_EXAMPLES, CHECK_JSON, LINTING, WHICH_FILES, paragraphs};
use crate::lint::lint;
use crate::loaded::load;
use crate::output::{self, Output};
use crate::policy_files::{FileSet, Paths, PolicyFile};
use crate::progress::Progress;
use crate::report::check::{CheckReport, Checked};
use crate::report::stats::StatsReport;
use crate::rule_names;
use crate::watch;

/// Report what is wrong with policies, and what is dangerous or untidy
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
    /// What to print, and where: FORMAT, or FORMAT=FILE; may be given several times
    #[arg(long = "format", value_name = "FORMAT[=FILE]", default_value = "human")]
    formats: Vec<Output>,
    /// From which severity on findings fail the run [default: medium]
    #[arg(long, value_name = "SEVERITY")]
    fail_level: Option<SeverityName>,
    /// Run the tests and prove the assertions of the policies, too
    #[arg(long)]
    tests: bool,
    /// Say by what the roles of each set are looked up, and what that takes
    #[arg(long)]
    stats: bool,
    /// Count the findings of each rule
    #[arg(long)]
    statistics: bool,
    /// Check again whenever a file changes
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "write_baseline"])]
    watch: bool,
}

/// Which rules are told, and what is set.
#[derive(Args, Clone, Debug)]
struct RuleArguments {
    /// Look for these rules or categories alone
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    select: Vec<String>,
    /// Do not tell of these rules or categories
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Who reads it: each also hears what those before it do [default: regular]
    #[arg(long, value_name = "PERSONA")]
    persona: Option<PersonaName>,
    /// The configuration, in the place of the nearest `policy-check.toml`
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    config: Option<PathBuf>,
    /// Read no configuration
    #[arg(long)]
    isolated: bool,
    /// A file of findings that are known already, and are not told
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings into the baseline, so that only new ones are told from now on
    #[arg(long)]
    write_baseline: bool,
}

/// What to mend.
#[derive(Args, Clone, Debug)]
struct FixArguments {
    /// Make the safe fixes: the same tokens get the same roles
    #[arg(long)]
    fix: bool,
    /// Make all fixes, also those that change who gets a role
    #[arg(long)]
    unsafe_fixes: bool,
    /// Change nothing; print what would change, and exit with 1 if anything would
    #[arg(long)]
    diff: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PersonaName {
    /// What everybody should act on.
    Regular,
    /// What is untidy, too.
    Pedantic,
    /// Whatever may matter in a review.
    Auditor,
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

/// Everything, once.
fn once(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let rules = &arguments.rules;
    if let Some(safety) = arguments.fixes.safety() {
        let settings = |set: &FileSet| rules.configured(set).map(|configured| configured.settings);
        let changed = fixes::run(&arguments.paths, safety, arguments.fixes.diff, &settings, console)?;
        if arguments.fixes.diff {
            return Ok(Exit::yes_if(!changed));
        }
    }
    let found = arguments.paths.find();
    let mut failures = found.failures;
    let progress = Progress::new();
    let check = |set| arguments.check(set, &progress);
    let checked: Vec<Result<Checked, Vec<Failure>>> = found.sets.par_iter().map(check).collect();
    progress.finish();
    let mut report = CheckReport::default();
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
    report.failures.clone_from(&failures);
    for output in &arguments.formats {
        output.print(&report, arguments.statistics, console)?;
    }
    Ok(console.finish(report.exit(), &failures))
}

impl Arguments {
    /// Checks one policy set.
    fn check(&self, set: &FileSet, progress: &Progress) -> Result<Checked, Vec<Failure>> {
        let configured = self.rules.configured(set).map_err(|failure| vec![failure])?;
        let fail_level = self.fail_level.map(Severity::from).or(configured.fail_level);
        let known = match &configured.baseline {
            Some(file) if !self.rules.write_baseline => {
                baseline::read(file).map_err(|failure| vec![failure])?
            }
            _ => Known::default(),
        };
        let loaded = load(set)?;
        let linted = match &loaded.outcome {
            Ok(set) => lint(set, configured.settings, progress),
            Err(_) => Linted::default(),
        };
        let mut checked = Checked::new(&loaded, &linted, configured.pages.as_deref());
        checked.take_out(&known);
        checked.fail_level = fail_level.unwrap_or(Severity::Medium).into();
        checked.baseline = configured.baseline;
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

/// What is set for one policy set, by the configuration and on the command line.
struct Configured {
    settings: Settings,
    fail_level: Option<Severity>,
    baseline: Option<PathBuf>,
    pages: Option<String>,
}

impl RuleArguments {
    fn configured(&self, set: &FileSet) -> Result<Configured, Failure> {
        let found = match &self.config {
            Some(file) => config::read(file)?,
            None if self.isolated => Found::default(),
            None => config::nearest(&set.folder)?,
        };
        let names: Vec<String> = set.files.iter().map(PolicyFile::name).collect();
        let mut settings = found.settings(&names)?;
        if let Some(persona) = self.persona {
            settings.persona = match persona {
                PersonaName::Regular => Persona::Regular,
                PersonaName::Pedantic => Persona::Pedantic,
                PersonaName::Auditor => Persona::Auditor,
            };
        }
        let mut set_level = |rule: &str, level| {
            settings.rules.insert(rule.to_owned(), level);
        };
        if !self.select.is_empty() {
            let selected: Vec<&str> = rule_names::all(&self.select)?
                .iter()
                .map(|rule| rule.name)
                .collect();
            for rule in RULES {
                let is_selected = selected.contains(&rule.name);
                set_level(rule.name, if is_selected { Level::On } else { Level::Off });
            }
            settings.overrides.clear();
        }
        for rule in rule_names::all(&self.ignore)? {
            set_level(rule.name, Level::Off);
        }
        let named = self.baseline.clone().or_else(|| found.baseline());
        Ok(Configured {
            fail_level: found.fail_level()?,
            baseline: named.or_else(|| self.write_baseline.then(|| PathBuf::from(baseline::FILE_NAME))),
            pages: found.pages().map(str::to_owned),
            settings,
        })
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
