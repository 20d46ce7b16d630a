//! The console, the only module that prints.

use std::io::Write as _;

use crate::failure::Failure;

/// Standard output for answers, standard error for failures. Only what has a console prints.
#[derive(Debug, Default)]
pub struct Console(());

#[allow(clippy::unused_self, reason = "a console is the permission to print")]
impl Console {
    /// Writes a text to standard output.
    ///
    /// # Errors
    /// [`Failure`] if it is closed.
    pub(crate) fn say(&self, text: &str) -> Result<(), Failure> {
        let mut out = anstream::stdout().lock();
        writeln!(out, "{text}")
            .and_then(|()| out.flush())
            .map_err(|error| Failure::new(format!("cannot write to standard output: {error}")))
    }

    /// Writes a failure to standard error.
    pub fn fail(&self, failure: &Failure) {
        // If standard error is closed, there is nowhere left to say so.
        let _ = writeln!(anstream::stderr(), "error: {failure}");
    }
}
