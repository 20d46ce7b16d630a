//! How much work a question may take: counted in states and bytes, never in time, so that every machine gives one answer.

use std::fmt;

/// How much work one question may take. What is kept between questions counts, too: where it takes more than half of the
/// bytes, it is let go before the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The states of one automaton.
    pub automaton_states: usize,
    /// The states that are looked at, of all automata and of all their products.
    pub states: usize,
    /// The bytes that are allocated at one time.
    pub bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            automaton_states: 20_000,
            states: 2_000_000,
            bytes: 256 * 1024 * 1024,
        }
    }
}

/// Why a question was not decided.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Undecided {
    /// The automaton of one pattern would be too large.
    Automaton {
        /// How many states it may have.
        limit: usize,
    },
    /// More bytes would be needed.
    Bytes {
        /// How many are allowed.
        limit: usize,
    },
    /// A claim is declared otherwise in the two versions that are compared: another type, or made of other claims.
    Changed {
        /// The claim.
        claim: String,
    },
    /// The question is about too many claims at once.
    Claims {
        /// How many are allowed.
        limit: usize,
    },
    /// A claim is compared with one that is put together of several: such equations are not solved.
    Equation {
        /// The claim that is put together.
        claim: String,
        /// What it is compared with.
        other: String,
    },
    /// More states would have to be looked at.
    States {
        /// How many are allowed.
        limit: usize,
    },
    /// A claim is put together of too many parts.
    Template {
        /// How many are allowed.
        limit: usize,
    },
    /// A token was found, and the evaluation of the language or the matcher does not agree that it shows what it should.
    /// This is a fault of the analysis, which is never passed off as an answer.
    Disagreement {
        /// The token.
        token: String,
    },
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Automaton { limit } => write!(f, "the automaton of a pattern has more than {limit} states"),
            Self::Bytes { limit } => write!(f, "it takes more than {} MiB", limit / (1024 * 1024)),
            Self::Changed { claim } => {
                write!(
                    f,
                    "the claim `{claim}` is not what it was: it has another type, or is made of other claims"
                )
            }
            Self::Claims { limit } => write!(f, "it is about more than {limit} claims at once"),
            Self::Equation { claim, other } => {
                write!(
                    f,
                    "`{other}` is compared with `{claim}`, which is put together of several parts"
                )
            }
            Self::States { limit } => write!(f, "more than {limit} states would have to be looked at"),
            Self::Template { limit } => write!(f, "a claim is put together of more than {limit} parts"),
            Self::Disagreement { token } => {
                write!(
                    f,
                    "internal error: the evaluation of the language does not confirm the token {token}"
                )
            }
        }
    }
}
