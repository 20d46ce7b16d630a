//! Changes of the arguments of conditions. The operator that they are for is in the condition.

use super::change::Kind;
use super::widen::{with_stars, without_each};
use rolecall_syntax::Str;
use rolecall_syntax::ast::{Call, Operand};

/// Returns the call with each of its arguments changed: a list without one of its elements, and a pattern with `*` for `?`.
pub(super) fn in_arguments(call: &Call) -> Vec<(Kind, Call)> {
    let mut found = Vec::new();
    for (position, argument) in call.arguments.iter().enumerate() {
        for (kind, changed) in changed(&argument.node) {
            let mut call = call.clone();
            if let Some(argument) = call.arguments.get_mut(position) {
                argument.node = changed;
                found.push((kind, call));
            }
        }
    }
    found
}

fn changed(operand: &Operand) -> Vec<(Kind, Operand)> {
    match operand {
        Operand::Text(text) if text.raw().contains('?') => {
            let wider = Str::new(&with_stars(text.raw())).ok();
            wider
                .map(|wider| (Kind::Widen, Operand::Text(wider)))
                .into_iter()
                .collect()
        }
        Operand::List(list) => {
            let narrower = without_each(list).map(|rest| (Kind::Narrow, Operand::List(rest)));
            let wider = list.iter().enumerate().flat_map(|(position, element)| {
                let wider = changed(&element.node).into_iter();
                wider.map(move |(kind, element)| {
                    let mut list = list.clone();
                    if let Some(one) = list.get_mut(position) {
                        one.node = element;
                    }
                    (kind, Operand::List(list))
                })
            });
            narrower.chain(wider).collect()
        }
        _ => Vec::new(),
    }
}
