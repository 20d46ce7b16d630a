//! Explanations of decisions, with one view for the operator and one for the requester.

mod accepted;
mod comparison;
mod contradiction;
mod obstacle;
mod operator;
mod readable_time;
mod requester;
mod slight;
mod tree;

use crate::certain::next;
use crate::claims::UnverifiedClaims;
use crate::ir::Program;
pub use comparison::Comparison;
pub use contradiction::Contradiction;
pub(crate) use contradiction::Contradictions;
pub use obstacle::Obstacles;
pub(crate) use obstacle::obstacles;
pub use operator::{ClaimCheck, ClauseExplanation, GuardExplanation, OperatorView};
pub use readable_time::readable_time;
pub use requester::{FailedClaim, RequesterView};
pub use slight::{Slight, without_ids};
pub use tree::ConditionTree;

/// The most comparisons that are explained at once. Fewer if the token is large, since each shows a part of
/// it.
pub(crate) const MAX_EXPLAINED: usize = 100_000;
/// The number of bytes of a token that cost as much as a comparison.
const BYTES_SHOWN: usize = 256;

/// An explanation of a decision on a role.
///
/// It shows itself in two views, and in no other way: [`operator`](Self::operator) has what the policies accept,
/// [`requester`](Self::requester) does not. No view can be made from the other one.
#[derive(Clone)]
pub struct Explanation<'a> {
    /// `None` if the set has no such role.
    view: Option<OperatorView<'a>>,
}

impl<'a> Explanation<'a> {
    /// Returns true if the role is allowed.
    pub fn is_allowed(&self) -> bool {
        self.view.as_ref().is_some_and(|view| view.allowed_by.is_some())
    }

    /// Returns the view for operators and for authors of policies; `None` if the policy set has no such role.
    pub fn operator(&self) -> Option<&OperatorView<'a>> {
        self.view.as_ref()
    }

    /// Returns the view for the requester: the bearer of the token.
    pub fn requester(&self) -> RequesterView {
        self.view.as_ref().map(RequesterView::new).unwrap_or_default()
    }
}

/// Shows the outcome only: debug output may reach either reader.
impl std::fmt::Debug for Explanation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Explanation")
            .field("is_allowed", &self.is_allowed())
            .finish_non_exhaustive()
    }
}

/// An explainer of roles for one token. It bounds the number of comparisons over all of them.
#[derive(Debug)]
pub struct Explainer<'a, 'c> {
    program: &'a Program,
    claims: &'c UnverifiedClaims,
    left: usize,
    contradictions: Contradictions,
}

impl<'a, 'c> Explainer<'a, 'c> {
    pub(crate) fn new(program: &'a Program, claims: &'c UnverifiedClaims) -> Self {
        Self {
            program,
            claims,
            left: MAX_EXPLAINED,
            contradictions: Contradictions::default(),
        }
    }

    /// Explains why a role is allowed or denied.
    pub fn explain(&mut self, role: &str) -> Explanation<'a> {
        let room = (&mut self.left, &mut self.contradictions);
        Explanation {
            view: self
                .program
                .role(role)
                .map(|id| OperatorView::new(self.program, id, self.claims, room)),
        }
    }
}

/// The budget of an explanation.
struct Room<'r> {
    /// The number of comparisons that may still be explained.
    left: &'r mut usize,
    /// The price of a comparison.
    price: usize,
    /// The number of omitted comparisons.
    left_out: usize,
    contradictions: &'r mut Contradictions,
}

/// Returns the price of an explained comparison: each shows a part of the token.
pub(crate) fn price(claims: &UnverifiedClaims) -> usize {
    next(claims.bytes() / BYTES_SHOWN)
}
