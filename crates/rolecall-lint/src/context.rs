//! The context passed to a rule: policy set, syntax trees, settings, analysis.

use crate::ask;
use crate::clause::ClauseView;
use crate::ground::grounded;
use crate::refutation::contradicts;
use crate::settings::Settings;
use crate::text;
use crate::trees::Trees;
use rolecall_analysis::{Analysis, Answer, Witness};
use rolecall_engine::ir::{Formula, Goal, IssuerCondition, Program, Role, TrustedIssuer};
use rolecall_engine::{FileId, IssuerId, Location, PolicySet, RoleId, Truth};
use rolecall_syntax::Span;
use rolecall_syntax::ast::{Issuer, Item};

/// The context passed to a rule.
///
/// Questions to the analysis count only what is proved: what could not be decided is not reported.
#[derive(Debug)]
pub(crate) struct RuleContext<'l, 'p> {
    pub(crate) set: &'p PolicySet,
    pub(crate) trees: &'p Trees,
    pub(crate) settings: &'p Settings,
    pub(crate) analysis: &'l mut Analysis<'p>,
}

impl<'p> RuleContext<'_, 'p> {
    pub(crate) fn program(&self) -> &'p Program {
        self.set.program()
    }

    /// Returns the issuers of the policies, each as it is written and as it is compiled.
    pub(crate) fn issuers(&self) -> impl Iterator<Item = (FileId, &'p Issuer, &'p TrustedIssuer)> {
        self.trees.items().filter_map(|(file, item)| {
            let Item::Issuer(written) = &item.node else {
                return None;
            };
            let issuer = self.program().issuer(&written.name.node)?;
            Some((file, written, &self.program()[issuer]))
        })
    }

    /// Returns the text at a location.
    pub(crate) fn text(&self, location: Location) -> &'p str {
        location.span().text(&self.program()[location.file()].text)
    }

    /// Returns the text of the claim in the comparison at a location.
    pub(crate) fn claim_text(&self, comparison: Location) -> Option<&'p str> {
        let claim = self.trees.comparison(comparison)?.claim.span();
        Some(self.text(Location::new(comparison.file(), claim)))
    }

    /// Returns the part of an item before its brace, which stands for the whole item in messages.
    pub(crate) fn item_head(&self, item: Location) -> Location {
        let span = item.span();
        let brace = self.text(item).find('{');
        // The name of an expanded role has braces, too.
        let brace = self.text(item).find(" {").or(brace);
        let end = brace.map_or(span.end, |brace| text::plus(span.start, brace));
        Location::new(item.file(), Span::new(span.start, end))
    }

    /// Returns whether a role has a privileged tag.
    pub(crate) fn is_privileged(&self, role: &Role) -> bool {
        role.tags.iter().any(|tag| {
            self.settings
                .privileged_tags
                .iter()
                .any(|privileged| *privileged == **tag)
        })
    }

    /// Returns whether a location is a whole condition or a part of an `&&`, so that `&& …` can be written
    /// after it.
    pub(crate) fn is_conjunct(&self, location: Location) -> bool {
        self.trees.is_conjunct(location)
    }

    /// Returns whether a role is one of several that are expanded from the same text: `role … for`.
    pub(crate) fn is_expanded(&self, role: RoleId) -> bool {
        let roles = self.program().roles();
        let position = roles.position(role);
        let neighbours = [position.checked_sub(1), position.checked_add(1)];
        let mut neighbours = neighbours
            .into_iter()
            .flatten()
            .filter_map(|position| roles.id_at(position));
        neighbours.any(|neighbour| roles[neighbour].location == roles[role].location)
    }

    /// Returns a token that gets the role by this clause and fulfils another condition. `None` if no token
    /// does, or if the analysis cannot decide.
    pub(crate) fn admits(&mut self, view: &ClauseView<'_>, condition: Formula) -> Option<Box<Witness>> {
        token(self.asks(view, condition))
    }

    /// Returns a token that gets the role by this clause and fulfils another condition, if the analysis can decide.
    pub(crate) fn asks(&mut self, view: &ClauseView<'_>, condition: Formula) -> Answer {
        if contradicts(view, &condition) {
            // In debug builds, every test checks the shortcut.
            debug_assert!(
                !matches!(self.searches(view, condition), Answer::Token(_)),
                "a clause that contradicts a condition has no token that fulfils both"
            );
            return Answer::Nothing;
        }
        self.searches(view, condition)
    }

    /// Searches a token that gets the role by this clause and fulfils another condition.
    fn searches(&mut self, view: &ClauseView<'_>, condition: Formula) -> Answer {
        let goal = |condition| goal(view.clause.issuer, condition);
        match self.program().clauses(view.id) {
            // The analysis remembers the formula of a whole role.
            [_] => self.analysis.granted(view.id, &goal(condition)),
            _ => self
                .analysis
                .example(&goal(ask::all([ask::whole(view.clause), condition]))),
        }
    }

    /// Returns a token as [`Self::admits`] does, with samples where claims are compared with each other.
    pub(crate) fn sampled(&mut self, view: &ClauseView<'_>, condition: &Formula) -> Option<Box<Witness>> {
        let whole = ask::whole(view.clause);
        let sampled = ask::all([grounded(&whole, view), condition.clone()]);
        let witness = self.example(view.clause.issuer, sampled)?;
        self.fulfils(&witness, view.clause.issuer, &whole)
            .then_some(witness)
    }

    /// Returns a token of an issuer that fulfils a condition.
    pub(crate) fn example(&mut self, issuer: IssuerId, condition: Formula) -> Option<Box<Witness>> {
        token(self.analysis.example(&goal(issuer, condition)))
    }

    /// Returns whether no token of an issuer fulfils a condition.
    pub(crate) fn is_unsatisfiable(&mut self, issuer: IssuerId, condition: Formula) -> bool {
        self.analysis.example(&goal(issuer, condition)) == Answer::Nothing
    }

    /// Returns whether a token fulfils a condition.
    pub(crate) fn fulfils(&self, witness: &Witness, issuer: IssuerId, condition: &Formula) -> bool {
        self.set.truth(&witness.claims(), issuer, condition) == Truth::True
    }

    /// Returns whether each token of an issuer that fulfils a condition fulfils one of some others.
    pub(crate) fn implies(&mut self, issuer: IssuerId, condition: Formula, others: Vec<Formula>) -> bool {
        let others: Vec<Goal> = others.into_iter().map(|other| goal(issuer, other)).collect();
        self.analysis.example_without(&goal(issuer, condition), &others) == Answer::Nothing
    }

    /// Returns whether two conditions are fulfilled by the same tokens of an issuer.
    pub(crate) fn is_equivalent(&mut self, issuer: IssuerId, one: &Formula, other: &Formula) -> bool {
        self.implies(issuer, one.clone(), vec![other.clone()])
            && self.implies(issuer, other.clone(), vec![one.clone()])
    }
}

/// Returns the goal that a token of an issuer fulfils a condition.
fn goal(issuer: IssuerId, condition: Formula) -> Goal {
    Goal::Condition(vec![IssuerCondition { issuer, condition }])
}

fn token(answer: Answer) -> Option<Box<Witness>> {
    match answer {
        Answer::Token(witness) => Some(witness),
        _ => None,
    }
}
