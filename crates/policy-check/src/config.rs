//! `policy-check.toml`, the configuration of a repository.

use crate::checkout;
use crate::choice::ByName;
use crate::input;
use crate::pages::Pages;
use crate::policy_files::PolicyFile;
use crate::rule_names;
use crate::version::Version;
use globset::{Glob, GlobSet, GlobSetBuilder};
use rolecall_engine::{built_in_profiles, check_issuer_url};
use rolecall_lint::{Boundary, Level, Override, Persona, Scope, Settings, Severity};
use rolecall_report::failure::Failure;
use rolecall_report::printable::printable;
use rolecall_syntax::{Span, line_column};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use toml::Spanned;

/// The names of built-in profiles by the URLs of issuers.
pub(crate) type IssuerProfiles = BTreeMap<String, String>;

/// The name of the file.
pub(crate) const FILE_NAME: &str = "policy-check.toml";

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
    /// The grants that roles below a folder may have, as `GRANT:GLOB`; the folders are relative to this file. A role with
    /// another grant is reported.
    boundaries: BTreeMap<String, Vec<String>>,
    /// A file with recorded findings, which are not reported. Its path is relative to this file.
    baseline: Option<PathBuf>,
    /// The URL of the published rule pages, for links of the form `PAGES/RULE.md`, or a URL with `{rule}` in place of the name.
    pages: Option<Pages>,
    /// The levels of rules, by their names.
    rules: BTreeMap<String, ByName<Level>>,
    /// Rule levels for some files or roles; the last matching entry counts.
    overrides: Vec<OverrideConfig>,
    /// The profiles of issuers by their URLs, for servers of your own. Documents in other languages do not name one.
    profiles: IssuerProfiles,
    /// Documents in other languages.
    foreign: ForeignConfig,
}

/// Documents in other languages, which are read with the policies of the folder.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct ForeignConfig {
    /// The files, relative to this file. All of them together are one set.
    files: Vec<PathBuf>,
}

/// Rule levels for some files, or for some roles.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct OverrideConfig {
    /// Globs relative to this file, such as `legacy/**`.
    files: Option<Vec<String>>,
    /// Names of roles, such as `aws:123456789012/deploy`, in which `*` stands for any characters. Formats without comments have no other way to suppress a finding.
    roles: Option<BTreeSet<String>>,
    /// The levels of rules, by their names.
    rules: BTreeMap<String, ByName<Level>>,
}

/// A configuration and its source.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConfigFile {
    config: Config,
    /// The folder of the file.
    folder: PathBuf,
    /// The name of the file in messages; none if there is no file.
    name: Option<String>,
    /// The text of the file.
    text: String,
}

/// Reads the nearest configuration at or above a folder, up to the root of its repository: a file above that
/// was not reviewed with the policies. Outside of a repository, the search ends at the working folder.
pub(crate) fn nearest(folder: &Path, version: &Version) -> Result<ConfigFile, Failure> {
    let located = checkout::locate(folder)?;
    let root = located.root().unwrap_or(located.absolute());
    let folders = located.absolute().ancestors();
    for folder in folders.take_while(|folder| folder.starts_with(root)) {
        let file = folder.join(FILE_NAME);
        if let Some(bytes) = version.found(&shortest(&file))? {
            return parse(bytes, &file, &version.shown(&shortest(&file)));
        }
    }
    Ok(ConfigFile::default())
}

/// Reads the configuration that the command line names. At a revision without the file, it is empty.
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

