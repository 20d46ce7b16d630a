//! Findings, as all formats report them.

use crate::json::Json;
use crate::location::{LocationView, Locations};
use crate::printable::printable;
use crate::severity::ReportSeverity;
use crate::snippet::{self, Message};
use rolecall_engine::{CompileError, Diagnostic, Location, ParsedFile, Value};
use rolecall_lint::{Identity, Safety, fingerprints_of};
use serde::Serialize;
use std::sync::Arc;

/// The name of the rule for compile errors.
pub const INVALID: &str = "invalid-policy";

/// A finding.
#[derive(Clone, Debug, Serialize)]
pub struct FindingView {
    /// The name of the rule; `invalid-policy` for every error of a policy set that does not compile.
    pub rule: &'static str,
    /// The stable code of a compile error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    pub severity: ReportSeverity,
    pub message: String,
    pub label: Option<String>,
    pub help: Option<String>,
    #[serde(flatten)]
    pub location: LocationView,
    pub notes: Vec<Note>,
    /// The identity of the finding: 32 hexadecimal digits that stay the same when lines move.
    pub fingerprint: String,
    /// A token that shows the finding, usually one that gets a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<FixReport>,
    /// A text to add, if it describes the tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposal: Option<EditReport>,
    /// A hash of the text that the finding belongs to, for which a suppression is valid.
    #[serde(skip)]
    pub context: String,
    /// The `allow` that the finding is about, if it is about one.
    #[serde(skip)]
    pub clause: Option<Location>,
    /// The number of notes that are findings of their own.
    #[serde(skip)]
    pub noted: usize,
    /// The rendered finding, with an excerpt of the text.
    #[serde(skip)]
    pub snippet: String,
}

/// A related location.
#[derive(Clone, Debug, Serialize)]
pub struct Note {
    pub message: String,
    #[serde(flatten)]
    pub location: LocationView,
}

/// A fix.
#[derive(Clone, Debug, Serialize)]
pub struct FixReport {
    pub message: String,
    /// True if the fix leaves the roles of all tokens unchanged.
    pub safe: bool,
    pub edits: Vec<EditReport>,
}

/// A text, and the location that it replaces or belongs to.
#[derive(Clone, Debug, Serialize)]
pub struct EditReport {
    #[serde(flatten)]
    pub location: LocationView,
    pub text: String,
}

impl FindingView {
    /// Returns the rule and the text that the finding is about, wherever the text stands.
    pub fn subject(&self) -> (&'static str, &str) {
        (self.rule, self.context.as_str())
    }

    /// Converts all errors of a policy set.
    pub fn of_errors(error: &CompileError) -> Vec<Self> {
        let locations = Locations::new(&error.sources);
        let files = error.sources.map(|_, source| ParsedFile::new(source.clone()));
        // All errors have the same rule, so their messages distinguish them.
        let errors = error.diagnostics.iter().map(|diagnostic| {
            let rule = format!("{INVALID}: {}", diagnostic.message);
            (rule, diagnostic.location)
        });
        let names = fingerprints_of(errors, &files);
        let one = |(diagnostic, fingerprint): (&Diagnostic, String)| Self {
            rule: INVALID,
            code: Some(diagnostic.kind.code()),
            severity: ReportSeverity::CompileError,
            message: diagnostic.message.clone(),
            label: diagnostic.label.clone(),
            help: diagnostic.help.clone(),
            location: locations.location(diagnostic.location),
            notes: notes(&diagnostic.notes, &locations),
            fingerprint,
            token: None,
            fix: None,
            proposal: None,
            context: String::new(),
            clause: None,
            noted: 0,
            snippet: snippet::render(&Message::error(diagnostic), &locations),
        };
        error.diagnostics.iter().zip(names).map(one).collect()
    }

    /// Converts a finding of the linter with its identity, and with a link to its rule page if those are published.
    pub fn of_linter(
        (finding, identity): (rolecall_lint::Finding, Identity),
        locations: &Locations<'_>,
        pages: Option<&str>,
    ) -> Self {
        let page = pages.map(|pages| page(pages, finding.rule.name));
        let snippet = snippet::render(&Message::finding(&finding, page.as_deref()), locations);
        Self {
            rule: finding.rule.name,
            code: None,
            severity: ReportSeverity::Rule(finding.severity),
            message: finding.message,
            label: finding.label,
            help: finding.help,
            location: locations.location(finding.location),
            notes: notes(&finding.notes, locations),
            fingerprint: identity.fingerprint,
            context: identity.context,
            clause: finding.clause,
            noted: 0,
            token: finding.witness.map(|witness| {
                let token = Arc::unwrap_or_clone(witness).token;
                Json(Value::Object(token))
            }),
            fix: finding.fix.map(|fix| FixReport::new(fix, locations)),
            proposal: finding.proposal.map(|proposal| EditReport {
                location: locations.location(proposal.location),
                text: proposal.text,
            }),
            snippet,
        }
    }
}

impl FixReport {
    fn new(fix: rolecall_lint::Fix, locations: &Locations<'_>) -> Self {
        let edits = fix.edits.into_iter().map(|edit| EditReport {
            location: locations.location(edit.location),
            text: edit.text,
        });
        Self {
            safe: fix.safety == Safety::Safe,
            edits: edits.collect(),
            message: fix.message,
        }
    }
}

/// Returns the URL of a rule page: with the name in place of `{rule}`, or else as a file in the folder with this URL.
pub fn page(pages: &str, rule: &str) -> String {
    let url = match pages.split_once("{rule}") {
        Some((before, after)) => format!("{before}{rule}{after}"),
        None => format!("{}/{rule}.md", pages.trim_end_matches('/')),
    };
    printable(&url).into_owned()
}

fn notes(notes: &[rolecall_engine::Note], locations: &Locations<'_>) -> Vec<Note> {
    let note = |note: &rolecall_engine::Note| Note {
        message: note.message.clone(),
        location: locations.location(note.location),
    };
    notes.iter().map(note).collect()
}
