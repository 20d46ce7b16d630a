//! String literals of conditions: characters, the texts of parameters, and claims in braces.

use crate::certain::plus;
use crate::diagnostic::Location;
use crate::template::Filter;
use rolecall_syntax::{Str, StrChar};
use std::sync::Arc;

/// A string literal.
#[derive(Clone, Debug)]
pub(super) enum TextLiteral {
    /// A string without names in braces.
    Plain(Str),
    /// The parts of a string with names in braces.
    Parts(Arc<[TextPart]>),
}

/// A part of a string literal.
#[derive(Clone, Debug)]
pub(super) enum TextPart {
    /// Characters, of which `*` and `?` are wildcards in a pattern.
    Written(Box<[StrChar]>),
    /// The text that a parameter stands for, character by character: without wildcards.
    Exact(Arc<str>),
    /// A name in braces that is not a parameter, with its filter and the location between the braces.
    Claim(Box<str>, Option<Filter>, Location),
}

impl TextLiteral {
    /// Returns the parts, if there are names in braces.
    pub(super) fn parts(&self) -> &[TextPart] {
        match self {
            Self::Plain(_) => &[],
            Self::Parts(parts) => parts,
        }
    }

    /// Returns the name and the location of the first claim in braces.
    pub(super) fn first_claim(&self) -> Option<(&str, Location)> {
        self.parts().iter().find_map(|part| match part {
            TextPart::Claim(name, _, location) => Some((&**name, *location)),
            TextPart::Exact(_) | TextPart::Written(_) => None,
        })
    }

    /// Returns the first written character of a kind, which is an escaped one.
    pub(super) fn find_written(&self, is_wanted: impl Fn(&StrChar) -> bool) -> Option<StrChar> {
        match self {
            Self::Plain(string) if string.has_escapes() => string.chars().find(is_wanted),
            Self::Plain(_) => None,
            Self::Parts(parts) => parts.iter().find_map(|part| match part {
                TextPart::Written(written) => written.iter().find(|c| is_wanted(c)).copied(),
                TextPart::Exact(_) | TextPart::Claim(..) => None,
            }),
        }
    }

    /// Returns the size in bytes, as far as it is known.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Plain(string) => string.raw().len(),
            Self::Parts(parts) => parts.iter().fold(0, |sum, part| plus(sum, part.len())),
        }
    }

    /// Returns the characters, of which the escaped ones are not wildcards. A claim in braces has none.
    pub(super) fn chars(&self) -> Vec<StrChar> {
        match self {
            Self::Plain(string) => string.chars().collect(),
            Self::Parts(parts) => {
                let mut chars = Vec::new();
                for part in parts.iter() {
                    match part {
                        TextPart::Written(written) => chars.extend_from_slice(written),
                        TextPart::Exact(text) => chars.extend(text.chars().map(|value| StrChar {
                            value,
                            escaped: true,
                            offset: 0,
                        })),
                        TextPart::Claim(..) => {}
                    }
                }
                chars
            }
        }
    }
}

impl TextPart {
    fn len(&self) -> usize {
        match self {
            Self::Written(chars) => chars.len(),
            Self::Exact(text) => text.len(),
            Self::Claim(name, ..) => name.len(),
        }
    }
}
