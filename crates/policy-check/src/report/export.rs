//! The report of `export`: the documents of roles, or the tokens that would get in.

use rolecall_analysis::Witness;
use rolecall_engine::Value;
use rolecall_interop::{Document, Export, Form, NotExported, Registry, Target};
use rolecall_report::exit::Exit;
use rolecall_report::json::{Json, SchemaVersion};
use rolecall_report::printable::{path_name, printable};
use rolecall_report::style::{BAD, DOUBT, GOOD, HELP, STRONG, paint};
use rolecall_report::token_text;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

/// The documents of some roles.
#[derive(Debug, Serialize)]
pub(crate) struct ExportReport {
    schema_version: SchemaVersion,
    #[serde(skip)]
    form: Form,
    roles: Vec<RoleReport>,
    /// The folder with the documents; null if they are only printed.
    folder: Option<String>,
}

/// The result for a role.
#[derive(Debug, Serialize)]
struct RoleReport {
    role: String,
    /// The system that the documents are for.
    target: &'static str,
    outcome: Outcome,
    /// The documents; of a wider role, the nearest ones.
    documents: Vec<DocumentReport>,
    /// The token that is missed, or that would get in.
    token: Option<Json>,
    /// The claims that the role compares, and the target does not see.
    unseen: BTreeSet<String>,
    message: Option<String>,
    help: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// Exactly the same tokens get in.
    Exact,
    /// Fewer tokens get in.
    Narrower,
    /// A budget ran out.
    NotDecided,
    /// The target takes no such documents.
    Refused,
    /// Other tokens would get in.
    Wider,
}

#[derive(Debug, Serialize)]
struct DocumentReport {
    name: String,
    text: String,
}

impl ExportReport {
    pub(crate) fn new(form: Form) -> Self {
        Self {
            schema_version: SchemaVersion,
            form,
            roles: Vec::new(),
            folder: None,
        }
    }

    /// Adds the result for a role.
    pub(crate) fn add(&mut self, role: &str, target: Target, result: Result<Export, NotExported>) {
        let mut report = RoleReport {
            role: role.to_owned(),
            target: name(target),
            outcome: Outcome::NotDecided,
            documents: Vec::new(),
            token: None,
            unseen: BTreeSet::new(),
            message: None,
            help: None,
        };
        match result {
            Ok(export) => {
                report.outcome = match export.missed {
                    None => Outcome::Exact,
                    Some(_) => Outcome::Narrower,
                };
                report.token = export.missed.map(|witness| json(*witness));
                report.documents = shown(export.documents);
                report.unseen = export.left_out;
            }
            Err(NotExported::Wider {
                witness,
                left_out,
                nearest,
            }) => {
                report.outcome = Outcome::Wider;
                report.token = Some(json(*witness));
                report.unseen = left_out;
                report.documents = nearest.map_or_else(Vec::new, |nearest| shown(nearest.documents));
            }
            Err(NotExported::Refused(refusal)) => {
                report.outcome = Outcome::Refused;
                report.message = Some(refusal.message);
                report.help = Some(refusal.help);
            }
            Err(NotExported::NotDecided(reason)) => report.message = Some(reason.to_string()),
            Err(_) => {}
        }
        self.roles.push(report);
    }

    /// Returns the documents of roles that are exported, each with the folder of its role, if it needs one, and its name. The
    /// script of a role names the documents beside it, so that several roles with scripts have folders.
    pub(crate) fn files(&self) -> impl Iterator<Item = (Option<&str>, String, &str)> {
        let exported = self.roles.iter().filter(|role| role.is_exported());
        let is_one = exported.clone().count() == 1;
        let form = self.form;
        exported.flat_map(move |role| {
            role.documents.iter().map(move |document| {
                let own = document.name.clone();
                let (folder, name) = match form {
                    _ if is_one => (None, own),
                    Form::Cli => (Some(role.role.as_str()), own),
                    _ if own.starts_with(&role.role) => (None, own),
                    _ => (None, format!("{}-{own}", role.role)),
                };
                (folder, name, document.text.as_str())
            })
        })
    }

