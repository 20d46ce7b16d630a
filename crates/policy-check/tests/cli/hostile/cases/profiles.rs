//! Profiles that extend others.

use super::{WRITTEN, refused};
use crate::hostile::Case;
use crate::hostile::texts::{fill, join};

const TAKEN_OVER: &str = "the profiles of this set take over more than";

pub(super) fn all() -> Vec<Case> {
    let extending = |n: usize| format!("profile p{n} extends p {{}}\n");
    let long = |n: usize| format!("\"{}{n}\"", "z".repeat(4_000));
    vec![
        refused(
            "profiles times the claims that they extend",
            fill(
                &format!(
                    "profile p {{ {} }}\n",
                    join(20_000, " ", |n| format!("claim c{n}: text"))
                ),
                extending,
                "",
            ),
            TAKEN_OVER,
        ),
        refused(
            "profiles times long paths of claims",
            fill(
                &format!("profile p {{ claim claims[{}]: text }}\n", join(60, "][", long)),
                extending,
                "",
            ),
            TAKEN_OVER,
        ),
        refused(
            "profiles times long derivations",
            fill(
                &format!(
                    "profile p {{ {} }}\n",
                    join(100, " ", |n| format!("derive sub = {}", long(n)))
                ),
                extending,
                "",
            ),
            TAKEN_OVER,
        ),
        refused(
            "a long chain of profiles",
            fill(
                "profile p {}\nprofile p0 extends p {}\n",
                |n| format!("profile p{} extends p{n} {{}}\n", n + 1),
                "",
            ),
            "more than 4 profiles extend one another",
        ),
        refused(
            "a large circle of profiles",
            fill(
                "profile p0 extends p1 {}\n",
                |n| {
                    format!(
                        "profile p{} extends p{} {{}}\n",
                        n + 1,
                        if n < 20_000 { n + 2 } else { 0 }
                    )
                },
                "",
            ),
            "extends itself",
        ),
        refused(
            "issuers times the long derivations of their profile",
            fill(
                &format!(
                    "profile p {{ {} }}\n",
                    join(100, " ", |n| format!("derive sub = {}", long(n)))
                ),
                |n| format!("issuer i{n} {{ url \"https://g{n}.example\" profile p audience \"a\" }}\n"),
                "",
            ),
            WRITTEN,
        ),
    ]
}
