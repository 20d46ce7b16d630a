//! Texts that come to as much as the bounds allow.

use super::{PASSING, compiles};
use crate::hostile::Case;
use crate::hostile::texts::{self, ISSUER, doubling, fill, join, numbers};

/// Texts that just stay within a bound.
pub(super) fn all() -> Vec<Case> {
    let comments = |text: &str| fill(text, |_| format!("//{}\n", "x".repeat(100)), "");
    let family = |count: usize, condition: &str| {
        comments(&format!(
            "{ISSUER}{PASSING}role x-{{v}} for v in [{}] {{ allow from g when sub == v || {condition} }}\n",
            numbers(count)
        ))
    };
    let patterns = |letters: &str| join(34, " || ", |n| format!("jti like \"*{letters}{n}*\""));
    vec![
        compiles(
            "just below: roles times comparisons",
            family(36_000, &patterns("")),
        ),
        compiles(
            "just below: roles times long patterns",
            family(36_000, &patterns(&"q".repeat(55))),
        ),
        compiles(
            "just below: roles times patterns of many pieces",
            family(2_500, &patterns(&"?*".repeat(29))),
        ),
        compiles(
            "just below: roles times keys",
            family(
                36_000,
                &format!(
                    "jti in [{}]",
                    join(33, ",", |n| format!("\"{}{n}\"", "q".repeat(50)))
                ),
            ),
        ),
        compiles(
            "just below: guards times roles",
            comments(&format!(
                "{ISSUER}{PASSING}{}{}",
                texts::family("x", 19_000),
                join(33, "", |n| format!("guard g{n} for x-* {{ sub != \"a{n}\" }}\n"))
            )),
        ),
        compiles(
            "just below: tests times roles times comparisons",
            comments(&format!(
                "{ISSUER}{}{PASSING}role x-{{v}} for v in [{}] {{ allow from g when c11 }}\n{}",
                doubling(11),
                numbers(300),
                join(80, "", |n| format!(
                    "test \"{n}\" {{ token g {{ sub = \"1\" }} expect deny x-* }}\n"
                ))
            )),
        ),
        compiles(
            "just below: regexes",
            comments(&format!(
                "{ISSUER}{PASSING}role r {{ allow from g when sub matches [{}] }}\n",
                join(120, ",", |n| format!("/(a|b)*a(a|b){{{}}}{n}/", 9 + n % 3))
            )),
        ),
    ]
}
