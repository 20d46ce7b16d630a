//! Conditions: resolves names, expands named conditions and gives comparisons their types.

use super::claim_path::{find, suggestion};
use super::known::Asked;
use super::scope::Scope;
use super::{Lowering, MAX_COMPARISONS, MAX_DEPTH};
use crate::certain::next;
use crate::claim_type::{ClaimType, Scalar, Typed};
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::ClaimId;
use crate::ir::{External, Formula, Question};
use rolecall_syntax::ast::{ClaimPath, Expr, ExprAt};
use std::sync::Arc;

/// A lowered condition, with its size.
#[derive(Clone)]
pub(super) struct Lowered {
    pub(super) formula: Formula,
    /// The number of comparisons.
    pub(super) comparisons: usize,
    /// The number of levels.
    pub(super) height: usize,
}

impl Lowered {
    /// Creates a leaf.
    pub(super) fn leaf(formula: Formula) -> Self {
        Self {
            formula,
            comparisons: 1,
            height: 1,
        }
    }

    /// Returns the stand-in for a condition with an error.
    pub(super) fn failed() -> Self {
        Self::leaf(Formula::never())
    }

    fn join(parts: Vec<Self>, join: impl FnOnce(Arc<[Formula]>) -> Formula) -> Self {
        let comparisons = parts.iter().map(|part| part.comparisons).sum();
        let height = parts.iter().map(|part| part.height).fold(0, usize::max);
        let joined = Self {
            formula: join(parts.into_iter().map(|part| part.formula).collect()),
            comparisons,
            height,
        };
        joined.one_higher()
    }

    /// Returns the negation.
    pub(super) fn negate(self) -> Self {
        let negated = Self {
            formula: Formula::Not(Arc::new(self.formula)),
            ..self
        };
        negated.one_higher()
    }

    /// Returns the condition one level higher.
    pub(super) fn one_higher(self) -> Self {
        // The height is bounded: `MAX_DEPTH` is checked on the way down.
        Self {
            height: next(self.height),
            ..self
        }
    }
}

impl<'a> Lowering<'a> {
    /// Lowers a whole condition of a clause, a guard, a derivation or an assertion.
    pub(super) fn condition(&mut self, expr: &'a ExprAt, scope: &Scope<'_>) -> Formula {
        self.steps.refill();
        self.expr(expr, scope).formula
    }

    /// Lowers a part of a condition.
    pub(super) fn expr(&mut self, expr: &'a ExprAt, scope: &Scope<'_>) -> Lowered {
        let location = Location::new(scope.file, expr.span);
        if scope.levels == 0 {
            return self.too_deep(location);
        }
        if !self.has_budget(location) {
            return Lowered::failed();
        }
        let lowered = match &expr.node {
            Expr::All(terms) => Lowered::join(self.terms(terms, scope), Formula::All),
            Expr::Any(terms) => Lowered::join(self.terms(terms, scope), Formula::Any),
            Expr::Not(term) => self.expr(term, &scope.deeper()).negate(),
            Expr::Has(path) => match self.claim_or_unknown(path, scope) {
                Some(claim) => {
                    let present = || Question::Present;
                    Lowered::leaf(self.ask(claim, Asked::Present, present, location, scope))
                }
                None => return Lowered::leaf(self.unknown_here(path, scope)),
            },
            Expr::IsNull(path) => match self.claim_or_unknown(path, scope) {
                Some(claim) => self.is_null(claim, location, scope),
                None => return Lowered::leaf(self.unknown_here(path, scope)),
            },
            Expr::Bare(path) => self.bare(path, location, scope),
            Expr::Call(call) => self.call(&call.name, &call.arguments, location, scope),
            Expr::Compare(comparison) => self.comparison(comparison, location, scope),
            Expr::External(text) => {
                let text = text.clone();
                Lowered::leaf(Formula::External(Arc::new(External { text }), location))
            }
        };
        if lowered.comparisons > MAX_COMPARISONS {
            let message = format!("expanded, this condition has more than {MAX_COMPARISONS} comparisons");
            self.error(
                Diagnostic::new(ErrorKind::LimitExceeded, location, message)
                    .help("use lists and sets instead of many comparisons, or several roles"),
            );
            return Lowered::failed();
        }
        lowered
    }

