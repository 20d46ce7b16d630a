//! Rules: a description and a check.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule_info::RuleInfo;
use rolecall_engine::RoleId;

/// A rule of the linter.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) info: RuleInfo,
    pub(crate) check: Check,
}

/// The check of a rule, by the part of a policy set that it examines. It returns its findings.
#[derive(Debug)]
pub(crate) enum Check {
    /// Examines one `allow` of a role.
    Clause(fn(&ClauseView<'_>, &mut RuleContext<'_, '_>) -> Option<Finding>),
    /// Examines one comparison of an `allow`.
    Constraint(fn(&Constraint<'_>, &ClauseView<'_>, &mut RuleContext<'_, '_>) -> Option<Finding>),
    /// Examines one comparison of an `allow` with several literals, each of which may have a finding.
    Literals(fn(&Constraint<'_>, &ClauseView<'_>, &mut RuleContext<'_, '_>) -> Vec<Finding>),
    /// Examines one role, given by its index in the program. Other roles do not matter.
    Role(fn(RoleId, &mut RuleContext<'_, '_>) -> Vec<Finding>),
    /// Examines one role among all others.
    Among(fn(RoleId, &mut RuleContext<'_, '_>) -> Vec<Finding>),
    /// Examines the whole policy set.
    Set(fn(&mut RuleContext<'_, '_>) -> Vec<Finding>),
    /// Examines the configuration and all policy sets of a run: the command reports these findings.
    Run,
    /// Examines a document in another language: its translation finds these, see [`foreign`](crate::foreign).
    Foreign,
    /// Examines the comments that suppress findings: `suppress` reports these findings.
    Suppression,
}

impl Rule {
    /// Runs a rule for clauses on the clauses of one role. Other rules return nothing.
    pub(crate) fn of_clauses(
        &self,
        views: &[ClauseView<'_>],
        context: &mut RuleContext<'_, '_>,
    ) -> Vec<Finding> {
        let mut of_clause = |view: &ClauseView<'_>| -> Vec<Finding> {
            let constraints = view.constraints.iter();
            match self.check {
                Check::Clause(check) => check(view, context).into_iter().collect(),
                Check::Constraint(check) => constraints.filter_map(|one| check(one, view, context)).collect(),
                Check::Literals(check) => constraints.flat_map(|one| check(one, view, context)).collect(),
                Check::Role(_)
                | Check::Among(_)
                | Check::Set(_)
                | Check::Run
                | Check::Foreign
                | Check::Suppression => Vec::new(),
            }
        };
        let found = views.iter().flat_map(|view| {
            let found = of_clause(view);
            found.into_iter().map(|finding| finding.of_clause(view))
        });
        found.collect()
    }
}
