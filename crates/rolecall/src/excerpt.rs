//! Excerpts of untrusted text, safe to show.

use std::fmt;

/// The beginning of an untrusted text, from a token, a key set or a request, as evidence of a refusal.
///
/// It has at most [`Excerpt::LONGEST`] characters. `Display` escapes everything but printable ASCII, so that
/// a `kid` cannot forge a log line (CWE-117) and a look-alike of an issuer's name is visible as such.
#[derive(Clone, PartialEq, Eq)]
pub struct Excerpt(Box<str>);

impl Excerpt {
    /// The maximum number of characters.
    pub const LONGEST: usize = 80;

    /// Returns the beginning of a text, with `…` at the end if it was cut.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut kept: String = text.chars().take(Self::LONGEST).collect();
        if kept.len() < text.len() {
            kept.pop();
            kept.push('…');
        }
        Self(kept.into())
    }

    /// Returns the text, not escaped.
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
