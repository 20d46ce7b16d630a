//! The path-aware wildcard, as in gitignore: `*` stays in a segment, `**` is whole segments.

use super::wildcard::{self, WildcardPiece};
use rolecall_syntax::Str;

/// A path-aware wildcard.
///
/// The value is cut at each `:` into fields and each field at each `/` into segments; so no wildcard crosses either.
/// `**/` in front and `/**/` inside stand for any number of whole segments, none too; `/**` at the end of a field, and
/// `**` alone, for at least one. A whole segment is never empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Glob {
    fields: Vec<Vec<Segment>>,
    text: String,
}

/// A segment of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Segment {
    /// `**`
    Any,
    /// One segment of the value.
    One(Vec<WildcardPiece>),
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
        let mut fields = vec![Vec::new()];
        let mut segment = Vec::new();
        let end_segment = |fields: &mut Vec<Vec<Segment>>, segment: &mut Vec<WildcardPiece>| {
            let pieces = std::mem::take(segment);
            let doubled = pieces
                .windows(2)
                .any(|pair| pair == [WildcardPiece::Run, WildcardPiece::Run]);
            let whole = match (doubled, pieces.len()) {
                (true, 2) => Segment::Any,
                (true, _) => return Err(GlobError),
                (false, _) => Segment::One(pieces),
            };
            if let Some(field) = fields.last_mut() {
                field.push(whole);
            }
            Ok(())
        };
        for c in string.chars() {
            match (c.value, c.escaped) {
                ('/', _) => end_segment(&mut fields, &mut segment)?,
                (':', _) => {
                    end_segment(&mut fields, &mut segment)?;
                    fields.push(Vec::new());
                }
                ('*', false) => segment.push(WildcardPiece::Run),
                ('?', false) => segment.push(WildcardPiece::One),
                (value, _) => segment.push(WildcardPiece::Char(value)),
            }
        }
        end_segment(&mut fields, &mut segment)?;
        Ok(Self {
            fields,
            text: string.raw().to_owned(),
        })
    }

    /// The glob as written.
    pub fn text(&self) -> &str {
        &self.text
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

/// Whether a field of the value fits. As with characters, after a mismatch only the last `**` takes one more.
fn field_accepts(pattern: &[Segment], value: &str) -> bool {
    let mut rest = value.split('/');
    let mut position: usize = 0;
    let mut retry: Option<(usize, std::str::Split<'_, char>)> = None;
    loop {
        let segment = pattern.get(position);
        if segment == Some(&Segment::Any) {
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
            (Some(Segment::One(pieces)), Some(value)) => wildcard::accepts(pieces, value),
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
