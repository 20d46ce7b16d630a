//! Budget of a question, in states and bytes. Time is not measured, so that every machine gives the same
//! answer.

use std::fmt;

/// The limits on the work for one question. Callers construct it, usually from the default:
/// `Budget { states: 100_000, ..Budget::default() }`.
///
/// Results that are kept for later questions count also. If they take more than half of the bytes, they are
/// dropped before the next question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The most states of one automaton; at most 2^31 are used.
    pub automaton_states: usize,
    /// The most states that are visited, of all automata and of all their products.
    pub states: usize,
    /// The most bytes that are allocated at one time.
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

/// The reason why a question was not decided.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Undecided {
    /// The automaton of a pattern is too large.
    Automaton {
        /// The most states that it may have.
        limit: usize,
    },
    /// The question needs too many bytes.
    Bytes {
        /// The limit.
        limit: usize,
    },
    /// The two versions that are compared declare a claim with different types, or derive it differently.
    Changed {
        /// The name of the claim.
        claim: String,
    },
    /// The question is about too many claims.
    Claims {
        /// The limit.
        limit: usize,
    },
    /// A claim is compared with one that is derived from several parts. Such equations are not solved.
    Equation {
        /// The name of the derived claim.
        claim: String,
        /// The name of the claim that it is compared with.
        other: String,
    },
    /// The answer depends on a condition that no token decides.
    External {
        /// The text of the condition.
        text: String,
    },
    /// The question is about too many conditions that no token decides.
    Externals {
        /// The limit.
        limit: usize,
    },
    /// The question needs too many states.
    States {
        /// The limit.
        limit: usize,
    },
    /// The template of a derived claim has too many parts.
    Template {
        /// The limit.
        limit: usize,
    },
    /// A token was found that the reference evaluation or the matcher does not confirm. This is a bug in the
    /// analysis; the token is never returned as an answer.
    Disagreement {
        /// The token as JSON.
        token: String,
    },
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Automaton { limit } => write!(f, "the automaton of a pattern has more than {limit} states"),
            Self::Bytes { limit } => write!(f, "the question needs more than {} MiB", limit / (1024 * 1024)),
            Self::Changed { claim } => {
                write!(f, "the type or the derivation of the claim `{claim}` has changed")
            }
            Self::Claims { limit } => write!(f, "the question is about more than {limit} claims"),
            Self::Equation { claim, other } => {
                write!(
                    f,
                    "`{other}` is compared with `{claim}`, which is derived from several parts"
                )
            }
            Self::External { text } => write!(f, "it depends on `{text}`, which no token decides"),
            Self::Externals { limit } => {
                write!(
                    f,
                    "the question is about more than {limit} conditions that no token decides"
                )
            }
            Self::States { limit } => write!(f, "the question needs more than {limit} states"),
            Self::Template { limit } => write!(f, "the template of a claim has more than {limit} parts"),
            Self::Disagreement { token } => {
                write!(f, "internal error: the engine does not confirm the token {token}")
            }
        }
    }
}
