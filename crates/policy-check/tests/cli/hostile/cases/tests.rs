//! Tests, their tokens, and what is said of those that fail.

use super::{TEST, refused};
use crate::hostile::Case;
use crate::hostile::texts::{ISSUER, doubling, family, fill, join, profile};

pub(super) fn all() -> Vec<Case> {
    let claims = |count: usize, value: &str| join(count, ",", |n| format!("\"c{n}\" = {value}"));
    let test = |token: &str| {
        format!(
            "{ISSUER}role r {{ allow from g }}\ntest \"big\" {{ token g {{ {token} }} expect allow r }}\n"
        )
    };
    let like = |n: usize| format!("test \"{n}\" {{ token g like \"big\" {{}} expect allow r }}\n");
    vec![
        refused(
            "claims of a test's token",
            test(&claims(75_000, "1")),
            "more than the 256",
        ),
        refused(
            "members of an object of a test's token",
            test(&format!("\"x\" = {{ {} }}", claims(75_000, "1"))),
            "more than the 256",
        ),
        refused(
            "tokens like a large one",
            fill(
                &test(&claims(240, &format!("\"{}\"", "v".repeat(2_000)))),
                like,
                "",
            ),
            "expanded, the tokens of this set's tests are too large",
        ),
        refused(
            "tests times claims that are made of others",
            fill(
                &(profile(&join(4_000, " ", |n| {
                    format!("claim c{n} : text optional derive c{n} = \"{{sub}}x\"")
                })) + "role r { allow from g }\n"),
                |n| format!("test \"{n}\" {{ token g {{ sub = \"a\" }} expect allow r }}\n"),
                "",
            ),
            "more than the 256",
        ),
        refused(
            "tests of all roles",
            fill(
                &format!("{ISSUER}{}", family("x", 20_000)),
                |n| format!("test \"{n}\" {{ token g {{ sub = \"1\" }} expect only x-1 }}\n"),
                "",
            ),
            "the tests of this set make more than",
        ),
        Case {
            name: "explanations of tests that fail",
            verb: TEST,
            text: fill(
                &format!("{ISSUER}{}role r {{ allow from g when c10 }}\n", doubling(10)),
                |n| format!("test \"{n}\" {{ token g {{ sub = \"a\" }} expect allow r }}\n"),
                "",
            ),
            exit: 1,
            says: "0 passed",
        },
    ]
}
