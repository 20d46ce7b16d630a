//! Weights: the sizes of conditions and roles when they are written out, computed before they are.

use super::context::{Lit, LitValue};
use super::names::Names;
use rolecall_syntax::Str;
use rolecall_syntax::ast::{ClaimPath, Expr, Operand, Role, RoleMember};
use std::collections::{HashMap, HashSet};

/// The bytes of a literal that weigh as much as a comparison.
const BYTES: usize = 64;
/// The pieces of a pattern that do.
const PIECES: usize = 4;

/// A weight: an amount, and for each parameter how often the weight of its value comes on top.
#[derive(Clone, Default)]
pub(super) struct Weight {
    own: usize,
    parameters: Vec<usize>,
}

/// The weights of the conditions of a policy set, by their names.
#[derive(Default)]
pub(super) struct Weights<'a> {
    conditions: HashMap<&'a str, Weight>,
    /// The numbers of elements of the sets.
    sets: HashMap<&'a str, usize>,
}

/// The parameters that a condition or a role has, with their places.
type Parameters<'p> = HashMap<&'p str, usize>;

impl<'a> Weights<'a> {
    /// Weighs all conditions, each after those that it names. One that is made of itself is reported elsewhere.
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
                        .map(|(place, name)| (name.node.as_str(), place))
                        .collect();
                    let weight = weights.weigh(&condition.item.expr.node, &parameters);
                    weights.conditions.insert(name, weight);
                }
            }
        }
        weights
    }

    /// Weighs a condition without parameters.
    pub(super) fn expr(&self, expr: &Expr) -> usize {
        self.weigh(expr, &Parameters::new()).own
    }

    /// Weighs a role; if it stands for several, with a parameter.
    pub(super) fn role(&self, role: &Role) -> Weight {
        let parameter = role
            .expansion
            .as_ref()
            .map(|for_each| for_each.parameter.node.as_str());
        let parameters: Parameters<'_> = parameter.map(|name| (name, 0)).into_iter().collect();
        let mut weight = Weight::of(&parameters);
        weight.add(1);
        let holes = |text: &str| text.matches('{').count();
        weight.add_parameter(0, holes(&role.name.node));
        let members = || role.members.iter().map(|member| &member.node);
        let clauses = members()
            .filter(|member| matches!(member, RoleMember::Allow(_)))
            .count();
        for member in members() {
            match member {
                RoleMember::Allow(allow) => {
                    weight.add(1);
                    if let Some(when) = &allow.when {
                        self.add(&when.node, &parameters, &mut weight);
                    }
                }
                // Each clause has them.
                RoleMember::Grant(grant) => {
                    let text = grant.template.node.raw();
                    weight.add(clauses.saturating_mul(weight_of(text)));
                    weight.add_parameter(0, clauses.saturating_mul(holes(text)));
                }
                RoleMember::Tags(tags) => weight.add(tags.len()),
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
            Expr::Has(_) => weight.add(1),
            Expr::Bare(path) => {
                let named = path.as_name().and_then(|name| self.conditions.get(name));
                weight.add(named.map_or(1, |named| named.own.max(1)));
            }
            Expr::Call(name, arguments) => {
                let Some(called) = self.conditions.get(name.node.as_str()) else {
                    return;
                };
                weight.add(called.own);
                for (argument, times) in arguments.iter().zip(&called.parameters) {
                    self.add_operand(&argument.node, *times, parameters, weight);
                }
            }
            Expr::Compare(comparison) => {
                weight.add(1);
                self.add_operand(&comparison.operand.node, 1, parameters, weight);
            }
        }
    }

    /// Adds an operand so many times.
    fn add_operand(&self, operand: &Operand, times: usize, parameters: &Parameters<'_>, weight: &mut Weight) {
        let amount = match operand {
            Operand::Bool(_) | Operand::Int(_) => 0,
            Operand::Regex(text) => text.len() / BYTES,
            Operand::Text(text) => weight_beside(text.raw()),
            Operand::List(elements) => {
                for element in elements {
                    self.add_operand(&element.node, times, parameters, weight);
                }
                elements.len()
            }
            Operand::Reference(path) => match path.as_name().and_then(|name| parameters.get(name)) {
                Some(place) => {
                    weight.add_parameter(*place, times);
                    0
                }
                None => self.set(path),
            },
        };
        weight.add(amount.saturating_mul(times));
    }

    fn set(&self, path: &ClaimPath) -> usize {
        let elements = path.as_name().and_then(|name| self.sets.get(name));
        elements.copied().unwrap_or_default()
    }
}

impl Weight {
    fn of(parameters: &Parameters<'_>) -> Self {
        Self {
            own: 0,
            parameters: vec![0; parameters.len()],
        }
    }

    fn add(&mut self, amount: usize) {
        self.own = self.own.saturating_add(amount);
    }

    fn add_parameter(&mut self, place: usize, times: usize) {
        if let Some(parameter) = self.parameters.get_mut(place) {
            *parameter = parameter.saturating_add(times);
        }
    }

    /// Returns the weight with a value for its only parameter, if it has one.
    pub(super) fn with(&self, value: Option<&Lit>) -> usize {
        let times = self.parameters.first().copied().unwrap_or_default();
        let value = value.map_or(0, |value| match &value.value {
            LitValue::Text(text) => weight_of(text.raw()),
            LitValue::Bool(_) | LitValue::Int(_) | LitValue::Regex(_) => 1,
        });
        self.own.saturating_add(times.saturating_mul(value))
    }
}

/// Weighs a text that is copied.
fn weight_of(text: &str) -> usize {
    weight_beside(text).saturating_add(1)
}

/// Weighs a text beside a comparison or an element, which weighs itself. Of a pattern, each piece is kept on its own.
fn weight_beside(text: &str) -> usize {
    let pieces = text
        .bytes()
        .filter(|byte| matches!(byte, b'*' | b'?' | b'/'))
        .count();
    (text.len() / BYTES).saturating_add(pieces / PIECES)
}

/// Weighs a string that is copied.
pub(super) fn weight_of_string(string: &Str) -> usize {
    weight_of(string.raw())
}

/// Shows the names that may be those of conditions.
fn each_callee<'e>(expr: &'e Expr, show: &mut dyn FnMut(&'e str)) {
    match expr {
        Expr::All(terms) | Expr::Any(terms) => terms.iter().for_each(|term| each_callee(&term.node, show)),
        Expr::Not(term) => each_callee(&term.node, show),
        Expr::Bare(path) => path.as_name().into_iter().for_each(show),
        Expr::Call(name, _) => show(&name.node),
        Expr::Compare(_) | Expr::Has(_) => {}
    }
}
