//! Reports of parts of a condition that are never true.

use super::outcome::Outcome;
use super::scope::Scope;
use crate::cel::{Expr, ExprAt};
use crate::notice::Notice;
use crate::translation::condition::constant;

/// Reports comparisons of values of different kinds, and operands that are not conditions.
pub(in crate::translation) fn report(scope: &Scope<'_>, condition: &ExprAt, notices: &mut Vec<Notice>) {
    let span = condition.span;
    match &condition.node {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| report(scope, part, notices)),
        Expr::Choice(parts) => parts.iter().for_each(|part| report(scope, part, notices)),
        Expr::Not(part) => report(scope, part, notices),
        Expr::Compare(_) => {
            let Outcome { holds, fails } = scope.condition(condition, span);
            if let (Ok(holds), Err(notice)) = (holds, fails)
                && holds == constant(false, span)
            {
                notices.push(Notice::odd("never-matches", notice.message, notice.help, span));
            }
        }
        Expr::Name(_) | Expr::Select(_) | Expr::Index(_) | Expr::Text(_) | Expr::Int(_) => {
            let Outcome { holds, fails } = scope.condition(condition, span);
            let never = constant(false, span);
            if holds.is_ok_and(|holds| holds == never) && fails.is_ok_and(|fails| fails == never) {
                let message = "this is not true or false, so it is an error for each token";
                let help = format!("compare it with a text: `{}.NAME == '…'`", scope.token);
                notices.push(Notice::odd("never-matches", message, help, span));
            }
        }
        _ => {}
    }
}
