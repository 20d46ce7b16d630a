//! Roles of a `for`, times what is in them.

use super::{WRITTEN, refused};
use crate::hostile::Case;
use crate::hostile::texts::{ISSUER, doubling, fill, join, numbers};

pub(super) fn all() -> Vec<Case> {
    let family =
        |values: &str, members: &str| format!("{ISSUER}role x-{{v}} for v in [{values}] {{ {members} }}\n");
    let large = |number: usize| format!("\"{}{number}\"", "z".repeat(1_000));
    let text = "y".repeat(4_000);
    vec![
        refused(
            "roles times comparisons",
            family(
                &numbers(60_000),
                &format!(
                    "allow from g when {}",
                    join(9_000, " || ", |n| format!("(sub == v && jti == \"{n}\")"))
                ),
            ),
            WRITTEN,
        ),
        refused(
            "roles times a condition that is named",
            doubling(11) + &family(&numbers(60_000), "allow from g when c11"),
            WRITTEN,
        ),
        refused(
            "roles times a long literal",
            family(
                &numbers(100_000),
                &format!("allow from g when sub == \"{text}\" || sub == v"),
            ),
            WRITTEN,
        ),
        refused(
            "roles times grants times a long value",
            family(
                &join(400, ",", large),
                &format!(
                    "allow from g {}",
                    join(100, " ", |n| format!("grant a{n} = \"{}\"", "{v}".repeat(1_300)))
                ),
            ),
            WRITTEN,
        ),
        refused(
            "roles times tags",
            family(
                &numbers(60_000),
                &format!("tags [{}] allow from g", join(60_000, ",", |n| format!("t{n}"))),
            ),
            WRITTEN,
        ),
        refused(
            "a name as long as half the file",
            format!(
                "{ISSUER}role {}-{{v}} for v in [{}] {{ allow from g }}\n",
                "n".repeat(500_000),
                numbers(60_000)
            ),
            "the name has 500001 bytes",
        ),
        refused(
            "a role's name of many long values",
            format!(
                "{ISSUER}role {} for v in [{}] {{ allow from g }}\n",
                "{v}".repeat(60),
                join(900, ",", large)
            ),
            "the role's name has",
        ),
        refused(
            "values of one `for` times those of others",
            format!(
                "{ISSUER}set s = [{}]\nrole x-{{a}}-{{b}}-{{c}} for a in s for b in s for c in s {{ allow from g }}\n",
                numbers(1_000)
            ),
            "the values of this role make 1000000000 roles",
        ),
        refused(
            "a product beyond every number",
            format!(
                "{ISSUER}set s = [{}]\nrole x {} {{ allow from g }}\n",
                numbers(50_000),
                join(25_000, " ", |n| format!("for v{n} in s"))
            ),
            "the values of this role make far more than",
        ),
        refused(
            "many roles with products",
            fill(
                &format!("{ISSUER}set s = [{}]\n", numbers(1_000)),
                |n| format!("role x{n}-{{a}}-{{b}} for a in s for b in s {{ allow from g when sub == a }}\n"),
                "",
            ),
            WRITTEN,
        ),
        refused(
            "roles times many parameters",
            format!(
                "{ISSUER}role x-{{v}} for v in [{}] {} {{ allow from g }}\n",
                numbers(50_000),
                join(20_000, " ", |n| format!("for v{n} in [\"a\"]"))
            ),
            WRITTEN,
        ),
        refused(
            "rows of many values",
            format!(
                "{ISSUER}role x-{{v}} for v in [{}] for {} in [{}] {{ allow from g }}\n",
                numbers(10_000),
                join(300, ", ", |n| format!("v{n}")),
                join(500, ",", |n| format!(
                    "[{}]",
                    join(300, ",", |m| format!("{}", n * m))
                ))
            ),
            "the values of this role make 5000000 roles",
        ),
        refused(
            "issuers times the claims of their profile",
            fill(
                &format!(
                    "profile p {{ {} }}\n",
                    join(8_000, " ", |n| format!(
                        "claim c{n} : text optional derive c{n} = \"{{sub}}x\""
                    ))
                ),
                |n| {
                    format!(
                        "issuer i{n} {{ url \"https://g{n}.example\" profile p audience \"a\" derive c1 = \"{{sub}}y\" }}\n"
                    )
                },
                "",
            ),
            WRITTEN,
        ),
    ]
}
