//! Conditions in CEL, of Google Cloud and of Kubernetes.

use super::alternatives::{Alternative, Demand};
use super::texts::{Texts, text};
use crate::translation::are_texts;
use rolecall_engine::ir::{ClaimDefinition, Literals, Order, Question};
use rolecall_engine::pattern::WildcardPiece;
use rolecall_engine::{ClaimId, ClaimType, JsonForm, Scalar, Typed};
use rolecall_engine::{Part as TemplatePart, Template};

/// A condition over the claims of a token, with the claims whose demands it lacks.
pub(super) struct Condition {
    pub(super) text: String,
    pub(super) left_out: Vec<ClaimId>,
}

/// Returns the condition of an alternative. The token is `token`. A claim that is absent is an error, which denies, as in a
/// policy.
pub(super) fn condition(alternative: &Alternative<'_>, token: &str) -> Condition {
    let writer = Writer { alternative, token };
    let mut parts: Vec<String> = Vec::new();
    let mut left_out = Vec::new();
    for demand in &alternative.demands {
        let name = alternative.profile()[demand.claim].path.as_slice();
        // The audience and the issuer are not those of expressions.
        if matches!(name, [name] if name == "aud" || name == "iss") {
            continue;
        }
        match writer.demand(demand) {
            Some(part) if parts.contains(&part) => {}
            Some(part) => parts.push(part),
            None => left_out.push(demand.claim),
        }
    }
    let text = match parts.is_empty() {
        true => "true".to_owned(),
        false => parts.join(" && "),
    };
    Condition { text, left_out }
}

/// Joins conditions of which one must hold.
pub(super) fn any<'c>(conditions: impl Iterator<Item = &'c str>) -> String {
    let conditions: Vec<&str> = conditions.collect();
    match conditions.as_slice() {
        [only] => (*only).to_owned(),
        several => {
            let grouped: Vec<String> = several.iter().map(|one| format!("({one})")).collect();
            grouped.join(" || ")
        }
    }
}

struct Writer<'w> {
    alternative: &'w Alternative<'w>,
    token: &'w str,
}

impl Writer<'_> {
    fn definition(&self, claim: ClaimId) -> &ClaimDefinition {
        &self.alternative.profile()[claim]
    }

    /// Returns the condition of a demand, if it has one.
    fn demand(&self, demand: &Demand<'_>) -> Option<String> {
        let claim = self.claim(demand.claim);
        let scalar = self.definition(demand.claim).claim_type.scalar();
        let is_list = matches!(self.definition(demand.claim).claim_type, ClaimType::List(_));
        let negated = |condition: String| match demand.holds {
            true => condition,
            false => format!("!({condition})"),
        };
        match demand.question {
            Question::Present => {
                let has = self.has(demand.claim)?;
                Some(if demand.holds { has } else { format!("!{has}") })
            }
            Question::OneOf(literals) if !is_list => one_of(&claim, scalar, literals, demand.holds),
            Question::Pattern(patterns) if !is_list && are_texts(scalar) == Some(true) => {
                let tests = patterns
                    .iter()
                    .flat_map(Texts::of)
                    .map(|texts| test(&claim, &texts));
                let mut tests: Vec<String> = tests.collect();
                tests.dedup();
                Some(negated(alternatives(&tests)))
            }
            Question::ContainsAny(literals) if is_list && demand.holds => {
                let tests: Option<Vec<String>> = literals
                    .iter()
                    .map(|literal| Some(format!("{} in {claim}", value(scalar, literal)?)))
                    .collect();
                Some(alternatives(&tests?))
            }
            Question::ContainsAll(literals) if is_list && demand.holds => {
                let tests: Option<Vec<String>> = literals
                    .iter()
                    .map(|literal| Some(format!("{} in {claim}", value(scalar, literal)?)))
                    .collect();
                Some(tests?.join(" && "))
            }
            Question::SameAs(other)
                if is_plain(scalar) && is_plain(self.definition(*other).claim_type.scalar()) =>
            {
                let operator = if demand.holds { "==" } else { "!=" };
                Some(format!("{claim} {operator} {}", self.claim(*other)))
            }
            Question::Filled(template) if demand.holds && is_plain(scalar) => {
                Some(format!("{claim} == {}", self.filled(template)?))
            }
            Question::Order(order, number) if matches!(scalar, Scalar::Int) => {
                let operator = match order {
                    Order::Greater => ">",
                    Order::GreaterEqual => ">=",
                    Order::Less => "<",
                    Order::LessEqual => "<=",
                };
                Some(negated(format!("{claim} {operator} {number}")))
            }
            _ => None,
        }
    }

    /// Returns the text of a template without optional parts and filters.
    fn filled(&self, template: &Template) -> Option<String> {
        let parts: Option<Vec<String>> = template
            .parts
            .iter()
            .map(|part| match part {
                TemplatePart::Text(text) => Some(quoted(text)),
                TemplatePart::Claim(claim, None) if is_plain(self.definition(*claim).claim_type.scalar()) => {
                    Some(self.claim(*claim))
                }
                _ => None,
            })
            .collect();
        Some(parts?.join(" + "))
    }

    /// Returns the value of a claim.
    fn claim(&self, claim: ClaimId) -> String {
        let mut text = self.token.to_owned();
        for name in &self.definition(claim).path {
            match is_name(name) {
                true => text = format!("{text}.{name}"),
                false => text = format!("{text}[{}]", quoted(name)),
            }
        }
        text
    }

    /// Returns the condition that the token has a claim.
    fn has(&self, claim: ClaimId) -> Option<String> {
        match self.definition(claim).path.as_slice() {
            [name] if is_name(name) => Some(format!("has({}.{name})", self.token)),
            [name] => Some(format!("({} in {})", quoted(name), self.token)),
            _ => None,
        }
    }
}

