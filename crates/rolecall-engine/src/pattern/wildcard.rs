//! The flat wildcard: `*` any run of characters, `?` one character.

use rolecall_syntax::Str;

/// A flat wildcard, as in AWS `StringLike` and Cedar `like`: nothing is a boundary for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wildcard {
    pieces: Vec<WildcardPiece>,
    text: String,
}

/// A part of a wildcard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WildcardPiece {
    /// This character.
    Char(char),
    /// `?`: one character.
    One,
    /// `*`: any run of characters, also none.
    Run,
}

impl Wildcard {
    /// The wildcard that a string means after `like`. `\*` and `\?` are the characters themselves.
    pub fn new(string: &Str) -> Self {
        let pieces = string.chars().map(|c| match (c.value, c.escaped) {
            ('*', false) => WildcardPiece::Run,
            ('?', false) => WildcardPiece::One,
            (value, _) => WildcardPiece::Char(value),
        });
        Self {
            pieces: pieces.collect(),
            text: string.raw().to_owned(),
        }
    }

    /// The parts in order.
    pub fn pieces(&self) -> &[WildcardPiece] {
        &self.pieces
    }

    /// The wildcard as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the whole value fits.
    pub fn accepts(&self, value: &str) -> bool {
        accepts(&self.pieces, value)
    }
}

/// Whether the whole value fits the pieces.
///
/// After a mismatch only the last run needs to take one more character: what an earlier run could take instead, the
/// last one can take too. So there is no recursion, and no work beyond `pieces × characters`.
pub(super) fn accepts(pieces: &[WildcardPiece], value: &str) -> bool {
    let mut rest = value.chars();
    let mut position: usize = 0;
    let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
    loop {
        let piece = pieces.get(position);
        if piece == Some(&WildcardPiece::Run) {
            position = position.saturating_add(1);
            retry = Some((position, rest.clone()));
            continue;
        }
        let mut ahead = rest.clone();
        let fits = match (piece, ahead.next()) {
            (None, None) => return true,
            (Some(WildcardPiece::Char(wanted)), Some(c)) => *wanted == c,
            (Some(WildcardPiece::One), Some(_)) => true,
            _ => false,
        };
        if fits {
            position = position.saturating_add(1);
            rest = ahead;
            continue;
        }
        let Some((after_run, from)) = &mut retry else {
            return false;
        };
        if from.next().is_none() {
            return false;
        }
        position = *after_run;
        rest = from.clone();
    }
}
