//! Words with their names left out.

use super::shape::segments;
use crate::meter::{row, sum};

/// A word in which the names of its question are left out.
#[derive(Debug)]
pub(super) struct Template(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    /// The name of the question with this index.
    Name(usize),
    Text(Vec<u8>),
}

impl Template {
    /// Leaves the names out of a word: those that are whole segments, and those that begin or end one, as in
    /// `acme-evil`.
    pub(super) fn new(word: &[u8], names: &[&str]) -> Self {
        let Ok(word) = std::str::from_utf8(word) else {
            return Self(vec![Piece::Text(word.to_vec())]);
        };
        let mut pieces = Vec::new();
        for (segment, delimiter) in segments(word) {
            let whole = names.iter().position(|name| *name == segment);
            // The longest, so that no part of a name is left.
            let longest = |part: fn(&str, &str) -> Option<usize>| {
                let found = (0..).zip(names).filter_map(|(at, name)| {
                    let rest = part(segment, name)?;
                    Some((name.len(), at, rest))
                });
                found.max()
            };
            if let Some(name) = whole {
                pieces.push(Piece::Name(name));
            } else if let Some((_, name, from)) = longest(|segment, name| {
                let rest = segment.strip_prefix(name)?;
                segment.len().checked_sub(rest.len())
            }) {
                pieces.push(Piece::Name(name));
                pieces.extend(segment.get(from..).map(text));
            } else if let Some((_, name, to)) =
                longest(|segment, name| Some(segment.strip_suffix(name)?.len()))
            {
                pieces.extend(segment.get(..to).map(text));
                pieces.push(Piece::Name(name));
            } else {
                pieces.push(text(segment));
            }
            pieces.push(text(delimiter));
        }
        pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        Self(pieces)
    }

    /// Returns the word with other names. `None` if there are fewer of them.
    pub(super) fn with(&self, names: &[&str]) -> Option<Vec<u8>> {
        let mut word = Vec::new();
        for piece in &self.0 {
            match piece {
                Piece::Name(name) => word.extend(names.get(*name)?.as_bytes()),
                Piece::Text(text) => word.extend(text),
            }
        }
        Some(word)
    }

    /// Returns the size in bytes.
    pub(super) fn size(&self) -> usize {
        let texts = self.0.iter().map(|piece| match piece {
            Piece::Name(_) => 0,
            Piece::Text(text) => row::<u8>(text.len()),
        });
        sum(texts.chain([row::<Piece>(self.0.len())]))
    }
}

fn text(text: &str) -> Piece {
    Piece::Text(text.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced() {
        let names = ["acme-1", "shop", "4242"];
        for (word, other) in [
            ("acme-1/shop", "beta/store"),
            ("acme-1-evil/shop", "beta-evil/store"),
            ("mallory/acme-1/shop-x", "mallory/beta/store-x"),
            (
                "project_path:acme-1/shop:ref:main",
                "project_path:beta/store:ref:main",
            ),
            ("x-acme-1", "x-beta"),
            ("42420", "70"),
            ("main", "main"),
            ("", ""),
            ("a//:", "a//:"),
        ] {
            let template = Template::new(word.as_bytes(), &names);
            assert_eq!(template.with(&names).as_deref(), Some(word.as_bytes()));
            assert_eq!(
                template.with(&["beta", "store", "7"]).as_deref(),
                Some(other.as_bytes()),
                "{word}"
            );
        }
        assert_eq!(Template::new(b"shop", &names).with(&[]), None);
    }
}
