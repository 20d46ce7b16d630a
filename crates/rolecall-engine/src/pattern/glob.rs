//! The path-aware wildcard, as in gitignore: `*` stays in a segment, `**` is whole segments.
use super::wildcard::{Wildcard, WildcardBuilder, WildcardPiece};
use crate::words::set_bits;
use rolecall_syntax::Str;
use std::fmt;

/// A path-aware wildcard.
///
/// The value is cut at each `:` into fields and each field at each `/` into segments; so no wildcard crosses either.
/// `**/` in front and `/**/` inside stand for any number of whole segments, none too; `/**` at the end of a field, and
/// `**` alone, for at least one. A whole segment is never empty.
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
    /// The glob that a string means. `\*` and `\?` are the characters themselves.
    ///
    /// # Errors
    /// [`GlobError`] if `**` is glued to something else than `/`, `:` or an end.
    pub fn new(string: &Str) -> Result<Self, GlobError> {
        let mut fields = Vec::new();
        let mut field = Vec::new();
        let mut segment = WildcardBuilder::default();
        for c in string.chars() {
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

    /// The glob of these segments.
    pub(super) fn of(fields: Box<[Box<[GlobSegment]>]>) -> Self {
        Self { fields }
    }

    /// The segments of each field.
    pub fn fields(&self) -> impl DoubleEndedIterator<Item = &[GlobSegment]> {
        self.fields.iter().map(|field| &**field)
    }

    /// Whether the whole value fits.
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

    /// The text of the segment, if it stands for no other.
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

/// How many words of 64 bits have a bit for each place between the segments of the longest glob that can be written: a
/// literal has 4 KiB at most.
const WORDS: usize = 65;

/// Whether a field of the value fits.
///
/// All places in the pattern at which one can be after some segments of the value are followed at once. So there is no going
/// back, and no work beyond `pattern × value`.
fn field_accepts(pattern: &[GlobSegment], value: &str) -> bool {
    if pattern.len() < 64 {
        follow(pattern, value, Places([0; 1]), Places([0; 1]))
    } else {
        follow(pattern, value, Places([0; WORDS]), Places([0; WORDS]))
    }
}

fn follow<const N: usize>(
    pattern: &[GlobSegment],
    value: &str,
    mut here: Places<N>,
    mut next: Places<N>,
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
                    // At the end it is enough to have taken one.
                    next.enter(place.wrapping_add(1), pattern);
                }
                _ => {}
            }
        }
        std::mem::swap(&mut here, &mut next);
    }
    set_bits(&here.0).any(|place| place == pattern.len())
}

/// Some places in a pattern: before each of its segments, and after the last.
struct Places<const N: usize>([u64; N]);

impl<const N: usize> Places<N> {
    /// Adds a place, and what is reached from it by `**` that stands for no segment: it does, but at the end.
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
