//! The report of `import`: the roles that are written, and those that are not.

use rolecall_interop::{Coverage, Import};
use rolecall_report::coverage::CoverageReport;
use rolecall_report::exit::Exit;
use rolecall_report::finding::FindingView;
use rolecall_report::json::SchemaVersion;
use rolecall_report::location::count;
use rolecall_report::printable::{path_name, printable};
use rolecall_report::style::{BAD, DOUBT, GOOD, STRONG, paint};
use serde::Serialize;
use std::path::Path;

/// The policies of some documents.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ImportReport {
    schema_version: SchemaVersion,
    roles: Vec<RoleReport>,
    files: Vec<FileReport>,
    /// The folder with the files; null if they are only printed.
    folder: Option<String>,
    /// The part of the documents that is covered; null if they could not be read.
    coverage: Option<CoverageReport>,
    errors: Vec<FindingView>,
}

/// A role of a document.
#[derive(Debug, Serialize)]
struct RoleReport {
    source: String,
    /// The name in the policies; null if the role is not written.
    role: Option<String>,
    /// True if exactly the same tokens get the role.
    exact: bool,
    /// The reason why the role is not written; null if it is.
    reason: Option<String>,
}

/// A policy file.
#[derive(Debug, Serialize)]
struct FileReport {
    name: String,
    text: String,
}

impl ImportReport {
    pub(crate) fn new(import: Import, coverage: &Coverage) -> Self {
        let roles = import.roles.into_iter().map(|role| RoleReport {
            source: role.source,
            exact: role.is_exact && role.name.is_ok(),
            reason: role.name.as_ref().err().cloned(),
            role: role.name.ok(),
        });
        let files = import.files.into_iter().map(|file| FileReport {
            name: file.name.to_string(),
            text: file.text.to_string(),
        });
        Self {
            roles: roles.collect(),
            files: files.collect(),
            coverage: Some(CoverageReport::of(coverage)),
            ..Self::default()
        }
    }

    /// Returns the names and the texts of the files.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|file| (file.name.as_str(), file.text.as_str()))
    }

    /// Sets the folder to which the files were written.
    pub(crate) fn written_to(&mut self, folder: &Path) {
        self.folder = Some(path_name(folder));
    }

    /// Adds the errors of documents that cannot be read.
    pub(crate) fn add_errors(&mut self, errors: Vec<FindingView>) {
        self.errors.extend(errors);
    }

    /// Returns `Yes` if each role is written exactly, and no information is missing.
    pub(crate) fn exit(&self) -> Exit {
        let is_complete = self.coverage.as_ref().is_some_and(CoverageReport::is_complete);
        Exit::yes_if(is_complete && self.roles.iter().all(|role| role.exact))
    }

    /// Formats the files if they are only printed, one line for each role, and a summary.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        if self.folder.is_none() {
            for file in &self.files {
                text += &format!("// {}\n{}\n", printable(&file.name), file.text);
            }
        }
        for role in &self.roles {
            text += &role.text();
        }
        if let Some(coverage) = &self.coverage {
            text += &coverage.text();
        }
        let written = self.roles.iter().filter(|role| role.role.is_some()).count();
        let to = match &self.folder {
            Some(folder) => format!(
                " in {} of `{}`",
                count(self.files.len(), "file"),
                printable(folder)
            ),
            None => String::new(),
        };
        text + &format!("{} of {} written{to}\n", written, count(self.roles.len(), "role"))
    }
}

impl RoleReport {
    fn text(&self) -> String {
        let source = paint(STRONG, printable(&self.source));
        match (&self.role, &self.reason) {
            (Some(role), _) if self.exact => {
                format!("{}  {source} as `{}`\n", paint(GOOD, "exact"), printable(role))
            }
            (Some(role), _) => {
                format!(
                    "{}  {source} as `{}`\n",
                    paint(DOUBT, "narrower"),
                    printable(role)
                )
            }
            (None, reason) => {
                let reason = reason.as_deref().unwrap_or_default();
                format!("{}  {source}: {}\n", paint(BAD, "not written"), printable(reason))
            }
        }
    }
}
