//! Comparisons: checks that the operator, the claim's type and the operand fit.

mod equation;
mod question;

use super::Lowering;
use super::claim_path::find;
use super::expression::Lowered;
use super::known::Asked;
use super::scope::{Resolved, Scope};
use crate::claim_type::ClaimType;
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::ClaimId;
use crate::ir::{Atom, ClaimDefinition, Formula, Question};
use rolecall_syntax::ast::{Comparison, Operand, Operator};
use std::sync::Arc;

/// The left side of a comparison and the operator, with their locations.
pub(super) struct LeftSide<'c> {
    pub(super) claim: &'c ClaimDefinition,
    pub(super) id: ClaimId,
    pub(super) operator: Operator,
    /// The location of the whole comparison.
    pub(super) location: Location,
    pub(super) operator_location: Location,
    pub(super) scope: &'c Scope<'c>,
}

impl<'a> Lowering<'a> {
    /// Lowers `claim OPERATOR operand`.
    pub(super) fn comparison(
        &mut self,
        comparison: &'a Comparison,
        location: Location,
        scope: &Scope<'_>,
    ) -> Lowered {
        let found = find(&comparison.claim, scope.profile);
        if found.is_none() && self.is_elsewhere(&comparison.claim, scope) {
            return Lowered::leaf(Formula::Unknown);
        }
        let claim = match found {
            Some(claim) => Some(claim),
            None => self.claim(&comparison.claim, scope),
        };
        // Many roles compare the same claim with the same literals, and the comparison is lowered once.
        let operator = comparison.operator.node;
        let operand = &comparison.operand.node;
        let asked = Asked::Compared(operator, operand);
        let is_fixed = self.is_fixed(operand, scope);
        if let Some(claim) = claim
            && is_fixed
            && let Some(known) = self.known(claim, asked, scope)
        {
            return match operand {
                Operand::List(elements)
                    if !self
                        .take_steps(elements.len(), Location::new(scope.file, comparison.operand.span)) =>
                {
                    Lowered::failed()
                }
                _ => leaf(known, operator, location),
            };
        }
        let compared = claim.map(|claim| (&scope.profile[claim], operator));
        let operand = self.compared_operand(&comparison.operand, compared, scope);
        let Some(claim) = claim else {
            return Lowered::failed();
        };
        let left = LeftSide {
            claim: &scope.profile[claim],
            id: claim,
            operator,
            location,
            operator_location: Location::new(scope.file, comparison.operator.span),
            scope,
        };
        let question = match operand {
            Resolved::Failed => None,
            Resolved::Anything => return Lowered::leaf(Formula::always()),
            operand => self.question(&left, operand),
        };
        let Some(question) = question else {
            return Lowered::failed();
        };
        let atom = Arc::new(Atom { claim, question });
        if is_fixed {
            self.keep(asked, &atom, scope);
        }
        leaf(atom, operator, location)
    }

    fn question(&mut self, left: &LeftSide<'_>, operand: Resolved) -> Option<Question> {
        use Operator as Op;
        match (left.operator, &left.claim.claim_type) {
            (Op::Equal | Op::NotEqual, ClaimType::List(scalar)) if left.claim.path == ["aud"] => {
                self.only(left, scalar, operand)
            }
            (Op::Contains | Op::ContainsAny | Op::ContainsAll, ClaimType::List(scalar)) => {
                self.contains(left, scalar, operand)
            }
            (
                Op::ContainsGlob | Op::ContainsLike | Op::ContainsMatches | Op::ContainsUnder,
                ClaimType::List(scalar),
            ) => self
                .patterns(left, scalar, operand)
                .map(Question::ContainsPattern),
            (_, ClaimType::List(_)) => self.not_on_lists(left),
            (Op::Equal | Op::NotEqual, ClaimType::Scalar(scalar)) => self.equality(left, scalar, operand),
            (Op::In, ClaimType::Scalar(scalar)) => self.membership(left, scalar, operand),
            (Op::Like | Op::Glob | Op::Matches | Op::Under, ClaimType::Scalar(scalar)) => {
                self.patterns(left, scalar, operand).map(Question::Pattern)
            }
            (Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual, ClaimType::Scalar(scalar)) => {
                self.order(left, scalar, operand)
            }
            (
                Op::Contains
                | Op::ContainsAll
                | Op::ContainsAny
                | Op::ContainsGlob
                | Op::ContainsLike
                | Op::ContainsMatches
                | Op::ContainsUnder,
                ClaimType::Scalar(_),
            ) => {
                let (name, operator) = (left.claim, left.operator.text());
                let message = format!(
                    "`{operator}` needs a list, and `{name}` is {}",
                    left.claim.claim_type
                );
                let help = match left.claim.claim_type.scalar() {
                    _ if !matches!(left.operator, Op::Contains | Op::ContainsAll | Op::ContainsAny) => {
                        format!("write `{name} {} …`", operator.trim_start_matches("contains "))
                    }
                    scalar if scalar.has_patterns() => format!(
                        "write `{name} like \"*part*\"` for a part, \
                         or `{name} in […]` for one of several values"
                    ),
                    _ => format!("write `{name} == …` or `{name} in […]`"),
                };
                self.error(
                    Diagnostic::new(ErrorKind::WrongOperator, left.operator_location, message).help(help),
                );
                None
            }
        }
    }

    fn not_on_lists(&mut self, left: &LeftSide<'_>) -> Option<Question> {
        let (name, operator) = (left.claim, left.operator.text());
        let message = format!(
            "`{operator}` compares single values, and `{name}` is {}",
            left.claim.claim_type
        );
        let help = match left.operator {
            Operator::In => format!("write `{name} contains any […]`"),
            Operator::Glob | Operator::Like | Operator::Matches | Operator::Under => {
                format!("write `{name} contains {operator} …`: one element matches")
            }
            _ => format!("write `{name} contains …`, `{name} contains any […]` or `{name} contains all […]`"),
        };
        self.error(Diagnostic::new(ErrorKind::WrongOperator, left.operator_location, message).help(help));
        None
    }
}

/// Returns a comparison as a leaf; `!=` negates it.
fn leaf(atom: Arc<Atom>, operator: Operator, location: Location) -> Lowered {
    let lowered = Lowered::leaf(Formula::Atom(atom, location));
    if operator != Operator::NotEqual {
        return lowered;
    }
    lowered.negate()
}
