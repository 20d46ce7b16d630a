//! What a rule has at hand while it looks.

use crate::ask;
use crate::clause::ClauseView;
use crate::finding::Finding;
use crate::proof::whole;
use crate::settings::Settings;
use crate::trees::Trees;
use rolecall_analysis::{Analysis, Answer, Witness};
use rolecall_engine::ir::{Formula, Goal, Program, Role};
use rolecall_engine::{Location, PolicySet};

/// What a rule has at hand while it looks, and where it puts what it finds.
#[derive(Debug)]
pub(crate) struct Linting<'l, 'p> {
    pub(crate) set: &'p PolicySet,
    pub(crate) trees: &'p Trees,
    pub(crate) settings: &'p Settings,
    pub(crate) analysis: &'l mut Analysis<'p>,
    pub(crate) findings: Vec<Finding>,
}

impl<'p> Linting<'_, 'p> {
    pub(crate) fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    pub(crate) fn program(&self) -> &'p Program {
        self.set.program()
    }

    /// A token that gets the role by this clause and fulfils a condition besides. `None` if there is none, or if that could
    /// not be decided: what is not certain is not found.
    pub(crate) fn lets_in(&mut self, view: &ClauseView<'_>, besides: Formula) -> Option<Box<Witness>> {
        let goal = |condition| Goal::Condition(vec![(view.clause.issuer, condition)]);
        let answer = match view.role.clauses.as_slice() {
            // What a role comes to is remembered.
            [_] => self.analysis.granted(view.number, &goal(besides)),
            _ => self
                .analysis
                .example(&goal(ask::all([whole(view.clause), besides]))),
        };
        match answer {
            Answer::Token(witness) => Some(witness),
            _ => None,
        }
    }

    /// What is written at a place.
    pub(crate) fn text(&self, location: Location) -> &'p str {
        let source = self.program().sources.get(location.file);
        source.map_or("", |source| location.span.text(&source.text))
    }

    /// Whether a role must not fall into wrong hands.
    pub(crate) fn is_privileged(&self, role: &Role) -> bool {
        role.tags
            .iter()
            .any(|tag| self.settings.privileged_tags.contains(tag))
    }

    /// Whether what is written at a place is one of several conditions that must all hold, or the whole condition: then one
    /// more can be written after it.
    pub(crate) fn is_conjunct(&self, location: Location) -> bool {
        self.trees.conjuncts.contains(&location)
    }
}
