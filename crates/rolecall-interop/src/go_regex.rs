//! Regexes of Go: what they match as whole values, written as the library `regex` reads them.
//!
//! Go's package `regexp` (<https://pkg.go.dev/regexp/syntax>, Go 1.26) and `regex-syntax` 0.8 differ in a few
//! constructs. Those that mean something else in each, or that only one of them takes, are refused, except
//! for `\d`, `\s` and `\w`, which are ASCII in Go and are written out as classes.

mod anchors;
mod dialect;
mod print;

use regex_syntax::hir::Hir;

/// A regex of Go that both libraries read alike.
pub(crate) struct GoRegex {
    /// The regex in the syntax of the library `regex`.
    text: String,
    has_dot_in_name: bool,
    is_plain: bool,
    is_alternation: bool,
}

impl GoRegex {
    /// Parses a regex.
    ///
    /// # Errors
    ///
    /// Returns the reason why the regex is not read.
    pub(crate) fn parse(written: &str) -> Result<Self, String> {
        let found = dialect::read(written)?;
        Ok(Self {
            text: found.text,
            has_dot_in_name: found.has_dot_in_name,
            is_plain: !found.has_assertion && !found.has_flag,
            is_alternation: found.is_alternation,
        })
    }

    /// Returns whether there is a dot between two parts of names, such as `example.com` has.
    pub(crate) fn has_dot_in_name(&self) -> bool {
        self.has_dot_in_name
    }

    /// Returns whether an alternation is outside of all groups.
    pub(crate) fn is_alternation(&self) -> bool {
        self.is_alternation
    }

    /// Returns a regex for the whole values in which Go finds `^(?:REGEX)$`.
    pub(crate) fn anchored(&self) -> Result<String, String> {
        match self.is_plain {
            true => Ok(self.text.clone()),
            false => whole(&format!("^(?:{})$", self.text)),
        }
    }

    /// Returns a regex for the whole values in which Go finds the regex anywhere.
    pub(crate) fn found(&self) -> Result<String, String> {
        whole(&format!("(?:{})", self.text))
    }

    /// Returns a regex for the whole values in which Go finds `^REGEX$`, where `^` and `$` belong to the
    /// first and the last alternative.
    pub(crate) fn anchored_without_group(&self) -> Result<String, String> {
        match self.is_plain && !self.is_alternation {
            true => Ok(self.text.clone()),
            false => whole(&format!("^{}$", self.text)),
        }
    }
}

/// Returns a regex without anchors that matches the whole values in which another one is found.
fn whole(searched: &str) -> Result<String, String> {
    let tree: Hir = regex_syntax::parse(searched).map_err(|error| dialect::reason(&error))?;
    let tree =
        anchors::resolve(&tree).ok_or("it has an anchor in a repetition or after `(?m)`, or is too large")?;
    Ok(print::regex(&tree))
}
