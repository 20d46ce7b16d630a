//! The path-aware wildcard, as in gitignore: `*` stays in a segment, `**` is whole segments.

mod gaps;

use super::wildcard::{Wildcard, WildcardBuilder, WildcardPiece};
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
            .all(|field| values.next().is_some_and(|value| fits(field, value)))
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

/// Whether a field of the value fits.
fn fits(pattern: &[GlobSegment], value: &str) -> bool {
    let has_gap = || value.starts_with('/') || value.ends_with('/') || value.contains("//");
    fits_whole(pattern, value) || (has_gap() && gaps::accepts(pattern, value))
}

/// Whether a field without empty segments fits; what is accepted fits even with some. As with characters, after a mismatch
/// only the last `**` takes one more.
fn fits_whole(pattern: &[GlobSegment], value: &str) -> bool {
    let mut rest = value.split('/');
    let mut position: usize = 0;
    let mut retry: Option<(usize, std::str::Split<'_, char>)> = None;
    loop {
        let segment = pattern.get(position);
        if segment == Some(&GlobSegment::Any) {
            position = position.saturating_add(1);
            if position == pattern.len() {
                // At the end: the rest, which is one segment or more, each of them whole.
                let mut rest = rest.peekable();
                return rest.peek().is_some() && rest.all(|value| !value.is_empty());
            }
            retry = Some((position, rest.clone()));
            continue;
        }
        let mut ahead = rest.clone();
        let fits = match (segment, ahead.next()) {
            (None, None) => return true,
            (Some(GlobSegment::One(segment)), Some(value)) => segment.accepts(value),
            _ => false,
        };
        if fits {
            position = position.saturating_add(1);
            rest = ahead;
            continue;
        }
        let Some((after_any, from)) = &mut retry else {
            return false;
        };
        if from.next().is_none_or(str::is_empty) {
            return false;
        }
        position = *after_any;
        rest = from.clone();
    }
}
