//! The bounds, each with a text that would go beyond it.

use super::Case;
use super::texts::{ISSUER, doubling, family, fill, join, numbers, profile};

const TEST: &[&str] = &["test"];
const WRITTEN: &str = "written out, the roles of this set come to";
const STEPS: &str = "written out, the conditions of this set are too large";
const SELECTED: &str = "the selectors of this set look at more than";
const MORE: &str = "more errors";

/// A text that is refused.
fn refused(name: &'static str, text: String, says: &'static str) -> Case {
    Case {
        name,
        verb: TEST,
        text,
        exit: 2,
        says,
    }
}

/// A text that compiles, with tests that all pass.
fn compiles(name: &'static str, text: String) -> Case {
    Case {
        name,
        verb: TEST,
        text,
        exit: 0,
        says: "0 failed",
    }
}

const PASSING: &str = "role z { allow from g }\ntest \"z\" { token g { sub = \"z\" } expect allow z }\n";

pub(super) fn all() -> Vec<Case> {
    let mut all = selectors();
    all.extend(families());
    all.extend(conditions());
    all.extend(many_values());
    all.extend(many_errors());
    all.extend(tests());
    all.extend(syntax());
    all.extend(just_below());
    all
}

/// What a file can come to without going beyond a bound.
fn just_below() -> Vec<Case> {
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
                super::texts::family("x", 19_000),
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

fn selectors() -> Vec<Case> {
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

fn families() -> Vec<Case> {
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
            "the name of the role has",
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

fn conditions() -> Vec<Case> {
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

fn many_values() -> Vec<Case> {
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
            "the path of the claim has 400000 names",
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

fn many_errors() -> Vec<Case> {
    let known = join(18_000, "", |n| format!("set abcdefgh{n} = [\"a\"]\n"));
    let claims = join(15_000, " ", |n| format!("claim abcdefgh{n} : text"));
    vec![
        refused(
            "unknown roles times known ones",
            fill(
                &format!("{ISSUER}{}", family("abcdefgh", 30_000)),
                |n| format!("guard g{n} for abcdfegh-{n} {{ sub != \"a\" }}\n"),
                "",
            ),
            MORE,
        ),
        refused(
            "unknown sets times known ones",
            fill(
                &format!("{ISSUER}{known}"),
                |n| format!("role r{n} {{ allow from g when sub in abcdefhg{n} }}\n"),
                "",
            ),
            MORE,
        ),
        refused(
            "unknown claims times known ones, in templates",
            fill(
                &format!("{}role r {{ allow from g ", profile(&claims)),
                |n| format!("grant a{n} = \"{{abcdefhg{n}}}\" "),
                "}\n",
            ),
            MORE,
        ),
        refused(
            "unknown tests times known ones",
            fill(
                &format!("{ISSUER}{PASSING}"),
                |n| format!("test \"abcdefgh{n}\" {{ token g like \"abcdefhg{n}\" {{}} expect allow z }}\n"),
                "",
            ),
            MORE,
        ),
        refused(
            "errors on one long line",
            fill(
                ISSUER.trim_end(),
                |n| format!(" role r{n} {{ allow from h }}"),
                "\n",
            ),
            MORE,
        ),
        refused(
            "notes that point at a large item",
            fill(
                &format!(
                    "{ISSUER}role r {{ allow from g when sub in [{}] }}\n",
                    join(50_000, ",\n", |n| format!("\"{n}\""))
                ),
                |_| "role r { allow from g }\n".into(),
                "",
            ),
            MORE,
        ),
    ]
    .into_iter()
    .flat_map(|case| {
        // As `check` prints it too.
        let text = case.text.clone();
        [
            case,
            Case {
                verb: &["check"],
                exit: 1,
                text,
                ..refused("  the same, checked", String::new(), MORE)
            },
        ]
    })
    .collect()
}

fn tests() -> Vec<Case> {
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
            "written out, the tokens of the tests of this set are too large",
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

fn syntax() -> Vec<Case> {
    let roles = |end: &str| fill(ISSUER, |n| format!("role r{n} {{ allow from g }}\n"), end);
    vec![
        refused(
            "many items beside one that is wrong",
            roles("role z { \u{1} }\n"),
            "the control character U+0001",
        ),
        refused(
            "brackets without a partner",
            ")".repeat(super::LARGEST),
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
