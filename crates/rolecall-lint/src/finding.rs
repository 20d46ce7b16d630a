//! Findings: problems that rules report.

use crate::clause::ClauseView;
use crate::fix::Fix;
use crate::rule_info::RuleInfo;
use crate::severity::Severity;
use rolecall_analysis::Witness;
use rolecall_engine::{ClaimId, Location, Note, Span};
use std::sync::Arc;

/// A problem that a rule reports.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// The rule that reports it.
    pub rule: &'static RuleInfo,
    /// The severity here, which may differ from that of the rule.
    pub severity: Severity,
    /// The location of the problem.
    pub location: Location,
    /// The problem: one line, lower-case, with input in backticks.
    pub message: String,
    /// A few words under the caret.
    pub label: Option<String>,
    /// The next step for the reader.
    pub help: Option<String>,
    /// Other locations that are involved, each with its role in the problem.
    pub notes: Vec<Note>,
    /// A token that demonstrates the problem: most often one that gets the role.
    pub witness: Option<Arc<Witness>>,
    /// A change that resolves the problem.
    pub fix: Option<Fix>,
    /// A text to add, if it describes the tokens. No fix adds it: only the reader knows whether it does.
    pub proposal: Option<Proposal>,
    /// The location of the `allow` that the finding is about, if it is about one; the first one of the role for a
    /// finding about a role. The problem may be elsewhere.
    pub clause: Option<Location>,
    /// The claims that the role should compare, if it is one of a document: the help is about policies.
    pub wanting: Option<Wanting>,
}

/// Claims that a role of a document should compare.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wanting {
    /// The name of the role, which begins with that of its system.
    pub role: String,
    /// The URL of the issuer.
    pub issuer: String,
    /// The claims, of which one is enough.
    pub claims: Vec<String>,
}

/// A text that a reader may add to the policies.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Proposal {
    /// The beginning of the item that it belongs to.
    pub location: Location,
    /// The text: complete lines.
    pub text: String,
}

impl Proposal {
    pub(crate) fn new(location: Location, text: impl Into<String>) -> Self {
        Self {
            location,
            text: text.into(),
        }
    }
}

impl Finding {
    pub(crate) fn new(rule: &'static RuleInfo, location: Location, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            location,
            message: message.into(),
            label: None,
            help: None,
            notes: Vec::new(),
            witness: None,
            fix: None,
            proposal: None,
            clause: None,
            wanting: None,
        }
    }

    /// Relates the finding to an `allow` of a role. A note names the role if the finding is in a named
    /// condition or a guard.
    pub(crate) fn of_clause(self, view: &ClauseView<'_>) -> Self {
        let mut finding = if view.owns(self.location) {
            self
        } else {
            self.note(view.head, format!("required by `{}`", view.role.name))
        };
        finding.clause = Some(view.head);
        finding
    }

    /// Returns all locations in the finding.
    pub(crate) fn locations(&mut self) -> impl Iterator<Item = &mut Location> {
        let notes = self.notes.iter_mut().map(|note| &mut note.location);
        let fix = self.fix.iter_mut().flat_map(|fix| &mut fix.edits);
        let edits = fix.map(|edit| &mut edit.location);
        let proposal = self.proposal.iter_mut().map(|proposal| &mut proposal.location);
        let own = [&mut self.location].into_iter().chain(&mut self.clause);
        own.chain(notes).chain(edits).chain(proposal)
    }

    /// Sets the severity.
    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Sets the words under the caret.
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Sets the next step for the reader.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another location.
    pub(crate) fn note(mut self, location: Location, message: impl Into<String>) -> Self {
        self.notes.push(Note::new(location, message));
        self
    }

    /// Sets the token that demonstrates the problem.
    pub(crate) fn witness(mut self, witness: impl Into<Option<Box<Witness>>>) -> Self {
        self.witness = witness.into().map(Arc::from);
        self
    }

    /// Sets the claims of which the role should compare one.
    pub(crate) fn wants(mut self, view: &ClauseView<'_>, claims: impl IntoIterator<Item = ClaimId>) -> Self {
        if !view.issuer.is_enforced {
            let claims = claims.into_iter().map(|claim| view.definition(claim).to_string());
            self.wanting = Some(Wanting {
                role: view.role.name.to_string(),
                issuer: view.issuer.issuer.url.clone(),
                claims: claims.collect(),
            });
        }
        self
    }

    /// Sets the fix.
    pub(crate) fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fix = fix.into();
        self
    }

    /// Removes the help and the changes, which are about policies and not in the language of the file, and the notes about
    /// items that the file does not have: its issuers have no place in it.
    pub(crate) fn without_help(mut self) -> Self {
        self.notes.retain(|note| note.location.span() != Span::default());
        Self {
            help: None,
            fix: None,
            proposal: None,
            ..self
        }
    }

    /// Sets the text that a reader may add.
    pub(crate) fn proposal(mut self, proposal: Proposal) -> Self {
        self.proposal = Some(proposal);
        self
    }
}
