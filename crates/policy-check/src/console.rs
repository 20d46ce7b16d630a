//! The console, the only module that prints.

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use rayon::prelude::*;
use rolecall_report::exit::Exit;
use rolecall_report::failure::{Failure, reason};
use rolecall_report::printable::{inert, printable};
use rolecall_report::style::{BAD, DOUBT, HELP, paint};
use std::ffi::OsString;
use std::io::{self, BufRead, IsTerminal, Read, Write};

/// The number of pieces that are prepared together.
const PIECES: usize = 4096;

/// The maximum length of an answer, in bytes.
const MAX_ANSWER: u64 = 4096;

/// The use of colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal only.
    Auto,
    /// Also in files and pipes.
    Always,
    /// Never.
    Never,
}

/// The output streams: standard output for findings and answers, standard error for failures and warnings.
#[derive(Debug)]
pub struct Console {
    choice: ColorChoice,
}

impl Console {
    /// Creates a console. `Auto` depends on the terminal, `NO_COLOR` and `CLICOLOR_FORCE`.
    pub fn new(color: Color) -> Self {
        let choice = match color {
            Color::Always => ColorChoice::Always,
            Color::Auto => ColorChoice::Auto,
            Color::Never => ColorChoice::Never,
        };
        Self { choice }
    }

    /// Creates the console for a command line that may be invalid, so that help and usage errors also have
    /// colours.
    pub fn for_arguments(arguments: &[OsString]) -> Self {
        let mut color = Color::Auto;
        let mut words = arguments.iter().filter_map(|word| word.to_str()).peekable();
        while let Some(word) = words.next() {
            let value = match word.strip_prefix("--color") {
                Some("") => words.peek().copied(),
                Some(rest) => rest.strip_prefix('='),
                None => None,
            };
            color = match value {
                Some("always") => Color::Always,
                Some("never") => Color::Never,
                _ => color,
            };
        }
        Self::new(color)
    }

    /// Writes lines to standard output, without colours if it does not show them. CI service commands in the
    /// text are escaped.
    pub(crate) fn say(&mut self, text: &str) -> Result<(), Failure> {
        self.say_all([text])
    }

    /// Writes pieces of whole lines, as `say` writes a text, so that a long text need not be in memory as a whole. All
    /// processors prepare them.
    pub(crate) fn say_all<T: AsRef<str> + Sync>(
        &mut self,
        pieces: impl IntoIterator<Item = T>,
    ) -> Result<(), Failure> {
        let out = AutoStream::new(io::stdout().lock(), self.choice);
        let is_plain = out.current_choice() == ColorChoice::Never;
        let shown = |piece: &T| {
            let text = inert(piece.as_ref());
            match is_plain {
                true => strip_str(&text).to_string(),
                false => text.into_owned(),
            }
        };
        // A plain text needs no second look for styles.
        let mut out: Box<dyn Write> = match is_plain {
            true => Box::new(out.into_inner()),
            false => Box::new(out),
        };
        let mut pieces = pieces.into_iter();
        loop {
            let some: Vec<T> = pieces.by_ref().take(PIECES).collect();
            if some.is_empty() {
                return written(out.flush());
            }
            let some: Vec<String> = some.par_iter().map(shown).collect();
            let result = some.iter().try_for_each(|piece| out.write_all(piece.as_bytes()));
            if result.is_err() {
                return written(result);
            }
        }
    }

    /// Writes bytes to standard output unchanged: formats for programs, which are already inert, and the
    /// output of filters.
    #[allow(clippy::unused_self, reason = "printing requires the console")]
    pub(crate) fn give(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        written(out.write_all(bytes).and_then(|()| out.flush()))
    }

    /// Clears the terminal, if there is one.
    pub(crate) fn clear(&mut self) {
        if io::stdout().is_terminal() {
            // On failure the old text stays.
            drop(self.say("\u{1b}[2J\u{1b}[H"));
        }
    }

    /// Returns true if a person can be asked: both standard input and standard error are a terminal.
    #[allow(clippy::unused_self, reason = "asking requires the console")]
    pub(crate) fn is_interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks a question on standard error, and returns the line of the answer; `None` at the end of standard input.
    pub(crate) fn ask(&mut self, prompt: &str) -> Option<String> {
        self.complain(prompt);
        let mut line = String::new();
        let read = io::stdin().lock().take(MAX_ANSWER).read_line(&mut line);
        matches!(read, Ok(1..)).then_some(line)
    }

    /// Writes lines to standard error, as `say` writes them to standard output.
    pub(crate) fn complain(&mut self, text: &str) {
        let mut err = AutoStream::new(io::stderr().lock(), self.choice);
        // A failure cannot be reported anywhere.
        drop(err.write_all(inert(text).as_bytes()));
    }

    /// Writes a failure to standard error.
    pub fn fail(&mut self, failure: &Failure) {
        let mut text = format!("{} {}\n", paint(BAD, "error:"), printable(&failure.message));
        if let Some(help) = &failure.help {
            text.push_str(&format!("  {} {}\n", paint(HELP, "help:"), printable(help)));
        }
        self.complain(&text);
    }

    /// Reports failures, and returns the exit status: that of the answer, or `CouldNotRun` if there are
    /// failures.
    pub(crate) fn finish(&mut self, answer: Exit, failures: &[Failure]) -> Exit {
        for failure in failures {
            self.fail(failure);
        }
        if failures.is_empty() {
            answer
        } else {
            Exit::CouldNotRun
        }
    }

    /// Writes a warning to standard error.
    pub(crate) fn warn(&mut self, message: &str) {
        self.complain(&format!("{} {}\n", paint(DOUBT, "warning:"), printable(message)));
    }
}

/// Ignores a closed pipe: a reader that stops early does not change the answer.
fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let message = format!("cannot write to standard output: {}", reason(&error));
            Err(Failure::new(message))
        }
        _ => Ok(()),
    }
}
