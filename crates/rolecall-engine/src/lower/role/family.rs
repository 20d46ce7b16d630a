//! Families of roles: one role for each value of a `for`, with the value in its name.

use super::{Instance, Parameter};
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::FileId;
use crate::lower::Lowering;
use crate::lower::budget::Amount;
use crate::lower::claim_path::written;
use crate::lower::names::Named;
use crate::lower::scope::{UntypedLiteral, UntypedValue};
use crate::lower::text_literal::TextLiteral;
use rolecall_syntax::ast::{self, Operand};
use rolecall_syntax::{MAX_NAME_BYTES, Spanned};

impl<'a> Lowering<'a> {
    /// Returns the values of a role's `for`; `None` if it has none or they have an error.
    pub(super) fn values(&mut self, role: Named<'a, ast::Role>) -> Option<Vec<UntypedLiteral>> {
        let expansion = role.item.expansion.as_ref()?;
        let location = Location::new(role.file, expansion.values.span);
        let (elements, file): (&[Spanned<Operand>], FileId) = match &expansion.values.node {
            Operand::List(elements) => (elements, role.file),
            Operand::Reference(path) => {
                let name = path.as_name();
                match name.and_then(|name| self.names.sets.get(name)) {
                    Some(set) => (&set.item.elements.node, set.file),
                    None => {
                        let name = written(path);
                        let sets = self.names.sets.keys().copied();
                        let near = self.budgets.did_you_mean(&name, sets);
                        let message = format!("there is no set `{name}`");
                        self.error(
                            Diagnostic::new(ErrorKind::UnknownSet, location, message)
                                .help_if(near.map(|near| format!("did you mean `{near}`?"))),
                        );
                        return None;
                    }
                }
            }
            Operand::Bool(_) | Operand::Int(_) | Operand::Regex(_) | Operand::Text(_) => (&[], role.file),
        };
        let elements = elements.iter();
        let errors = self.reports.count();
        let literals: Vec<UntypedLiteral> = elements
            .filter_map(|element| self.set_literal(element, file))
            .collect();
        if self.reports.count() > errors {
            return None;
        }
        if literals.is_empty() {
            self.error(
                Diagnostic::new(ErrorKind::Empty, location, "`for` needs one or more literals")
                    .help("write `for env in [\"staging\", \"production\"]`"),
            );
            return None;
        }
        Some(literals)
    }

    /// Lowers the role of a family for one value.
    pub(super) fn member(&mut self, role: Named<'a, ast::Role>, value: UntypedLiteral, weight: Amount) {
        let Some(expansion) = role.item.expansion.as_ref() else {
            return;
        };
        let parameter = expansion.parameter.node.as_str();
        let text = match &value.value {
            UntypedValue::Text(TextLiteral::Plain(string)) => self.plain_text(string, value.location),
            UntypedValue::Int(number) => Some(number.to_string()),
            UntypedValue::Bool(_) | UntypedValue::Regex(_) | UntypedValue::Text(_) => {
                let message = "a role's name can contain only strings and numbers";
                self.error(Diagnostic::new(
                    ErrorKind::InvalidElement,
                    value.location,
                    message,
                ));
                None
            }
        };
        let Some(text) = text else { return };
        let written = role.item.name.node.as_str();
        let placeholder = format!("{{{parameter}}}");
        if !written.contains(&placeholder) {
            let location = Location::new(role.file, role.item.name.span);
            let message =
                format!("the role's name does not contain `{placeholder}`: all roles would share it");
            self.error(
                Diagnostic::new(ErrorKind::InvalidRoleName, location, message)
                    .help(format!("write `{written}-{placeholder}`")),
            );
            return;
        }
        // A value is at most 4 KiB, and a name has at most 256 bytes: this is not large.
        let name = written.replace(&placeholder, &text);
        if name.len() > MAX_NAME_BYTES {
            let message = format!(
                "the role's name has {} bytes, more than the {MAX_NAME_BYTES} that are allowed",
                name.len()
            );
            self.error(
                Diagnostic::new(ErrorKind::LimitExceeded, value.location, message)
                    .help("choose a shorter value"),
            );
            return;
        }
        if self.check_role_name(&name, role) {
            self.role(&Instance {
                role,
                name,
                weight,
                parameter: Some(Parameter {
                    name: parameter,
                    text,
                    value,
                }),
            });
        }
    }

    /// Returns true if a role can have this name. Reports it otherwise.
    pub(super) fn check_role_name(&mut self, name: &str, role: Named<'a, ast::Role>) -> bool {
        let starts_well = name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let mut rest = name.chars();
        if starts_well && rest.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
            return true;
        }
        let location = Location::new(role.file, role.item.name.span);
        let help = if name.contains('{') {
            "a name in braces must be the parameter of the role's `for`"
        } else {
            "names have letters, digits, `_` and `-`"
        };
        let message = format!("`{name}` is not a valid role name");
        self.error(Diagnostic::new(ErrorKind::InvalidRoleName, location, message).help(help));
        false
    }

    /// Reports the parameter of a role's `for` if it has the name of a claim.
    pub(super) fn check_parameter(&mut self, role: Named<'a, ast::Role>) {
        let Some(expansion) = &role.item.expansion else {
            return;
        };
        let parameter = &expansion.parameter;
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
