//! Guesses from the texts that a comparison accepts: the components that they name.

use super::assembly::Assembly;
use super::sketch::{Sign, text_of};
use super::words::{Word, Words};
use super::{CutRules, CutValue, Layout, cut};
use crate::claim_type::Scalar;
use crate::id::ClaimId;
use crate::ir::{Derivation, Profile};
use crate::template::{Filter, Part};

/// The steps that may be taken to cut one value.
const STEPS: usize = 10_000;
/// A text for the characters that a wildcard stands for. It is a path, a ref and an id.
const EXAMPLE: &str = "1";

/// Returns the layout of which a text could be. The error is the name of a component that the issuer never
/// uses, if that is the reason for the lack of a layout.
pub(super) fn guess(
    words: &Words,
    claim: ClaimId,
    sketch: &[Sign],
    profile: &Profile,
) -> Result<Layout, Option<String>> {
    let mut assembly = Assembly::default();
    let mut segments = sketch.split(|sign| *sign == Sign::Char(':'));
    let mut next_one = segments.next();
    while let Some(segment) = next_one {
        next_one = segments.next();
        // A wildcard instead of a name stands for any components.
        let name = text_of(segment).ok_or(None)?;
        if let (Some(value), Some(word)) = (next_one, words.get(&name)) {
            if word.is_foreign {
                return Err(Some(name));
            }
            match named(word, value, profile) {
                Some(parts) => {
                    assembly.add_named(&name, parts, word.is_optional);
                    next_one = segments.next();
                    continue;
                }
                // The alias of a claim may be the name of something else.
                None if word.own.is_none() => {}
                None => return Err(None),
            }
        }
        if words.is_fixed {
            return Err(Some(name));
        }
        assembly.add(&[Part::Text(name)]);
    }
    Layout::new(claim, assembly.finish(), profile).ok_or(None)
}

/// Returns the parts of which a value could be.
fn named<'w>(word: &'w Word, value: &[Sign], profile: &Profile) -> Option<&'w [Part]> {
    if value.iter().all(|sign| matches!(sign, Sign::Run { .. })) && !value.is_empty() {
        // Any value: of names alone rather than of names and ids.
        let alone = word.values.iter().find(|parts| parts.len() == 1);
        return alone.or(word.values.first()).map(Vec::as_slice);
    }
    let has_gap = value.iter().any(|sign| !matches!(sign, Sign::Char(_)));
    let text: String = value.iter().fold(String::new(), |mut text, sign| {
        match sign {
            Sign::Char(c) => text.push(*c),
            Sign::One | Sign::Run { .. } => text.push_str(EXAMPLE),
        }
        text
    });
    let is_own = |claim| word.own == Some(claim);
    let rules = CutRules {
        own: &|_, _| None,
        accepts: &|claim, filter, value| {
            let scalar = profile[claim].claim_type.scalar();
            let is_listed = matches!(scalar, Scalar::Bool(_) | Scalar::Enum { .. });
            (has_gap && is_listed) || may_be(scalar, filter, value, is_own(claim))
        },
        may_omit: &|_| true,
    };
    let mut fitting = word.values.iter();
    let fitting = fitting.find(|parts| cut(parts, &text, &rules, &mut { STEPS }).is_some());
    fitting.map(Vec::as_slice)
}

/// Returns the claim and the value that a text has for it, if each derivation that could give the text has a
/// claim that never has its value.
pub(super) fn impossible<'t>(
    text: &'t str,
    derivations: impl Iterator<Item = &'t Derivation>,
    profile: &Profile,
) -> Option<(ClaimId, &'t str)> {
    let rules = CutRules {
        own: &|_, _| None,
        accepts: &|_, _, _| true,
        may_omit: &|_| true,
    };
    let mut left = STEPS;
    let mut fewest: Option<(usize, ClaimId, &str)> = None;
    for derivation in derivations {
        let Some(values) = cut(&derivation.template.parts, text, &rules, &mut left) else {
            continue;
        };
        let is_impossible = |value: &&CutValue<'_>| {
            let scalar = profile[value.claim].claim_type.scalar();
            *scalar != Scalar::Text && !may_be(scalar, value.filter, value.text, true)
        };
        let count = values.iter().filter(is_impossible).count();
        let first = values.iter().find(is_impossible)?;
        if fewest.is_none_or(|(least, ..)| count < least) {
            fewest = Some((count, first.claim, first.text));
        }
    }
    fewest
        .filter(|_| left > 0)
        .map(|(_, claim, value)| (claim, value))
}

/// Returns true if a text may be the value of a claim in a template. A value that an open enum does not list
/// is taken only for the claim of exactly that name.
fn may_be(scalar: &Scalar, filter: Option<Filter>, value: &str, is_own: bool) -> bool {
    if value.is_empty() || (filter == Some(Filter::Name) && value.contains('/')) {
        return false;
    }
    match scalar {
        Scalar::Bool(_) => matches!(value, "true" | "false"),
        Scalar::Int | Scalar::Time => value.parse::<i64>().is_ok(),
        Scalar::Enum { values, open } => values.has(value) || (*open && is_own),
        scalar => scalar.holds(value),
    }
}
