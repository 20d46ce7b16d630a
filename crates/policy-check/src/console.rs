//! The only place that prints.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;

use crate::exit::Exit;
use crate::failure::{Failure, reason};
use crate::printable::{inert, printable};
use crate::style::{BAD, DOUBT, HELP, paint};

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Also in files and pipes.
    Always,
    /// Nowhere.
    Never,
}

/// Standard output for findings and answers, standard error for problems of running.
#[derive(Debug)]
pub struct Console {
    choice: ColorChoice,
}

impl Console {
    /// A console with colour when that is asked for. `auto` looks at the terminal, `NO_COLOR` and `CLICOLOR_FORCE`.
    pub fn new(color: Color) -> Self {
        let choice = match color {
            Color::Always => ColorChoice::Always,
            Color::Auto => ColorChoice::Auto,
            Color::Never => ColorChoice::Never,
        };
        Self { choice }
    }

    /// The console of a command line that need not be right: its help and its errors have colours, too.
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

    /// Writes lines to standard output, without their colours where nobody would see them. Nothing in them is a command to
    /// the service that runs the job.
    pub(crate) fn say(&mut self, text: &str) -> Result<(), Failure> {
        let mut out = AutoStream::new(io::stdout().lock(), self.choice);
        written(out.write_all(inert(text).as_bytes()).and_then(|()| out.flush()))
    }

    /// Writes bytes to standard output as they are: what programs read, made inert by its format, and what a filter puts out.
    #[allow(clippy::unused_self, reason = "whoever prints needs the console")]
    pub(crate) fn give(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        written(out.write_all(bytes).and_then(|()| out.flush()))
    }

    /// Makes the terminal empty, if there is one.
    pub(crate) fn clear(&mut self) {
        if io::stdout().is_terminal() {
            // If that fails, the old text stays.
            drop(self.say("\u{1b}[2J\u{1b}[H"));
        }
    }

    /// Writes lines to standard error, as `say` writes them to standard output.
    pub(crate) fn complain(&mut self, text: &str) {
        let mut err = AutoStream::new(io::stderr().lock(), self.choice);
        // If that fails, there is no place left to say so.
        drop(err.write_all(inert(text).as_bytes()));
    }

    /// Writes to standard error why the command could not run.
    pub fn fail(&mut self, failure: &Failure) {
        let mut text = format!("{} {}\n", paint(BAD, "error:"), printable(&failure.message));
        if let Some(help) = &failure.help {
            text.push_str(&format!("  {} {}\n", paint(HELP, "help:"), printable(help)));
        }
        self.complain(&text);
    }

    /// Reports what could not be done besides, which is then the answer.
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

    /// Writes to standard error what the user should know, though the command runs.
    pub(crate) fn warn(&mut self, message: &str) {
        self.complain(&format!("{} {}\n", paint(DOUBT, "warning:"), printable(message)));
    }
}

/// Whoever stops reading has seen enough: that changes no answer.
fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let message = format!("cannot write to standard output: {}", reason(&error));
            Err(Failure::new(message))
        }
        _ => Ok(()),
    }
}
