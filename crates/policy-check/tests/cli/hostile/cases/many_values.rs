//! Many values, names and levels.

use super::{MORE, PASSING, compiles, refused};
use crate::hostile::Case;
use crate::hostile::texts::{ISSUER, join, numbers, profile};

pub(super) fn all() -> Vec<Case> {
    let values = |count| join(count, ",", |n| format!("v{n}"));
    let quoted = |letter: char| join(45_000, ",", |n| format!("\"{letter}{n}\""));
    let of_enum = |count| profile(&format!("claim e : enum [{}]", values(count)));
    vec![
        compiles(
            "literals of a closed enum of many values",
            format!(
                "{}{PASSING}role r {{ allow from g when e in [{}] }}\n",
                of_enum(60_000),
                quoted('v')
            ),
        ),
        refused(
            "literals outside of such an enum",
            format!(
                "{}role r {{ allow from g when e in [{}] }}\n",
                of_enum(60_000),
                quoted('w')
            ),
            MORE,
        ),
        compiles("an enum of many values", format!("{}{PASSING}", of_enum(130_000))),
        compiles(
            "a claim of many aliases",
            profile(&format!(
                "claim e : text {}",
                join(70_000, " ", |n| format!("alias a{n}"))
            )) + PASSING,
        ),
        refused(
            "the path of a claim",
            profile(&format!("claim {} : text", join(400_000, ".", |_| "a".into()))),
            "the claim path has 400000 names",
        ),
        compiles(
            "claims deep in objects",
            profile(&join(6_500, " ", |n| {
                format!("claim {}b{n} : text", "a.".repeat(60))
            })) + PASSING,
        ),
        compiles(
            "a list of many literals",
            format!(
                "{ISSUER}{PASSING}role r {{ allow from g when sub in [{}] }}\n",
                numbers(110_000)
            ),
        ),
        compiles(
            "a list of many patterns",
            format!(
                "{ISSUER}{PASSING}role r {{ allow from g when sub like [{}] }}\n",
                join(100_000, ",", |n| format!("\"*{n}*\""))
            ),
        ),
    ]
}
