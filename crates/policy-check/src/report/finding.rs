//! Findings, as all formats report them.

use rolecall_analysis::Witness;
use rolecall_engine::{Arena, CompileError, Diagnostic, FileId, Source, Value};
use rolecall_lint::{Identity, Safety, fingerprints_of, identities};
use serde::Serialize;

use super::json::Json;
use super::location::{LocationView, Locations};
use super::severity::ReportSeverity;
use super::snippet::{self, Shown};
use crate::printable::printable;

/// The name that stands in the place of a rule's for what does not compile.
pub(crate) const INVALID: &str = "invalid-policy";

/// Something that is wrong.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FindingView {
    /// The name of the rule.
    pub(crate) rule: &'static str,
    pub(crate) severity: ReportSeverity,
    pub(crate) message: String,
    pub(crate) label: Option<String>,
    pub(crate) help: Option<String>,
    #[serde(flatten)]
    pub(crate) location: LocationView,
    pub(crate) notes: Vec<Note>,
    /// 32 hexadecimal digits that stay the same when lines move.
    pub(crate) fingerprint: String,
    /// A token that shows it, most often one that gets in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fix: Option<FixReport>,
    /// A hash of the text that it belongs to: what a suppression was given for.
    #[serde(skip)]
    pub(crate) context: String,
    /// The text that it is about, with a caret.
    #[serde(skip)]
    pub(crate) snippet: String,
}

/// Another place that has to do with it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Note {
    pub(crate) message: String,
    #[serde(flatten)]
    pub(crate) location: LocationView,
}

/// What to write instead.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FixReport {
    pub(crate) message: String,
    /// Whether the same tokens get the same roles.
    pub(crate) safe: bool,
    pub(crate) edits: Vec<EditReport>,
}

/// A text in the place of another.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct EditReport {
    #[serde(flatten)]
    pub(crate) location: LocationView,
    pub(crate) text: String,
}

impl FindingView {
    /// Returns the rule and the text that the finding is about, wherever the text stands.
    pub(crate) fn subject(&self) -> (&'static str, &str) {
        (self.rule, self.context.as_str())
    }

    /// Converts all errors of a policy set.
    pub(crate) fn of_errors(error: &CompileError) -> Vec<Self> {
        let places = Locations::new(&error.sources);
        // There is one rule for all of them: what tells them apart is what they say.
        let said = error.diagnostics.iter().map(|diagnostic| {
            let rule = format!("{INVALID}: {}", diagnostic.message);
            (rule, diagnostic.location)
        });
        let names = fingerprints_of(said, &error.sources);
        let one = |(diagnostic, fingerprint): (&Diagnostic, String)| Self {
            rule: INVALID,
            severity: ReportSeverity::CompileError,
            message: diagnostic.message.clone(),
            label: diagnostic.label.clone(),
            help: diagnostic.help.clone(),
            location: places.location(diagnostic.location),
            notes: notes(&diagnostic.notes, &places),
            fingerprint,
            token: None,
            fix: None,
            context: String::new(),
            snippet: snippet::render(&Shown::error(diagnostic), &places),
        };
        error.diagnostics.iter().zip(names).map(one).collect()
    }

    /// Converts the findings of the linter in a policy set, with links to the rule pages if those are published.
    pub(crate) fn of_linter(
        findings: &[rolecall_lint::Finding],
        sources: &Arena<FileId, Source>,
        pages: Option<&str>,
    ) -> Vec<Self> {
        let places = Locations::new(sources);
        let names = identities(findings, sources);
        let one = |(finding, identity): (&rolecall_lint::Finding, Identity)| {
            let page = pages.map(|pages| page(pages, finding.rule.name));
            Self {
                rule: finding.rule.name,
                severity: ReportSeverity::Rule(finding.severity),
                message: finding.message.clone(),
                label: finding.label.clone(),
                help: finding.help.clone(),
                location: places.location(finding.location),
                notes: notes(&finding.notes, &places),
                fingerprint: identity.fingerprint,
                context: identity.context,
                token: finding.witness.as_deref().map(token),
                fix: finding.fix.as_ref().map(|fix| FixReport::new(fix, &places)),
                snippet: snippet::render(&Shown::finding(finding, page.as_deref()), &places),
            }
        };
        findings.iter().zip(names).map(one).collect()
    }
}

impl FixReport {
    fn new(fix: &rolecall_lint::Fix, places: &Locations<'_>) -> Self {
        let edits = fix.edits.iter().map(|edit| EditReport {
            location: places.location(edit.location),
            text: edit.text.clone(),
        });
        Self {
            message: fix.message.clone(),
            safe: fix.safety == Safety::Safe,
            edits: edits.collect(),
        }
    }
}

/// Where the page of a rule is published.
pub(crate) fn page(pages: &str, rule: &str) -> String {
    printable(&format!("{}/{rule}.md", pages.trim_end_matches('/'))).into_owned()
}

fn token(witness: &Witness) -> Json {
    Json(Value::Object(witness.token.clone()))
}

fn notes(notes: &[(rolecall_engine::Location, String)], places: &Locations<'_>) -> Vec<Note> {
    let note = |(place, message): &(rolecall_engine::Location, String)| Note {
        message: message.clone(),
        location: places.location(*place),
    };
    notes.iter().map(note).collect()
}
