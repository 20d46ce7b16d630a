//! Changes of the arguments of conditions. The operator that they are for is in the condition.

use super::widen::{with_stars, without_each};
use rolecall_syntax::Str;
use rolecall_syntax::ast::{Call, Operand};

/// Returns the call with each of its lists without one of the elements.
pub(super) fn narrower_calls(call: &Call) -> Vec<Call> {
    changed(call, |argument| match argument {
        Operand::List(list) => without_each(list).map(Operand::List).collect(),
        _ => Vec::new(),
    })
}

/// Returns the call with each of its patterns with `*` for `?`.
pub(super) fn wider_calls(call: &Call) -> Vec<Call> {
    changed(call, wider)
}

fn wider(operand: &Operand) -> Vec<Operand> {
    match operand {
        Operand::Text(text) if text.raw().contains('?') => {
            let wider = Str::new(&with_stars(text.raw())).ok();
            wider.map(Operand::Text).into_iter().collect()
        }
        Operand::List(list) => {
            let each = list.iter().enumerate().flat_map(|(position, element)| {
                let wider = wider(&element.node).into_iter();
                wider.map(move |element| {
                    let mut list = list.clone();
                    if let Some(one) = list.get_mut(position) {
                        one.node = element;
                    }
                    Operand::List(list)
                })
            });
            each.collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the call with each of the changes of each argument.
fn changed(call: &Call, changes: impl Fn(&Operand) -> Vec<Operand>) -> Vec<Call> {
    let each = call
        .arguments
        .iter()
        .enumerate()
        .flat_map(|(position, argument)| {
            let changes = changes(&argument.node).into_iter();
            changes.map(move |changed| {
                let mut call = call.clone();
                if let Some(argument) = call.arguments.get_mut(position) {
                    argument.node = changed;
                }
                call
            })
        });
    each.collect()
}
