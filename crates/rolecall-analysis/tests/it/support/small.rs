//! A small profile whose tokens can all be looked at: words of few letters, and every kind of claim.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Layouts of `sub` that say the same in different ways: with cuts, without any, twice, encoded, with optional parts, with
/// conditions, of other derived claims.
const LAYOUTS: &[&str] = &[
    r#"derive sub = "p:{p}:r:{r}""#,
    r#"derive sub = "{p}{r}""#,
    r#"derive sub = "{r}/{p}/{r}""#,
    "derive sub = \"p:{p}:r:{r}\"\n derive sub = \"p:{p}\" when !has r\n derive sub = \"r:{r}\" when !has p",
    r#"derive sub = "p:{p}[:r:{r}][:e:{e|colon-encoded}]""#,
    r#"derive sub = "{p|parent}:{p|name}[:{e}]""#,
    "derive sub = \"{e|colon-encoded}{e}\" when b\n derive sub = \"{parent}:{r}\" when !b",
    "derive sub = \"b:{b}:{p}\" when k == \"a\"\n derive sub = \"k:{k}\"",
    r#"derive sub = "{parent}""#,
    r#"derive sub = "{r}""#,
    r#"derive sub = "a:b""#,
];

/// How many layouts there are.
pub fn layouts() -> usize {
    LAYOUTS.len()
}

/// The profile, and the issuer with one of the layouts.
pub fn prelude(layout: usize) -> String {
    prelude_with(LAYOUTS[layout])
}

/// The profile, and the issuer with some derivations.
pub fn prelude_with(layout: &str) -> String {
    format!(
        "profile small {{
 claim p: path optional
 claim parent: path optional
 claim r: ref optional
 claim e: text optional
 claim b: bool optional
 claim k: enum [a, b] optional
 claim l: [text] optional
 claim n: int optional
 claim m: int optional
 claim x: text optional nullable
 claim i: id number optional
 derive parent = \"{{p|parent}}\"
 {layout}
}}
issuer small {{ url \"https://small.example\" profile small audience [\"x\", \"y\"] }}
"
    )
}

/// A comparison, as text: most of them with the claims that others are made of, and with those.
pub fn comparison() -> impl Strategy<Value = String> {
    let word = select(vec!["a", "b", "a/b", "a/a", "b/a", "a/b/a"]);
    let sub = select(vec![
        "a",
        "a:b",
        "p:a",
        "p:a/b",
        "p:a/b:r:a",
        "p:a:r:b",
        "ab",
        "aa",
        "a/b",
        "a/a/a",
        "a/b/a",
        "p:b:e:a",
        "b:a",
        "r:a",
        "b:true:a",
        "k:a",
    ]);
    let like = select(vec![
        "*",
        "a*",
        "*a",
        "*b*",
        "?",
        "a?",
        "?/*",
        "p:*",
        "p:a*",
        "p:a/*:r:*",
        "p:*:r:a",
        "*:r:*",
        "*:*",
        "r:*",
        "*:?",
        "p:?",
        "*%3A*",
        "a/*/a",
        "b:*:a/*",
        "*/?",
    ]);
    let glob = select(vec![
        "*",
        "**",
        "a/*",
        "a/**",
        "**/b",
        "**/a/**",
        "a/**/b",
        "?/?",
        "p:*",
        "p:**",
        "p:a/**:r:*",
        "*:*",
        "**:**",
        "**:*:*:a",
        "p:**/a:r:**",
        "**/*/**",
    ]);
    let regex = select(vec![
        "a|b",
        "[ab]+",
        r"a\/.*",
        ".?",
        "(a|b)*a(a|b)",
        "p:.*",
        r"p:[^:]*:r:(a|b\/a)",
        ".*[^a]",
        r"[^\/:]+",
        "(p|r):a.*",
    ]);
    prop_oneof![
        (
            select(vec!["p", "r", "parent", "e"]),
            select(vec!["==", "!="]),
            word.clone()
        )
            .prop_map(|(claim, operator, word)| format!("{claim} {operator} \"{word}\"")),
        (select(vec!["==", "!="]), sub).prop_map(|(operator, word)| format!("sub {operator} \"{word}\"")),
        (select(vec!["sub", "sub", "p", "r", "e", "parent"]), like)
            .prop_map(|(claim, like)| format!("{claim} like \"{like}\"")),
        (select(vec!["sub", "sub", "p", "r", "e"]), glob)
            .prop_map(|(claim, glob)| format!("{claim} glob \"{glob}\"")),
        (select(vec!["sub", "p", "r", "e"]), regex)
            .prop_map(|(claim, regex)| format!("{claim} matches /{regex}/")),
        (select(vec!["p", "parent"]), word.clone())
            .prop_map(|(claim, word)| format!("{claim} under \"{word}\"")),
        select(vec![
            "b",
            "!b",
            "k == \"a\"",
            "k != \"a\"",
            "has sub",
            "has p",
            "has r",
            "has e",
            "has b",
            "has parent",
            "has k",
            "aud == \"x\"",
            "aud contains \"y\"",
            "aud contains any [\"x\", \"z\"]",
            "aud contains all [\"x\", \"y\"]",
            "aud != \"x\"",
            "p == parent",
            "p == r",
            "p != r",
            "e == r",
            "e != p",
            "sub == r",
            "sub != p",
            "k == e",
            "l contains \"a\"",
            "l contains any [\"a\", \"b\"]",
            "l contains all [\"a\", \"b\"]",
            "has l",
            "n < 0",
            "n <= 0",
            "n > -1",
            "n >= 5",
            "n == 5",
            "n != 0",
            "n in [0, 5]",
            "n == m",
            "m < 5",
            "has n",
            "parent == r",
            "iss like \"https:*\"",
            "x is null",
            "!(x is null)",
            "has x",
            "x == \"{p}:{r}\"",
            "x == \"{p}:{r}\"",
            "x != \"{p}:{r}\"",
            "x == \"{r}\"",
            "x != \"{r}\"",
            "x == \"{p|parent}-{i}\"",
            "x == \"a\"",
            "x in [\"a\", \"a/b:a\"]",
            "x like \"*:a\"",
            "x like \"a*\"",
            "x matches /a/",
            "r == \"{x}\"",
            "r != \"{p|name}\"",
            "e == \"{parent}\"",
            "k == \"{r}\"",
            "k != \"{r}\"",
            "k like \"a*\"",
            "i like \"1*\"",
            "i matches /1|2+/",
            "l contains like \"a*\"",
            "l contains like \"*b\"",
            "l contains matches /a|c/",
            "l contains glob \"*\"",
            "e == \"a:b\"",
        ])
        .prop_map(str::to_owned),
    ]
}

/// A condition, as text that can stand anywhere.
pub fn condition() -> impl Strategy<Value = String> {
    comparison().prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(|terms| format!("({})", terms.join(" && "))),
            vec(inner.clone(), 2..4).prop_map(|terms| format!("({})", terms.join(" || "))),
            inner.prop_map(|term| format!("!({term})")),
        ]
    })
}
