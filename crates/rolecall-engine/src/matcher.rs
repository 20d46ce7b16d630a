//! The matcher: which roles a token may take, for the price of a few.
//!
//! For each issuer there is an [`Index`](index::Index). Each clause is looked up by a key that a token must have for its
//! condition to hold: a value of a claim, or what the value begins or ends with. Behind the key it says which comparisons
//! must hold besides: those that many roles ask for are flags, the rest are residuals. What it says must be what
//! [`evaluate`](crate::evaluate) says.

mod anchor;
mod compile;
mod demand;
mod derived;
mod fallback;
mod flags;
mod groups;
mod holds;
mod index;
mod issuer;
mod key;
mod residual;
mod stats;
mod table;
mod view;
mod word;

use crate::claims::{Claims, Read};
use crate::decision::{Reason, Verdict};
use crate::document::{Document, Held};

use crate::ir::{Program, Role};
use crate::spelling::{Lookup, Spelling};
use index::Posting;
use issuer::IssuerMatcher;
pub use stats::{Anchor, AnchorPart, IndexStats};
use std::sync::atomic::{AtomicU64, Ordering};
use view::View;

/// Numbers for matchers.
static NEXT_ID: AtomicU64 = AtomicU64::new(0);

/// What decides for a policy set.
#[derive(Clone, Debug)]
pub(crate) struct Matcher {
    /// Tells it from all others.
    id: u64,
    issuer_name: Spelling,
    /// The issuers, in the order of the program.
    issuers: Box<[IssuerMatcher]>,
    /// Their places, by their URLs.
    by_url: Lookup<usize>,
}

impl Matcher {
    pub(crate) fn new(program: &Program) -> Self {
        let mut clauses: Vec<Vec<(usize, usize)>> = vec![Vec::new(); program.issuers.len()];
        for (place, role) in program.roles.iter().enumerate() {
            for (clause, found) in role.clauses.iter().enumerate() {
                if let Some(clauses) = clauses.get_mut(found.issuer) {
                    clauses.push((place, clause));
                }
            }
        }
        let issuers = program.issuers.iter().zip(clauses);
        let issuers = issuers.map(|(issuer, clauses)| IssuerMatcher::new(program, issuer, &clauses));
        let by_url = program.issuers.iter().enumerate();
        let by_url = by_url.map(|(place, issuer)| (Spelling::new(&issuer.issuer.url), place));
        Self {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            issuer_name: Spelling::new("iss"),
            issuers: issuers.collect(),
            by_url: Lookup::new(by_url.collect()),
        }
    }

    /// Decides on the role that has this place in the program.
    pub(crate) fn decide(&self, program: &Program, claims: &Claims, role: Option<usize>) -> Verdict {
        let found = role.and_then(|place| Some((place, program.roles.get(place)?)));
        match found {
            Some((place, role)) => Verdict::new(place, self.try_role(program, claims, role)),
            None => Verdict::UNKNOWN_ROLE,
        }
    }

    /// The clause that allows a role, or why none does.
    fn try_role(&self, program: &Program, claims: &Claims, role: &Role) -> Result<usize, Reason> {
        let outcome = self.view(program, claims, |from, issuer, view| {
            let mut furthest = Reason::Issuer;
            for (place, clause) in role.clauses.iter().enumerate() {
                if clause.issuer == from {
                    match issuer.try_clause(view, clause) {
                        Ok(()) => return Ok(place),
                        Err(reason) => furthest = furthest.max(reason),
                    }
                }
            }
            Err(furthest)
        });
        outcome.unwrap_or(Err(Reason::Issuer))
    }

    /// Fills `found` with the verdicts on the roles that a token may take, in no order.
    pub(crate) fn roles(&self, program: &Program, claims: &Claims, found: &mut Vec<Verdict>) {
        found.clear();
        let ambiguous = self.view(program, claims, |_, issuer, view| issuer.roles(view, found));
        self.settle(program, claims, ambiguous.unwrap_or_default(), found);
    }

    /// Of the first so many verdicts keeps one of each role, that of the first clause that allows it.
    fn settle(&self, program: &Program, claims: &Claims, ambiguous: usize, found: &mut Vec<Verdict>) {
        let Some(first) = found.get_mut(..ambiguous) else {
            return;
        };
        first.sort_unstable();
        let mut kept = 0_usize;
        for place in 0..ambiguous {
            let Some(verdict) = found.get(place).copied() else {
                break;
            };
            let before = kept.checked_sub(1).and_then(|before| found.get(before));
            if before.is_none_or(|before| before.role() != verdict.role()) {
                if let Some(place) = found.get_mut(kept) {
                    *place = match verdict.clause() {
                        Some(Posting::LAST_CLAUSE) => self.decide(program, claims, Some(verdict.role())),
                        _ => verdict,
                    };
                }
                kept = kept.saturating_add(1);
            }
        }
        found.drain(kept..ambiguous);
    }

    /// Shows a token as its issuer's: the place of the issuer, and what decides on its tokens.
    #[inline]
    fn view<T>(
        &self,
        program: &Program,
        claims: &Claims,
        show: impl FnOnce(usize, &IssuerMatcher, &View<'_>) -> T,
    ) -> Option<T> {
        let read = |document: &Document| self.read(document);
        claims.read(self.id, read, |read| {
            let place = read.issuer?;
            let issuer = self.issuers.get(place)?;
            let trusted = program.issuers.get(place)?;
            let view = View::new(trusted, &issuer.layout, claims.document(), &read.held);
            Some(show(place, issuer, &view))
        })
    }

    /// What is needed of a token.
    fn read(&self, document: &Document) -> Read {
        let url = document.member(&self.issuer_name);
        let issuer = url.and_then(|url| self.by_url.get(url.as_text()?)).copied();
        let held = issuer.and_then(|place| Some(self.issuers.get(place)?.layout.held(document)));
        Read {
            by: self.id,
            issuer,
            held: held.unwrap_or([Held::Elsewhere; Read::HELD]),
        }
    }
}