    fn is_null(&mut self, claim: ClaimId, location: Location, scope: &Scope<'_>) -> Lowered {
        let definition = &scope.profile[claim];
        if !definition.nullable {
            let message = format!("`{definition}` is not `nullable`: no comparison tells null from absent");
            self.error(
                Diagnostic::new(ErrorKind::WrongOperator, location, message)
                    .help(format!("write `!has {definition}`")),
            );
            return Lowered::failed();
        }
        Lowered::leaf(self.ask(claim, Asked::Null, || Question::Null, location, scope))
    }

    /// Takes a step. Returns false, and reports the limit, if the condition or the set has none left.
    /// Arguments are expanded each time, so that a short policy could be a long condition.
    fn has_budget(&mut self, location: Location) -> bool {
        if self.exceeded.is_some() || !self.take_steps(1, location) {
            return false;
        }
        self.steps.take(1)
            || self.exceed(
                location,
                "expanded, this condition is too large",
                "name conditions without parameters: each is expanded once",
            )
    }

    /// Reports a condition that nests too deep.
    pub(super) fn too_deep(&mut self, location: Location) -> Lowered {
        let message = format!("expanded, this condition nests deeper than {MAX_DEPTH} levels");
        self.error(
            Diagnostic::new(ErrorKind::LimitExceeded, location, message)
                .help("let fewer conditions refer to one another"),
        );
        Lowered::failed()
    }

    fn terms(&mut self, terms: &'a [ExprAt], scope: &Scope<'_>) -> Vec<Lowered> {
        let deeper = scope.deeper();
        terms.iter().map(|term| self.expr(term, &deeper)).collect()
    }

    /// Lowers a name on its own: a condition, or a bool claim.
    fn bare(&mut self, path: &ClaimPath, location: Location, scope: &Scope<'_>) -> Lowered {
        if let Some(name) = path.as_name() {
            let condition = self.names.condition(name);
            let is_claim = scope.profile.claim_by_name(name).is_some();
            match condition {
                Some((_, condition)) if is_claim => {
                    let message = format!(
                        "`{name}` is both a condition and a claim of the profile `{}`",
                        scope.profile.name
                    );
                    self.error(
                        Diagnostic::new(ErrorKind::AmbiguousName, location, message)
                            .help("rename the condition")
                            .note(condition.location, "the condition"),
                    );
                    return Lowered::failed();
                }
                Some((name, condition)) if condition.item.parameters.is_empty() => {
                    return self.named(name, condition, location, scope);
                }
                Some((name, condition)) => return self.wrong_count(name, condition, 0, location),
                None => {}
            }
            if !is_claim && scope.parameters.contains_key(name) {
                self.error(
                    Diagnostic::new(
                        ErrorKind::NotACondition,
                        location,
                        format!("`{name}` is a parameter, and a parameter takes the place of a literal"),
                    )
                    .help(format!("compare a claim with it: `environment == {name}`")),
                );
                return Lowered::failed();
            }
        }
        if let (Some(name), None) = (path.as_name(), find(path, scope.profile))
            && !self.is_elsewhere(path, scope)
        {
            let message = format!(
                "there is no condition `{name}`, and the profile `{}` has no such claim",
                scope.profile.name
            );
            let help = if self.names.sets.contains_key(name) {
                format!("`{name}` is a set: compare a claim with it, as in `ref in {name}`")
            } else {
                let conditions = self.names.conditions.keys().copied();
                suggestion(name, scope.profile, conditions, &mut self.budgets)
            };
            let error = Diagnostic::new(ErrorKind::UnknownName, location, message);
            self.unknown_claim(scope.profile, error.help(help));
            return Lowered::failed();
        }
        let Some(claim) = self.claim_or_unknown(path, scope) else {
            return Lowered::leaf(self.unknown_here(path, scope));
        };
        let definition = &scope.profile[claim];
        if !matches!(definition.claim_type, ClaimType::Scalar(Scalar::Bool(_))) {
            let message = format!("`{definition}` is {}, not a condition", definition.claim_type);
            self.error(
                Diagnostic::new(ErrorKind::NotACondition, location, message)
                    .help(format!("compare it with a value, or write `has {definition}`")),
            );
            return Lowered::failed();
        }
        let question = || Question::OneOf(Typed::Bool(true).into());
        Lowered::leaf(self.ask(claim, Asked::True, question, location, scope))
    }

    /// Returns the condition for a claim that the profile does not have: UNKNOWN if another profile of the
    /// scope has it.
    fn unknown_here(&mut self, path: &ClaimPath, scope: &Scope<'_>) -> Formula {
        if self.is_elsewhere(path, scope) {
            Formula::Unknown
        } else {
            Formula::never()
        }
    }
}
