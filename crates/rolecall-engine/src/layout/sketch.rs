//! Sketches of the texts that a comparison accepts, and of those that a template gives, without types.

use crate::certain::next;
use crate::claim_type::{Scalar, Typed};
use crate::id::ClaimId;
use crate::ir::{Profile, Question, TrustedIssuer};
use crate::pattern::{GlobSegment, OutlinePiece, Pattern, WildcardPiece};
use crate::template::{Filter, Part};
use std::collections::HashSet;

/// The most texts and patterns of a comparison that are sketched.
const MAX_SKETCHES: usize = 64;
/// The most pairs of a sign and a place in a template that are compared for one comparison.
const MAX_PAIRS: usize = 200_000;

/// A sign of a sketch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// This character.
    Char(char),
    /// One character.
    One,
    /// Any characters, or none.
    Run {
        /// True if a `:` may be one of them.
        crosses: bool,
    },
}

/// Returns a sketch of each text and pattern of a comparison; `None` if they are too many, or if the
/// comparison is not with texts.
pub(super) fn sketches(question: &Question) -> Option<Vec<Vec<Sign>>> {
    let sketches: Vec<Vec<Sign>> = match question {
        Question::OneOf(literals) if literals.len() <= MAX_SKETCHES => {
            let texts = literals.iter().map(Typed::as_text);
            texts
                .map(|text| Some(text?.chars().map(Sign::Char).collect()))
                .collect::<Option<_>>()?
        }
        Question::Pattern(patterns) if patterns.len() <= MAX_SKETCHES => {
            patterns.iter().flat_map(of_pattern).collect()
        }
        _ => return None,
    };
    (sketches.len() <= MAX_SKETCHES).then_some(sketches)
}

fn of_pattern(pattern: &Pattern) -> Vec<Vec<Sign>> {
    let mut signs = Vec::new();
    match pattern {
        Pattern::Glob(glob) => {
            for (number, field) in glob.fields().enumerate() {
                add_text(if number > 0 { ":" } else { "" }, &mut signs);
                let mut before: Option<&GlobSegment> = None;
                for segment in field {
                    // `**/` may stand for nothing at all.
                    let is_after_one = matches!(before, Some(GlobSegment::One(_)));
                    add_text(if is_after_one { "/" } else { "" }, &mut signs);
                    match segment {
                        GlobSegment::Any => signs.push(Sign::Run { crosses: false }),
                        GlobSegment::One(wildcard) => add_pieces(wildcard.pieces(), false, &mut signs),
                    }
                    before = Some(segment);
                }
            }
        }
        Pattern::Like(wildcard) => add_pieces(wildcard.pieces(), true, &mut signs),
        Pattern::Matches(regular) => {
            let outlines = regular.outlines().into_iter();
            return outlines.map(|outline| of_outline(&outline)).collect();
        }
        Pattern::Under(path) => {
            add_text(path, &mut signs);
            signs.push(Sign::Run { crosses: false });
        }
    }
    vec![signs]
}

fn of_outline(outline: &[OutlinePiece]) -> Vec<Sign> {
    let mut signs = Vec::new();
    for piece in outline {
        match piece {
            OutlinePiece::Text(text) => add_text(text, &mut signs),
            OutlinePiece::Any { .. } | OutlinePiece::Segment { .. } | OutlinePiece::Other => {
                signs.push(Sign::Run { crosses: true });
            }
        }
    }
    signs
}

fn add_pieces(pieces: &[WildcardPiece], crosses: bool, signs: &mut Vec<Sign>) {
    for piece in pieces {
        match piece {
            WildcardPiece::One => signs.push(Sign::One),
            WildcardPiece::Run => signs.push(Sign::Run { crosses }),
            WildcardPiece::Text(text) => add_text(text, signs),
        }
    }
}

fn add_text(text: &str, signs: &mut Vec<Sign>) {
    signs.extend(text.chars().map(Sign::Char));
}

/// Returns the text of signs that are all characters.
pub(super) fn text_of(signs: &[Sign]) -> Option<String> {
    let char = |sign: &Sign| match sign {
        Sign::Char(c) => Some(*c),
        Sign::One | Sign::Run { .. } => None,
    };
    signs.iter().map(char).collect()
}

/// Returns true if one of the issuer's derivations of a claim may give a text of one of the sketches, whatever
/// the values of its claims are. True if that is too much work.
pub(super) fn may_be_given(issuer: &TrustedIssuer, claim: ClaimId, sketches: &[Vec<Sign>]) -> bool {
    let mut left = MAX_PAIRS;
    let own = issuer.derivations.iter();
    let mut own = own.filter(|derivation| derivation.claim == claim);
    own.any(|derivation| {
        let mut places = Vec::new();
        add_places(&derivation.template.parts, &issuer.profile, &mut places);
        let mut sketches = sketches.iter();
        sketches.any(|sketch| meet(&places, sketch, &mut left).unwrap_or(true))
    })
}

/// A place in a template.
enum Place {
    Sign(Sign),
    /// The places up to this index may be omitted.
    Omissible(usize),
}

fn add_places(parts: &[Part], profile: &Profile, places: &mut Vec<Place>) {
    for part in parts {
        match part {
            Part::Claim(claim, filter) => {
                let is_text = *profile[*claim].claim_type.scalar() == Scalar::Text;
                let crosses = is_text && *filter != Some(Filter::ColonEncoded);
                places.push(Place::Sign(Sign::Run { crosses }));
            }
            Part::Text(text) => places.extend(text.chars().map(|c| Place::Sign(Sign::Char(c)))),
            Part::Optional(inner) => {
                let at = places.len();
                places.push(Place::Omissible(at));
                add_places(inner, profile, places);
                let end = places.len();
                if let Some(Place::Omissible(after)) = places.get_mut(at) {
                    *after = end;
                }
            }
        }
    }
}

/// Returns true if some text is of both; `None` if there are too many pairs of a place and a sign.
fn meet(places: &[Place], sketch: &[Sign], left: &mut usize) -> Option<bool> {
    // The pairs that some text leads to, from the start of both.
    let mut reached = HashSet::from([(0, 0)]);
    let mut open = vec![(0, 0)];
    while let Some((at, column)) = open.pop() {
        *left = left.checked_sub(1)?;
        let (place, sign) = (places.get(at), sketch.get(column));
        let mut go = |pair: (usize, usize)| {
            if reached.insert(pair) {
                open.push(pair);
            }
        };
        match (place, sign) {
            (None, None) => return Some(true),
            (Some(Place::Omissible(end)), _) => {
                go((next(at), column));
                go((*end, column));
                continue;
            }
            _ => {}
        }
        // A run may be empty.
        if matches!(place, Some(Place::Sign(Sign::Run { .. }))) {
            go((next(at), column));
        }
        if matches!(sign, Some(Sign::Run { .. })) {
            go((at, next(column)));
        }
        if let (Some(Place::Sign(own)), Some(sign)) = (place, sign)
            && share_a_char(*own, *sign)
        {
            let after = |sign: Sign, at: usize| match sign {
                Sign::Run { .. } => at,
                Sign::Char(_) | Sign::One => next(at),
            };
            go((after(*own, at), after(*sign, column)));
        }
    }
    Some(false)
}

fn share_a_char(left: Sign, right: Sign) -> bool {
    match (left, right) {
        (Sign::Char(left), Sign::Char(right)) => left == right,
        (Sign::Char(c), Sign::Run { crosses }) | (Sign::Run { crosses }, Sign::Char(c)) => {
            crosses || c != ':'
        }
        _ => true,
    }
}
