//! Accepted values, as evidence of a refusal.

use std::fmt;

use crate::excerpt::Excerpt;

/// The values that an issuer's configuration accepts: the first few, and the number of the others.
///
/// All of them are from the policies, none from a token. `Display` lists them on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    first: Box<[Excerpt]>,
    more: usize,
}

impl Accepted {
    /// The maximum number of values that are listed.
    pub const MOST: usize = 5;

    /// Lists the first values.
    pub(crate) fn of<'a>(values: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let more = values.len().saturating_sub(Self::MOST);
        Self {
            first: values.take(Self::MOST).map(Excerpt::of).collect(),
            more,
        }
    }

    /// Returns the first values, at most [`Accepted::MOST`].
    pub fn first(&self) -> impl Iterator<Item = &Excerpt> {
        self.first.iter()
    }

    /// Returns the number of further values.
    pub fn more(&self) -> usize {
        self.more
    }
}

/// Writes the values like `` `a`, `b`, 3 more ``.
impl fmt::Display for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for value in &self.first {
            write!(f, "{between}`{value}`")?;
            between = ", ";
        }
        match self.more {
            0 if self.first.is_empty() => f.write_str("none"),
            0 => Ok(()),
            more => write!(f, ", {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Accepted;

    #[test]
    fn a_few_are_listed_and_the_others_counted() {
        let rows: [(&[&str], &str); 6] = [
            (&[], "none"),
            (&["a"], "`a`"),
            (&["a", "b"], "`a`, `b`"),
            (&["a", "b", "c`\n"], r"`a`, `b`, `c\`\u{a}`"),
            (&["a", "b", "c", "d", "e"], "`a`, `b`, `c`, `d`, `e`"),
            (
                &["a", "b", "c", "d", "e", "f", "g"],
                "`a`, `b`, `c`, `d`, `e`, 2 more",
            ),
        ];
        for (values, expected) in rows {
            assert_eq!(Accepted::of(values.iter().copied()).to_string(), expected);
        }
    }
}
