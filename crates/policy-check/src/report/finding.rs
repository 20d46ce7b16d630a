//! Findings, as all formats report them.

use super::json::Json;
use super::location::{LocationView, Locations};
use super::severity::ReportSeverity;
use super::snippet::{self, Message};
use crate::printable::printable;
use rayon::prelude::*;
use rolecall_engine::{CompileError, Diagnostic, Location, ParsedFile, Value};
use rolecall_lint::{Identity, Safety, fingerprints_of};
use serde::Serialize;
use std::sync::Arc;

/// The name of the rule for compile errors.
pub(crate) const INVALID: &str = "invalid-policy";

/// A finding.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FindingView {
    /// The name of the rule; `invalid-policy` for every error of a policy set that does not compile.
    pub(crate) rule: &'static str,
    /// The stable code of a compile error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<&'static str>,
    pub(crate) severity: ReportSeverity,
    pub(crate) message: String,
    pub(crate) label: Option<String>,
    pub(crate) help: Option<String>,
    #[serde(flatten)]
    pub(crate) location: LocationView,
    pub(crate) notes: Vec<Note>,
    /// The identity of the finding: 32 hexadecimal digits that stay the same when lines move.
    pub(crate) fingerprint: String,
    /// A token that shows the finding, usually one that gets a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fix: Option<FixReport>,
    /// A text to add, if it describes the tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) proposal: Option<EditReport>,
    /// A hash of the text that the finding belongs to, for which a suppression is valid.
    #[serde(skip)]
    pub(crate) context: String,
    /// The `allow` that the finding is about, if it is about one.
    #[serde(skip)]
    pub(crate) clause: Option<Location>,
    /// The number of notes that are findings of their own.
    #[serde(skip)]
    pub(crate) noted: usize,
    /// The rendered finding, with an excerpt of the text.
    #[serde(skip)]
    pub(crate) snippet: String,
}

/// A related location.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Note {
    pub(crate) message: String,
    #[serde(flatten)]
    pub(crate) location: LocationView,
}

/// A fix.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FixReport {
    pub(crate) message: String,
    /// True if the fix leaves the roles of all tokens unchanged.
    pub(crate) safe: bool,
    pub(crate) edits: Vec<EditReport>,
}

/// A text, and the location that it replaces or belongs to.
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

    /// Converts the findings of the linter with their identities, and with links to the rule pages if those are
    /// published.
    pub(crate) fn of_linter(
        findings: Vec<rolecall_lint::Finding>,
        names: Vec<Identity>,
        locations: &Locations<'_>,
        pages: Option<&str>,
    ) -> Vec<Self> {
        let one = |(finding, identity): (rolecall_lint::Finding, Identity)| {
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
        };
        // Each is rendered on its own, and rendering is a good part of the work.
        findings.into_par_iter().zip(names).map(one).collect()
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

/// Returns the URL of a rule page.
pub(crate) fn page(pages: &str, rule: &str) -> String {
    printable(&format!("{}/{rule}.md", pages.trim_end_matches('/'))).into_owned()
}

fn notes(notes: &[rolecall_engine::Note], locations: &Locations<'_>) -> Vec<Note> {
    let note = |note: &rolecall_engine::Note| Note {
        message: note.message.clone(),
        location: locations.location(note.location),
    };
    notes.iter().map(note).collect()
}
