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
mod ways;
mod window;
mod word;

use crate::arena::Arena;
use crate::cached_decision::CachedDecision;
use crate::claims::{Claims, Read};
use crate::document::{Document, index, number};
use crate::id::{IssuerId, RoleId};
use crate::ir::{Clause, Program};
use crate::reason::DenialReason;
use crate::spelling::{Lookup, Spelling};
use groups::Posting;
use issuer::IssuerMatcher;
pub use stats::{Anchor, AnchorPart, IndexStats};
use std::sync::atomic::{AtomicU64, Ordering};
use view::View;
use ways::{Way, Ways};

/// A clause of an issuer: its role, and its position in the role.
type RoleClause = (RoleId, usize);

/// Numbers for matchers.
static NEXT_ID: AtomicU64 = AtomicU64::new(0);

/// What decides for a policy set.
#[derive(Clone, Debug)]
pub(crate) struct Matcher {
    /// Tells it from all others.
    id: u64,
    issuer_name: Spelling,
    /// The issuers, in the order of the program.
    issuers: Arena<IssuerId, IssuerMatcher>,
    /// The issuers by their URLs.
    by_url: Lookup<IssuerId>,
    /// The ways to each role.
    ways: Ways,
}

impl Matcher {
    pub(crate) fn new(program: &Program) -> Self {
        let mut clauses: Arena<IssuerId, Vec<RoleClause>> = program.issuers().map(|_, _| Vec::new());
        for role in program.roles().ids() {
            for (number, clause) in program.clauses(role).iter().enumerate() {
                if let Some(clauses) = clauses.get_mut(clause.issuer) {
                    clauses.push((role, number));
                }
            }
        }
        let mut ways = Vec::new();
        let issuers = program.issuers().map(|id, issuer| {
            IssuerMatcher::new(program, issuer, &clauses[id], |posting, block, group| {
                let (clause, issuer) = (posting.clause(), number(program.issuers().position(id)));
                ways.push((
                    posting.role(),
                    Way {
                        clause,
                        issuer,
                        block,
                        group,
                    },
                ));
            })
        });
        let by_url = program.issuers().iter();
        let by_url = by_url.map(|(id, issuer)| (Spelling::new(&issuer.issuer.url), id));
        Self {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            issuer_name: Spelling::new("iss"),
            issuers,
            by_url: Lookup::new(by_url.collect()),
            ways: Ways::new(program, ways),
        }
    }

    /// Decides on a role.
    pub(crate) fn decide(&self, program: &Program, claims: &Claims, role: Option<RoleId>) -> CachedDecision {
        match role {
            Some(role) => CachedDecision::new(program, role, self.try_role(program, claims, role)),
            None => CachedDecision::UNKNOWN_ROLE,
        }
    }

    /// The clause that allows a role, or why none does.
    fn try_role(&self, program: &Program, claims: &Claims, role: RoleId) -> Result<usize, DenialReason> {
        let position = program.roles().position(role);
        let outcome = self.view(program, claims, |from, issuer, view| {
            match self.ways.of(position) {
                Some(ways) => try_ways(ways, program.issuers().position(from), issuer, view),
                None => try_clauses(program.clauses(role), from, view),
            }
        });
        outcome.unwrap_or(Err(DenialReason::Issuer))
    }

    /// Fills `found` with the verdicts on the roles that a token may take, in no order.
    pub(crate) fn roles(&self, program: &Program, claims: &Claims, found: &mut Vec<CachedDecision>) {
        found.clear();
        let ambiguous = self.view(program, claims, |_, issuer, view| issuer.roles(view, found));
        self.settle(program, claims, ambiguous.unwrap_or_default(), found);
    }

    /// Of the first so many verdicts keeps one of each role, that of the first clause that allows it.
    fn settle(&self, program: &Program, claims: &Claims, ambiguous: usize, found: &mut Vec<CachedDecision>) {
        let Some(first) = found.get_mut(..ambiguous) else {
            return;
        };
        first.sort_unstable();
        let mut kept = 0_usize;
        for place in 0..ambiguous {
            let Some(cached) = found.get(place).copied() else {
                break;
            };
            let before = kept.checked_sub(1).and_then(|before| found.get(before));
            if before.is_none_or(|before| before.role_position() != cached.role_position()) {
                if let Some(place) = found.get_mut(kept) {
                    *place = match cached.clause_position() {
                        Some(Posting::LAST_CLAUSE) => self.decide(program, claims, cached.role(program)),
                        _ => cached,
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
        show: impl FnOnce(IssuerId, &IssuerMatcher, &View<'_>) -> T,
    ) -> Option<T> {
        let read = |document: &Document| self.read(program, document);
        claims.read(self.id, read, |read| {
            let id = read.issuer?;
            let issuer = &self.issuers[id];
            let view = View::new(&program[id], &issuer.layout, claims.document(), read);
            Some(show(id, issuer, &view))
        })
    }

    /// What is needed of a token.
    fn read(&self, program: &Program, document: &Document) -> Read {
        let mut read = Read::new(self.id);
        let url = document.member(&self.issuer_name);
        read.issuer = url.and_then(|url| self.by_url.get(url.as_text()?)).copied();
        if let Some(id) = read.issuer {
            self.issuers[id].read(&program[id], document, &mut read);
        }
        read
    }
}

/// The clause of the first way that a token of an issuer has, or why it has none.
#[inline]
fn try_ways(
    ways: &[Way],
    from: usize,
    issuer: &IssuerMatcher,
    view: &View<'_>,
) -> Result<usize, DenialReason> {
    let mut reason = DenialReason::Issuer;
    for way in ways.iter().filter(|way| index(way.issuer) == from) {
        if !view.is_for_us() {
            return Err(DenialReason::Audience);
        }
        if issuer.index.allows(view, way.block, way.group) {
            return Ok(index(way.clause));
        }
        reason = DenialReason::Condition;
    }
    Err(reason)
}

/// The first clause that allows a token of an issuer, or why none does.
fn try_clauses(clauses: &[Clause], from: IssuerId, view: &View<'_>) -> Result<usize, DenialReason> {
    let mut furthest = DenialReason::Issuer;
    for (number, clause) in clauses
        .iter()
        .enumerate()
        .filter(|(_, clause)| clause.issuer == from)
    {
        match try_clause(view, clause) {
            Ok(()) => return Ok(number),
            Err(reason) => furthest = furthest.max(reason),
        }
    }
    Err(furthest)
}

/// Whether a clause allows, or where it stops.
fn try_clause(view: &View<'_>, clause: &Clause) -> Result<(), DenialReason> {
    if !view.is_for_us() {
        return Err(DenialReason::Audience);
    }
    if !view.holds(&clause.condition, false) {
        return Err(DenialReason::Condition);
    }
    match clause.failed_guard(|condition| view.holds(condition, false)) {
        Some(guard) => Err(DenialReason::Guard(guard)),
        None => Ok(()),
    }
}
