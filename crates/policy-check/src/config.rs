//! `policy-check.toml`: what a repository sets once for everybody.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};
use rolecall_lint::{Level, Override, Persona, Settings, Severity};
use rolecall_syntax::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::checkout;
use crate::choice::ByName;
use crate::failure::Failure;
use crate::input;
use crate::pages::Pages;
use crate::policy_files::PolicyFile;
use crate::printable::printable;
use crate::rule_names;
use crate::version::Version;

/// The name of the file.
const FILE_NAME: &str = "policy-check.toml";

/// Settings of `policy-check check`. The nearest file of this name at or above a policy set is used.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "policy-check.toml")]
pub(crate) struct Config {
    /// How much to report; each level includes the ones before it.
    persona: Option<ByName<Persona>>,
    /// The lowest severity of findings that fail the run; `medium` by default.
    fail_level: Option<ByName<Severity>>,
    /// The tags of sensitive roles; admin, privileged, prod and production by default.
    #[schemars(with = "Option<Vec<String>>")]
    privileged_tags: Option<Vec<Spanned<String>>>,
    /// The audiences of your services; if there are any, an issuer with another audience is reported.
    known_audiences: Vec<String>,
    /// A file with recorded findings, which are not reported. Its path is relative to this file.
    baseline: Option<PathBuf>,
    /// The URL of the published rule pages, for links of the form `PAGES/RULE.md`.
    pages: Option<Pages>,
    /// The levels of rules, by their names.
    rules: BTreeMap<String, ByName<Level>>,
    /// Rule levels for some files; the last matching entry counts.
    overrides: Vec<OverrideConfig>,
}

/// Rule levels for some files.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct OverrideConfig {
    /// Globs relative to this file, such as `legacy/**`.
    files: Vec<String>,
    /// The levels of rules, by their names.
    rules: BTreeMap<String, ByName<Level>>,
}

/// A configuration, read, and where it is from.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConfigFile {
    config: Config,
    /// The folder that it is in.
    folder: PathBuf,
    /// The file, as messages call it; none if there is no such file.
    name: Option<String>,
    /// Its text.
    text: String,
}

/// The nearest configuration at or above a folder, up to the root of its repository and no further: what is above was not
/// reviewed with it. Outside of a repository the working folder is the end.
pub(crate) fn nearest(folder: &Path, version: &Version) -> Result<ConfigFile, Failure> {
    let place = checkout::locate(folder)?;
    let root = place.root().unwrap_or(place.absolute());
    let folders = place.absolute().ancestors();
    for folder in folders.take_while(|folder| folder.starts_with(root)) {
        let file = folder.join(FILE_NAME);
        if let Some(bytes) = version.found(&shortest(&file))? {
            return parse(bytes, &file, &version.shown(&shortest(&file)));
        }
    }
    Ok(ConfigFile::default())
}

/// The configuration that the command line names. At a revision that does not have it yet there is none.
pub(crate) fn read(file: &Path, version: &Version) -> Result<ConfigFile, Failure> {
    let bytes = match version.revision(file)? {
        Some(_) => version.found(file)?,
        None => Some(input::document(file)?),
    };
    match bytes {
        Some(bytes) => parse(bytes, checkout::locate(file)?.absolute(), &version.shown(file)),
        None => Ok(ConfigFile::default()),
    }
}

/// Reads the text of a configuration.
fn parse(bytes: Vec<u8>, file: &Path, name: &str) -> Result<ConfigFile, Failure> {
    let text = String::from_utf8(bytes).map_err(|_| Failure::new(format!("`{name}` is not UTF-8")))?;
    let config = toml::from_str(&text).map_err(|error| {
        let line = error.span().map(|span| {
            text.get(..span.start)
                .unwrap_or_default()
                .matches('\n')
                .count()
                .saturating_add(1)
        });
        let line = line.map_or(String::new(), |line| format!(":{line}"));
        Failure::new(format!(
            "`{name}{line}`: {}",
            printable(&error.message().replace('\n', ", "))
        ))
        .help("`policy-check rules --config-schema` lists all settings")
    })?;
    Ok(ConfigFile {
        config,
        folder: file.parent().unwrap_or_else(|| Path::new("/")).to_path_buf(),
        name: Some(name.to_owned()),
        text,
    })
}

