//! Families of roles: one role for each combination of the values of its `for`s.

use super::Instance;
use super::axis::Axis;
use crate::certain::{next, plus};
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::lower::budget::Amount;
use crate::lower::names::Named;
use crate::lower::scope::{Resolved, UntypedLiteral, UntypedValue};
use crate::lower::text_literal::TextLiteral;
use crate::lower::weight::Weight;
use crate::lower::{Lowering, MAX_ROLES};
use rolecall_syntax::MAX_NAME_BYTES;
use rolecall_syntax::ast;
use std::collections::HashMap;
use std::num::Saturating;

/// A piece of the name of a role.
enum Piece<'a> {
    Parameter(&'a str),
    Text(&'a str),
}

/// Returns the error for a `for` that makes more roles than a set has room for.
pub(super) fn too_many_roles(count: usize, location: Location) -> Diagnostic {
    let message = match count {
        1..=MAX_ROLES => format!("the set has more than {MAX_ROLES} roles"),
        usize::MAX => format!("the values of this role make far more than {MAX_ROLES} roles"),
        count => format!("the values of this role make {count} roles, more than {MAX_ROLES}"),
    };
    let help = match count {
        1..=MAX_ROLES => "split it into several sets",
        _ => "use fewer values: each `for` multiplies the number of roles",
    };
    Diagnostic::new(ErrorKind::LimitExceeded, location, message).help(help)
}

/// Returns the error for two roles of a family with the same name.
pub(super) fn two_of_a_family(name: &str, role: Named<'_, ast::Role>) -> Diagnostic {
    let written = &role.item.name.node;
    let parameters = role.item.expansions.iter().flat_map(|one| &one.parameters);
    let missing: String = parameters
        .map(|parameter| format!("{{{}}}", parameter.node))
        .filter(|placeholder| !written.contains(placeholder))
        .map(|placeholder| format!("-{placeholder}"))
        .collect();
    let help = match missing.as_str() {
        "" => "choose other values, or put something between the parameters in the name".to_owned(),
        missing => format!("write `{written}{missing}`"),
    };
    let location = Location::new(role.file, role.item.name.span);
    let message = format!("two roles of this `for` are called `{name}`");
    Diagnostic::new(ErrorKind::DuplicateName, location, message).help(help)
}

/// Returns the weight of all roles of a family.
pub(super) fn total_weight(weight: &Weight, axes: &[Axis<'_>]) -> usize {
    let rows = axes.iter().map(|axis| Saturating(axis.rows.len()));
    let roles = rows.fold(Saturating(1), |product: Amount, rows| product * rows);
    let mut total = weight.own() * roles;
    let mut first = 0;
    for axis in axes {
        let values = axis.rows.iter().map(|row| weight.of_values(first, row));
        let values = values.fold(Saturating(0), |sum, weight| sum + weight);
        // Each row is in this many roles. An axis has a row, so the number of rows is not 0.
        total += values * Saturating(roles.0.checked_div(axis.rows.len()).unwrap_or(roles.0));
        first = plus(first, axis.parameters.len());
    }
    total.0
}

impl<'a> Lowering<'a> {
    /// Lowers a role for each combination of values.
    pub(super) fn family(&mut self, role: Named<'a, ast::Role>, axes: &[Axis<'a>], weight: &Weight) {
        let pieces = pieces(role.item);
        if !self.check_placeholders(role, axes, &pieces) {
            return;
        }
        let mut parameters: HashMap<String, Resolved> = HashMap::new();
        // The row of each axis, and the first axis whose row is another one than before.
        let mut rows = vec![0_usize; axes.len()];
        let mut changed = 0;
        loop {
            let mut own = weight.own();
            let mut first = 0;
            for (number, (axis, row)) in axes.iter().zip(&rows).enumerate() {
                let values = axis.rows.get(*row).map_or(&[][..], Vec::as_slice);
                own += weight.of_values(first, values);
                first = plus(first, axis.parameters.len());
                if number >= changed {
                    set(&mut parameters, axis, values);
                }
            }
            self.member(role, &pieces, &parameters, own);
            if self.exceeded.is_some() {
                return;
            }
            match advance(&mut rows, axes) {
                Some(axis) => changed = axis,
                None => return,
            }
        }
    }

    /// Reports a `for` of several roles none of whose parameters is in the role's name.
    fn check_placeholders(
        &mut self,
        role: Named<'a, ast::Role>,
        axes: &[Axis<'a>],
        pieces: &[Piece<'a>],
    ) -> bool {
        let is_in_name = |name: &str| {
            let mut names = pieces.iter();
            names.any(|piece| matches!(piece, Piece::Parameter(parameter) if *parameter == name))
        };
        let location = Location::new(role.file, role.item.name.span);
        let mut is_right = true;
        for axis in axes {
            let names = || axis.parameters.iter().map(|name| name.node.as_str());
            if axis.rows.len() == 1 || names().any(is_in_name) {
                continue;
            }
            is_right = false;
            let placeholders: Vec<String> = names().map(|name| format!("`{{{name}}}`")).collect();
            let message = match placeholders.as_slice() {
                [one] => format!("the role's name does not contain {one}: all roles would share it"),
                many => format!(
                    "the role's name contains none of {}: all roles would share it",
                    many.join(", ")
                ),
            };
            let first = names().next().unwrap_or_default();
            let help = format!("write `{}-{{{first}}}`", role.item.name.node);
            self.error(Diagnostic::new(ErrorKind::InvalidRoleName, location, message).help(help));
        }
        is_right
    }

    /// Lowers the role of a family for one combination of values.
    fn member(
        &mut self,
        role: Named<'a, ast::Role>,
        pieces: &[Piece<'a>],
        parameters: &HashMap<String, Resolved>,
        weight: Amount,
    ) {
        let Some(name) = self.role_name(role, pieces, parameters) else {
            return;
        };
        if self.check_role_name(&name, role) {
            self.role(&Instance {
                role,
                name,
                weight,
                parameters,
            });
        }
    }

    /// Returns the name of a role with values for its parameters.
    fn role_name(
        &mut self,
        role: Named<'a, ast::Role>,
        pieces: &[Piece<'a>],
        parameters: &HashMap<String, Resolved>,
    ) -> Option<String> {
        let mut name = String::new();
        let mut longest: Option<(usize, Location)> = None;
        for piece in pieces {
            match piece {
                Piece::Text(text) => name.push_str(text),
                Piece::Parameter(parameter) => {
                    let Some(Resolved::One(value)) = parameters.get(*parameter) else {
                        continue;
                    };
                    let text = self.parameter_text(value, "a role's name")?;
                    longest = longest.max(Some((text.len(), value.location)));
                    // A value is at most 4 KiB, and a name has at most 256 bytes: this is not large.
                    name.push_str(&text);
                }
            }
        }
        if name.len() > MAX_NAME_BYTES {
            let message = format!(
                "the role's name has {} bytes, more than the {MAX_NAME_BYTES} that are allowed",
                name.len()
            );
            let location = longest.map_or_else(
                || Location::new(role.file, role.item.name.span),
                |(_, location)| location,
            );
            self.error(
                Diagnostic::new(ErrorKind::LimitExceeded, location, message).help("choose a shorter value"),
            );
            return None;
        }
        Some(name)
    }

    /// Returns the text of a parameter's value, for a place that takes strings and numbers.
    pub(in crate::lower) fn parameter_text(&mut self, value: &UntypedLiteral, place: &str) -> Option<String> {
        match &value.value {
            UntypedValue::Text(TextLiteral::Plain(string)) => self.plain_text(string, value.location),
            UntypedValue::Int(number) => Some(number.to_string()),
            UntypedValue::Bool(_) | UntypedValue::Regex(_) | UntypedValue::Text(_) => {
                let message = format!("{place} can contain only strings and numbers");
                self.error(Diagnostic::new(
                    ErrorKind::InvalidElement,
                    value.location,
                    message,
                ));
                None
            }
        }
    }

    /// Returns true if a role can have this name. Reports it otherwise.
    fn check_role_name(&mut self, name: &str, role: Named<'a, ast::Role>) -> bool {
        if self.names.is_foreign(role.file) {
            // Its source has rules of its own.
            return true;
        }
        let starts_well = name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let mut rest = name.chars();
        if starts_well && rest.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
            return true;
        }
        let location = Location::new(role.file, role.item.name.span);
        let help = if name.contains('{') {
            "a name in braces must be a parameter of the role's `for`"
        } else {
            "names have letters, digits, `_` and `-`"
        };
        let message = format!("`{name}` is not a valid role name");
        self.error(Diagnostic::new(ErrorKind::InvalidRoleName, location, message).help(help));
        false
    }

    /// Reports the parameters of a role's `for`s that have the name of a claim.
    pub(super) fn check_parameters(&mut self, role: Named<'a, ast::Role>) {
        for parameter in role.item.expansions.iter().flat_map(|one| &one.parameters) {
            if let Some(profile) = self.claim_names.get(&parameter.node) {
                let message = format!(
                    "the parameter `{}` has the name of a claim of the profile `{}`",
                    parameter.node, profile.name
                );
                let location = Location::new(role.file, parameter.span);
                self.error(
                    Diagnostic::new(ErrorKind::AmbiguousName, location, message).help("rename the parameter"),
                );
            }
        }
    }
}

/// Returns the pieces of a role's name. A name in braces that does not name a parameter stays text.
fn pieces(role: &ast::Role) -> Vec<Piece<'_>> {
    let is_parameter = |name: &str| {
        let mut parameters = role.expansions.iter().flat_map(|one| &one.parameters);
        parameters.any(|parameter| parameter.node == name)
    };
    let mut pieces = Vec::new();
    let mut rest = role.name.node.as_str();
    while let Some((text, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}').filter(|(name, _)| is_parameter(name)) else {
            break;
        };
        pieces.extend([Piece::Text(text), Piece::Parameter(name)]);
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// Sets the values of the parameters of an axis.
fn set(parameters: &mut HashMap<String, Resolved>, axis: &Axis<'_>, values: &[UntypedLiteral]) {
    for (name, value) in axis.parameters.iter().zip(values) {
        let value = Resolved::One(value.clone());
        match parameters.get_mut(&name.node) {
            Some(old) => *old = value,
            None => {
                parameters.insert(name.node.clone(), value);
            }
        }
    }
}

/// Moves to the next combination of rows, and returns the first axis whose row changed; `None` after the last
/// combination.
fn advance(rows: &mut [usize], axes: &[Axis<'_>]) -> Option<usize> {
    for (number, (row, axis)) in rows.iter_mut().zip(axes).enumerate().rev() {
        *row = next(*row);
        if *row < axis.rows.len() {
            return Some(number);
        }
        *row = 0;
    }
    None
}
