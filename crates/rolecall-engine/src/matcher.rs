//! Matcher: finds the roles that a token may take, without a look at most of the others.
//!
//! Each issuer has an [`Index`](index::Index). Each clause is looked up by a key that a token must have for
//! its condition to hold: a value of a claim, or what the value begins or ends with. A key is followed by the
//! other comparisons that must hold: those that many roles ask for are flags, the others are residuals. The
//! results must be those of [`evaluate`](crate::evaluate).

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

use crate::arena::Arena;
use crate::cached_decision::{CachedDecision, Outcome};
use crate::certain::next;
use crate::claims::Claims;
use crate::document::Document;
use crate::hashed_str::HashedStr;
use crate::id::{ClauseId, IssuerId, RoleId};
use crate::ir::{Clause, Program};
use crate::narrow::{index, number};
use crate::reason::DenialReason;
use crate::static_map::StaticMap;
use groups::Posting;
use issuer::IssuerMatcher;
use memo::{Admission, TokenMemo};
use nnf::Nnf;
pub use stats::{Anchor, AnchorPart, IndexStats};
use std::sync::atomic::{AtomicU64, Ordering};
use view::View;
use ways::{Way, Ways};

/// A clause of an issuer: its role, and its position in the role.
type RoleClause = (RoleId, usize);

/// The id of the next matcher.
static NEXT_ID: AtomicU64 = AtomicU64::new(0);

