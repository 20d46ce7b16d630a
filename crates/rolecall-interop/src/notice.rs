//! Notices: what a reader of a foreign document has to say about its parts.

use rolecall_syntax::Span;

/// A statement about a part of a foreign document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The effect on the role that has the part.
    pub kind: NoticeKind,
    /// The permanent code, such as `operator-given-twice`.
    pub code: &'static str,
    /// The message: one line, lower-case, with input in backticks.
    pub message: String,
    /// The next step, as it is possible in the source.
    pub help: String,
    /// The location of the part.
    pub span: Span,
}

/// The effect of a notice on the role that has its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// The meaning is known, and it is probably not what the author expects.
    Odd,
    /// The role is refused: its meaning is not known, or needs a value that the document lacks.
    Refused,
}
