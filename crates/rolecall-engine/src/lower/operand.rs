//! Operands: the right side of a comparison, which is a literal, a list, a set, a parameter or another claim.

use super::claim_path::near;
use super::scope::{Resolved, Scope, UntypedLiteral, UntypedValue};
use super::text_literal::TextLiteral;
use super::{Lowering, within};
use crate::certain::plus;
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::FileId;
use crate::ir::ClaimDefinition;
use crate::template::{Token, may_have_holes, tokens};
use rolecall_syntax::ast::{ClaimPath, Operand, Operator};
use rolecall_syntax::{MisplacedEscape, Spanned, Str, StrChar};

/// The claim and the operator of a comparison, for its messages.
type Compared<'c> = Option<(&'c ClaimDefinition, Operator)>;

impl Lowering<'_> {
    /// Resolves an operand in a scope.
    pub(super) fn operand(&mut self, operand: &Spanned<Operand>, scope: &Scope<'_>) -> Resolved {
        self.compared_operand(operand, None, scope)
    }

    /// Resolves an operand that a claim is compared with.
    pub(super) fn compared_operand(
        &mut self,
        operand: &Spanned<Operand>,
        compared: Compared<'_>,
        scope: &Scope<'_>,
    ) -> Resolved {
        let location = Location::new(scope.file, operand.span);
        if let Some(literal) = untyped_literal(operand, scope.file) {
            return Resolved::One(literal);
        }
        match &operand.node {
            Operand::Text(string) => self.text_literal(string, location, scope),
            Operand::List(elements) => self.list(elements, location, scope),
            Operand::Reference(path) => self.reference(path, location, compared, scope),
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

    fn reference(
        &mut self,
        path: &ClaimPath,
        location: Location,
        compared: Compared<'_>,
        scope: &Scope<'_>,
    ) -> Resolved {
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
                    .help(match scope.calls.contains(&name) {
                        true => format!("write `\"{name}\"` for the text"),
                        false => {
                            format!("write `\"{name}\"` for the text; join conditions with `&&` or `||`")
                        }
                    })
                    .note(condition.location, "the condition"),
            );
            return Resolved::Failed;
        }
        let sets = self.names.sets.keys().copied();
        let others = sets.chain(scope.parameters.keys().map(String::as_str));
        let help = match near(name, scope.profile, others, &mut self.budgets) {
            _ if matches!(name, "True" | "TRUE") => "write `true`".to_owned(),
            _ if matches!(name, "False" | "FALSE") => "write `false`".to_owned(),
            _ if matches!(name, "nil" | "None" | "NULL" | "Null" | "undefined") => match compared {
                Some((claim, Operator::NotEqual)) => format!("write `has {claim}`"),
                Some((claim, _)) => format!("write `!has {claim}`"),
                None => {
                    "write `has CLAIM` for a claim that the token has, `!has CLAIM` for one that it lacks"
                        .to_owned()
                }
            },
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
        if set
            .item
            .elements
            .iter()
            .any(|element| matches!(element.node, Operand::List(_)))
        {
            let message =
                format!("the set `{name}` has rows of values, and a claim is compared with single values");
            self.error(
                Diagnostic::new(ErrorKind::WrongOperand, location, message)
                    .help("use the set in a `for`, or write a set of single values")
                    .note(set.location, "the set"),
            );
            return Resolved::Failed;
        }
        let elements = set.item.elements.iter();
        let literals: Vec<UntypedLiteral> = elements
            .filter_map(|element| self.set_literal(element, set.file))
            .collect();
        if literals.is_empty() {
            Resolved::Failed
        } else {
            Resolved::Many(literals)
        }
    }

    /// Returns an element of a set or of a `for`, if it is a literal. It cannot have names in braces.
    pub(super) fn set_literal(&mut self, element: &Spanned<Operand>, file: FileId) -> Option<UntypedLiteral> {
        let Operand::Text(string) = &element.node else {
            return untyped_literal(element, file);
        };
        let location = Location::new(file, element.span);
        if may_have_holes(string) {
            for token in tokens(string) {
                match token {
                    Ok(Token::Char(_)) => {}
                    Ok(Token::Hole { name, place, .. }) => {
                        let message = format!("`{{{name}}}` is neither a parameter nor a claim here");
                        self.error(
                            Diagnostic::new(ErrorKind::WrongOperand, within(location, &place), message)
                                .help("write `\\{` for the character, or move the string into the condition"),
                        );
                        return None;
                    }
                    Err((error, range)) => {
                        self.template_error(error, within(location, &range));
                        return None;
                    }
                }
            }
        }
        let value = UntypedValue::Text(TextLiteral::Plain(string.clone()));
        Some(UntypedLiteral { value, location })
    }

    /// Returns the text of a string that is neither a pattern nor a template.
    pub(super) fn plain_text(&mut self, string: &Str, location: Location) -> Option<String> {
        let escape = match string.text() {
            Ok(text) => return Some(text),
            Err(escape) => escape,
        };
        let MisplacedEscape { offset, value } = escape;
        let escape = StrChar {
            value,
            escaped: true,
            offset,
        };
        self.misplaced_escape(escape, location);
        None
    }

    /// Reports an escape in a string at a location that is neither a pattern nor a template.
    pub(super) fn misplaced_escape(&mut self, escape: StrChar, location: Location) {
        let value = escape.value;
        // The backslash and the character after it.
        let range = escape.offset..plus(escape.offset, 2);
        let message = format!("`\\{value}` is an escape of patterns and templates, and this is neither");
        self.error(
            Diagnostic::new(ErrorKind::MisplacedEscape, within(location, &range), message)
                .help(format!("write `{value}`")),
        );
    }
}

/// Returns the literal, if an operand is one other than a string.
fn untyped_literal(operand: &Spanned<Operand>, file: FileId) -> Option<UntypedLiteral> {
    let value = match &operand.node {
        Operand::Bool(value) => UntypedValue::Bool(*value),
        Operand::Int(value) => UntypedValue::Int(*value),
        Operand::Regex(value) => UntypedValue::Regex(value.clone()),
        Operand::List(_) | Operand::Reference(_) | Operand::Text(_) => return None,
    };
    Some(UntypedLiteral {
        value,
        location: Location::new(file, operand.span),
    })
}
