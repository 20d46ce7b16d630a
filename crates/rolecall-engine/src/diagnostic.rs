//! Locations in sources, and the errors of a policy set.

use crate::error_kind::ErrorKind;
use crate::id::FileId;
use crate::narrow::{index, number};
use rolecall_syntax::{Span, SyntaxError};

/// A location in a policy set: a range of bytes of one file.
///
/// It takes 12 bytes in release builds, since a set has as many as it has comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    file: FileId,
    start: u32,
    end: u32,
}

impl Location {
    /// The location of a comparison that is not in any file.
    pub(crate) const NOWHERE: Self = Self {
        file: FileId::NONE,
        start: 0,
        end: 0,
    };

    /// Creates the location of a range of bytes in a file.
    pub fn new(file: FileId, span: Span) -> Self {
        Self {
            file,
            start: number(span.start),
            end: number(span.end),
        }
    }

    /// Returns the file.
    pub fn file(self) -> FileId {
        self.file
    }

    /// Returns the range of bytes in the file.
    pub fn span(self) -> Span {
        Span::new(index(self.start), index(self.end))
    }
}

/// An error in a policy set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an error has no effect until it is reported"]
#[non_exhaustive]
pub struct Diagnostic {
    /// The kind of the error, with its stable code.
    pub kind: ErrorKind,
    /// The error in one line: lower-case, with the user's input in backticks.
    pub message: String,
    /// The location of the error.
    pub location: Location,
    /// A word or two under the caret.
    pub label: Option<String>,
    /// The next step for the user.
    pub help: Option<String>,
    /// Other locations that contribute to the error.
    pub notes: Vec<Note>,
}

/// Another location that contributes to an error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// The location.
    pub location: Location,
    /// The part of this location in the error, in a few words.
    pub message: String,
}

impl Note {
    /// Creates a note.
    pub fn new(location: Location, message: impl Into<String>) -> Self {
        Self {
            location,
            message: message.into(),
        }
    }
}

impl Diagnostic {
    /// Creates an error without a label, help and notes.
    pub fn new(kind: ErrorKind, location: Location, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            location,
            label: None,
            help: None,
            notes: Vec::new(),
        }
    }

    /// Sets the words under the caret.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Sets the help.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the help, if there is any.
    pub fn help_if(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Adds a note about another location.
    pub fn note(mut self, location: Location, message: impl Into<String>) -> Self {
        self.notes.push(Note::new(location, message));
        self
    }

    /// Creates the error for a syntax error of a file.
    pub fn syntax(file: FileId, error: &SyntaxError) -> Self {
        let location = Location::new(file, error.span);
        Self::new(ErrorKind::Syntax, location, error.to_string()).help_if(error.help())
    }
}