/// Parses a configuration.
fn parse(bytes: Vec<u8>, file: &Path, name: &str) -> Result<ConfigFile, Failure> {
    let text = String::from_utf8(bytes).map_err(|_| Failure::new(format!("`{name}` is not UTF-8")))?;
    let config = toml::from_str(&text).map_err(|error| {
        let line = error.span().map(|span| line_column(&text, span.start).0);
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

/// Returns the path relative to the working folder if the file is below it.
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

    /// Returns the baseline file. It must be in the checkout of the configuration, or below its folder if
    /// that is not in a checkout: the author of the configuration must not choose other files to be read or
    /// overwritten.
    pub(crate) fn baseline(&self) -> Result<Option<PathBuf>, Failure> {
        let file = self.config.baseline.as_deref();
        file.map(|file| self.in_checkout("baseline", file)).transpose()
    }

    /// Returns the documents in other languages. As the baseline, they must be in the checkout.
    pub(crate) fn documents(&self) -> Result<Vec<PathBuf>, Failure> {
        let files = self.config.foreign.files.iter();
        files
            .map(|file| self.in_checkout("foreign.files", file))
            .collect()
    }

    /// Returns the documents as they are written in the file.
    pub(crate) fn written_documents(&self) -> &[PathBuf] {
        &self.config.foreign.files
    }

    /// Returns whether the file is in a folder.
    pub(crate) fn is_in(&self, folder: &Path) -> bool {
        self.name.is_some() && self.folder == folder
    }

    /// Returns the path of a file that a setting names.
    fn in_checkout(&self, setting: &str, file: &Path) -> Result<PathBuf, Failure> {
        let located = checkout::locate(&self.folder.join(file))?;
        let own = checkout::locate(&self.folder)?;
        let root = own.root().unwrap_or(&self.folder);
        if !located.absolute().starts_with(root) {
            let message = format!(
                "`{setting}` leads out of the checkout, to `{}`",
                printable(&file.to_string_lossy())
            );
            return Err(self.about(Failure::new(message).help("name a file in the checkout")));
        }
        located.check().map_err(|failure| self.about(failure))?;
        Ok(shortest(located.absolute()))
    }

    /// Returns the name of the file in messages; none if there is no file.
    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the text of the file.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the tags in `privileged-tags`, each with its span in the text.
    pub(crate) fn privileged_tags(&self) -> Vec<(String, Span)> {
        let tags = self.config.privileged_tags.iter().flatten();
        let span = |tag: &Spanned<String>| Span::new(tag.span().start, tag.span().end);
        tags.map(|tag| (tag.get_ref().clone(), span(tag))).collect()
    }

    /// Returns the URL of the published rule pages.
    pub(crate) fn pages(&self) -> Option<&str> {
        self.config.pages.as_ref().map(Pages::as_str)
    }

    /// Returns the linter settings for a policy set. Overrides apply to the visible paths of its files.
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
            let scope = match (&some.files, &some.roles) {
                (Some(globs), None) => {
                    let globs = self.globs(globs)?;
                    Scope::Files(self.some_of(files, |file| globs.is_match(file))?)
                }
                (None, Some(roles)) => Scope::Roles(roles.clone()),
                _ => {
                    let failure = Failure::new("an entry of `overrides` has either `files` or `roles`");
                    return Err(self.about(failure.help("write two entries for both")));
                }
            };
            let rules = self.levels(&some.rules)?;
            settings.overrides.push(Override { scope, rules });
        }
        for (folder, grants) in &config.boundaries {
            let path = Path::new(folder);
            let mut parts = path.components().peekable();
            if parts.peek().is_none() || !parts.all(|part| matches!(part, Component::Normal(_))) {
                let message = format!("`{}` is not a folder below this file", printable(folder));
                return Err(self.about(
                    Failure::new(message).help("write a boundary as `\"team-a/\" = [\"GRANT:GLOB\"]`"),
                ));
            }
            let below = self.some_of(files, |file| file.starts_with(path))?;
            let boundary = Boundary::new(folder.as_str(), below, grants.clone()).map_err(|error| {
                let message = printable(&error.to_string()).into_owned();
                self.about(Failure::new(message).help("write it as `secrets:apps/team-a/**`"))
            })?;
            settings.boundaries.push(boundary);
        }
        Ok(settings)
    }

    /// Returns the profiles of issuers.
    pub(crate) fn profiles(&self) -> Result<&IssuerProfiles, Failure> {
        for (url, profile) in &self.config.profiles {
            let failure = if check_issuer_url(url).is_err() {
                let failure = Failure::new(format!("`{}` is not the URL of an issuer", printable(url)));
                failure.help("write it as the tokens have it in `iss`, with `https://`")
            } else if built_in_profiles().all(|(known, _)| known != profile) {
                let failure = Failure::new(format!("`{}` is not a profile", printable(profile)));
                failure.help("`policy-check profiles` shows all profiles")
            } else {
                continue;
            };
            return Err(self.about(failure));
        }
        Ok(&self.config.profiles)
    }

    /// Returns the names of the files that fit, by their visible paths from the folder of this file.
    fn some_of(
        &self,
        files: &[PolicyFile],
        fits: impl Fn(&Path) -> bool,
    ) -> Result<BTreeSet<String>, Failure> {
        let mut fitting = BTreeSet::new();
        for file in files {
            let located = checkout::locate(&file.visible_path)?;
            let below = located.absolute().strip_prefix(&self.folder).ok();
            if below.is_some_and(&fits) {
                fitting.insert(file.name.clone());
            }
        }
        Ok(fitting)
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

    /// Adds the name of the configuration file to a failure.
    fn about(&self, mut failure: Failure) -> Failure {
        if let Some(name) = &self.name {
            failure.message = format!("`{name}`: {}", failure.message);
        }
        failure
    }
}
