//! The claims of a token, and who vouches for them.

use crate::document::{Document, Held, Members};
use crate::id::IssuerId;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Claims that nobody has vouched for. They can be explained and tested, never decided on.
#[derive(Clone, Debug, PartialEq)]
pub struct UnverifiedClaims(Document);

impl UnverifiedClaims {
    /// The claims of a token's payload, or ones made up for a test. What is no JSON object has no claims.
    pub fn new(claims: impl Into<Document>) -> Self {
        Self(claims.into())
    }

    /// About the bytes that its values take.
    pub(crate) fn bytes(&self) -> usize {
        self.0.bytes()
    }

    /// The claims.
    pub fn members(&self) -> Members<'_> {
        self.0.members()
    }
}

/// Claims of a token whose signature, issuer, audience and times were found good. Only these can be decided on.
#[derive(Clone, Debug)]
pub struct Claims {
    claims: UnverifiedClaims,
    read: OnceLock<Read>,
}

/// What a policy set that decides on the claims needs of them. It is looked for once.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    /// The set.
    pub(crate) by: u64,
    /// The issuer of the token, if the set has it.
    pub(crate) issuer: Option<IssuerId>,
    /// Whether the audience of the token is the issuer's.
    pub(crate) is_for_us: bool,
    /// Which of the comparisons that are asked most often hold: a bit for each.
    pub(crate) flags: Answers,
    /// Which of the first claims can be compared: a bit for each.
    pub(crate) known: Answers,
    /// The values of the claims that it asks for most often.
    pub(crate) held: [Held; Self::HELD],
}

/// Answers to 64 questions, as far as they were asked. Threads that ask the same at once get the same answer.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    asked: AtomicU64,
    yes: AtomicU64,
}

impl Read {
    /// How many claims are at hand; others are looked for.
    pub(crate) const HELD: usize = 24;

    /// Nothing is known yet.
    pub(crate) fn new(by: u64) -> Self {
        Self {
            by,
            issuer: None,
            is_for_us: false,
            flags: Answers::default(),
            known: Answers::default(),
            held: [Held::Elsewhere; Self::HELD],
        }
    }
}

impl Answers {
    /// The questions that were asked, and those of them to which the answer is yes.
    #[inline]
    pub(crate) fn get(&self) -> (u64, u64) {
        let asked = self.asked.load(Ordering::Acquire);
        (asked, self.yes.load(Ordering::Relaxed))
    }

    /// The questions to which the answer is known to be no.
    #[inline]
    pub(crate) fn no(&self) -> u64 {
        let (asked, yes) = self.get();
        asked & !yes
    }

    /// Notes answers.
    pub(crate) fn add(&self, asked: u64, yes: u64) {
        self.yes.fetch_or(yes, Ordering::Relaxed);
        // Whoever sees that they were asked sees the answers, too.
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

impl Claims {
    pub(crate) fn document(&self) -> &Document {
        &self.claims.0
    }

    /// Shows what a set needs of the claims. The first set that asks finds it at hand next time.
    #[inline]
    pub(crate) fn read<T>(
        &self,
        by: u64,
        read: impl Fn(&Document) -> Read,
        show: impl FnOnce(&Read) -> T,
    ) -> T {
        match self.read.get_or_init(|| read(self.document())) {
            kept if kept.by == by => show(kept),
            _ => show(&read(self.document())),
        }
    }

    /// The same claims without the promise.
    pub fn as_unverified(&self) -> &UnverifiedClaims {
        &self.claims
    }

    /// The claims.
    pub fn members(&self) -> Members<'_> {
        self.claims.members()
    }
}

/// Makes the claims of a token decidable. The caller vouches that it has verified the token's signature, issuer,
/// audience and times: a decision on other claims grants roles to forged tokens.
///
/// `rolecall` calls this after it has verified a token, and does not re-export it. A service that depends on
/// `rolecall` alone cannot call it, and gets [`Claims`] only from a `VerifiedToken`. Other callers are verifiers
/// outside of `rolecall`, benchmarks and tests. To test or explain claims that are not verified, use
/// [`UnverifiedClaims`].
pub fn assume_verified(claims: UnverifiedClaims) -> Claims {
    Claims {
        claims,
        read: OnceLock::new(),
    }
}

impl PartialEq for Claims {
    fn eq(&self, other: &Self) -> bool {
        self.claims == other.claims
    }
}
