//! Values of conditions of CEL: true, false or an error.

use crate::notice::Notice;
use crate::translation::condition::{all, any, constant, depth};
use rolecall_syntax::Span;
use rolecall_syntax::ast::{Expr, ExprAt};

/// The most parts of a translated condition.
const MAX_PARTS: usize = 4_000;

/// The deepest condition. Our language takes one that is a little deeper.
const MAX_DEPTH: usize = 48;

/// A condition of ours, or the reason why there is none.
pub(in crate::translation) type Translated = Result<ExprAt, Notice>;

/// The condition under which an expression is true, and the one under which it is false. It is an error if neither holds.
///
/// A condition of ours that is UNKNOWN does not hold, so that neither is ever negated.
#[derive(Clone, Debug)]
pub(in crate::translation) struct Outcome {
    pub(in crate::translation) holds: Translated,
    pub(in crate::translation) fails: Translated,
}

impl Outcome {
    pub(in crate::translation) fn constant(value: bool, span: Span) -> Self {
        Self {
            holds: Ok(constant(value, span)),
            fails: Ok(constant(!value, span)),
        }
    }

    /// Returns the outcome of an expression that is always an error.
    pub(in crate::translation) fn error(span: Span) -> Self {
        Self {
            holds: Ok(constant(false, span)),
            fails: Ok(constant(false, span)),
        }
    }

    /// Returns the outcome of an expression that is never true, but of which it is not documented whether it is false or an
    /// error.
    pub(in crate::translation) fn never(notice: Notice) -> Self {
        Self {
            holds: Ok(constant(false, notice.span)),
            fails: Err(notice),
        }
    }

    pub(in crate::translation) fn refused(notice: Notice) -> Self {
        Self {
            holds: Err(notice.clone()),
            fails: Err(notice),
        }
    }

    pub(in crate::translation) fn not(self) -> Self {
        Self {
            holds: self.fails,
            fails: self.holds,
        }
    }

    /// Joins outcomes by `&&`, which is false if one part is, even if another one is an error.
    pub(in crate::translation) fn all(parts: Vec<Self>, span: Span) -> Self {
        let (holds, fails): (Vec<_>, Vec<_>) = parts.into_iter().map(|part| (part.holds, part.fails)).unzip();
        Self {
            holds: joined(holds, span, true),
            fails: joined(fails, span, false),
        }
    }

    /// Joins outcomes by `||`, which is true if one part is, even if another one is an error.
    pub(in crate::translation) fn any(parts: Vec<Self>, span: Span) -> Self {
        let negated = parts.into_iter().map(Self::not).collect();
        Self::all(negated, span).not()
    }

    /// Returns the outcome of `self ? then : other`. An error of the condition is one of the whole.
    pub(in crate::translation) fn choose(self, then: Self, other: Self, span: Span) -> Self {
        let side = |then: Translated, other: Translated| {
            let first = joined(vec![self.holds.clone(), then], span, true);
            let second = joined(vec![self.fails.clone(), other], span, true);
            joined(vec![first, second], span, false)
        };
        Self {
            holds: side(then.holds, other.holds),
            fails: side(then.fails, other.fails),
        }
    }
}

/// Joins conditions by `&&`, or by `||`.
pub(in crate::translation) fn joined(parts: Vec<Translated>, span: Span, is_all: bool) -> Translated {
    // `FALSE && a` is FALSE, whatever the reason why `a` is not translated.
    let decides = |part: &Translated| match part.as_ref().map(|part| &part.node) {
        Ok(Expr::All(parts)) => !is_all && parts.is_empty(),
        Ok(Expr::Any(parts)) => is_all && parts.is_empty(),
        _ => false,
    };
    if parts.iter().any(decides) {
        return Ok(constant(!is_all, span));
    }
    let parts = parts.into_iter().collect::<Result<Vec<_>, _>>()?;
    let joined = if is_all {
        all(parts, span)
    } else {
        any(parts, span)
    };
    if size(&joined) > MAX_PARTS {
        let message = format!("the translated condition has more than {MAX_PARTS} parts");
        let help = "write fewer `?:` inside of each other";
        return Err(Notice::refused("condition-too-large", message, help, span));
    }
    Ok(joined)
}

/// Returns a condition if it is not too deep.
pub(in crate::translation) fn shallow(condition: ExprAt, span: Span) -> Translated {
    if depth(&condition) > MAX_DEPTH {
        let message = format!("the condition has more than {MAX_DEPTH} levels");
        let help = "write it with fewer parentheses inside of each other";
        return Err(Notice::refused("condition-too-large", message, help, span));
    }
    Ok(condition)
}

/// Returns the number of parts of a condition.
fn size(condition: &ExprAt) -> usize {
    match &condition.node {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().map(size).fold(1, usize::saturating_add),
        Expr::Not(part) => size(part).saturating_add(1),
        _ => 1,
    }
}
