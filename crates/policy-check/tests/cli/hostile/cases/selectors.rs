//! Selectors, times roles.

use super::{SELECTED, WRITTEN, compiles, refused};
use crate::hostile::Case;
use crate::hostile::texts::{ISSUER, family, fill};

pub(super) fn all() -> Vec<Case> {
    let roles = format!("{ISSUER}{}", family("x", 20_000));
    let test = "test \"t\" { token g { sub = \"z\" } ";
    vec![
        compiles(
            "one expectation of many `*`",
            fill(&format!("{roles}{test} expect deny "), |_| "*,".into(), "* }\n"),
        ),
        refused(
            "many expectations of all roles",
            fill(&format!("{roles}{test}"), |_| "expect deny *\n".into(), "}\n"),
            SELECTED,
        ),
        refused(
            "many patterns in one selector list",
            fill(
                &format!("{roles}guard g for "),
                |n| format!("*{n}*,"),
                "* { sub != \"a\" }\n",
            ),
            SELECTED,
        ),
        refused(
            "many guards of all roles",
            fill(&roles, |n| format!("guard g{n} for * {{ sub != \"a\" }}\n"), ""),
            WRITTEN,
        ),
        refused(
            "many assertions about all roles",
            fill(
                &roles,
                |n| format!("assert \"{n}\" {{ never * when sub == \"a\" }}\n"),
                "",
            ),
            SELECTED,
        ),
    ]
}
