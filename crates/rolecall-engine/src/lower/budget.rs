//! Budgets: limits on the size of a policy set when it is written out, checked before the work is done.
//!
//! A short text can mean a lot: a role for each of many values, a guard of all roles, conditions that name one another. Each
//! budget is a fixed amount and an amount for each byte of the text, so that a set may grow with what is written.

use super::Lowering;
use crate::diagnostic::{Diagnostic, Location};
use rolecall_syntax::did_you_mean;

/// The most comparisons, list elements, clauses and grants that the roles of a set may have with their guards, when families and
/// named conditions are written out.
const MAX_WRITTEN: Rate = Rate(400_000, 1);
/// The most parts of conditions, claims of tests and derivations that are looked at for a set.
const MAX_STEPS: Rate = Rate(1_000_000, 1);
/// The most roles that the selectors of a set may select or look at, each counted as often.
const MAX_SELECTED: Rate = Rate(4_000_000, 4);
/// The most comparisons that the tests of a set may make.
const MAX_TESTED: Rate = Rate(50_000_000, 50);
/// The most names that are compared with misspelt ones.
const MAX_COMPARED: Rate = Rate(1_000_000, 0);

/// A fixed amount, and an amount for each byte of the text.
struct Rate(usize, usize);

/// An amount that is used up.
pub(super) struct Budget {
    limit: usize,
    left: usize,
}

impl Budget {
    fn new(rate: &Rate, bytes: usize) -> Self {
        let limit = bytes.saturating_mul(rate.1).saturating_add(rate.0);
        Self { limit, left: limit }
    }

    /// Takes an amount; false if so much is not left.
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
    pub(super) written: Budget,
    pub(super) steps: Budget,
    pub(super) selected: Budget,
    pub(super) tested: Budget,
    pub(super) compared: Budget,
}

impl Budgets {
    /// Those of a set with so many bytes of text.
    pub(super) fn new(bytes: usize) -> Self {
        Self {
            written: Budget::new(&MAX_WRITTEN, bytes),
            steps: Budget::new(&MAX_STEPS, bytes),
            selected: Budget::new(&MAX_SELECTED, bytes),
            tested: Budget::new(&MAX_TESTED, bytes),
            compared: Budget::new(&MAX_COMPARED, bytes),
        }
    }
}

impl Budgets {
    /// The candidate nearest to a misspelt name, as long as names may be compared.
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
    /// Takes what roles or guards come to when they are written out; false if that is too much.
    pub(super) fn take_written(&mut self, amount: usize, location: Location) -> bool {
        let Budget { limit, left } = self.budgets.written;
        self.budgets.written.take(amount) || {
            let all = limit.saturating_sub(left).saturating_add(amount);
            let message =
                format!("written out, the roles of this set come to {all} comparisons, more than {limit}");
            self.exceed(
                location,
                &message,
                "use fewer values, smaller conditions or fewer guards, or split the set",
            )
        }
    }

    /// Takes steps; false if so many are not left.
    pub(super) fn take_steps(&mut self, amount: usize, location: Location) -> bool {
        self.budgets.steps.take(amount)
            || self.exceed(
                location,
                "written out, the conditions of this set are too large",
                "give conditions without parameters a name: they are written out once",
            )
    }

    /// Takes what a test's token comes to; false if that is too much.
    pub(super) fn take_claims(&mut self, amount: usize, location: Location) -> bool {
        self.budgets.steps.take(amount)
            || self.exceed(
                location,
                "written out, the tokens of the tests of this set are too large",
                "let fewer tokens be like large ones",
            )
    }

    /// Takes roles that are selected or looked at; false if so many are not left.
    pub(super) fn take_selected(&mut self, amount: usize, location: Location) -> bool {
        let limit = self.budgets.selected.limit;
        self.budgets.selected.take(amount) || {
            let message = format!("the selectors of this set look at more than {limit} roles");
            self.exceed(location, &message, "select fewer roles, or with fewer selectors")
        }
    }

    /// Takes comparisons that a test makes; false if so many are not left.
    pub(super) fn take_tested(&mut self, amount: usize, location: Location) -> bool {
        let limit = self.budgets.tested.limit;
        self.budgets.tested.take(amount) || {
            let message = format!("the tests of this set make more than {limit} comparisons");
            self.exceed(
                location,
                &message,
                "expect something of fewer roles; `expect only` asks all of them",
            )
        }
    }

    /// Notes that a limit is exceeded, which ends the work on the set. Always false.
    pub(super) fn exceed(&mut self, location: Location, message: &str, help: &str) -> bool {
        if self.exceeded.is_none() {
            self.exceeded = Some(Diagnostic::new(location, message).help(help));
        }
        false
    }
}
