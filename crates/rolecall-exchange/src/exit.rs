//! Exit codes, the same in every command.

use std::process::{ExitCode, Termination};

/// The outcome of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0, yes.
    Yes,
    /// 1, no: findings.
    No,
    /// 2, could not run: usage, files, configuration.
    CouldNotRun,
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Yes => 0,
            Self::No => 1,
            Self::CouldNotRun => 2,
        })
    }
}