/// The path from the working folder, if the file is below it.
fn shortest(file: &Path) -> PathBuf {
    let below = std::env::current_dir().ok();
    let below = below.and_then(|folder| file.strip_prefix(folder).map(Path::to_path_buf).ok());
    below.unwrap_or_else(|| file.to_path_buf())
}

impl ConfigFile {
    /// Returns the lowest severity of findings that fail the run, if it is set.
    pub(crate) fn fail_level(&self) -> Option<Severity> {
        self.config.fail_level.map(|ByName(severity)| severity)
    }

    /// The file with findings that are known already. It lies in the checkout of the configuration, or below the folder of one
    /// outside of a checkout: the author of the configuration must not choose what else is read or overwritten.
    pub(crate) fn baseline(&self) -> Result<Option<PathBuf>, Failure> {
        let Some(file) = &self.config.baseline else {
            return Ok(None);
        };
        let place = checkout::locate(&self.folder.join(file))?;
        let own = checkout::locate(&self.folder)?;
        let root = own.root().unwrap_or(&self.folder);
        if !place.absolute().starts_with(root) {
            let message = format!(
                "`baseline` leads out of the checkout, to `{}`",
                printable(&file.to_string_lossy())
            );
            return Err(self.about(Failure::new(message).help("name a file beside the policies")));
        }
        place.check().map_err(|failure| self.about(failure))?;
        Ok(Some(shortest(place.absolute())))
    }

    /// The file, as messages call it; none if there is no such file.
    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The text of the file.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The tags in `privileged-tags`, each with its place in the text.
    pub(crate) fn privileged_tags(&self) -> Vec<(String, Span)> {
        let tags = self.config.privileged_tags.iter().flatten();
        let place = |tag: &Spanned<String>| Span::new(tag.span().start, tag.span().end);
        tags.map(|tag| (tag.get_ref().clone(), place(tag))).collect()
    }

    /// Where the pages of the rules are published.
    pub(crate) fn pages(&self) -> Option<&str> {
        self.config.pages.as_ref().map(Pages::as_str)
    }

    /// The settings of the linter for a policy set of some files, each with the place on disk that overrides are about.
    pub(crate) fn settings(&self, files: &[PolicyFile]) -> Result<Settings, Failure> {
        let mut settings = Settings::default();
        let config = &self.config;
        if let Some(ByName(persona)) = config.persona {
            settings.persona = persona;
        }
        if let Some(tags) = &config.privileged_tags {
            settings.privileged_tags = tags.iter().map(|tag| tag.get_ref().clone()).collect();
        }
        settings.known_audiences.clone_from(&config.known_audiences);
        settings.rules = self.levels(&config.rules)?;
        for some in &config.overrides {
            let globs = self.globs(&some.files)?;
            let mut fitting = BTreeSet::new();
            for file in files {
                let place = checkout::locate(&file.visible_path)?;
                let below = place.absolute().strip_prefix(&self.folder).ok();
                if below.is_some_and(|file| globs.is_match(file)) {
                    fitting.insert(file.name.clone());
                }
            }
            settings.overrides.push(Override {
                files: fitting,
                rules: self.levels(&some.rules)?,
            });
        }
        Ok(settings)
    }

    fn levels(&self, rules: &BTreeMap<String, ByName<Level>>) -> Result<BTreeMap<String, Level>, Failure> {
        let level = |(rule, level): (&String, &ByName<Level>)| {
            let rule = rule_names::known(rule).map_err(|failure| self.about(failure))?;
            Ok((rule.name.to_owned(), level.0))
        };
        rules.iter().map(level).collect()
    }

    fn globs(&self, globs: &[String]) -> Result<GlobSet, Failure> {
        let mut set = GlobSetBuilder::new();
        let failure =
            |error: globset::Error| self.about(Failure::new(printable(&error.to_string()).into_owned()));
        for glob in globs {
            set.add(Glob::new(glob).map_err(failure)?);
        }
        set.build().map_err(failure)
    }

    /// The same failure, with the file that it is about.
    fn about(&self, mut failure: Failure) -> Failure {
        if let Some(name) = &self.name {
            failure.message = format!("`{name}`: {}", failure.message);
        }
        failure
    }
}
