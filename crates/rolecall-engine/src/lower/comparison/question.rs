//! Questions of comparisons: checks that the operand fits the operator and the claim's type.

use super::LeftSide;
use crate::claim_type::{ClaimType, Literal, Scalar, Typed};
use crate::diagnostic::Diagnostic;
use crate::error_kind::ErrorKind;
use crate::id::ClaimId;
use crate::ir::{ClaimDefinition, Literals, Order, Question};
use crate::lower::Lowering;
use crate::lower::scope::{Resolved, UntypedLiteral, UntypedValue};
use rolecall_syntax::ast::Operator;

impl Lowering<'_> {
    pub(super) fn only(
        &mut self,
        left: &LeftSide<'_>,
        scalar: &Scalar,
        operand: Resolved,
    ) -> Option<Question> {
        match operand {
            Resolved::One(literal) => self.literal(&literal, scalar, left).map(Question::Only),
            _ => self.wants_one(
                left,
                "write `aud contains any […]` if the token may also have others",
            ),
        }
    }

    pub(super) fn equality(
        &mut self,
        left: &LeftSide<'_>,
        scalar: &Scalar,
        operand: Resolved,
    ) -> Option<Question> {
        match operand {
            Resolved::One(UntypedLiteral {
                value: UntypedValue::Text(text),
                ..
            }) if text.first_claim().is_some() => self.equation(left, scalar, &text),
            Resolved::One(literal) => self
                .literal(&literal, scalar, left)
                .map(|literal| Question::OneOf(literal.into())),
            Resolved::Claim(other) => self.same_as(left, scalar, other),
            _ => {
                let help = match left.operator {
                    Operator::NotEqual => format!("write `!({} in …)`", left.claim),
                    _ => format!("write `{} in …`", left.claim),
                };
                self.wants_one(left, &help)
            }
        }
    }

    fn wants_one(&mut self, left: &LeftSide<'_>, help: &str) -> Option<Question> {
        let message = format!(
            "`{}` compares with one value, and this is a list",
            left.operator.text()
        );
        self.error(Diagnostic::new(ErrorKind::WrongOperand, left.location, message).help(help));
        None
    }

    fn same_as(&mut self, left: &LeftSide<'_>, scalar: &Scalar, other: ClaimId) -> Option<Question> {
        let definition: &ClaimDefinition = &left.scope.profile[other];
        let textual = |scalar: &Scalar| scalar.has_patterns() || matches!(scalar, Scalar::Enum { .. });
        let comparable = match &definition.claim_type {
            ClaimType::List(_) => false,
            ClaimType::Scalar(other) => {
                (textual(scalar) && textual(other))
                    || std::mem::discriminant(scalar) == std::mem::discriminant(other)
            }
        };
        if !comparable {
            let message = format!(
                "`{}` is {}, and `{definition}` is {}: they are never equal",
                left.claim,
                scalar.singular(),
                definition.claim_type
            );
            let help = format!("put it in quotes for the text `{definition}`");
            self.error(Diagnostic::new(ErrorKind::TypeMismatch, left.location, message).help(help));
            return None;
        }
        Some(Question::SameAs(other))
    }

    pub(super) fn membership(
        &mut self,
        left: &LeftSide<'_>,
        scalar: &Scalar,
        operand: Resolved,
    ) -> Option<Question> {
        match operand {
            Resolved::Many(literals) => self.literals(&literals, scalar, left).map(Question::OneOf),
            operand => self.wants_many(
                left,
                &operand,
                &format!("write `{} == …` for one value", left.claim),
            ),
        }
    }

    fn wants_many(&mut self, left: &LeftSide<'_>, operand: &Resolved, help: &str) -> Option<Question> {
        let what = if matches!(operand, Resolved::Claim(_)) {
            "a claim"
        } else {
            "one value"
        };
        let message = format!(
            "`{}` needs a list or a set, and this is {what}",
            left.operator.text()
        );
        self.error(Diagnostic::new(ErrorKind::WrongOperand, left.location, message).help(help));
        None
    }

    fn literals(
        &mut self,
        literals: &[UntypedLiteral],
        scalar: &Scalar,
        left: &LeftSide<'_>,
    ) -> Option<Literals> {
        // All literals are typed before the first error ends the comparison, so that each error is reported.
        let literals: Vec<Option<Literal>> = literals
            .iter()
            .map(|literal| self.literal(literal, scalar, left))
            .collect();
        literals.into_iter().collect()
    }

    pub(super) fn contains(
        &mut self,
        left: &LeftSide<'_>,
        scalar: &Scalar,
        operand: Resolved,
    ) -> Option<Question> {
        let name = left.claim;
        match (left.operator, operand) {
            (Operator::Contains, Resolved::One(literal)) => self
                .literal(&literal, scalar, left)
                .map(|literal| Question::ContainsAny(literal.into())),
            (Operator::Contains, _) => self.wants_one(
                left,
                &format!("write `{name} contains any …` or `{name} contains all …`"),
            ),
            (Operator::ContainsAny, Resolved::Many(literals)) => {
                self.literals(&literals, scalar, left).map(Question::ContainsAny)
            }
            (_, Resolved::Many(literals)) => {
                self.literals(&literals, scalar, left).map(Question::ContainsAll)
            }
            (_, operand) => self.wants_many(
                left,
                &operand,
                &format!("write `{name} contains …` for one value"),
            ),
        }
    }

    pub(super) fn order(
        &mut self,
        left: &LeftSide<'_>,
        scalar: &Scalar,
        operand: Resolved,
    ) -> Option<Question> {
        let order = match left.operator {
            Operator::Less => Order::Less,
            Operator::LessEqual => Order::LessEqual,
            Operator::Greater => Order::Greater,
            _ => Order::GreaterEqual,
        };
        if !scalar.is_ordered() {
            let message = format!(
                "`{}` compares numbers and times, and `{}` is {}",
                left.operator.text(),
                left.claim,
                scalar.singular()
            );
            self.error(
                Diagnostic::new(ErrorKind::WrongOperator, left.operator_location, message)
                    .help("compare it with `==` or `in`"),
            );
            return None;
        }
        match operand {
            Resolved::One(literal) => match self.literal(&literal, scalar, left)? {
                Typed::Int(number) => Some(Question::Order(order, number)),
                Typed::Bool(_) | Typed::Text(_) => None,
            },
            Resolved::Claim(_) => {
                let message = format!(
                    "`{}` compares a claim with a number, not with another claim",
                    left.operator.text()
                );
                self.error(
                    Diagnostic::new(ErrorKind::WrongOperand, left.location, message)
                        .help("only `==` and `!=` compare two claims"),
                );
                None
            }
            _ => self.wants_one(left, "write one number"),
        }
    }
}
