//! A little of what somebody sent, safe to show.

use std::fmt;

/// The beginning of a text that comes from a token or a key set: evidence of a refusal.
///
/// It is never longer than [`Excerpt::LONGEST`] characters, and showing it escapes all but printable ASCII, so that a
/// `kid` cannot forge a line of a log (CWE-117) and a look-alike of an issuer's name is seen for what it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Excerpt(Box<str>);

impl Excerpt {
    /// The most characters that are kept.
    pub const LONGEST: usize = 80;

    /// The beginning of a text.
    pub(crate) fn of(text: &str) -> Self {
        let mut kept: String = text.chars().take(Self::LONGEST).collect();
        if kept.len() < text.len() {
            kept.pop();
            kept.push('…');
        }
        Self(kept.into())
    }

    /// The text, not escaped.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '`' | '\\' => write!(f, "\\{c}")?,
                ' '..='~' | '…' => write!(f, "{c}")?,
                _ => write!(f, "{}", c.escape_unicode())?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}