fn one_of(claim: &str, scalar: &Scalar, literals: &Literals, holds: bool) -> Option<String> {
    let values: Option<Vec<String>> = literals.iter().map(|literal| value(scalar, literal)).collect();
    let values = values?;
    Some(match (values.as_slice(), holds) {
        ([only], true) => format!("{claim} == {only}"),
        ([only], false) => format!("{claim} != {only}"),
        (_, true) => format!("{claim} in [{}]", values.join(", ")),
        (_, false) => format!("!({claim} in [{}])", values.join(", ")),
    })
}

/// Returns the condition that a text is one of some.
fn test(claim: &str, texts: &Texts) -> String {
    if let Texts::Like { pieces, regex: None } = texts {
        match pieces.as_slice() {
            [WildcardPiece::Run] => return format!("{claim}.matches(\"(?s)^.*$\")"),
            [WildcardPiece::Text(start), WildcardPiece::Run] => {
                return format!("{claim}.startsWith({})", quoted(start));
            }
            [WildcardPiece::Run, WildcardPiece::Text(end)] => {
                return format!("{claim}.endsWith({})", quoted(end));
            }
            [WildcardPiece::Run, WildcardPiece::Text(part), WildcardPiece::Run] => {
                return format!("{claim}.contains({})", quoted(part));
            }
            _ => {}
        }
    }
    match texts {
        Texts::Exactly(text) => format!("{claim} == {}", quoted(text)),
        Texts::Like { .. } => format!("{claim}.matches({})", quoted(&format!("^(?:{})$", texts.regex()))),
    }
}

fn alternatives(tests: &[String]) -> String {
    match tests {
        [only] => only.clone(),
        tests => format!("({})", tests.join(" || ")),
    }
}

/// Returns a value as JSON has it, if the type says which of two forms.
fn value(scalar: &Scalar, literal: &Typed<'_>) -> Option<String> {
    match (scalar, literal) {
        (Scalar::Bool(JsonForm::Any) | Scalar::Id(JsonForm::Any) | Scalar::Time, _) => None,
        (Scalar::Bool(JsonForm::Json) | Scalar::Id(JsonForm::Json) | Scalar::Int, literal) => {
            Some(text(literal))
        }
        (_, literal) => Some(quoted(&text(literal))),
    }
}

/// Returns whether a value has one form in JSON.
fn is_plain(scalar: &Scalar) -> bool {
    are_texts(scalar) == Some(true)
}

fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !matches!(
            name,
            "true"
                | "false"
                | "null"
                | "in"
                | "as"
                | "break"
                | "const"
                | "continue"
                | "else"
                | "for"
                | "function"
                | "if"
                | "import"
                | "let"
                | "loop"
                | "package"
                | "namespace"
                | "return"
                | "var"
                | "void"
                | "while"
        )
}

/// Returns a text as CEL has it: as JSON does, but for characters beyond the basic plane.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
