//! Equations: a claim compared with a text that has other claims in braces.

use super::LeftSide;
use crate::claim_type::Scalar;
use crate::diagnostic::Diagnostic;
use crate::error_kind::ErrorKind;
use crate::id::ClaimId;
use crate::ir::{Profile, Question};
use crate::lower::Lowering;
use crate::lower::text_literal::{TextLiteral, TextPart};
use crate::template::{Filling, Part, Template};
use std::collections::HashSet;
use std::sync::Arc;

impl Lowering<'_> {
    /// Lowers `claim == "…{other}…"`.
    pub(super) fn equation(
        &mut self,
        left: &LeftSide<'_>,
        scalar: &Scalar,
        text: &TextLiteral,
    ) -> Option<Question> {
        if !scalar.has_text() {
            let message = format!(
                "`{}` is {}, and only text, paths, git refs, enums and ids are compared with claims in braces",
                left.claim,
                scalar.singular()
            );
            self.error(
                Diagnostic::new(ErrorKind::TypeMismatch, left.location, message)
                    .help("write the other claim without quotes and braces"),
            );
            return None;
        }
        let errors = self.reports.count();
        let mut parts: Vec<Part> = Vec::new();
        for part in text.parts() {
            match part {
                TextPart::Claim(name, filter, location) => {
                    match self.claim_in_literal(name, *location, left.scope)? {
                        Filling::Claim(claim) => {
                            let part = Part::Claim(claim, *filter);
                            let profile = left.scope.profile;
                            self.check_parts(std::slice::from_ref(&part), profile, *location, false);
                            if derives_from(claim, left.id, profile) {
                                self.refers_to_itself(left, claim);
                            }
                            parts.push(part);
                        }
                        Filling::Text(text) => parts.push(Part::Text(text)),
                    }
                }
                TextPart::Exact(text) => push_text(&mut parts, text),
                TextPart::Written(chars) => {
                    let text: String = chars.iter().map(|c| c.value).collect();
                    push_text(&mut parts, &text);
                }
            }
        }
        (self.reports.count() == errors).then(|| Question::Filled(Arc::new(Template { parts })))
    }

    fn refers_to_itself(&mut self, left: &LeftSide<'_>, claim: ClaimId) {
        let definition = &left.scope.profile[claim];
        let message = if claim == left.id {
            format!("`{definition}` is compared with a text that contains it")
        } else {
            format!(
                "`{definition}` is derived from `{}`, which is compared with it",
                left.claim
            )
        };
        self.error(
            Diagnostic::new(ErrorKind::Circular, left.location, message)
                .help("compare the claims that it is made of"),
        );
    }
}

/// Adds a text to the parts, joined with a text before it.
fn push_text(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        Some(Part::Text(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => parts.push(Part::Text(text.to_owned())),
    }
}

/// Returns true if a claim is another one, or is derived from it.
fn derives_from(claim: ClaimId, other: ClaimId, profile: &Profile) -> bool {
    let (mut seen, mut pending) = (HashSet::new(), vec![claim]);
    while let Some(claim) = pending.pop() {
        if claim == other {
            return true;
        }
        if seen.insert(claim) {
            let derivations = profile.derivations.iter();
            for derivation in derivations.filter(|derivation| derivation.claim == claim) {
                pending.extend(derivation.template.claims().map(|(claim, _)| claim));
            }
        }
    }
    false
}
