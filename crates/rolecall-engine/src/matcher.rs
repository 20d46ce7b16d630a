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
        let (from, issuer, view) = self.view(program, claims).ok_or(Reason::Issuer)?;
        let mut furthest = Reason::Issuer;
        for (place, clause) in role.clauses.iter().enumerate() {
            if clause.issuer == from {
                match issuer.try_clause(&view, clause) {
                    Ok(()) => return Ok(place),
                    Err(reason) => furthest = furthest.max(reason),
                }
            }
        }
        Err(furthest)
    }

    /// Fills `found` with the verdicts on the roles that a token may take, in no order.
    pub(crate) fn roles(&self, program: &Program, claims: &Claims, found: &mut Vec<Verdict>) {
        found.clear();
        if let Some((_, issuer, view)) = self.view(program, claims)
            && issuer.roles(&view, found)
        {
            self.settle(program, claims, found);
        }
    }

    /// Keeps one verdict of each role, that of the first clause that allows it.
    fn settle(&self, program: &Program, claims: &Claims, found: &mut Vec<Verdict>) {
        found.sort_unstable();
        found.dedup_by_key(|verdict| verdict.role());
        for verdict in found {
            if verdict.clause() == Some(Posting::LAST_CLAUSE) {
                *verdict = self.decide(program, claims, Some(verdict.role()));
            }
        }
    }

    /// The issuer of a token and its place, and the token as that issuer's.
    fn view<'a>(
        &'a self,
        program: &'a Program,
        claims: &'a Claims,
    ) -> Option<(usize, &'a IssuerMatcher, View<'a>)> {
        let read = claims.read(self.id, |document| self.read(document));
        let place = read.issuer?;
        let issuer = self.issuers.get(place)?;
        let view = View::new(
            program.issuers.get(place)?,
            &issuer.layout,
            claims.document(),
            read.held,
        );
        Some((place, issuer, view))
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
