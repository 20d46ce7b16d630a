//! Tests and assertions as test runners know them.

use anstream::adapter::strip_str;

use super::location::LinePlace;

/// How a test or an assertion came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    Failed,
    /// It could not be decided.
    Open,
}

/// A test or an assertion of a policy set.
#[derive(Clone, Debug)]
pub(crate) struct Case<'r> {
    /// `test` or `assertion`.
    pub(crate) kind: &'static str,
    pub(crate) name: &'r str,
    pub(crate) place: &'r LinePlace,
    pub(crate) outcome: Outcome,
    /// What people read about it, without colours; of several lines.
    pub(crate) text: String,
}

impl<'r> Case<'r> {
    pub(crate) fn new(
        kind: &'static str,
        name: &'r str,
        place: &'r LinePlace,
        outcome: Outcome,
        styled: &str,
    ) -> Self {
        Self {
            kind,
            name,
            place,
            outcome,
            text: strip_str(styled).to_string().trim_end().to_owned(),
        }
    }

    /// What is to be said of it, if it did not pass.
    pub(crate) fn complaint(&self) -> Option<String> {
        let (kind, name) = (self.kind, self.name);
        match self.outcome {
            Outcome::Passed => None,
            Outcome::Failed => Some(format!("the {kind} `{name}` fails")),
            Outcome::Open => Some(format!("the {kind} `{name}` could not be decided")),
        }
    }
}
