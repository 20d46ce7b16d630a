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

impl Notice {
    /// Returns a notice of a part whose meaning is known and probably not intended.
    pub(crate) fn odd(code: &'static str, message: String, help: &str, span: Span) -> Self {
        Self::new(NoticeKind::Odd, code, message, help, span)
    }

    /// Returns a notice of a part for which the role is refused.
    pub(crate) fn refused(code: &'static str, message: String, help: &str, span: Span) -> Self {
        Self::new(NoticeKind::Refused, code, message, help, span)
    }

    fn new(kind: NoticeKind, code: &'static str, message: String, help: &str, span: Span) -> Self {
        let help = help.to_owned();
        Self {
            kind,
            code,
            message,
            help,
            span,
        }
    }
}

/// The effect of a notice on the role that has its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// The meaning is known, and it is probably not what the author expects.
    Odd,
    /// The role is refused: its meaning is not known, or needs a value that the document lacks.
    Refused,
}
