//! Notices: what a reader of a foreign document has to say about its parts.

use rolecall_syntax::Span;

/// The number of characters of a value in a message.
const MAX_PRINTED: usize = 200;

/// A statement about a part of a foreign document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The effect on the role that has the part.
    pub kind: NoticeKind,
    /// The permanent code, such as `member-given-twice`.
    pub code: &'static str,
    /// The message: one line, lower-case, with input in backticks.
    pub message: String,
    /// The next step, as it is possible in the source.
    pub help: String,
    /// The value that the document lacks, if the part is refused for it: `var.repos`.
    pub needs: Option<String>,
    /// The location of the part.
    pub span: Span,
}

impl Notice {
    /// Returns a notice of a part whose meaning is known and probably not intended.
    pub(crate) fn odd(
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
        span: Span,
    ) -> Self {
        Self::new(NoticeKind::Odd, code, message, help, span)
    }

    /// Returns a notice of a part for which the role admits fewer tokens here than in its source.
    pub(crate) fn narrower(
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
        span: Span,
    ) -> Self {
        Self::new(NoticeKind::Narrower, code, message, help, span)
    }

    /// Returns a notice of a part for which the role admits more tokens here than in its source.
    pub(crate) fn wider(
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
        span: Span,
    ) -> Self {
        Self::new(NoticeKind::Wider, code, message, help, span)
    }

    /// Returns a notice of a part for which the role is refused.
    pub(crate) fn refused(
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
        span: Span,
    ) -> Self {
        Self::new(NoticeKind::Refused, code, message, help, span)
    }

    fn new(
        kind: NoticeKind,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
        span: Span,
    ) -> Self {
        Self {
            kind,
            code,
            message: message.into(),
            help: help.into(),
            needs: None,
            span,
        }
    }

    /// Names the value that the document lacks.
    pub(crate) fn for_lack_of(self, needs: String) -> Self {
        Self {
            needs: Some(needs),
            ..self
        }
    }
}

/// The result of reading a document into a tree of its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<T> {
    /// The tree. One with a notice that refuses it is absent, because its other parts alone would admit more
    /// or fewer tokens.
    pub tree: Option<T>,
    /// The notices, in the order of the reader.
    pub notices: Vec<Notice>,
}

impl<T> Reading<T> {
    /// Returns a tree, unless a notice refuses it.
    pub(crate) fn new(tree: Option<T>, notices: Vec<Notice>) -> Self {
        let is_refused = notices.iter().any(|notice| notice.kind == NoticeKind::Refused);
        debug_assert!(tree.is_some() || is_refused, "a refusal has a reason");
        Self {
            tree: tree.filter(|_| !is_refused),
            notices,
        }
    }
}

/// The effect of a notice on the role that has its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// The meaning is known, and it is probably not what the author expects.
    Odd,
    /// Fewer tokens get the role here than in its source.
    Narrower,
    /// More tokens get the role here than in its source.
    Wider,
    /// The role is refused: its meaning is not known, or needs a value that the document lacks.
    Refused,
}

/// Returns the start of a text, without line breaks and the like.
pub(crate) fn printable(text: &str) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(MAX_PRINTED).collect();
    let rest = if characters.next().is_some() { "…" } else { "" };
    let printable = start.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c });
    printable.chain(rest.chars()).collect()
}
