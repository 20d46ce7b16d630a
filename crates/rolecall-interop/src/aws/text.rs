//! Values of conditions: texts with wildcards and policy variables.

use super::operator::Test;

/// A value of a condition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text {
    /// The value as written, without the escapes of JSON. Numbers and booleans are texts, as for AWS.
    pub written: String,
    /// The meaning for the condition's operator. `*` is a wildcard only under `StringLike` and the ARN
    /// operators.
    pub parts: Vec<Part>,
}

/// A part of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The characters themselves. Two literal parts are never neighbours.
    Literal(String),
    /// `*`: any characters, or none.
    AnyRun,
    /// `?`: exactly one character. AWS does not say how it counts a character outside of ASCII.
    AnyCharacter,
}

/// The version of the policy language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `2008-10-17`, the version of a document that names none: `${` is literal.
    V2008,
    /// `2012-10-17`: `${…}` is a policy variable.
    V2012,
}

/// The reason why a value has no known meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// A policy variable: its value is not in the token.
    Variable,
    /// `${*}`, `${?}` or `${$}` under an operator without wildcards.
    EscapeUnderEquals,
    /// `${*}` or `${?}` where `${` is literal and `*` a wildcard.
    EscapeInOldVersion,
}

impl Text {
    /// Reads a value.
    ///
    /// In version 2012-10-17, `${*}`, `${?}` and `${$}` are the characters themselves. (IAM User Guide, "IAM
    /// policy elements: Variables and tags".)
    pub(super) fn parse(written: String, version: Version, test: Test) -> Result<Self, Unknown> {
        let mut parts = Parts::default();
        let mut rest = written.as_str();
        while let Some(character) = rest.chars().next() {
            if let Some(variable) = rest.strip_prefix("${") {
                let escapes = [("*}", "*"), ("?}", "?"), ("$}", "$")];
                let mut escapes = escapes.iter().filter(|(escape, _)| variable.starts_with(escape));
                match (version, escapes.next()) {
                    (Version::V2008, Some((_, "*" | "?"))) if test.has_wildcards() => {
                        return Err(Unknown::EscapeInOldVersion);
                    }
                    (Version::V2008, _) => {}
                    (Version::V2012, Some((escape, escaped))) if test.has_wildcards() => {
                        parts.literal.push_str(escaped);
                        rest = variable.get(escape.len()..).unwrap_or_default();
                        continue;
                    }
                    (Version::V2012, Some(_)) if test.has_variables() => {
                        return Err(Unknown::EscapeUnderEquals);
                    }
                    (Version::V2012, _) => return Err(Unknown::Variable),
                }
            }
            match character {
                '*' if test.has_wildcards() => parts.push(Part::AnyRun),
                '?' if test.has_wildcards() => parts.push(Part::AnyCharacter),
                literal => parts.literal.push(literal),
            }
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
        }
        let parts = parts.end();
        Ok(Self { written, parts })
    }

    /// Returns whether the value has wildcards.
    pub fn has_wildcards(&self) -> bool {
        !self.parts.iter().all(|part| matches!(part, Part::Literal(_)))
    }
}

/// The parts of a value that is being read, with the literal at its end.
#[derive(Default)]
struct Parts {
    parts: Vec<Part>,
    literal: String,
}

impl Parts {
    fn push(&mut self, part: Part) {
        self.take_literal();
        self.parts.push(part);
    }

    fn take_literal(&mut self) {
        if !self.literal.is_empty() {
            let literal = std::mem::take(&mut self.literal);
            self.parts.push(Part::Literal(literal));
        }
    }

    fn end(mut self) -> Vec<Part> {
        self.take_literal();
        self.parts
    }
}
