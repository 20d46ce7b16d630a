//! Budgets: limits on the size of an expanded policy set, checked before the work is done.
//!
//! A short text can expand to a large program: a role for each of many values, a guard for all roles,
//! conditions that name one another. Each budget is a fixed amount and an amount for each byte of the text,
//! so that larger files may expand further.

use super::Lowering;
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use rolecall_syntax::did_you_mean;
use std::num::Saturating;

/// The most comparisons, list elements, clauses and grants of the roles of a set with their guards, when
/// families and named conditions are expanded.
const MAX_EXPANDED: Rate = Rate(400_000, 1);
/// The most parts of conditions, claims of tests and derivations that are visited for a set.
const MAX_STEPS: Rate = Rate(1_000_000, 1);
/// The most roles that the selectors of a set may select or look at. A role counts once for each selector.
const MAX_SELECTED: Rate = Rate(4_000_000, 4);
/// The most comparisons of the tests of a set.
const MAX_TESTED: Rate = Rate(50_000_000, 50);
/// The most claims and derivations that the profiles of a set may take over from those that they extend.
const MAX_INHERITED: Rate = Rate(200_000, 0);
/// The most names that are compared with misspelled ones.
const MAX_COMPARED: Rate = Rate(1_000_000, 0);

/// An amount of work. Sums of amounts saturate: one that does not fit is beyond every limit.
pub(super) type Amount = Saturating<usize>;

/// A limit: a fixed amount, and an amount for each byte of the text.
struct Rate(usize, usize);

/// An amount that is used up.
pub(super) struct Budget {
    limit: usize,
    left: usize,
}

impl Budget {
    fn new(rate: &Rate, bytes: usize) -> Self {
        Self::fixed((Saturating(bytes) * Saturating(rate.1) + Saturating(rate.0)).0)
    }

    /// Creates a budget of a fixed amount.
    pub(super) fn fixed(limit: usize) -> Self {
        Self { limit, left: limit }
    }

    /// Restores the full amount.
    pub(super) fn refill(&mut self) {
        self.left = self.limit;
    }

    /// Takes an amount. Returns false, and takes nothing, if less is left.
    pub(super) fn take(&mut self, amount: usize) -> bool {
        match self.left.checked_sub(amount) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}

/// The budgets of a policy set.
pub(super) struct Budgets {
    pub(super) expanded: Budget,
    pub(super) steps: Budget,
    pub(super) selected: Budget,
    pub(super) tested: Budget,
    pub(super) compared: Budget,
    pub(super) inherited: Budget,
}

impl Budgets {
    /// Creates the budgets of a set with so many bytes of text.
    pub(super) fn new(bytes: usize) -> Self {
        Self {
            expanded: Budget::new(&MAX_EXPANDED, bytes),
            steps: Budget::new(&MAX_STEPS, bytes),
            selected: Budget::new(&MAX_SELECTED, bytes),
            tested: Budget::new(&MAX_TESTED, bytes),
            compared: Budget::new(&MAX_COMPARED, bytes),
            inherited: Budget::new(&MAX_INHERITED, bytes),
        }
    }

    /// Returns the candidate nearest to a misspelled name, as long as the budget lasts.
    pub(super) fn did_you_mean<'n>(
        &mut self,
        name: &str,
        candidates: impl IntoIterator<Item = &'n str>,
    ) -> Option<&'n str> {
        let affordable = candidates.into_iter().take_while(|_| self.compared.take(1));
        did_you_mean(name, affordable)
    }
}

impl Lowering<'_> {
    /// Takes the size of expanded roles or guards. Returns false, and reports the limit, if less is left.
    pub(super) fn take_expanded(&mut self, amount: usize, location: Location) -> bool {
        let Budget { limit, left } = self.budgets.expanded;
        self.budgets.expanded.take(amount) || {
            let all = Saturating(limit) - Saturating(left) + Saturating(amount);
            let message =
                format!("expanded, the roles of this set have {all} comparisons, more than {limit}");
            self.exceed(
                location,
                &message,
                "use fewer values, smaller conditions or fewer guards, or split the set",
            )
        }
    }

    /// Takes claims and derivations of an extended profile. Returns false, and reports the limit, if fewer are
    /// left.
    pub(super) fn take_inherited(&mut self, amount: usize, location: Location) -> bool {
        let limit = self.budgets.inherited.limit;
        self.budgets.inherited.take(amount) || {
            let message = format!("the profiles of this set take over more than {limit} claims");
            self.exceed(
                location,
                &message,
                "use one profile for several issuers, or split the set",
            )
        }
    }

    /// Takes steps. Returns false, and reports the limit, if fewer are left.
    pub(super) fn take_steps(&mut self, amount: usize, location: Location) -> bool {
        self.budgets.steps.take(amount)
            || self.exceed(
                location,
                "expanded, the conditions of this set are too large",
                "name conditions without parameters: each is expanded once",
            )
    }

    /// Takes the size of a test's token. Returns false, and reports the limit, if less is left.
    pub(super) fn take_claims(&mut self, amount: usize, location: Location) -> bool {
        self.budgets.steps.take(amount)
            || self.exceed(
                location,
                "expanded, the tokens of this set's tests are too large",
                "use `like` with large tokens in fewer tests",
            )
    }

    /// Takes roles that are selected or looked at. Returns false, and reports the limit, if fewer are left.
    pub(super) fn take_selected(&mut self, amount: usize, location: Location) -> bool {
        let limit = self.budgets.selected.limit;
        self.budgets.selected.take(amount) || {
            let message = format!("the selectors of this set look at more than {limit} roles");
            self.exceed(location, &message, "select fewer roles, or use fewer selectors")
        }
    }

    /// Takes comparisons of a test. Returns false, and reports the limit, if fewer are left.
    pub(super) fn take_tested(&mut self, amount: usize, location: Location) -> bool {
        let limit = self.budgets.tested.limit;
        self.budgets.tested.take(amount) || {
            let message = format!("the tests of this set make more than {limit} comparisons");
            self.exceed(
                location,
                &message,
                "expect fewer roles; `expect only` checks all roles of the set",
            )
        }
    }

    /// Records an exceeded limit, which ends the work on the set. Always returns false.
    pub(super) fn exceed(&mut self, location: Location, message: &str, help: &str) -> bool {
        if self.exceeded.is_none() {
            self.exceeded = Some(Diagnostic::new(ErrorKind::LimitExceeded, location, message).help(help));
        }
        false
    }
}
