//! Comparisons: which operator may be asked of which claim, with which operand.

use super::Lowering;
use super::claim_path::find;
use super::context::{Cx, Lit, Resolved};
use super::expression::{Lowered, atom};
use crate::claim_type::{ClaimType, Literal, Scalar, Typed};
use crate::diagnostic::{Diagnostic, Location};
use crate::id::ClaimId;
use crate::ir::{ClaimDefinition, Formula, Literals, Order, Question};
use rolecall_syntax::ast::{Comparison, Operand, Operator};
use std::sync::Arc;

/// The left side and the operator, with their places.
pub(super) struct Asked<'c> {
    pub(super) claim: &'c ClaimDefinition,
    pub(super) operator: Operator,
    /// The whole comparison.
    pub(super) location: Location,
    /// The operator.
    pub(super) at: Location,
    /// Where all that stands.
    cx: &'c Cx<'c>,
}

impl<'a> Lowering<'a> {
    /// Lowers `claim OPERATOR operand`.
    pub(super) fn comparison(&mut self, comparison: &Comparison, location: Location, cx: &Cx<'_>) -> Lowered {
        let found = find(&comparison.claim, cx.profile);
        if found.is_none() && self.is_elsewhere(&comparison.claim, cx) {
            return Lowered::leaf(Formula::Unknown);
        }
        let claim = match found {
            Some(claim) => Some(claim),
            None => self.claim(&comparison.claim, cx),
        };
        // What is asked of a set is the same for every role that asks it.
        let operator = comparison.operator.node;
        let key = claim.and_then(|claim| {
            Some((
                self.set(&comparison.operand, cx)?,
                cx.profile.name.clone(),
                claim,
                operator,
            ))
        });
        if let (Some(claim), Some(question)) = (claim, key.as_ref().and_then(|key| self.questions.get(key))) {
            return leaf(claim, question.clone(), operator, location);
        }
        let operand = self.operand(&comparison.operand, cx);
        let Some(claim) = claim else {
            return Lowered::failed();
        };
        let asked = Asked {
            claim: &cx.profile[claim],
            operator,
            location,
            at: Location::new(cx.file, comparison.operator.span),
            cx,
        };
        let question = match operand {
            Resolved::Failed => None,
            Resolved::Anything => return Lowered::leaf(Formula::always()),
            operand => self.question(&asked, operand),
        };
        let Some(question) = question else {
            return Lowered::failed();
        };
        if let Some(key) = key {
            self.questions.insert(key, question.clone());
        }
        leaf(claim, question, operator, location)
    }

