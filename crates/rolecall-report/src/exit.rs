//! Exit codes, the same four in every command and every output format.

/// The outcome of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0, yes: clean, allowed, passed, proved.
    Yes,
    /// 1, no: findings, denied, failed, refuted, a refused token.
    No,
    /// 2, could not run: usage, files, configuration.
    CouldNotRun,
    /// 3, undecided: a budget ran out before there was an answer.
    Undecided,
}

impl Exit {
    /// Returns `Yes` if the condition is true, else `No`.
    pub fn yes_if(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    /// Returns the exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::No => 1,
            Self::CouldNotRun => 2,
            Self::Undecided => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_the_same_for_ever() {
        let codes = [Exit::Yes, Exit::No, Exit::CouldNotRun, Exit::Undecided].map(Exit::code);
        assert_eq!(codes, [0, 1, 2, 3]);
    }
}
