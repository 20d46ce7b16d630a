//! Operands: the right side of a comparison, which is a literal, a list, a set, a parameter or another claim.

use super::claim_path::near;
use super::scope::{Resolved, Scope, UntypedLiteral, UntypedValue};
use super::{Lowering, within};
use crate::certain::plus;
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::FileId;
use rolecall_syntax::ast::{ClaimPath, Operand};
use rolecall_syntax::{Spanned, Str};

impl Lowering<'_> {
    /// Resolves an operand in a scope.
    pub(super) fn operand(&mut self, operand: &Spanned<Operand>, scope: &Scope<'_>) -> Resolved {
        let location = Location::new(scope.file, operand.span);
        if let Some(literal) = untyped_literal(operand, scope.file) {
            return Resolved::One(literal);
        }
        match &operand.node {
            Operand::List(elements) => self.list(elements, location, scope),
            Operand::Reference(path) => self.reference(path, location, scope),
            _ => Resolved::Failed,
        }
    }

    fn list(&mut self, elements: &[Spanned<Operand>], location: Location, scope: &Scope<'_>) -> Resolved {
        if elements.is_empty() {
            let message = "the list is empty: no claim can be in it";
            self.error(Diagnostic::new(ErrorKind::Empty, location, message).help("add at least one literal"));
            return Resolved::Failed;
        }
        let mut literals = Vec::new();
        let mut failed = false;
        for element in elements {
            match self.operand(element, scope) {
                Resolved::One(literal) => literals.push(literal),
                Resolved::Anything => return Resolved::Anything,
                Resolved::Failed => failed = true,
                Resolved::Claim(_) | Resolved::Many(_) => {
                    failed = true;
                    let location = Location::new(scope.file, element.span);
                    self.error(
                        Diagnostic::new(
                            ErrorKind::InvalidElement,
                            location,
                            "a list contains only literals",
                        )
                        .help("write a string, a number or a regex"),
                    );
                }
            }
        }
        if failed || !self.take_steps(literals.len(), location) {
            Resolved::Failed
        } else {
            Resolved::Many(literals)
        }
    }

    fn reference(&mut self, path: &ClaimPath, location: Location, scope: &Scope<'_>) -> Resolved {
        let Some(name) = path.as_name() else {
            return self.claim(path, scope).map_or(Resolved::Failed, Resolved::Claim);
        };
        if let Some(argument) = scope.parameters.get(name) {
            return match argument {
                Resolved::Many(literals) if !self.take_steps(literals.len(), location) => Resolved::Failed,
                argument => argument.clone(),
            };
        }
        let claim = scope.profile.claim_by_name(name);
        if self.names.sets.contains_key(name) {
            return self.set_elements(name, claim.is_some(), location, scope);
        }
        if let Some(claim) = claim {
            return Resolved::Claim(claim);
        }
        if let Some((_, condition)) = self.names.condition(name) {
            let message =
                format!("`{name}` is a condition; a claim is compared with a literal, a set or a claim");
            self.error(
                Diagnostic::new(ErrorKind::WrongOperand, location, message)
                    .help("join conditions with `&&` or `||`")
                    .note(condition.location, "the condition"),
            );
            return Resolved::Failed;
        }
        let sets = self.names.sets.keys().copied();
        let others = sets.chain(scope.parameters.keys().map(String::as_str));
        let help = match near(name, scope.profile, others, &mut self.budgets) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write `\"{name}\"` for the text"),
        };
        let message = format!("there is no set, parameter or claim `{name}`");
        self.error(Diagnostic::new(ErrorKind::UnknownName, location, message).help(help));
        Resolved::Failed
    }

    /// Returns the literals of a set; it is an error if its name is also that of a claim.
    fn set_elements(
        &mut self,
        name: &str,
        is_claim: bool,
        location: Location,
        scope: &Scope<'_>,
    ) -> Resolved {
        let Some(set) = self.names.sets.get(name) else {
            return Resolved::Failed;
        };
        if is_claim {
            let message = format!(
                "`{name}` is both a set and a claim of the profile `{}`",
                scope.profile.name
            );
            self.error(
                Diagnostic::new(ErrorKind::AmbiguousName, location, message)
                    .help("rename the set")
                    .note(set.location, "the set"),
            );
            return Resolved::Failed;
        }
        if !self.take_steps(set.item.elements.len(), location) {
            return Resolved::Failed;
        }
        let elements = set.item.elements.iter();
        let literals: Vec<UntypedLiteral> = elements
            .filter_map(|element| untyped_literal(element, set.file))
            .collect();
        if literals.is_empty() {
            Resolved::Failed
        } else {
            Resolved::Many(literals)
        }
    }

    /// Returns the text of a string that is neither a pattern nor a template.
    pub(super) fn plain_text(&mut self, string: &Str, location: Location) -> Option<String> {
        let escape = match string.text() {
            Ok(text) => return Some(text),
            Err(escape) => escape,
        };
        let value = escape.value;
        // The backslash and the character after it.
        let escape = escape.offset..plus(escape.offset, 2);
        let message = format!("`\\{value}` is an escape of patterns and templates, and this is neither");
        self.error(
            Diagnostic::new(ErrorKind::MisplacedEscape, within(location, &escape), message)
                .help(format!("write `{value}`")),
        );
        None
    }
}

/// Returns the literal, if an operand is one.
pub(super) fn untyped_literal(operand: &Spanned<Operand>, file: FileId) -> Option<UntypedLiteral> {
    let value = match &operand.node {
        Operand::Bool(value) => UntypedValue::Bool(*value),
        Operand::Int(value) => UntypedValue::Int(*value),
        Operand::Regex(value) => UntypedValue::Regex(value.clone()),
        Operand::Text(value) => UntypedValue::Text(value.clone()),
        Operand::List(_) | Operand::Reference(_) => return None,
    };
    Some(UntypedLiteral {
        value,
        location: Location::new(file, operand.span),
    })
}
