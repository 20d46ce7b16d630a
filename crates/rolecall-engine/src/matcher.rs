//! Matcher: finds the roles that a token may take, without a look at most of the others.
//!
//! Each issuer has an [`Index`](index::Index). Each clause is looked up by a key that a token must have for its condition to
//! hold: a value of a claim, or what the value begins or ends with. A key is followed by the other comparisons that must hold:
//! those that many roles ask for are flags, the others are residuals. The results must be those of
//! [`evaluate`](crate::evaluate).

mod anchor;
mod claim_table;
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
pub(crate) mod memo;
mod nnf;
mod residual;
mod scalar_value;
mod stats;
mod table;
mod view;
mod ways;
mod window;

use crate::claims::Claims;
use crate::decision::{CachedDecision, DenialReason};
use crate::document::Document;
use crate::hashed_str::HashedStr;
use crate::ir::{Clause, Program, Role};
use crate::narrow::{index, number};
use crate::static_map::StaticMap;
use groups::Posting;
use issuer::IssuerMatcher;
use memo::TokenMemo;
use nnf::Nnf;
pub use stats::{Anchor, AnchorPart, IndexStats};
use std::sync::atomic::{AtomicU64, Ordering};
use view::View;
use ways::{Way, Ways};

/// The id of the next matcher.
static NEXT_ID: AtomicU64 = AtomicU64::new(0);

/// The matcher of a policy set.
#[derive(Clone, Debug)]
pub(crate) struct Matcher {
    /// Distinguishes it from all other matchers of the process.
    id: u64,
    issuer_name: HashedStr,
    /// The issuers, in the order of the program.
    issuers: Box<[IssuerMatcher]>,
    /// The indices of the issuers, by their URLs.
    by_url: StaticMap<usize>,
    /// The ways to each role.
    ways: Ways,
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
        let mut ways = Vec::new();
        let issuers = program.issuers.iter().zip(clauses).enumerate();
        let issuers = issuers.map(|(place, (issuer, clauses))| {
            IssuerMatcher::new(program, issuer, &clauses, |posting, block, group| {
                let (clause, issuer) = (posting.clause(), number(place));
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
        let issuers = issuers.collect();
        let by_url = program.issuers.iter().enumerate();
        let by_url = by_url.map(|(place, issuer)| (HashedStr::new(&issuer.issuer.url), place));
        Self {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            issuer_name: HashedStr::new("iss"),
            issuers,
            by_url: StaticMap::new(by_url.collect()),
            ways: Ways::new(program, ways),
        }
    }

    /// Decides on a role, given by its index in the program.
    pub(crate) fn decide(&self, program: &Program, claims: &Claims, role: Option<usize>) -> CachedDecision {
        match role.filter(|place| *place < program.roles.len()) {
            Some(place) => CachedDecision::new(place, self.try_role(program, claims, place)),
            None => CachedDecision::UNKNOWN_ROLE,
        }
    }

    /// Returns the clause that allows a role, or the reason of the denial.
    fn try_role(&self, program: &Program, claims: &Claims, role: usize) -> Result<usize, DenialReason> {
        let outcome = self.view(program, claims, |from, issuer, view| match self.ways.of(role) {
            Some(ways) => try_ways(ways, from, issuer, view),
            None => try_clauses(program.roles.get(role), from, view),
        });
        outcome.unwrap_or(Err(DenialReason::Issuer))
    }

    /// Fills `found` with the decisions on the roles that a token may take, in no order.
    pub(crate) fn roles(&self, program: &Program, claims: &Claims, found: &mut Vec<CachedDecision>) {
        found.clear();
        let ambiguous = self.view(program, claims, |_, issuer, view| issuer.roles(view, found));
        // The roles of a token without a known issuer are none.
        if let Some(ambiguous) = ambiguous {
            self.settle(program, claims, ambiguous, found);
        }
    }

    /// Keeps one of the first `ambiguous` decisions for each role: that of the first clause that allows it.
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
            if before.is_none_or(|before| before.role() != cached.role()) {
                if let Some(place) = found.get_mut(kept) {
                    *place = match cached.clause() {
                        Some(Posting::LAST_CLAUSE) => self.decide(program, claims, Some(cached.role())),
                        _ => cached,
                    };
                }
                kept = kept.saturating_add(1);
            }
        }
        found.drain(kept..ambiguous);
    }

    /// Shows a token as its issuer's, with the index of the issuer and its matcher. Returns `None` if the issuer is unknown.
    #[inline]
    fn view<T>(
        &self,
        program: &Program,
        claims: &Claims,
        show: impl FnOnce(usize, &IssuerMatcher, &View<'_>) -> T,
    ) -> Option<T> {
        let read = |document: &Document| self.read(program, document);
        claims.memo(self.id, read, |memo| {
            let place = memo.issuer?;
            let issuer = self.issuers.get(place)?;
            let trusted = program.issuers.get(place)?;
            let view = View::new(trusted, &issuer.claims, claims.document(), memo);
            Some(show(place, issuer, &view))
        })
    }

    /// Reads a token.
    fn read(&self, program: &Program, document: &Document) -> TokenMemo {
        let mut memo = TokenMemo::new(self.id);
        let url = document.member(&self.issuer_name);
        memo.issuer = url.and_then(|url| self.by_url.get(url.as_text()?)).copied();
        if let Some(place) = memo.issuer
            && let (Some(issuer), Some(trusted)) = (self.issuers.get(place), program.issuers.get(place))
        {
            issuer.read(trusted, document, &mut memo);
        }
        memo
    }
}

/// Returns the clause of the first way that a token of an issuer has, or the reason of the denial.
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

/// Returns the first clause that allows a token of an issuer, or the reason of the denial.
fn try_clauses(role: Option<&Role>, from: usize, view: &View<'_>) -> Result<usize, DenialReason> {
    let mut furthest = DenialReason::Issuer;
    let clauses = role.iter().flat_map(|role| role.clauses.iter().enumerate());
    for (place, clause) in clauses.filter(|(_, clause)| clause.issuer == from) {
        match try_clause(view, clause) {
            Ok(()) => return Ok(place),
            Err(reason) => furthest = furthest.max(reason),
        }
    }
    Err(furthest)
}

/// Returns whether a clause allows a token, or the reason why not.
fn try_clause(view: &View<'_>, clause: &Clause) -> Result<(), DenialReason> {
    if !view.is_for_us() {
        return Err(DenialReason::Audience);
    }
    if !view.holds(Nnf::new(&clause.condition)) {
        return Err(DenialReason::Condition);
    }
    let mut guards = clause.guards.iter();
    match guards.find(|(_, guard)| !view.holds(Nnf::new(guard))) {
        Some((guard, _)) => Err(DenialReason::Guard(*guard)),
        None => Ok(()),
    }
}
