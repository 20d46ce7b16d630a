//! Texts that the parser has trouble with.

use super::refused;
use crate::hostile::texts::{ISSUER, fill, join, numbers};
use crate::hostile::{Case, LARGEST};

pub(super) fn all() -> Vec<Case> {
    let roles = |end: &str| fill(ISSUER, |n| format!("role r{n} {{ allow from g }}\n"), end);
    vec![
        refused(
            "many items beside one that is wrong",
            roles("role z { \u{1} }\n"),
            "the control character U+0001",
        ),
        refused(
            "brackets without a partner",
            ")".repeat(LARGEST),
            "closes nothing",
        ),
        refused(
            "many items that are wrong",
            fill(ISSUER, |n| format!("role r{n} {{ allow frm g }}\n"), ""),
            "expected `from`",
        ),
        refused(
            "nested mixtures of `&&` and `||`",
            format!(
                "{ISSUER}role r {{ allow from g when {}{}{} }}\n",
                "(sub == \"a\" && jti == \"b\" || ".repeat(60),
                join(50_000, " || ", |n| format!("sub == \"{n}\"")),
                ")".repeat(60)
            ),
            "are mixed without parentheses",
        ),
        Case {
            name: "layout of a list of many literals",
            verb: &["fmt", "--check"],
            text: format!(
                "{ISSUER}role r {{ allow from g when sub in [{}] }}\n",
                numbers(110_000)
            ),
            exit: 1,
            says: "hostile.policy",
        },
    ]
}
