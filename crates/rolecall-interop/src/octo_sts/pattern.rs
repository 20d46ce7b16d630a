//! Patterns: regexes of Go between anchors.

use crate::go_regex::GoRegex;
use rolecall_syntax::Spanned;

/// The text that octo-sts puts around a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchors {
    /// `^` and `$`, up to v0.8.0. With `a|b`, the first belongs to `a` alone and the second to `b`: `ax` and
    /// `xb` match.
    WithoutGroup,
    /// `^(?:` and `)$`, after v0.8.0 (advisory GHSA-mwqh-2vg8-rhj3). `a|b` matches `a` and `b`.
    Group,
}

/// A pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    written: Spanned<String>,
    without_group: String,
    group: String,
    has_dot_in_name: bool,
}

impl Pattern {
    /// Parses a pattern, or returns the reason why it is not read.
    pub(super) fn parse(written: Spanned<String>) -> Result<Self, String> {
        let regex = GoRegex::parse(&written)?;
        Ok(Self {
            without_group: regex.anchored_without_group()?,
            group: regex.anchored()?,
            has_dot_in_name: regex.has_dot_in_name(),
            written,
        })
    }

    /// Returns the pattern as the policy has it, without anchors.
    pub fn written(&self) -> &Spanned<String> {
        &self.written
    }

    /// Returns a regex that matches the whole values that the pattern matches between anchors.
    ///
    /// It has no anchors, no flags and no `\d`, `\s` or `\w`, so that Go and the library `regex` agree on it.
    pub fn whole_value(&self, anchors: Anchors) -> &str {
        match anchors {
            Anchors::WithoutGroup => &self.without_group,
            Anchors::Group => &self.group,
        }
    }

    /// Returns whether the version of octo-sts makes a difference. The pattern then matches more without a
    /// group.
    pub fn depends_on_anchors(&self) -> bool {
        self.without_group != self.group
    }

    /// Returns whether the pattern has a dot where a name such as `example.com` has one.
    pub(super) fn has_dot_in_name(&self) -> bool {
        self.has_dot_in_name
    }
}
