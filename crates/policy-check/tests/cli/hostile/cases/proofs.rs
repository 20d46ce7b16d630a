//! Proofs about many roles at once, and proofs that would take much memory.

use super::super::Case;
use super::super::texts::{ISSUER, family, fill, join, profile};

const PROVE: &[&str] = &["prove"];

pub(super) fn all() -> Vec<Case> {
    let proof = |name, text, exit, says| Case {
        name,
        verb: PROVE,
        text,
        exit,
        says,
    };
    let apart = "assert \"apart\" { disjoint r-*, s-* }\n";
    let others = join(10_000, ",", |n| format!("\"s{n}\""));
    let others = format!("role s-{{v}} for v in [{others}] {{ allow from g when sub == v }}\n");
    let values = format!("{ISSUER}{}{others}{apart}", family("r", 10_000));
    let patterns = |count: usize| {
        let roles = join(count, "", |n| {
            let name = if n % 2 == 0 { "r" } else { "s" };
            format!("role {name}-{n} {{ allow from g when sub like \"{n}:*\" && jti like \"*{n}\" }}\n")
        });
        format!("{ISSUER}{roles}{apart}")
    };
    let regexes = fill(
        &profile("claim a: text"),
        |n| format!("role r-{n} {{ allow from g when a matches /(a|b)*a(a|b){{9}}x{n}/ }}\n"),
        "assert \"x\" { r-1 implies a like \"*x1\" }\n",
    );
    let states = "role r-0 { allow from g when a matches /(a|b)*a(a|b){16}/ }\n\
                  assert \"x\" { r-0 implies a like \"a*\" }\n";
    // Each text of the list is a finding, and all of them are in one `allow`.
    let findings = join(20_000, ",\n", |n| format!("\" a{n}\""));
    let findings = format!("{ISSUER}role r {{ allow from g when sub in [{findings}] }}\n");
    vec![
        Case {
            name: "findings in one clause",
            verb: &["check", "--format", "json=/dev/null"],
            text: findings,
            exit: 1,
            says: "",
        },
        proof(
            "disjoint: 10,000 roles and 10,000 others, by values",
            values,
            0,
            "1 assertion proved",
        ),
        proof(
            "disjoint: 1,000 roles and 1,000 others, by patterns",
            patterns(2_000),
            0,
            "1 assertion proved",
        ),
        proof("a proof beside regexes without number", regexes, 2, "regexes"),
        proof(
            "a regex with very many states",
            format!("{}{states}", profile("claim a: text")),
            3,
            "not decided",
        ),
    ]
}
