//! Families of clauses: those that differ in the values of one comparison become one, with all of the values.

use super::printed;
use rolecall_syntax::ast::{Allow, Comparison, Condition, Expr, ExprAt, Item, Operand, Operator, Segment};
use rolecall_syntax::{Span, Spanned};

/// Joins clauses, in the order of the first ones. Exactly the same tokens are allowed: a clause with several values is one for
/// each of them.
pub(super) fn joined(clauses: Vec<Allow>) -> Vec<Allow> {
    let mut families: Vec<Family> = Vec::new();
    for clause in clauses {
        let new = Family::new(clause);
        let joined = families.iter_mut().any(|family| family.join(&new));
        if !joined {
            families.push(new);
        }
    }
    families.into_iter().map(Family::clause).collect()
}

/// A clause whose condition is split into its parts.
struct Family {
    clause: Allow,
    parts: Vec<ExprAt>,
    /// The parts as text, which has no locations.
    texts: Vec<String>,
}

impl Family {
    fn new(mut clause: Allow) -> Self {
        let parts = match clause.when.take() {
            Some(Spanned {
                node: Expr::All(parts),
                ..
            }) => parts,
            when => when.into_iter().collect(),
        };
        let texts = parts.iter().map(text).collect();
        Self { clause, parts, texts }
    }

    /// Takes the values of another clause, if it differs in them alone.
    fn join(&mut self, other: &Self) -> bool {
        if self.clause.issuer.node != other.clause.issuer.node || self.texts.len() != other.texts.len() {
            return false;
        }
        let both = self.texts.iter().zip(&other.texts).enumerate();
        let different: Vec<usize> = both
            .filter(|(_, (one, other))| one != other)
            .map(|(place, _)| place)
            .collect();
        let [place] = different.as_slice() else {
            // A clause that is there twice is there once.
            return different.is_empty();
        };
        let parts = self.parts.get(*place).zip(other.parts.get(*place));
        let Some(part) = parts.and_then(|(one, other)| with_values_of_both(one, other)) else {
            return false;
        };
        if let (Some(old), Some(old_text)) = (self.parts.get_mut(*place), self.texts.get_mut(*place)) {
            *old_text = text(&part);
            *old = part;
        }
        true
    }

    fn clause(self) -> Allow {
        let mut parts = self.parts;
        let when = match parts.len() {
            0 | 1 => parts.pop(),
            _ => Some(Spanned::new(Expr::All(parts), Span::default())),
        };
        Allow { when, ..self.clause }
    }
}

/// Returns a comparison with the values of two, if they differ in these alone.
fn with_values_of_both(one: &ExprAt, other: &ExprAt) -> Option<ExprAt> {
    let (Expr::Compare(one), Expr::Compare(other)) = (&one.node, &other.node) else {
        return None;
    };
    let operator = listed(one)?;
    if listed(other) != Some(operator) || one.claim != other.claim {
        return None;
    }
    let mut values: Vec<Spanned<Operand>> = Vec::new();
    for value in values_of(one).into_iter().chain(values_of(other)) {
        if values.iter().all(|known| known.node != value.node) {
            values.push(value);
        }
    }
    let comparison = Comparison {
        claim: one.claim.clone(),
        operator: Spanned::new(operator, Span::default()),
        operand: Spanned::new(Operand::List(values), Span::default()),
    };
    Some(Spanned::new(Expr::Compare(Box::new(comparison)), Span::default()))
}

/// Returns the operator that compares with a list as a comparison does with one value.
fn listed(comparison: &Comparison) -> Option<Operator> {
    let is_value = |operand: &Operand| matches!(operand, Operand::Text(_) | Operand::Int(_));
    let has_values = match &comparison.operand.node {
        Operand::List(values) => values.iter().all(|value| is_value(&value.node)),
        value => is_value(value),
    };
    // An audience is a list, and equal to its only element.
    let is_audience = matches!(comparison.claim.segments.as_slice(), [Spanned { node: Segment::Quoted(name), .. }] if name.raw() == "aud")
        || comparison.claim.as_name() == Some("aud");
    match comparison.operator.node {
        _ if is_audience => None,
        Operator::Equal | Operator::In if has_values => Some(Operator::In),
        Operator::Like if has_values => Some(Operator::Like),
        _ => None,
    }
}

fn values_of(comparison: &Comparison) -> Vec<Spanned<Operand>> {
    match &comparison.operand.node {
        Operand::List(values) => values.clone(),
        _ => vec![comparison.operand.clone()],
    }
}

fn text(part: &ExprAt) -> String {
    printed(Item::Condition(Box::new(Condition {
        name: Spanned::new("part".to_owned(), Span::default()),
        parameters: Vec::new(),
        expr: part.clone(),
    })))
}