    pub(crate) fn written_to(&mut self, folder: &Path) {
        self.folder = Some(path_name(folder));
    }

    pub(crate) fn exit(&self) -> Exit {
        let has = |outcome: fn(&RoleReport) -> bool| self.roles.iter().any(outcome);
        if has(|role| matches!(role.outcome, Outcome::Refused | Outcome::Wider)) {
            Exit::No
        } else if has(|role| role.outcome == Outcome::NotDecided) {
            Exit::Undecided
        } else {
            Exit::Yes
        }
    }

    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for role in &self.roles {
            role.write(self.folder.is_some(), &mut text);
        }
        if let Some(folder) = &self.folder {
            let name = |(folder, name, _): (Option<&str>, String, &str)| match folder {
                Some(folder) => format!("{folder}/{name}"),
                None => name,
            };
            let names: Vec<String> = self.files().map(name).collect();
            text.push_str(&format!(
                "{} {folder}: {}\n",
                paint(GOOD, "wrote to"),
                names.join(", ")
            ));
        }
        text
    }
}

impl RoleReport {
    fn is_exported(&self) -> bool {
        matches!(self.outcome, Outcome::Exact | Outcome::Narrower)
    }

    fn write(&self, is_written: bool, text: &mut String) {
        let target = self.target;
        let name = paint(STRONG, printable(&self.role));
        let unseen: Vec<String> = self
            .unseen
            .iter()
            .map(|claim| format!("`{}`", printable(claim)))
            .collect();
        let verdict = match self.outcome {
            Outcome::Exact => format!("{}: {target} admits exactly its tokens", paint(GOOD, "exact")),
            Outcome::Narrower => format!(
                "{}: {target} does not admit all of its tokens, such as",
                paint(DOUBT, "narrower")
            ),
            Outcome::Wider if unseen.is_empty() => {
                format!("{}: {target} would also admit", paint(BAD, "not exported"))
            }
            Outcome::Wider => {
                let without = unseen.join(", ");
                format!(
                    "{}: without {without}, {target} would also admit",
                    paint(BAD, "not exported")
                )
            }
            Outcome::Refused => {
                let message = self.message.as_deref().unwrap_or_default();
                let verdict = paint(BAD, format!("not exported to {target}"));
                format!("{verdict}: {}", printable(message))
            }
            Outcome::NotDecided => {
                let reason = self.message.as_deref().unwrap_or_default();
                format!("{}: {}", paint(DOUBT, "not decided"), printable(reason))
            }
        };
        text.push_str(&format!("{name} {verdict}\n"));
        if let Some(Json(Value::Object(token))) = &self.token {
            token_text::write(token, text);
        }
        if let Some(help) = &self.help {
            text.push_str(&format!("  {} {}\n", paint(HELP, "help:"), printable(help)));
        }
        if self.outcome == Outcome::Wider && !self.documents.is_empty() {
            text.push_str("  the nearest documents, which admit fewer tokens than the role\n");
        }
        if is_written && self.is_exported() {
            return;
        }
        for document in &self.documents {
            text.push_str(&format!("{}\n", paint(STRONG, printable(&document.name))));
            for line in document.text.lines() {
                text.push_str(&format!("{}\n", printable(line)));
            }
        }
    }
}

fn json(witness: Witness) -> Json {
    Json(Value::Object(witness.token))
}

fn shown(documents: Vec<Vec<Document>>) -> Vec<DocumentReport> {
    let documents = documents.into_iter().flatten();
    let report = |document: Document| DocumentReport {
        name: document.name,
        text: document.text,
    };
    documents.map(report).collect()
}

/// Returns the name of a target.
fn name(target: Target) -> &'static str {
    match target {
        Target::Aws => "AWS",
        Target::Azure => "Azure",
        Target::Google => "Google Cloud",
        Target::Kubernetes => "Kubernetes",
        Target::OctoSts => "octo-sts",
        Target::TrustedPublisher(Registry::CratesIo) => "crates.io",
        Target::TrustedPublisher(Registry::Npm) => "npm",
        Target::TrustedPublisher(Registry::PyPi) => "PyPI",
        Target::Vault => "Vault",
    }
}
