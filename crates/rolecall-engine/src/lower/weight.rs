//! Weights: the sizes of expanded conditions and roles, computed before they are expanded.

use super::budget::Amount;
use super::names::Names;
use super::scope::{UntypedLiteral, UntypedValue};
use super::text_literal::TextLiteral;
use crate::certain::{next, plus};
use rolecall_syntax::ast::{ClaimPath, Expr, Operand, Role, RoleMember};
use rolecall_syntax::{Str, names_in_braces};
use std::collections::{HashMap, HashSet};
use std::num::Saturating;

/// The number of bytes of a literal that weigh as much as a comparison.
const BYTES: usize = 64;
/// The number of pieces of a pattern that weigh as much as a comparison.
const PIECES: usize = 4;

/// A weight: an amount, and for each parameter the number of times that the weight of its value is added.
#[derive(Clone, Default)]
pub(super) struct Weight {
    own: Amount,
    parameters: Vec<Amount>,
}

/// The weights of the conditions of a policy set, by their names.
#[derive(Default)]
pub(super) struct Weights<'a> {
    conditions: HashMap<&'a str, Weight>,
    /// The numbers of elements of the sets.
    sets: HashMap<&'a str, usize>,
}

/// The parameters of a condition or a role, with their positions.
type Parameters<'p> = HashMap<&'p str, usize>;

impl<'a> Weights<'a> {
    /// Weighs all conditions, each after those that it names. One that refers to itself is reported when it
    /// is lowered.
    pub(super) fn new(names: &Names<'a>) -> Self {
        let sets = names.sets.iter();
        let mut weights = Self {
            conditions: HashMap::new(),
            sets: sets.map(|(name, set)| (*name, set.item.elements.len())).collect(),
        };
        let mut entered: HashSet<&str> = HashSet::new();
        for root in names.conditions.keys() {
            let mut open = vec![*root];
            while let Some(name) = open.last().copied() {
                let Some((name, condition)) = names.conditions.get_key_value(name) else {
                    open.pop();
                    continue;
                };
                if entered.insert(name) {
                    let mut before = |callee: &'a str| {
                        if names.conditions.contains_key(callee) && !entered.contains(callee) {
                            open.push(callee);
                        }
                    };
                    each_callee(&condition.item.expr.node, &mut before);
                    continue;
                }
                open.pop();
                if !weights.conditions.contains_key(name) {
                    let parameters = condition.item.parameters.iter().enumerate();
                    let parameters = parameters
                        .map(|(position, name)| (name.node.as_str(), position))
                        .collect();
                    let weight = weights.weigh(&condition.item.expr.node, &parameters);
                    weights.conditions.insert(name, weight);
                }
            }
        }
        weights
    }

    /// Weighs a condition without parameters.
    pub(super) fn expr(&self, expr: &Expr) -> Amount {
        self.weigh(expr, &Parameters::new()).own
    }

    /// Weighs a role. Its weight has the parameters of its `for`s, in the order of the text.
    pub(super) fn role(&self, role: &Role) -> Weight {
        let names = role.expansions.iter().flat_map(|one| &one.parameters);
        let parameters: Parameters<'_> = names
            .enumerate()
            .map(|(position, name)| (name.node.as_str(), position))
            .collect();
        let mut weight = Weight::of(&parameters);
        // Each role has its own values of the parameters.
        weight.own += parameters.len().max(1);
        weight.add_holes(&role.name.node, Saturating(1), &parameters);
        let members = || role.members.iter().map(|member| &member.node);
        let clauses = members().filter(|member| matches!(member, RoleMember::Allow(_)));
        let clauses = Saturating(clauses.count());
        for member in members() {
            match member {
                RoleMember::Allow(allow) => {
                    weight.own += 1;
                    if let Some(when) = &allow.when {
                        self.add(&when.node, &parameters, &mut weight);
                    }
                }
                // Each clause has its own copy of the grants.
                RoleMember::Grant(grant) => {
                    for template in grant.templates.strings() {
                        let text = template.node.raw();
                        weight.own += clauses * Saturating(weight_of(text));
                        weight.add_holes(text, clauses, &parameters);
                    }
                }
                RoleMember::Tags(tags) => weight.own += tags.len(),
                RoleMember::Ttl(_) => {}
            }
        }
        weight
    }

    fn weigh(&self, expr: &Expr, parameters: &Parameters<'_>) -> Weight {
        let mut weight = Weight::of(parameters);
        self.add(expr, parameters, &mut weight);
        weight
    }

    fn add(&self, expr: &Expr, parameters: &Parameters<'_>, weight: &mut Weight) {
        match expr {
            Expr::All(terms) | Expr::Any(terms) => {
                for term in terms {
                    self.add(&term.node, parameters, weight);
                }
            }
            Expr::Not(term) => self.add(&term.node, parameters, weight),
            Expr::External(_) | Expr::Has(_) | Expr::IsNull(_) => weight.own += 1,
            Expr::Bare(path) => {
                let named = path.as_name().and_then(|name| self.conditions.get(name));
                weight.own += named.map_or(Saturating(1), |named| named.own.max(Saturating(1)));
            }
            Expr::Call(call) => {
                let Some(called) = self.conditions.get(call.name.node.as_str()) else {
                    return;
                };
                weight.own += called.own;
                for (argument, times) in call.arguments.iter().zip(&called.parameters) {
                    self.add_operand(&argument.node, *times, parameters, weight);
                }
            }
            Expr::Compare(comparison) => {
                weight.own += 1;
                self.add_operand(&comparison.operand.node, Saturating(1), parameters, weight);
            }
        }
    }

    /// Adds the weight of an operand, multiplied by `times`.
    fn add_operand(
        &self,
        operand: &Operand,
        times: Amount,
        parameters: &Parameters<'_>,
        weight: &mut Weight,
    ) {
        let amount = match operand {
            Operand::Bool(_) | Operand::Int(_) => 0,
            Operand::Regex(text) => text.len() / BYTES,
            Operand::Text(text) => {
                weight.add_holes(text.raw(), times, parameters);
                weight_without_owner(text.raw())
            }
            Operand::List(elements) => {
                for element in elements {
                    self.add_operand(&element.node, times, parameters, weight);
                }
                elements.len()
            }
            Operand::Reference(path) => match path.as_name().and_then(|name| parameters.get(name)) {
                Some(position) => {
                    weight.add_parameter(*position, times);
                    0
                }
                None => self.set(path),
            },
        };
        weight.own += Saturating(amount) * times;
    }

    fn set(&self, path: &ClaimPath) -> usize {
        let elements = path.as_name().and_then(|name| self.sets.get(name));
        // Another claim has no elements.
        elements.map_or(0, |elements| *elements)
    }
}

