//! Statements on the command line: an assertion for the compiler, the user's own text in messages.

use rolecall_engine::{CompileError, Location, Source};
use rolecall_syntax::{Span, Str};

/// The name of a statement in messages.
const NAME: &str = "<statement>";

/// A statement about all tokens, as the user gave it.
#[derive(Clone, Debug)]
pub struct Statement {
    text: String,
    /// The text before the statement in the source for the compiler.
    before: String,
}

impl Statement {
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            before: format!("assert \"{}\" {{\n", Str::quote(text).raw()),
        }
    }

    /// Returns the source of an assertion with the statement as its name.
    pub fn source(&self) -> Source {
        Source::new(NAME, format!("{}{}\n}}\n", self.before, self.text))
    }

    /// Maps the locations of an error to the statement as the user gave it. `number` is the index of the
    /// statement's file.
    pub fn as_given(&self, number: usize, mut error: CompileError) -> CompileError {
        let Some(file) = error.sources.id_at(number) else {
            debug_assert!(false, "the statement is one of the files");
            return error;
        };
        let given = |location: &mut Location| {
            if location.file() == file {
                // A location outside of the statement is at its start or at its end.
                let at = |position: usize| position.saturating_sub(self.before.len()).min(self.text.len());
                let span = location.span();
                *location = Location::new(file, Span::new(at(span.start), at(span.end)));
            }
        };
        for diagnostic in &mut error.diagnostics {
            given(&mut diagnostic.location);
            diagnostic
                .notes
                .iter_mut()
                .for_each(|note| given(&mut note.location));
        }
        if let Some(source) = error.sources.get_mut(file) {
            *source = Source::new(NAME, self.text.as_str());
        }
        error
    }
}
