//! What a rule found.

use crate::clause::ClauseView;
use crate::rule::{Rule, Severity};
use rolecall_analysis::Witness;
use rolecall_engine::Location;

/// Something that a rule found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is here.
    pub severity: Severity,
    /// Where.
    pub location: Location,
    /// What is wrong: one line, lower-case, what the user wrote in backticks.
    pub message: String,
    /// A word or two under the caret.
    pub label: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// Other places that have to do with it.
    pub notes: Vec<(Location, String)>,
    /// A token that shows it: most often one that gets in.
    pub witness: Option<Box<Witness>>,
    /// What to write instead.
    pub fix: Option<Fix>,
    /// Where the `allow` stands that it is about, if it is about one: what is wrong may be written elsewhere.
    pub(crate) clause: Option<Location>,
}

impl Finding {
    pub(crate) fn new(rule: &'static Rule, location: Location, message: impl Into<String>) -> Self {
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
            clause: None,
        }
    }

    /// The same, said of an `allow` of a role. If it stands in a condition with a name or in a guard, that is noted.
    pub(crate) fn of_clause(self, view: &ClauseView<'_>) -> Self {
        let (clause, here) = (view.clause.location, self.location);
        let is_inside = here.file == clause.file
            && clause.span.start <= here.span.start
            && here.span.end <= clause.span.end;
        let mut finding = if is_inside {
            self
        } else {
            self.note(view.head, format!("`{}` asks for it", view.role.name))
        };
        finding.clause = Some(view.head);
        finding
    }

    /// The same with another severity.
    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same with words under the caret.
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same with what to do.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with another place.
    pub(crate) fn note(mut self, location: Location, message: impl Into<String>) -> Self {
        self.notes.push((location, message.into()));
        self
    }

    /// The same with a token that shows it, if there is one.
    pub(crate) fn witness(mut self, witness: impl Into<Option<Box<Witness>>>) -> Self {
        self.witness = witness.into();
        self
    }

    /// The same with what to write instead, if that is known.
    pub(crate) fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fix = fix.into();
        self
    }
}

/// What to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative.
    pub message: String,
    /// Whether it can be made without a look at it.
    pub safety: Safety,
    /// What to change, in one file or several. No two of them overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    pub(crate) fn new(safety: Safety, message: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self {
            message: message.into(),
            safety,
            edits,
        }
    }
}

/// Whether a fix can be made without a look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// The same tokens get the same roles.
    Safe,
    /// It changes who gets a role, to what was most likely meant.
    Unsafe,
}

/// A text in the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; of no length where text is only added.
    pub location: Location,
    /// What comes there.
    pub text: String,
}

impl Edit {
    pub(crate) fn new(location: Location, text: impl Into<String>) -> Self {
        Self {
            location,
            text: text.into(),
        }
    }
}