impl Weight {
    fn of(parameters: &Parameters<'_>) -> Self {
        Self {
            own: Saturating(0),
            parameters: vec![Saturating(0); parameters.len()],
        }
    }

    fn add_parameter(&mut self, position: usize, times: Amount) {
        if let Some(parameter) = self.parameters.get_mut(position) {
            *parameter += times;
        }
    }

    /// Adds the parameters that are in braces in a text, each multiplied by `times`.
    fn add_holes(&mut self, text: &str, times: Amount, parameters: &Parameters<'_>) {
        // Most roles have no parameters.
        if parameters.is_empty() {
            return;
        }
        for name in names_in_braces(text) {
            if let Some(position) = parameters.get(name) {
                self.add_parameter(*position, times);
            }
        }
    }

    /// Returns the weight without the values of its parameters.
    pub(super) fn own(&self) -> Amount {
        self.own
    }

    /// Returns the weight that values add, of the parameters from a position on.
    pub(super) fn of_values(&self, first: usize, values: &[UntypedLiteral]) -> Amount {
        let times = self.parameters.iter().skip(first);
        let weights = times.zip(values).map(|(times, value)| {
            let value = match &value.value {
                UntypedValue::Text(TextLiteral::Plain(text)) => weight_of(text.raw()),
                UntypedValue::Bool(_)
                | UntypedValue::Int(_)
                | UntypedValue::Regex(_)
                | UntypedValue::Text(_) => 1,
            };
            *times * Saturating(value)
        });
        weights.fold(Saturating(0), |sum, weight| sum + weight)
    }
}

/// Returns the sum of weights.
pub(super) fn total<'w>(weights: impl Iterator<Item = &'w Amount>) -> usize {
    weights.fold(Saturating(0), |sum, weight| sum + *weight).0
}

/// Weighs a copied text.
fn weight_of(text: &str) -> usize {
    next(weight_without_owner(text))
}

/// Weighs a text without the comparison or the element that it belongs to. Each piece of a pattern is kept
/// separately.
fn weight_without_owner(text: &str) -> usize {
    let pieces = text
        .bytes()
        .filter(|byte| matches!(byte, b'*' | b'?' | b'/'))
        .count();
    plus(text.len() / BYTES, pieces / PIECES)
}

/// Weighs a copied string.
pub(super) fn weight_of_string(string: &Str) -> usize {
    weight_of(string.raw())
}

/// Calls `show` with each name that may be that of a condition.
fn each_callee<'e>(expr: &'e Expr, show: &mut dyn FnMut(&'e str)) {
    match expr {
        Expr::All(terms) | Expr::Any(terms) => terms.iter().for_each(|term| each_callee(&term.node, show)),
        Expr::Not(term) => each_callee(&term.node, show),
        Expr::Bare(path) => path.as_name().into_iter().for_each(show),
        Expr::Call(call) => show(&call.name.node),
        Expr::Compare(_) | Expr::External(_) | Expr::Has(_) | Expr::IsNull(_) => {}
    }
}
