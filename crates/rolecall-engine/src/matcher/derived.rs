//! Derived claims compared with the claims that they are made of.

use super::nnf::Nnf;
use super::view::View;
use crate::ir::Derivation;
use crate::template::{Filter, Part};

impl View<'_> {
    /// Returns true if a derivation makes exactly this text of the token.
    pub(super) fn makes(&self, derivation: &Derivation, text: &str) -> bool {
        // The text is compared first, because most derivations are alternatives that make another one.
        self.is_text_of(&derivation.template.parts, text) && self.holds(Nnf::new(&derivation.when))
    }

    /// Returns true if the parts of a template make exactly this text of the token.
    pub(super) fn is_text_of(&self, parts: &[Part], text: &str) -> bool {
        self.strip(parts, text) == Some("")
    }

    /// Returns true if the parts of a template without optional parts make a text of the token.
    pub(super) fn has_text(&self, parts: &[Part]) -> bool {
        parts.iter().all(|part| match part {
            Part::Claim(claim, filter) => {
                let value = self.scalar(*claim);
                value.is_some_and(|value| {
                    value.written(|text| filter.is_none_or(|filter| filter.applies_to(text)))
                }) && self.is_comparable(*claim)
            }
            Part::Optional(_) | Part::Text(_) => true,
        })
    }

    /// Returns the text after what the parts make, if it begins with that.
    fn strip<'t>(&self, parts: &[Part], text: &'t str) -> Option<&'t str> {
        let mut rest = text;
        for part in parts {
            rest = match part {
                Part::Text(literal) => rest.strip_prefix(literal.as_str())?,
                Part::Optional(inner) => {
                    let is_absent =
                        |part: &Part| matches!(part, Part::Claim(claim, _) if self.value(*claim).is_none());
                    if inner.iter().any(is_absent) {
                        continue;
                    }
                    self.strip(inner, rest)?
                }
                Part::Claim(claim, filter) => {
                    let after = self
                        .scalar(*claim)?
                        .written(|value| strip_value(rest, value, *filter))?;
                    if !self.is_comparable(*claim) {
                        return None;
                    }
                    after
                }
            };
        }
        Some(rest)
    }
}

/// Returns the text after a filtered value, if it begins with that.
fn strip_value<'t>(text: &'t str, value: &str, filter: Option<Filter>) -> Option<&'t str> {
    match filter {
        None => text.strip_prefix(value),
        Some(Filter::Name) => text.strip_prefix(value.rsplit('/').next()?),
        Some(Filter::Parent) => text.strip_prefix(value.rsplit_once('/')?.0),
        Some(Filter::ColonEncoded) => {
            let mut parts = value.split(':');
            let mut rest = text.strip_prefix(parts.next()?)?;
            for part in parts {
                rest = rest.strip_prefix("%3A")?.strip_prefix(part)?;
            }
            Some(rest)
        }
    }
}
