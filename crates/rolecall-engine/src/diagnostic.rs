//! What is wrong with a policy set, where, and what to do.

use crate::id::FileId;
use crate::narrow::{index, number};
use rolecall_syntax::{Span, SyntaxError};
use std::fmt;
use std::sync::Arc;

/// A file of a policy set.
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    /// What to call it in messages: its path, as the user knows it.
    pub name: String,
    /// Its text.
    pub text: Arc<str>,
}

impl Source {
    /// A file.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
        }
    }
}

/// Shows how long the text is, not the text.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.name)
            .field("bytes", &self.text.len())
            .finish()
    }
}

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
    /// The location of a comparison that no file has.
    pub(crate) const NOWHERE: Self = Self {
        file: FileId::NONE,
        start: 0,
        end: 0,
    };

    /// Makes a location of a range of bytes in a file.
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
pub struct Diagnostic {
    /// What is wrong: one line, lower-case, what the user wrote in backticks.
    pub message: String,
    /// Where.
    pub location: Location,
    /// A word or two under the caret.
    pub label: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// Other places that have to do with it.
    pub notes: Vec<(Location, String)>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn new(location: Location, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            location,
            label: None,
            help: None,
            notes: Vec::new(),
        }
    }

    /// The same error with words under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same error with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same error with what to do, if that is known.
    #[must_use]
    pub fn help_if(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// The same error with another place.
    #[must_use]
    pub fn note(mut self, location: Location, message: impl Into<String>) -> Self {
        self.notes.push((location, message.into()));
        self
    }

    /// A syntax error of a file.
    pub fn syntax(file: FileId, error: &SyntaxError) -> Self {
        Self::new(Location::new(file, error.span), error.to_string()).help_if(error.help())
    }
}
