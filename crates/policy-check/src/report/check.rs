//! What is wrong with some policy sets.

use rolecall_engine::{CompileError, Diagnostic};
use serde::Serialize;

use super::json::SchemaVersion;
use super::location::{Location, Places, count};
use super::snippet;
use super::stats::StatsReport;
use crate::loaded::Loaded;
use crate::style::{BAD, GOOD, STRONG, paint};

/// The report of `check`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct CheckReport {
    schema_version: SchemaVersion,
    sets: Vec<SetReport>,
    errors: Vec<Finding>,
    #[serde(skip)]
    snippets: String,
}

#[derive(Debug, Serialize)]
struct SetReport {
    name: String,
    files: Vec<String>,
    roles: Option<usize>,
    errors: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    stats: Option<StatsReport>,
}

/// One error.
#[derive(Debug, Serialize)]
pub(crate) struct Finding {
    message: String,
    label: Option<String>,
    help: Option<String>,
    #[serde(flatten)]
    location: Location,
    notes: Vec<Note>,
}

#[derive(Debug, Serialize)]
struct Note {
    message: String,
    #[serde(flatten)]
    location: Location,
}

impl Finding {
    fn new(diagnostic: &Diagnostic, places: &Places<'_>) -> Self {
        let notes = diagnostic.notes.iter().map(|(place, message)| Note {
            message: message.clone(),
            location: places.location(*place),
        });
        Self {
            message: diagnostic.message.clone(),
            label: diagnostic.label.clone(),
            help: diagnostic.help.clone(),
            location: places.location(diagnostic.place),
            notes: notes.collect(),
        }
    }

    /// All errors of a policy set.
    pub(crate) fn all(error: &CompileError) -> impl Iterator<Item = Self> {
        let places = Places::new(&error.sources);
        let one = move |diagnostic| Self::new(diagnostic, &places);
        error.diagnostics.iter().map(one)
    }
}

impl CheckReport {
    /// Adds a policy set, with statistics if they are wanted.
    pub(crate) fn add(&mut self, loaded: Loaded, with_stats: bool) {
        let (roles, errors, stats) = match loaded.outcome {
            Ok(set) => {
                let stats = with_stats.then(|| StatsReport::new(&set, loaded.compiling));
                (Some(set.program().roles.len()), 0, stats)
            }
            Err(error) => {
                self.snippets.push_str(&snippet::render_all(&error));
                self.errors.extend(Finding::all(&error));
                (None, error.diagnostics.len(), None)
            }
        };
        self.sets.push(SetReport {
            name: loaded.name,
            files: loaded.files,
            roles,
            errors,
            stats,
        });
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }

    /// The errors, the sets if there are several, and a summary.
    pub(crate) fn text(&self) -> String {
        let mut text = self.snippets.clone();
        let has_stats = self.sets.iter().any(|set| set.stats.is_some());
        if self.sets.len() > 1 || has_stats {
            for set in &self.sets {
                text.push_str(&set.text());
            }
        }
        if self.sets.is_empty() {
            return text;
        }
        let files: usize = self.sets.iter().map(|set| set.files.len()).sum();
        let summary = if self.is_clean() {
            let roles = self.sets.iter().filter_map(|set| set.roles).sum();
            let sets = count(self.sets.len(), "policy set");
            let (files, roles) = (count(files, "file"), count(roles, "role"));
            format!("{files}, {sets}, {roles}: {}", paint(GOOD, "no errors"))
        } else {
            let mut wrong: Vec<&str> = self
                .errors
                .iter()
                .map(|error| error.location.file.as_str())
                .collect();
            wrong.dedup();
            let errors = count(self.errors.len(), "error");
            format!("{} in {}", paint(BAD, errors), count(wrong.len(), "file"))
        };
        text.push_str(&summary);
        text.push('\n');
        text
    }
}

impl SetReport {
    fn text(&self) -> String {
        let files = count(self.files.len(), "file");
        let name = paint(STRONG, &self.name);
        let line = match self.roles {
            Some(roles) => format!("{name}: {files}, {}, no errors\n", count(roles, "role")),
            None => format!("{name}: {files}, {}\n", count(self.errors, "error")),
        };
        let stats = self.stats.as_ref().map(StatsReport::text);
        line + &stats.unwrap_or_default()
    }
}
