//! Names with steps, and numbers.

use crate::cel::{Expr, ExprAt};

/// Returns the name and the steps of `name.a["b"]`.
pub(in crate::translation) fn steps(expr: &ExprAt) -> Option<(&str, Vec<String>)> {
    match &expr.node {
        Expr::Name(name) => Some((name, Vec::new())),
        Expr::Select(select) => {
            let (root, mut path) = steps(&select.target)?;
            path.push(select.field.node.clone());
            Some((root, path))
        }
        Expr::Index(parts) => {
            let [target, index] = parts.as_ref();
            let Expr::Text(name) = &index.node else {
                return None;
            };
            let (root, mut path) = steps(target)?;
            path.push(name.clone());
            Some((root, path))
        }
        _ => None,
    }
}

/// Returns whether numbers of JSON, which are doubles in CEL, have an integer and not another one in its place.
pub(in crate::translation) fn is_exact(number: i64) -> bool {
    number.unsigned_abs() < 1 << 53
}

/// Returns the integer that a number with a point or an exponent is.
pub(in crate::translation) fn integral(written: &str) -> Option<i64> {
    let number = match written.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => whole,
        _ => return None,
    };
    number.parse().ok().filter(|number| is_exact(*number))
}
