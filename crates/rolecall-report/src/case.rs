//! Tests and assertions as cases of test reports.

use crate::location::LineLocation;
use anstream::adapter::strip_str;
use std::time::Duration;

/// The result of a test or an assertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed,
    /// It could not be decided.
    Open,
}

/// A test or an assertion of a policy set.
#[derive(Clone, Debug)]
pub struct Case<'r> {
    /// `test` or `assertion`.
    pub kind: &'static str,
    pub name: &'r str,
    pub location: &'r LineLocation,
    pub outcome: Outcome,
    /// The text for people, without colours, of several lines.
    pub text: String,
    /// The time that it took, if it was measured.
    pub took: Option<Duration>,
}

impl<'r> Case<'r> {
    pub fn new(
        kind: &'static str,
        name: &'r str,
        location: &'r LineLocation,
        outcome: Outcome,
        styled: &str,
    ) -> Self {
        Self {
            kind,
            name,
            location,
            outcome,
            text: strip_str(styled).to_string().trim_end().to_owned(),
            took: None,
        }
    }

    /// Returns the message for a case that did not pass.
    pub fn complaint(&self) -> Option<String> {
        let (kind, name) = (self.kind, self.name);
        match self.outcome {
            Outcome::Passed => None,
            Outcome::Failed => Some(format!("the {kind} `{name}` fails")),
            Outcome::Open => Some(format!("the {kind} `{name}` could not be decided")),
        }
    }
}
