//! Path-aware wildcards, as in gitignore: `*` stays in a segment, `**` matches whole segments.

use super::wildcard::{Wildcard, WildcardBuilder, WildcardPiece};
use crate::swar::set_bits;
use rolecall_syntax::{Str, StrChar};
use std::fmt;

/// A path-aware wildcard.
///
/// The value is cut at each `:` into fields and each field at each `/` into segments; so no wildcard crosses
/// either. `**/` in front and `/**/` inside match any number of whole segments, or none. `/**` at the end of
/// a field, and `**` alone, match at least one. A whole segment is never empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Glob {
    fields: Box<[Box<[GlobSegment]>]>,
}

/// A segment of a glob.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GlobSegment {
    /// `**`
    Any,
    /// One segment of the value.
    One(Wildcard),
}

/// `**` that is not a whole segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlobError;

impl Glob {
    /// Parses a glob. `\*` and `\?` are the characters themselves.
    ///
    /// # Errors
    /// Returns [`GlobError`] if `**` is next to another character than `/` and `:`.
    pub fn new(string: &Str) -> Result<Self, GlobError> {
        Self::parse(string.chars())
    }

    /// Parses the characters of a glob. The escaped ones are the characters themselves.
    pub(crate) fn parse(chars: impl IntoIterator<Item = StrChar>) -> Result<Self, GlobError> {
        let mut fields = Vec::new();
        let mut field = Vec::new();
        let mut segment = WildcardBuilder::default();
        for c in chars {
            match (c.value, c.escaped) {
                ('/' | ':', _) => {
                    field.push(GlobSegment::new(std::mem::take(&mut segment).finish())?);
                    if c.value == ':' {
                        fields.push(std::mem::take(&mut field).into_boxed_slice());
                    }
                }
                ('*', false) => segment.push(WildcardPiece::Run),
                ('?', false) => segment.push(WildcardPiece::One),
                (value, _) => segment.push_char(value),
            }
        }
        field.push(GlobSegment::new(segment.finish())?);
        fields.push(field.into_boxed_slice());
        Ok(Self {
            fields: fields.into_boxed_slice(),
        })
    }

    /// Returns the glob of these segments.
    pub(super) fn of(fields: Box<[Box<[GlobSegment]>]>) -> Self {
        Self { fields }
    }

    /// Returns the segments of each field.
    pub fn fields(&self) -> impl DoubleEndedIterator<Item = &[GlobSegment]> {
        self.fields.iter().map(|field| &**field)
    }

    /// Returns true if the glob matches the whole value.
    pub fn accepts(&self, value: &str) -> bool {
        let mut values = value.split(':');
        self.fields
            .iter()
            .all(|field| values.next().is_some_and(|value| field_accepts(field, value)))
            && values.next().is_none()
    }
}

impl GlobSegment {
    fn new(segment: Wildcard) -> Result<Self, GlobError> {
        let doubled = |pair: &[WildcardPiece]| pair == [WildcardPiece::Run, WildcardPiece::Run];
        match segment.pieces() {
            [WildcardPiece::Run, WildcardPiece::Run] => Ok(Self::Any),
            pieces if pieces.windows(2).any(doubled) => Err(GlobError),
            _ => Ok(Self::One(segment)),
        }
    }

    /// Returns the text of a segment that matches one text only.
    pub fn literal(&self) -> Option<&str> {
        match self {
            Self::Any => None,
            Self::One(segment) => match segment.pieces() {
                [] => Some(""),
                [WildcardPiece::Text(text)] => Some(text),
                _ => None,
            },
        }
    }
}

/// Writes the glob as in a policy, without quotes.
impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, field) in self.fields.iter().enumerate() {
            f.write_str(if place == 0 { "" } else { ":" })?;
            for (place, segment) in field.iter().enumerate() {
                f.write_str(if place == 0 { "" } else { "/" })?;
                match segment {
                    GlobSegment::Any => f.write_str("**")?,
                    GlobSegment::One(segment) => segment.fmt(f)?,
                }
            }
        }
        Ok(())
    }
}

/// The number of 64-bit words with a bit for each position between the segments of the longest glob: a
/// literal has 4 KiB at most.
const WORDS: usize = 65;

/// Returns true if a field of the pattern matches a field of the value.
///
/// Follows all positions in the pattern at once that some segments of the value lead to. So it does not
/// backtrack, and the work is at most `pattern × value`.
fn field_accepts(pattern: &[GlobSegment], value: &str) -> bool {
    if pattern.len() < 64 {
        follow(pattern, value, Positions([0; 1]), Positions([0; 1]))
    } else {
        follow(pattern, value, Positions([0; WORDS]), Positions([0; WORDS]))
    }
}

fn follow<const N: usize>(
    pattern: &[GlobSegment],
    value: &str,
    mut here: Positions<N>,
    mut next: Positions<N>,
) -> bool {
    here.enter(0, pattern);
    for segment in value.split('/') {
        next.0.fill(0);
        for place in set_bits(&here.0) {
            match pattern.get(place) {
                Some(GlobSegment::One(wanted)) if wanted.accepts(segment) => {
                    next.enter(place.wrapping_add(1), pattern);
                }
                Some(GlobSegment::Any) if !segment.is_empty() => {
                    next.enter(place, pattern);
                    // At the end, one segment is enough.
                    next.enter(place.wrapping_add(1), pattern);
                }
                _ => {}
            }
        }
        std::mem::swap(&mut here, &mut next);
    }
    set_bits(&here.0).any(|place| place == pattern.len())
}

/// A set of positions in a pattern: before each of its segments, and after the last.
struct Positions<const N: usize>([u64; N]);

impl<const N: usize> Positions<N> {
    /// Adds a position, and those that are reached from it by a `**` that matches no segment. A `**` at the
    /// end matches at least one.
    fn enter(&mut self, mut place: usize, pattern: &[GlobSegment]) {
        loop {
            if let Some(word) = self.0.get_mut(place >> 6) {
                *word |= 1 << (place & 63);
            }
            let after = place.wrapping_add(1);
            if pattern.get(place) != Some(&GlobSegment::Any) || after == pattern.len() {
                return;
            }
            place = after;
        }
    }
}
