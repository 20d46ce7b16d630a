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
mod holds;
mod index;
mod key;
mod residual;
mod stats;
mod table;
mod view;
mod word;

use crate::claims::Claims;
use crate::decision::{Reason, Verdict};
use crate::document::Json;

use crate::ir::{Clause, Program, Role};
use crate::spelling::{Lookup, Spelling};
use index::{Index, Posting};
pub use stats::{Anchor, AnchorPart, IndexStats};
use view::{Layout, View};

/// What decides for a policy set.
#[derive(Clone, Debug)]
pub(crate) struct Matcher {
    issuer_name: Spelling,
    audience_name: Spelling,
    /// The issuers, in the order of the program.
    issuers: Box<[IssuerMatcher]>,
    /// Their places, by their URLs.
    by_url: Lookup<usize>,
}

/// What decides on the tokens of an issuer.
#[derive(Clone, Debug)]
struct IssuerMatcher {
    audiences: Lookup<()>,
    layout: Layout,
    index: Index,
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
        let issuers = program.issuers.iter().zip(clauses).map(|(issuer, clauses)| {
            let layout = Layout::new(issuer);
            let index = Index::new(program, issuer, &layout, &clauses);
            let audiences = issuer
                .issuer
                .audiences
                .iter()
                .map(|audience| (Spelling::new(audience), ()));
            IssuerMatcher {
                audiences: Lookup::new(audiences.collect()),
                layout,
                index,
            }
        });
        let by_url = program.issuers.iter().enumerate();
        let by_url = by_url.map(|(place, issuer)| (Spelling::new(&issuer.issuer.url), place));
        Self {
            issuer_name: Spelling::new("iss"),
            audience_name: Spelling::new("aud"),
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
                match self.try_clause(issuer, &view, clause) {
                    Ok(()) => return Ok(place),
                    Err(reason) => furthest = furthest.max(reason),
                }
            }
        }
        Err(furthest)
    }

    /// Whether a clause of the token's issuer allows, or where it stops.
    fn try_clause(&self, issuer: &IssuerMatcher, view: &View<'_>, clause: &Clause) -> Result<(), Reason> {
        if !self.is_for(issuer, view) {
            return Err(Reason::Audience);
        }
        if !view.holds(&clause.condition, false) {
            return Err(Reason::Condition);
        }
        let mut guards = clause.guards.iter();
        match guards.find(|(_, guard)| !view.holds(guard, false)) {
            Some((guard, _)) => Err(Reason::Guard(*guard)),
            None => Ok(()),
        }
    }

    /// Fills `found` with the verdicts on the roles that a token may take, in no order.
    pub(crate) fn roles(&self, program: &Program, claims: &Claims, found: &mut Vec<Verdict>) {
        found.clear();
        if let Some((_, issuer, view)) = self.view(program, claims)
            && self.is_for(issuer, &view)
            && issuer.index.search(&view, found)
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
        let document = claims.document();
        let Json::Text(url) = document.member(&self.issuer_name)? else {
            return None;
        };
        let place = *self.by_url.get(url)?;
        let issuer = self.issuers.get(place)?;
        let view = View::new(program.issuers.get(place)?, &issuer.layout, document);
        Some((place, issuer, view))
    }

    /// Whether the only audience of the token is one of its issuer's.
    fn is_for(&self, issuer: &IssuerMatcher, view: &View<'_>) -> bool {
        let is_ours = |value: Json<'_>| {
            value
                .as_text()
                .is_some_and(|text| issuer.audiences.get(text).is_some())
        };
        match view.document.member(&self.audience_name) {
            Some(Json::List(mut values)) => values
                .next()
                .is_some_and(|first| is_ours(first) && values.all(|other| other == first)),
            Some(value) => is_ours(value),
            None => false,
        }
    }
}
