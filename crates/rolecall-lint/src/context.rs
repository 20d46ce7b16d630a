//! The context passed to a rule: policy set, syntax trees, settings, analysis.

use crate::ask;
use crate::clause::ClauseView;
use crate::settings::Settings;
use crate::text;
use crate::trees::Trees;
use rolecall_analysis::{Analysis, Answer, Witness};
use rolecall_engine::ir::{Formula, Goal, Program, Role};
use rolecall_engine::{Location, PolicySet, Truth};
use rolecall_syntax::Span;

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

    /// Returns the text at a location.
    pub(crate) fn text(&self, location: Location) -> &'p str {
        let source = self.program().sources.get(location.file);
        source.map_or("", |source| location.span.text(&source.text))
    }

    /// Returns the text of the claim in the comparison at a location.
    pub(crate) fn claim_text(&self, comparison: Location) -> Option<&'p str> {
        let claim = self.trees.comparison(comparison)?.claim.span();
        Some(self.text(Location::new(comparison.file, claim)))
    }

    /// Returns the part of an item before its brace, which stands for the whole item in messages.
    pub(crate) fn item_head(&self, item: Location) -> Location {
        let start = item.span.start;
        let brace = self.text(item).find('{');
        // The name of an expanded role has braces, too.
        let brace = self.text(item).find(" {").or(brace);
        let end = brace.map_or(item.span.end, |brace| text::after(start, brace));
        Location::new(item.file, Span::new(start, end))
    }

    /// Returns whether a role has a privileged tag.
    pub(crate) fn is_privileged(&self, role: &Role) -> bool {
        role.tags
            .iter()
            .any(|tag| self.settings.privileged_tags.contains(tag))
    }

    /// Returns whether a location is a whole condition or a part of an `&&`, so that `&& …` can be written after it.
    pub(crate) fn is_conjunct(&self, location: Location) -> bool {
        self.trees.conjuncts.contains(&location)
    }

    /// Returns whether a role is one of several that are expanded from the same text: `role … for`.
    pub(crate) fn is_expanded(&self, role: usize) -> bool {
        let location = |index: usize| self.program().roles.get(index).map(|role| role.location);
        let neighbours = [role.checked_sub(1), role.checked_add(1)];
        let mut neighbours = neighbours.into_iter().flatten().filter_map(location);
        neighbours.any(|neighbour| Some(neighbour) == location(role))
    }

    /// Returns a token that gets the role by this clause and fulfils another condition. `None` if there is none, or if that
    /// could not be decided.
    pub(crate) fn admits(&mut self, view: &ClauseView<'_>, condition: Formula) -> Option<Box<Witness>> {
        let goal = |condition| Goal::Condition(vec![(view.clause.issuer, condition)]);
        let answer = match view.role.clauses.as_slice() {
            // The analysis remembers the formula of a whole role.
            [_] => self.analysis.granted(view.number, &goal(condition)),
            _ => self
                .analysis
                .example(&goal(ask::all([ask::whole(view.clause), condition]))),
        };
        token(answer)
    }

    /// Returns a token of an issuer that fulfils a condition.
    pub(crate) fn example(&mut self, issuer: usize, condition: Formula) -> Option<Box<Witness>> {
        token(self.analysis.example(&Goal::Condition(vec![(issuer, condition)])))
    }

    /// Returns whether no token of an issuer fulfils a condition.
    pub(crate) fn is_unsatisfiable(&mut self, issuer: usize, condition: Formula) -> bool {
        let goal = Goal::Condition(vec![(issuer, condition)]);
        self.analysis.example(&goal) == Answer::Nothing
    }

    /// Returns whether a token fulfils a condition.
    pub(crate) fn fulfils(&self, witness: &Witness, issuer: usize, condition: &Formula) -> bool {
        self.set.truth(&witness.claims(), issuer, condition) == Some(Truth::True)
    }

    /// Returns whether each token of an issuer that fulfils a condition fulfils one of some others.
    pub(crate) fn implies(&mut self, issuer: usize, condition: Formula, others: Vec<Formula>) -> bool {
        let goal = Goal::Condition(vec![(issuer, condition)]);
        let others = others
            .into_iter()
            .map(|other| Goal::Condition(vec![(issuer, other)]));
        let others: Vec<Goal> = others.collect();
        self.analysis.example_without(&goal, &others) == Answer::Nothing
    }

    /// Returns whether two conditions are fulfilled by the same tokens of an issuer.
    pub(crate) fn is_equivalent(&mut self, issuer: usize, one: &Formula, other: &Formula) -> bool {
        self.implies(issuer, one.clone(), vec![other.clone()])
            && self.implies(issuer, other.clone(), vec![one.clone()])
    }
}

fn token(answer: Answer) -> Option<Box<Witness>> {
    match answer {
        Answer::Token(witness) => Some(witness),
        Answer::Nothing | Answer::NotDecided(_) => None,
    }
}