/// The matcher of a policy set.
#[derive(Clone, Debug)]
pub(crate) struct Matcher {
    /// Distinguishes it from all other matchers of the process.
    id: u64,
    issuer_name: HashedStr,
    /// The issuers, in the order of the program.
    issuers: Arena<IssuerId, IssuerMatcher>,
    /// The issuers by their URLs: the first one with each.
    by_url: StaticMap<IssuerId>,
    /// Their twins. Sets that decide on tokens have none, see [`TrustedIssuer::twin`](crate::ir::TrustedIssuer::twin).
    twins: Option<StaticMap<IssuerId>>,
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
        let (mut by_url, mut twins) = (Vec::new(), Vec::new());
        for (id, issuer) in program.issuers().iter() {
            let is_second = issuer.twin.is_some_and(|twin| twin < id);
            let map = if is_second { &mut twins } else { &mut by_url };
            map.push((HashedStr::new(&issuer.issuer.url), id));
        }
        Self {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            issuer_name: HashedStr::new("iss"),
            issuers,
            by_url: StaticMap::new(by_url),
            twins: (!twins.is_empty()).then(|| StaticMap::new(twins)),
            ways: Ways::new(program, ways),
        }
    }

    /// Decides on a role.
    pub(crate) fn decide(&self, program: &Program, claims: &Claims, role: Option<RoleId>) -> CachedDecision {
        let Some(role) = role else {
            return CachedDecision::UNKNOWN_ROLE;
        };
        let position = program.roles().position(role);
        let decide = |from, issuer: &IssuerMatcher, view: &View<'_>| {
            let Some(ways) = self.ways.of(position) else {
                return by_clauses(program, role, from, view);
            };
            match try_ways(ways, program.issuers().position(from), issuer, view) {
                // A way does not tell whether the condition failed or a grant.
                Outcome::Condition if has_unfilled(program, role, from, view) => {
                    by_clauses(program, role, from, view)
                }
                outcome => CachedDecision::of(number(position), outcome),
            }
        };
        let denied = CachedDecision::of(number(position), Outcome::Issuer);
        let decision = self.view(program, claims, decide).unwrap_or(denied);
        match &self.twins {
            // The clauses of a role are of policies or of a document.
            Some(twins) if decision == denied => {
                self.view_by(twins, program, claims, decide).unwrap_or(denied)
            }
            _ => decision,
        }
    }

    /// Fills `found` with the decisions on the roles that a token may take, in no order.
    pub(crate) fn roles(&self, program: &Program, claims: &Claims, found: &mut Vec<CachedDecision>) {
        found.clear();
        let ambiguous = self.view(program, claims, |_, issuer, view| issuer.roles(view, found));
        // The roles of a token without a known issuer are none.
        if let Some(ambiguous) = ambiguous {
            self.settle(program, claims, ambiguous, found);
        }
        if let Some(twins) = &self.twins {
            let mut others = Vec::new();
            let add = |_, issuer: &IssuerMatcher, view: &View<'_>| issuer.roles(view, &mut others);
            if let Some(ambiguous) = self.view_by(twins, program, claims, add) {
                self.settle(program, claims, ambiguous, &mut others);
            }
            found.append(&mut others);
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
            if before.is_none_or(|before| before.role_position() != cached.role_position()) {
                if let Some(place) = found.get_mut(kept) {
                    *place = match cached.clause_position() {
                        Some(Posting::LAST_CLAUSE) => self.decide(program, claims, cached.role(program)),
                        _ => cached,
                    };
                }
                kept = next(kept);
            }
        }
        found.drain(kept..ambiguous);
    }

    /// Shows a token as its issuer's, with the issuer and its matcher; `None` if the issuer is unknown.
    #[inline]
    fn view<T>(
        &self,
        program: &Program,
        claims: &Claims,
        show: impl FnOnce(IssuerId, &IssuerMatcher, &View<'_>) -> T,
    ) -> Option<T> {
        let read = |document: &Document| self.read(&self.by_url, program, document);
        claims.memo(self.id, read, |memo| self.show(program, claims, memo, show))
    }

    /// Shows a token as that of the issuer that has its URL among some; `None` if none has. Nothing is remembered.
    fn view_by<T>(
        &self,
        issuers: &StaticMap<IssuerId>,
        program: &Program,
        claims: &Claims,
        show: impl FnOnce(IssuerId, &IssuerMatcher, &View<'_>) -> T,
    ) -> Option<T> {
        let memo = self.read(issuers, program, claims.document());
        self.show(program, claims, &memo, show)
    }

    #[inline]
    fn show<T>(
        &self,
        program: &Program,
        claims: &Claims,
        memo: &TokenMemo,
        show: impl FnOnce(IssuerId, &IssuerMatcher, &View<'_>) -> T,
    ) -> Option<T> {
        let id = memo.issuer?;
        let issuer = &self.issuers[id];
        let view = View::new(&program[id], &issuer.claims, claims.document(), memo);
        Some(show(id, issuer, &view))
    }

    /// Reads a token as that of the issuer that has its URL among some.
    fn read(&self, issuers: &StaticMap<IssuerId>, program: &Program, document: &Document) -> TokenMemo {
        let mut memo = TokenMemo::new(self.id);
        let url = document.member(&self.issuer_name);
        memo.issuer = url.and_then(|url| issuers.get(url.as_text()?)).copied();
        if let Some(id) = memo.issuer {
            self.issuers[id].read(&program[id], document, &mut memo);
        }
        memo
    }
}

/// Returns the outcome of the ways to a role: the clause of the first one that a token of an issuer has, or the
/// reason of the denial.
#[inline]
fn try_ways(ways: &[Way], from: usize, issuer: &IssuerMatcher, view: &View<'_>) -> Outcome {
    let mut outcome = Outcome::Issuer;
    for way in ways.iter().filter(|way| index(way.issuer) == from) {
        match view.admission() {
            Admission::Admitted => {}
            Admission::Unverified => return Outcome::Unverified,
            Admission::WrongAudience => return Outcome::Audience,
        }
        if issuer.index.allows(view, way.block, way.group) {
            return Outcome::Allowed(way.clause);
        }
        outcome = Outcome::Condition;
    }
    outcome
}

/// Returns the decision on a role for a token of an issuer, without the ways to it. A reason is large: it is not
/// passed where most decisions are made.
#[inline(never)]
fn by_clauses(program: &Program, role: RoleId, from: IssuerId, view: &View<'_>) -> CachedDecision {
    CachedDecision::new(program, role, try_clauses(program, role, from, view))
}

/// Returns true if a claim in the grants of one of the role's clauses does not fit.
fn has_unfilled(program: &Program, role: RoleId, from: IssuerId, view: &View<'_>) -> bool {
    let mut clauses = program
        .clauses(role)
        .iter()
        .filter(|clause| clause.issuer == from);
    clauses.any(|clause| clause.holes().any(|(_, hole)| !view.fits(hole)))
}

/// Returns the first clause that allows a token of an issuer, or the reason of the denial.
fn try_clauses(
    program: &Program,
    role: RoleId,
    from: IssuerId,
    view: &View<'_>,
) -> Result<usize, DenialReason> {
    let mut furthest = DenialReason::Issuer;
    for (number, id) in program.clause_ids(role).enumerate() {
        let clause = &program[id];
        if clause.issuer == from {
            match try_clause(view, id, clause) {
                Ok(()) => return Ok(number),
                Err(reason) => furthest = furthest.max(reason),
            }
        }
    }
    Err(furthest)
}

/// Returns whether a clause allows a token, or the reason why not.
fn try_clause(view: &View<'_>, id: ClauseId, clause: &Clause) -> Result<(), DenialReason> {
    match view.admission() {
        Admission::Admitted => {}
        Admission::Unverified => return Err(DenialReason::Unverified),
        Admission::WrongAudience => return Err(DenialReason::Audience),
    }
    if !view.holds(Nnf::new(&clause.condition)) {
        return Err(DenialReason::Condition);
    }
    if let Some(guard) = clause.failed_guard(|condition| view.holds(Nnf::new(condition))) {
        return Err(DenialReason::Guard(guard));
    }
    match clause.unfilled(id, |hole| view.fits(hole)) {
        Some(grant) => Err(DenialReason::GrantNotFilled(grant)),
        None => Ok(()),
    }
}
