//! The right side of a comparison: literals, sets, parameters, or another claim.

use super::claim_path::near;
use super::context::{Cx, Lit, LitValue, Resolved};
use super::{Lowering, within};
use crate::diagnostic::{Diagnostic, Location};
use crate::id::FileId;
use rolecall_syntax::ast::{ClaimPath, Operand};
use rolecall_syntax::{Spanned, Str};

impl Lowering<'_> {
    /// What an operand is, in a condition over a profile.
    pub(super) fn operand(&mut self, operand: &Spanned<Operand>, cx: &Cx<'_>) -> Resolved {
        let location = Location::new(cx.file, operand.span);
        if let Some(lit) = lit(operand, cx.file) {
            return Resolved::One(lit);
        }
        match &operand.node {
            Operand::List(elements) => self.list(elements, location, cx),
            Operand::Reference(path) => self.reference(path, location, cx),
            _ => Resolved::Failed,
        }
    }

    fn list(&mut self, elements: &[Spanned<Operand>], location: Location, cx: &Cx<'_>) -> Resolved {
        if elements.is_empty() {
            self.error(
                Diagnostic::new(location, "the list is empty, so that nothing can be in it")
                    .help("put at least one literal into it"),
            );
            return Resolved::Failed;
        }
        let mut lits = Vec::new();
        let mut failed = false;
        for element in elements {
            match self.operand(element, cx) {
                Resolved::One(lit) => lits.push(lit),
                Resolved::Anything => return Resolved::Anything,
                Resolved::Failed => failed = true,
                Resolved::Claim(_) | Resolved::Many(_) => {
                    failed = true;
                    let location = Location::new(cx.file, element.span);
                    self.error(
                        Diagnostic::new(location, "a list holds literals")
                            .help("write a string, a number or a regex"),
                    );
                }
            }
        }
        if failed || !self.take_steps(lits.len(), location) {
            Resolved::Failed
        } else {
            Resolved::Many(lits)
        }
    }

    fn reference(&mut self, path: &ClaimPath, location: Location, cx: &Cx<'_>) -> Resolved {
        let Some(name) = path.as_name() else {
            return self.claim(path, cx).map_or(Resolved::Failed, Resolved::Claim);
        };
        if let Some(argument) = cx.parameters.get(name) {
            return match argument {
                Resolved::Many(lits) if !self.take_steps(lits.len(), location) => Resolved::Failed,
                argument => argument.clone(),
            };
        }
        if let Some(set) = self.names.sets.get(name).copied() {
            if cx.profile.claim_by_name(name).is_some() {
                let message = format!(
                    "`{name}` is both a set and a claim of the profile `{}`",
                    cx.profile.name
                );
                self.error(
                    Diagnostic::new(location, message)
                        .help("rename the set")
                        .note(set.location, "the set"),
                );
                return Resolved::Failed;
            }
            if !self.take_steps(set.item.elements.len(), location) {
                return Resolved::Failed;
            }
            let lits: Vec<Lit> = set
                .item
                .elements
                .iter()
                .filter_map(|element| lit(element, set.file))
                .collect();
            return if lits.is_empty() {
                Resolved::Failed
            } else {
                Resolved::Many(lits)
            };
        }
        if let Some(condition) = self.names.conditions.get(name).copied()
            && cx.profile.claim_by_name(name).is_none()
        {
            let message =
                format!("`{name}` is a condition, and a claim is compared with a literal, a set or a claim");
            self.error(
                Diagnostic::new(location, message)
                    .help("join conditions with `&&` or `||`")
                    .note(condition.location, "the condition"),
            );
            return Resolved::Failed;
        }
        if let Some(claim) = cx.profile.claim_by_name(name) {
            return Resolved::Claim(claim);
        }
        let others = self
            .names
            .sets
            .keys()
            .copied()
            .chain(cx.parameters.keys().map(String::as_str));
        let help = match near(name, cx.profile, others, &mut self.budgets) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write `\"{name}\"` if the text is meant"),
        };
        self.error(
            Diagnostic::new(location, format!("there is no set, parameter or claim `{name}`")).help(help),
        );
        Resolved::Failed
    }

    /// The text of a literal where no pattern or template stands.
    pub(super) fn plain_text(&mut self, string: &Str, location: Location) -> Option<String> {
        match string.text() {
            Ok(text) => Some(text),
            Err(escape) => {
                let end = escape.offset.saturating_add(2);
                self.error(
                    Diagnostic::new(
                        within(location, &(escape.offset..end)),
                        format!(
                            "`\\{}` is an escape of patterns and templates, and this is neither",
                            escape.value
                        ),
                    )
                    .help(format!("write `{}`", escape.value)),
                );
                None
            }
        }
    }
}

/// The literal, if an operand is one.
pub(super) fn lit(operand: &Spanned<Operand>, file: FileId) -> Option<Lit> {
    let value = match &operand.node {
        Operand::Bool(value) => LitValue::Bool(*value),
        Operand::Int(value) => LitValue::Int(*value),
        Operand::Regex(value) => LitValue::Regex(value.clone()),
        Operand::Text(value) => LitValue::Text(value.clone()),
        Operand::List(_) | Operand::Reference(_) => return None,
    };
    Some(Lit {
        value,
        location: Location::new(file, operand.span),
    })
}
