//! Conditions: names are found, conditions that are named are written out, comparisons get their types.

use super::claim_path::{find, suggestion};
use super::context::Cx;
use super::{Lowering, MAX_COMPARISONS, MAX_DEPTH, MAX_STEPS};
use crate::claim_type::{ClaimType, Scalar, Typed};
use crate::diagnostic::{Diagnostic, Location};
use crate::id::ClaimId;
use crate::ir::{Atom, Formula, Question};
use rolecall_syntax::ast::{ClaimPath, Expr, ExprAt};
use std::sync::Arc;

/// A condition that was lowered, with its size.
#[derive(Clone)]
pub(super) struct Lowered {
    pub(super) formula: Formula,
    pub(super) comparisons: usize,
    pub(super) height: usize,
}

impl Lowered {
    /// A leaf.
    pub(super) fn leaf(formula: Formula) -> Self {
        Self {
            formula,
            comparisons: 1,
            height: 1,
        }
    }

    /// What stands where an error was.
    pub(super) fn failed() -> Self {
        Self::leaf(Formula::never())
    }

    fn join(parts: Vec<Self>, join: impl FnOnce(Arc<[Formula]>) -> Formula) -> Self {
        let comparisons = parts
            .iter()
            .fold(0_usize, |sum, part| sum.saturating_add(part.comparisons));
        let height = parts
            .iter()
            .map(|part| part.height)
            .max()
            .unwrap_or(0)
            .saturating_add(1);
        Self {
            formula: join(parts.into_iter().map(|part| part.formula).collect()),
            comparisons,
            height,
        }
    }
}

impl<'a> Lowering<'a> {
    /// Lowers a whole condition: of a clause, a guard, a derivation, an assertion.
    pub(super) fn condition(&mut self, expr: &ExprAt, cx: &Cx<'_>) -> Formula {
        self.steps = 0;
        self.expr(expr, cx).formula
    }

    pub(super) fn expr(&mut self, expr: &ExprAt, cx: &Cx<'_>) -> Lowered {
        let location = Location::new(cx.file, expr.span);
        if cx.depth >= MAX_DEPTH {
            return self.too_deep(location);
        }
        if !self.has_budget(location) {
            return Lowered::failed();
        }
        let lowered = match &expr.node {
            Expr::All(terms) => Lowered::join(self.terms(terms, cx), Formula::All),
            Expr::Any(terms) => Lowered::join(self.terms(terms, cx), Formula::Any),
            Expr::Not(term) => {
                let inner = self.expr(term, &cx.deeper());
                Lowered {
                    formula: Formula::Not(Arc::new(inner.formula.clone())),
                    height: inner.height.saturating_add(1),
                    ..inner
                }
            }
            Expr::Has(path) => match self.claim_or_unknown(path, cx) {
                Some(claim) => atom(claim, Question::Present, location),
                None => return Lowered::leaf(self.unknown_here(path, cx)),
            },
            Expr::Bare(path) => self.bare(path, location, cx),
            Expr::Call(name, arguments) => self.call(name, arguments, location, cx),
            Expr::Compare(comparison) => self.comparison(comparison, location, cx),
        };
        if lowered.comparisons > MAX_COMPARISONS {
            let message = format!("written out, this condition has more than {MAX_COMPARISONS} comparisons");
            self.error(
                Diagnostic::new(location, message)
                    .help("use lists and sets instead of many comparisons, or several roles"),
            );
            return Lowered::failed();
        }
        lowered
    }

    /// Counts a step; false if the condition, or the set, has taken too many. Arguments are written out each time anew,
    /// so that a short policy could be a long condition.
    fn has_budget(&mut self, location: Location) -> bool {
        self.steps = self.steps.saturating_add(1);
        if self.exceeded.is_some() || !self.take_steps(1, location) {
            return false;
        }
        self.steps <= MAX_STEPS
            || self.exceed(
                location,
                "written out, this condition is too large",
                "give conditions without parameters a name: they are written out once",
            )
    }

    pub(super) fn too_deep(&mut self, location: Location) -> Lowered {
        let message = format!("written out, this condition nests deeper than {MAX_DEPTH} levels");
        self.error(Diagnostic::new(location, message).help("name fewer conditions by conditions"));
        Lowered::failed()
    }

    fn terms(&mut self, terms: &[ExprAt], cx: &Cx<'_>) -> Vec<Lowered> {
        let deeper = cx.deeper();
        terms.iter().map(|term| self.expr(term, &deeper)).collect()
    }

    /// A name that stands alone: a condition, or a bool claim.
    fn bare(&mut self, path: &ClaimPath, location: Location, cx: &Cx<'_>) -> Lowered {
        if let Some(name) = path.as_name() {
            let condition = self
                .names
                .conditions
                .get_key_value(name)
                .map(|(name, condition)| (*name, *condition));
            let is_claim = cx.profile.claim_by_name(name).is_some();
            match condition {
                Some((_, condition)) if is_claim => {
                    let message = format!(
                        "`{name}` is both a condition and a claim of the profile `{}`",
                        cx.profile.name
                    );
                    self.error(
                        Diagnostic::new(location, message)
                            .help("rename the condition")
                            .note(condition.location, "the condition"),
                    );
                    return Lowered::failed();
                }
                Some((name, condition)) if condition.item.parameters.is_empty() => {
                    return self.named(name, condition, location, cx);
                }
                Some((name, condition)) => return self.wrong_count(name, condition, 0, location),
                None => {}
            }
            if !is_claim && cx.parameters.contains_key(name) {
                self.error(
                    Diagnostic::new(
                        location,
                        format!("`{name}` is a parameter, which stands where a literal does"),
                    )
                    .help(format!("compare a claim with it: `environment == {name}`")),
                );
                return Lowered::failed();
            }
        }
        if let (Some(name), None) = (path.as_name(), find(path, cx.profile))
            && !self.is_elsewhere(path, cx)
        {
            let message = format!(
                "there is no condition `{name}`, and the profile `{}` has no such claim",
                cx.profile.name
            );
            let help = if self.names.sets.contains_key(name) {
                format!("`{name}` is a set: compare a claim with it, as in `ref in {name}`")
            } else {
                let conditions = self.names.conditions.keys().copied();
                suggestion(name, cx.profile, conditions, &mut self.budgets)
            };
            self.error(Diagnostic::new(location, message).help(help));
            return Lowered::failed();
        }
        let Some(claim) = self.claim_or_unknown(path, cx) else {
            return Lowered::leaf(self.unknown_here(path, cx));
        };
        let definition = &cx.profile[claim];
        if definition.claim_type != ClaimType::Scalar(Scalar::Bool) {
            let message = format!("`{definition}` is {}, not a condition", definition.claim_type);
            self.error(
                Diagnostic::new(location, message)
                    .help(format!("compare it with something, or write `has {definition}`")),
            );
            return Lowered::failed();
        }
        atom(claim, Question::OneOf(Typed::Bool(true).into()), location)
    }

    /// Returns the stand-in for a question about a claim that the profile does not have.
    fn unknown_here(&mut self, path: &ClaimPath, cx: &Cx<'_>) -> Formula {
        if self.is_elsewhere(path, cx) {
            Formula::Unknown
        } else {
            Formula::never()
        }
    }
}

/// A comparison as a leaf.
pub(super) fn atom(claim: ClaimId, question: Question, location: Location) -> Lowered {
    Lowered::leaf(Formula::Atom(Arc::new(Atom { claim, question }), location))
}
