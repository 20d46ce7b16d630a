//! Errors of regular expressions.

/// An error in a regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegularError {
    /// The regexes of the policy set together take too much memory when compiled.
    AllTooLarge,
    /// The regex has `^`, `$`, `\A` or `\z`. A regex always matches the whole value.
    Anchor,
    /// The regex has flags, such as `(?i)`.
    Flag,
    /// The text is not a valid regex, or has look-around or back-references: the regex library's message.
    Invalid(String),
    /// The regex takes more than 64 KiB when compiled.
    TooLarge,
    /// The regex has a word boundary, such as `\b` or `\B`.
    WordBoundary,
}
