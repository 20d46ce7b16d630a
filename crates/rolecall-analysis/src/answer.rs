//! Answers to questions.

use crate::budget::Undecided;
use crate::witness::Witness;
use rolecall_engine::{ClauseId, Difference, GuardId, RoleId, UnknownLayout};

/// The result of a search for a token.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub enum Answer {
    /// It is proved that there is no such token.
    Nothing,
    /// The budget ran out, or the question cannot be expressed in languages.
    NotDecided(Undecided),
    /// A token that was found.
    Token(Box<Witness>),
}

/// The result for a statement about all tokens.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub enum Outcome {
    /// The budget ran out, or the question cannot be expressed in languages.
    NotDecided(Undecided),
    /// The statement holds for all tokens.
    Proved,
    /// The statement does not hold, as this token shows. There is no token if the statement says that one is
    /// possible.
    Refuted(Option<Box<Witness>>),
}

impl Outcome {
    /// Returns whether the statement holds for all tokens.
    pub fn is_proved(&self) -> bool {
        matches!(self, Self::Proved)
    }

    /// Returns whether the statement does not hold.
    pub fn is_refuted(&self) -> bool {
        matches!(self, Self::Refuted(_))
    }
}

/// The result for a role and other roles that may cover it together.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub enum Coverage {
    /// Every token that gets the role gets one of these. None of them can be left out.
    By(Vec<RoleId>),
    /// A token that gets the role and none of the others.
    Not(Box<Witness>),
    /// The budget ran out, or the question cannot be expressed in languages.
    NotDecided(Undecided),
}

/// Parts of a role's clause that contradict one another.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Conflict {
    /// The index of the clause in the role.
    pub clause: ClauseId,
    /// The parts. No token fulfils all of them, and none of them can be left out.
    pub parts: Vec<ConflictPart>,
    /// The layout that the first part asks for, if no token fulfils it because none of the issuer's layouts
    /// gives such a `sub`. With each of the proposals, some token fulfils a comparison of the part.
    pub unknown_layout: Option<Box<UnknownLayout>>,
    /// The component of a `sub` that has one of the issuer's layouts, but a value that its claim never has.
    pub impossible_value: Option<Difference>,
}

/// A part of what a clause requires.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConflictPart {
    /// The part of the clause's condition at this location.
    Condition(rolecall_engine::Location),
    /// The condition of a guard.
    Guard(GuardId),
    /// The issuer and the audience of the token.
    Issuer,
}
