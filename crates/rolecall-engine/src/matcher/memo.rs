//! Memo of a token: the answers that a policy set has found about it.
//!
//! The first set that decides on a token keeps its memo with the claims, so that the next question is about
//! three times as fast. A gate remembers with each token the decisions on four roles and the set of all
//! roles, and repeats them without the matcher. There the memo serves the questions in between: the first
//! about each further role, and the set of all roles after a single one. A service that calls the engine
//! without a gate has nothing but the memo.

use crate::document::CachedValue;
use crate::id::IssuerId;
use std::sync::atomic::{AtomicU64, Ordering};

/// The answers of a policy set about a token.
#[derive(Clone, Debug)]
pub(crate) struct TokenMemo {
    /// The id of the policy set's matcher.
    pub(crate) set: u64,
    /// The token's issuer, if the set has it.
    pub(crate) issuer: Option<IssuerId>,
    /// What the issuer's clauses ask of every token.
    pub(crate) admission: Admission,
    /// The most frequent comparisons, and whether each holds.
    pub(crate) flags: Answers,
    /// The first 64 claims, and whether each is comparable.
    pub(crate) comparable: Answers,
    /// The values of the claims that the set reads most often.
    pub(crate) values: [CachedValue; Self::CACHED_VALUES],
}

/// Whether a token meets what every clause of its issuer asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// Its audience is the issuer's, and it has the claims of a verified token.
    Admitted,
    /// It lacks a claim of a verified token.
    Unverified,
    /// Its audience is not the issuer's.
    WrongAudience,
}

/// Answers to 64 questions, as far as they were asked: a bit for each. Threads that ask the same question at
/// once get the same answer.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    asked: AtomicU64,
    yes: AtomicU64,
}

impl TokenMemo {
    /// The number of claims whose values are cached. Others are looked up in the document.
    pub(crate) const CACHED_VALUES: usize = 24;

    /// Returns a memo without any answer.
    pub(crate) fn new(set: u64) -> Self {
        Self {
            set,
            issuer: None,
            admission: Admission::WrongAudience,
            flags: Answers::default(),
            comparable: Answers::default(),
            values: [CachedValue::Uncached; Self::CACHED_VALUES],
        }
    }
}

impl Answers {
    /// Returns the questions that were asked, and those of them whose answer is yes.
    #[inline]
    pub(crate) fn get(&self) -> (u64, u64) {
        let asked = self.asked.load(Ordering::Acquire);
        (asked, self.yes.load(Ordering::Relaxed))
    }

    /// Returns the questions whose answer is known to be no.
    #[inline]
    pub(crate) fn no(&self) -> u64 {
        let (asked, yes) = self.get();
        asked & !yes
    }

    /// Adds answers.
    pub(crate) fn add(&self, asked: u64, yes: u64) {
        self.yes.fetch_or(yes, Ordering::Relaxed);
        // A thread that sees that they were asked sees the answers, because they were written before.
        self.asked.fetch_or(asked, Ordering::Release);
    }
}

impl Clone for Answers {
    fn clone(&self) -> Self {
        let (asked, yes) = self.get();
        Self {
            asked: AtomicU64::new(asked),
            yes: AtomicU64::new(yes),
        }
    }
}
