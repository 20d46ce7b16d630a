//! Conditions that are short to write.

use super::{PASSING, STEPS, WRITTEN, compiles, refused};
use crate::hostile::Case;
use crate::hostile::texts::{ISSUER, doubling, fill, join, numbers};

pub(super) fn all() -> Vec<Case> {
    let calls = |last: usize| {
        let step = |n: usize| format!("condition c{}(x) = c{n}(x) || c{n}(x)\n", n + 1);
        format!(
            "{ISSUER}condition c0(x) = sub == x || jti == x\n{}",
            join(last, "", step)
        )
    };
    vec![
        refused(
            "conditions that call one another twice",
            calls(50) + "role r { allow from g when c50(\"a\") }\n",
            WRITTEN,
        ),
        refused(
            "many calls of a large condition",
            fill(
                &calls(11),
                |n| format!("role r{n} {{ allow from g when c11(\"{n}\") }}\n"),
                "",
            ),
            STEPS,
        ),
        refused(
            "many roles of one large condition",
            fill(
                &format!("{ISSUER}{}", doubling(11)),
                |n| format!("role r{n} {{ allow from g when c11 }}\n"),
                "",
            ),
            WRITTEN,
        ),
        refused(
            "many roles of one large set",
            fill(
                &format!("{ISSUER}set s = [{}]\n", numbers(60_000)),
                |n| format!("role r{n} {{ allow from g when sub in s }}\n"),
                "",
            ),
            WRITTEN,
        ),
        compiles(
            "keys times comparisons of one role",
            format!(
                "{ISSUER}{}{PASSING}{}",
                doubling(10),
                join(200, "", |n| format!(
                    "role r{n} {{ allow from g when sub in [{}] && (c10 || jti == \"{n}\") && !(jti in [\"a\"] && c9) }}\n",
                    numbers(512)
                ))
            ),
        ),
        compiles(
            "keys times patterns of one comparison",
            format!(
                "{ISSUER}{PASSING}{}",
                join(100, "", |n| format!(
                    "role r{n} {{ allow from g when sub like [{}] }}\n",
                    join(1_000, ",", |m| format!("\"a{m}*\""))
                ))
            ),
        ),
        refused(
            "unused conditions times profiles",
            fill(
                &join(3_000, "", |n| {
                    format!(
                        "profile p{n} {{ claim x : int }}\nissuer i{n} {{ url \"https://g{n}.example\" profile p{n} audience \"a\" }}\n"
                    )
                }),
                |n| format!("condition c{n} = x == 1 && x == 2\n"),
                "",
            ),
            STEPS,
        ),
        refused(
            "regexes of nearly 64 KiB each",
            fill(
                &format!("{ISSUER}role r {{ allow from g when sub matches ["),
                |n| format!("/x[ab]{{{}}}[cd{n}]{{300}}/,", 500 + n % 200),
                "/a/] }\n",
            ),
            "the regexes of this set take more than",
        ),
        refused(
            "regexes that are too large each",
            fill(
                &format!("{ISSUER}role r {{ allow from g when sub matches ["),
                |n| format!("/(\\p{{L}}{{90}}){{50}}{n}/,"),
                "/a/] }\n",
            ),
            "the regexes of this set take more than",
        ),
    ]
}
