//! The settings that apply to a policy set, from the configuration, the baseline and the command line.

use crate::baseline::{self, Baseline};
use crate::choice::ByName;
use crate::config::{self, ConfigFile, IssuerProfiles};
use crate::policy_files::PolicyFile;
use crate::rule_names;
use crate::version::Version;
use clap::Args;
use rolecall_lint::{Level, Persona, RULES, Settings, Severity, find};
use rolecall_report::failure::Failure;
use rolecall_report::printable::path_name;
use rolecall_syntax::Span;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The arguments that select rules and settings.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct RuleArguments {
    /// Report only these rules or categories
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    select: Vec<String>,
    /// Do not report these rules or categories
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    ignore: Vec<String>,
    /// How much to report; each level includes the ones before it [default: regular]
    #[arg(long, value_name = "PERSONA")]
    persona: Option<ByName<Persona>>,
    /// Use this configuration instead of the nearest `policy-check.toml`
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    config: Option<PathBuf>,
    /// Ignore configuration files
    #[arg(long)]
    isolated: bool,
    /// Do not report the findings recorded in this file
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Record all findings in the baseline; later runs report only new ones
    #[arg(long)]
    pub(crate) write_baseline: bool,
}

/// The settings for one policy set.
#[derive(Clone, Debug)]
pub(crate) struct SetSettings {
    /// The settings of the linter.
    pub(crate) linter: Settings,
    /// The profiles of issuers in documents in other languages.
    pub(crate) profiles: IssuerProfiles,
    /// The documents in other languages that the configuration lists.
    pub(crate) documents: Vec<PathBuf>,
    /// The lowest severity of findings that fail the run.
    pub(crate) fail_level: Severity,
    /// The baseline file, if there is one.
    pub(crate) baseline: Option<PathBuf>,
    /// True if the configuration names the baseline file.
    pub(crate) is_baseline_configured: bool,
    /// The findings in the baseline.
    pub(crate) known: Baseline,
    /// The URL of the rule pages, if they are published.
    pub(crate) pages: Option<String>,
    /// The name of the configuration file in messages; none if there is no file.
    pub(crate) name: Option<String>,
    /// The text of the configuration file.
    pub(crate) text: Option<String>,
    /// The privileged tags in the configuration file, with their spans in its text.
    pub(crate) privileged_tags: Vec<(String, Span)>,
    /// The number of rules that the configuration turns off or lowers.
    pub(crate) lowered: usize,
}

impl SetSettings {
    /// Reads the settings for files, with the configuration nearest to a folder in a version.
    pub(crate) fn new(
        folder: &Path,
        files: &[PolicyFile],
        version: &Version,
        arguments: &RuleArguments,
    ) -> Result<Self, Failure> {
        let found = match &arguments.config {
            Some(file) => config::read(file, version)?,
            None if arguments.isolated => ConfigFile::default(),
            None => config::nearest(folder, version)?,
        };
        let mut linter = found.settings(files)?;
        let lowered = lowered(&linter);
        arguments.apply(&mut linter)?;
        let configured = found.baseline()?;
        let is_baseline_configured = configured.is_some();
        let named = arguments.baseline.clone().or(configured);
        let known = match &named {
            Some(file) if !arguments.write_baseline => baseline::read(file, version)?,
            _ => Baseline::default(),
        };
        Ok(Self {
            linter,
            profiles: found.profiles()?.clone(),
            documents: found.written_documents().to_vec(),
            fail_level: found.fail_level().unwrap_or(Severity::Medium),
            baseline: named,
            is_baseline_configured,
            known,
            pages: found.pages().map(str::to_owned),
            name: found.name().map(str::to_owned),
            text: found.name().map(|_| found.text().to_owned()),
            privileged_tags: found.privileged_tags(),
            lowered,
        })
    }

    /// Returns the configuration that does not name a baseline, if it does not.
    pub(crate) fn without_baseline(&self) -> Option<&str> {
        let name = self.name.as_deref().unwrap_or(config::FILE_NAME);
        (!self.is_baseline_configured).then_some(name)
    }

    /// Returns the name of the baseline file in messages.
    pub(crate) fn baseline_name(&self) -> Option<String> {
        self.baseline.as_deref().map(path_name)
    }
}

/// Returns the number of rules that settings turn off or lower, in all files or some.
fn lowered(settings: &Settings) -> usize {
    let levels = settings.overrides.iter().map(|some| &some.rules);
    let levels = levels.chain([&settings.rules]).flatten();
    let is_lowered = |(name, level): (&String, &Level)| {
        let rule = find(name)?;
        let is_lower = match level {
            Level::Off => true,
            Level::On => false,
            Level::As(severity) => *severity < rule.severity,
        };
        is_lower.then_some(rule.name)
    };
    levels.filter_map(is_lowered).collect::<BTreeSet<&str>>().len()
}

impl RuleArguments {
    /// Applies the command line to settings.
    fn apply(&self, settings: &mut Settings) -> Result<(), Failure> {
        if let Some(ByName(persona)) = self.persona {
            settings.persona = persona;
        }
        if !self.select.is_empty() {
            let selected = rule_names::all(&self.select)?;
            for rule in RULES {
                let is_selected = selected.iter().any(|selected| selected.name == rule.name);
                let level = if is_selected { Level::On } else { Level::Off };
                settings.rules.insert(rule.name.to_owned(), level);
            }
            settings.overrides.clear();
        }
        for rule in rule_names::all(&self.ignore)? {
            settings.rules.insert(rule.name.to_owned(), Level::Off);
        }
        Ok(())
    }
}
