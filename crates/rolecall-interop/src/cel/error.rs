//! Errors of the parser.

use rolecall_syntax::Span;

/// The deepest nesting of operators and brackets together.
pub(super) const MAX_DEPTH: usize = 128;

/// The reason why a text is not an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CelError {
    /// The message, without the location.
    pub message: String,
    /// The location of the fault.
    pub span: Span,
}

/// Returns the message for an expression that nests too deeply.
pub(super) fn too_deep() -> String {
    format!("the expression has more than {MAX_DEPTH} levels")
}
