//! Conditions that no token decides.

use super::Translated;
use crate::aws::{Condition, Operator};
use crate::translation::condition::not;
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::Expr;

/// Returns the atom of a condition that no token decides. A negated operator is the negation of the other one, but with a
/// set operator or `IfExists`.
pub(super) fn external(condition: &Condition) -> Translated {
    let Operator {
        set,
        negated,
        if_exists,
        ..
    } = condition.operator.node;
    let span = condition.span;
    let mut values: Vec<&str> = condition
        .values
        .iter()
        .map(|value| value.written.as_str())
        .collect();
    values.sort_unstable();
    values.dedup();
    let is_plain = set.is_none() && !if_exists;
    let is_inverted = is_plain && negated;
    let operator = Operator {
        negated: negated && !is_inverted,
        ..condition.operator.node
    };
    let key = condition.written_key.node.to_ascii_lowercase();
    let text = format!("aws: {operator} {key} [{}]", values.join(", "));
    let atom = || Spanned::new(Expr::External(text.clone()), span);
    match is_inverted {
        true => Translated {
            holds: not(atom()),
            fails: atom(),
        },
        false => Translated {
            holds: atom(),
            fails: not(atom()),
        },
    }
}