    /// The set that an operand is the name of.
    fn set(&self, operand: &Operand, cx: &Cx<'_>) -> Option<&'a str> {
        let Operand::Reference(path) = operand else {
            return None;
        };
        let name = path.as_name()?;
        let hidden = cx.parameters.contains_key(name) || cx.profile.claim_by_name(name).is_some();
        let (name, _) = self.names.sets.get_key_value(name)?;
        (!hidden).then_some(*name)
    }

    fn question(&mut self, asked: &Asked<'_>, operand: Resolved) -> Option<Question> {
        use Operator as Op;
        match (asked.operator, &asked.claim.claim_type) {
            (Op::Equal | Op::NotEqual, ClaimType::List(scalar)) if asked.claim.path == ["aud"] => {
                self.only(asked, scalar, operand)
            }
            (Op::Contains | Op::ContainsAny | Op::ContainsAll, ClaimType::List(scalar)) => {
                self.contains(asked, scalar, operand)
            }
            (_, ClaimType::List(_)) => self.not_on_lists(asked),
            (Op::Equal | Op::NotEqual, ClaimType::Scalar(scalar)) => self.equality(asked, scalar, operand),
            (Op::In, ClaimType::Scalar(scalar)) => self.membership(asked, scalar, operand),
            (Op::Like | Op::Glob | Op::Matches | Op::Under, ClaimType::Scalar(scalar)) => {
                self.pattern(asked, scalar, operand)
            }
            (Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual, ClaimType::Scalar(scalar)) => {
                self.order(asked, scalar, operand)
            }
            (Op::Contains | Op::ContainsAny | Op::ContainsAll, ClaimType::Scalar(_)) => {
                let (name, operator) = (asked.claim, asked.operator.text());
                let message = format!(
                    "`{operator}` wants a list, and `{name}` is {}",
                    asked.claim.claim_type
                );
                let help = match asked.claim.claim_type.scalar() {
                    scalar if scalar.has_patterns() => format!(
                        "for a part of a text write `{name} like \"*part*\"`, for one of several values `{name} in […]`"
                    ),
                    _ => format!("write `{name} == …` or `{name} in […]`"),
                };
                self.error(Diagnostic::new(asked.at, message).help(help));
                None
            }
        }
    }

    fn not_on_lists(&mut self, asked: &Asked<'_>) -> Option<Question> {
        let (name, operator) = (asked.claim, asked.operator.text());
        let message = format!(
            "`{operator}` compares single values, and `{name}` is {}",
            asked.claim.claim_type
        );
        let help = match asked.operator {
            Operator::In => format!("write `{name} contains any […]`"),
            _ => format!("write `{name} contains …`, `{name} contains any […]` or `{name} contains all […]`"),
        };
        self.error(Diagnostic::new(asked.at, message).help(help));
        None
    }

    fn only(&mut self, asked: &Asked<'_>, scalar: &Scalar, operand: Resolved) -> Option<Question> {
        match operand {
            Resolved::One(lit) => self.literal(&lit, scalar, asked.claim).map(Question::Only),
            _ => self.wants_one(
                asked,
                "write `aud contains any […]` if the token may have others too",
            ),
        }
    }

    fn equality(&mut self, asked: &Asked<'_>, scalar: &Scalar, operand: Resolved) -> Option<Question> {
        match operand {
            Resolved::One(lit) => self
                .literal(&lit, scalar, asked.claim)
                .map(|literal| Question::OneOf(literal.into())),
            Resolved::Claim(other) => self.same_as(asked, scalar, other),
            _ => {
                let help = match asked.operator {
                    Operator::NotEqual => format!("write `!({} in …)`", asked.claim),
                    _ => format!("write `{} in …`", asked.claim),
                };
                self.wants_one(asked, &help)
            }
        }
    }

    fn wants_one(&mut self, asked: &Asked<'_>, help: &str) -> Option<Question> {
        let message = format!(
            "`{}` compares with one value, and this is a list",
            asked.operator.text()
        );
        self.error(Diagnostic::new(asked.location, message).help(help));
        None
    }

    fn same_as(&mut self, asked: &Asked<'_>, scalar: &Scalar, other: ClaimId) -> Option<Question> {
        let definition: &ClaimDefinition = &asked.cx.profile[other];
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
                asked.claim,
                scalar.singular(),
                definition.claim_type
            );
            let help = format!("put quotes around it if the text `{definition}` is meant");
            self.error(Diagnostic::new(asked.location, message).help(help));
            return None;
        }
        Some(Question::SameAs(other))
    }

    fn membership(&mut self, asked: &Asked<'_>, scalar: &Scalar, operand: Resolved) -> Option<Question> {
        match operand {
            Resolved::Many(lits) => self.literals(&lits, scalar, asked.claim).map(Question::OneOf),
            operand => self.wants_many(
                asked,
                &operand,
                &format!("write `{} == …` for one value", asked.claim),
            ),
        }
    }

    fn wants_many(&mut self, asked: &Asked<'_>, operand: &Resolved, help: &str) -> Option<Question> {
        let what = if matches!(operand, Resolved::Claim(_)) {
            "a claim"
        } else {
            "one value"
        };
        let message = format!(
            "`{}` wants a list or a set, and this is {what}",
            asked.operator.text()
        );
        self.error(Diagnostic::new(asked.location, message).help(help));
        None
    }

    fn literals(&mut self, lits: &[Lit], scalar: &Scalar, claim: &ClaimDefinition) -> Option<Literals> {
        // Each is looked at, so that each error is reported.
        let literals: Vec<Option<Literal>> =
            lits.iter().map(|lit| self.literal(lit, scalar, claim)).collect();
        literals.into_iter().collect()
    }

    fn contains(&mut self, asked: &Asked<'_>, scalar: &Scalar, operand: Resolved) -> Option<Question> {
        let name = asked.claim;
        match (asked.operator, operand) {
            (Operator::Contains, Resolved::One(lit)) => self
                .literal(&lit, scalar, name)
                .map(|literal| Question::ContainsAny(literal.into())),
            (Operator::Contains, _) => self.wants_one(
                asked,
                &format!("write `{name} contains any …` or `{name} contains all …`"),
            ),
            (Operator::ContainsAny, Resolved::Many(lits)) => {
                self.literals(&lits, scalar, name).map(Question::ContainsAny)
            }
            (_, Resolved::Many(lits)) => self.literals(&lits, scalar, name).map(Question::ContainsAll),
            (_, operand) => self.wants_many(
                asked,
                &operand,
                &format!("write `{name} contains …` for one value"),
            ),
        }
    }

    fn order(&mut self, asked: &Asked<'_>, scalar: &Scalar, operand: Resolved) -> Option<Question> {
        let order = match asked.operator {
            Operator::Less => Order::Less,
            Operator::LessEqual => Order::LessEqual,
            Operator::Greater => Order::Greater,
            _ => Order::GreaterEqual,
        };
        if !scalar.is_ordered() {
            let message = format!(
                "`{}` compares numbers and times, and `{}` is {}",
                asked.operator.text(),
                asked.claim,
                scalar.singular()
            );
            self.error(Diagnostic::new(asked.at, message).help("compare it with `==` or `in`"));
            return None;
        }
        match operand {
            Resolved::One(lit) => match self.literal(&lit, scalar, asked.claim)? {
                Typed::Int(number) => Some(Question::Order(order, number)),
                Typed::Bool(_) | Typed::Text(_) => None,
            },
            Resolved::Claim(_) => {
                let message = format!(
                    "`{}` compares a claim with a number, not with another claim",
                    asked.operator.text()
                );
                self.error(
                    Diagnostic::new(asked.location, message).help("only `==` and `!=` compare two claims"),
                );
                None
            }
            _ => self.wants_one(asked, "write one number"),
        }
    }
}

/// A question as a leaf; `!=` turns it round.
fn leaf(claim: ClaimId, question: Question, operator: Operator, location: Location) -> Lowered {
    let lowered = atom(claim, question, location);
    if operator != Operator::NotEqual {
        return lowered;
    }
    Lowered {
        formula: Formula::Not(Arc::new(lowered.formula)),
        height: 2,
        ..lowered
    }
}
