//! What comes out of a question.

use crate::budget::Undecided;
use crate::witness::Witness;
use rolecall_engine::{ClauseId, GuardId, RoleId};

/// What a search for a token came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// There is no such token: that is proved.
    Nothing,
    /// The budget ran out, or the question cannot be put into languages.
    NotDecided(Undecided),
    /// This token.
    Token(Box<Witness>),
}

/// What became of a statement about all tokens.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The budget ran out, or the question cannot be put into languages.
    NotDecided(Undecided),
    /// It holds for all tokens.
    Proved,
    /// It does not hold: this token shows it. Of a token that should be possible and is not, there is none.
    Refuted(Option<Box<Witness>>),
}

impl Outcome {
    /// Whether it holds for all tokens.
    pub fn is_proved(&self) -> bool {
        matches!(self, Self::Proved)
    }

    /// Whether it does not hold.
    pub fn is_refuted(&self) -> bool {
        matches!(self, Self::Refuted(_))
    }
}

/// Whether a role is covered by others together.
#[derive(Clone, Debug, PartialEq)]
pub enum Coverage {
    /// Whoever gets the role gets one of these, and none of them can be left out.
    By(Vec<RoleId>),
    /// This token gets the role and none of the others.
    Not(Box<Witness>),
    /// The budget ran out, or the question cannot be put into languages.
    NotDecided(Undecided),
}

/// Parts of a clause of a role that no token fulfils together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The clause.
    pub clause: ClauseId,
    /// The parts: none of them can be left out.
    pub parts: Vec<ConflictPart>,
}

/// A part of what a clause asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConflictPart {
    /// What stands at this place of its condition.
    Condition(rolecall_engine::Location),
    /// The condition of a guard.
    Guard(GuardId),
    /// That the token is the issuer's and meant for us.
    Issuer,
}
