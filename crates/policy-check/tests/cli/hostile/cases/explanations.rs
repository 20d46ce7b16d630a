//! Explanations of many comparisons.

use crate::hostile::Case;
use crate::hostile::texts::{ISSUER, fill, join, numbers, profile};

/// Claims with a long list.
pub(in crate::hostile) fn claims() -> String {
    let groups = join(900, ",", |n| format!("\"group-{n}\""));
    format!("{{\"sub\": \"nobody\", \"groups\": [{groups}]}}")
}

pub(super) fn all() -> Vec<Case> {
    let explained = |name, text, says| Case {
        name,
        verb: &[
            "explain",
            "--claims",
            "claims.json",
            "--issuer",
            "g",
            "--policies",
        ],
        text,
        exit: 1,
        says,
    };
    let family = |members: &str, count: usize| {
        let values = numbers(count);
        fill(
            &format!("{ISSUER}role x-{{v}} for v in [{values}] {{ {members} }}\n"),
            |_| format!("//{}\n", "x".repeat(100)),
            "",
        )
    };
    vec![
        explained(
            "explanation of many clauses, of a long list",
            fill(
                &(profile("claim groups : [text] optional") + "role r { "),
                |n| format!("allow from g when groups contains \"a{n}\"\n"),
                "}\n",
            ),
            "more comparisons are left out",
        ),
        explained(
            "explanations of many roles",
            family("allow from g when sub == v", 110_000),
            "denied",
        ),
        explained(
            "explanations of many roles times comparisons",
            family(
                &format!(
                    "allow from g when sub == v && {}",
                    join(34, " && ", |n| format!("jti != \"{n}\""))
                ),
                36_000,
            ),
            "more roles: x-10005",
        ),
    ]
}
