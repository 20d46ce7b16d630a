//! The grammar: its documentation, and what each family of rules takes and refuses.

use rolecall_syntax::parse;
use std::fs;
use std::path::Path;

#[test]
fn each_rule_has_a_line_of_documentation() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/policy.pest");
    let grammar = fs::read_to_string(path).unwrap();
    let mut previous = "";
    let mut rules = 0;
    for line in grammar.lines() {
        if !line.starts_with([' ', '/', '}']) && line.contains(" = ") {
            rules += 1;
            assert!(previous.starts_with("/// "), "{line}");
            assert!(
                !previous.ends_with(' ') && previous.len() > "/// `{`".len() - 1,
                "{line}"
            );
        }
        previous = line;
    }
    assert!(rules > 100, "{rules} rules found");
}

/// Whether each text, put into the place of `…`, can be read or not.
fn parses(place: &str, right: &[&str], wrong: &[&str]) {
    for (texts, expected) in [(right, true), (wrong, false)] {
        for text in texts {
            let source = place.replace('…', text);
            let errors = parse(&source).errors;
            assert_eq!(errors.is_empty(), expected, "{source}\n{errors:?}");
        }
    }
}

#[test]
fn space_and_comments() {
    parses(
        "set…a = [1]",
        &[
            " ",
            "\n",
            "\t",
            "\r\n",
            "/**/",
            "// c\n",
            "/// c\n",
            " /* a * / */ ",
            "/* /* */",
        ],
        &["", "// c", "/*", "/* */ */", "\u{a0}", "\u{b}", "#\n"],
    );
}

#[test]
fn names() {
    parses(
        "set … = [1]",
        &["a", "_", "A-b_9", "set", "a--", "true"],
        &["", "9a", "-a", "a.b", "a b", "é", "\"a\"", "{a}"],
    );
    parses(
        "role … {}",
        &["a", "{x}", "a{x}-b", "{x}{y}"],
        &["{}", "{ x }", "{x", "a{1}", "9{x}"],
    );
}

#[test]
fn strings() {
    parses(
        "set a = [\"…\"]",
        &[
            "",
            "a",
            "é",
            "'",
            "\\\"",
            "\\\\",
            "\\n\\r\\t",
            "\\u{41}",
            "\\u{10ffff}",
            "\\*\\?\\{\\}\\[\\]",
            "//",
            "/*",
            "{[(",
        ],
        &[
            "\"",
            "\\",
            "\\a",
            "\\u{}",
            "\\u{d800}",
            "\\u{1234567}",
            "\\u41",
            "\n",
            "\u{7}",
        ],
    );
}

#[test]
fn regexes() {
    parses(
        "condition a = b matches /…/",
        &["a", "\\/", "\\\\", "\"", "[(", " "],
        &["", "/", "\\", "a/b", "\n", "*"],
    );
}

#[test]
fn numbers() {
    parses(
        "set a = […]",
        &["0", "-1", "007", "9223372036854775807", "-9223372036854775808"],
        &[
            "9223372036854775808",
            "1.5",
            "+1",
            "1e3",
            "0x1",
            "1a",
            "1-2",
            "- 1",
            "--1",
        ],
    );
    parses(
        "role r { ttl … }",
        &["15m", "0s", "24h", "30d", "4294967295s"],
        &["15", "15 m", "1h30m", "-1m", "1w", "1M"],
    );
}

#[test]
fn editions() {
    parses(
        "…",
        &["edition 2026", "edition\n2026 set a = [1]"],
        &[
            "edition",
            "edition 2025",
            "edition \"2026\"",
            "set a = [1] edition 2026",
        ],
    );
}

#[test]
fn profiles() {
    parses("profile … {}", &["a"], &["", "a b", "\"a\""]);
    parses(
        "profile p { … }",
        &[
            "",
            "shared \"a\"",
            "shared [\"a\", \"b\",]",
            "claim a: text",
            "claim a.b: text",
            "claim claims[\"a b\"].c: [int]",
            "claim a: text alias b alias c optional",
            "derive a = \"b\"",
            "derive a = \"b\" when c",
            "claim a: claim",
        ],
        &[
            "claim",
            "claim a",
            "claim a text",
            "claim role: text",
            "claim \"a\": text",
            "shared a",
            "derive a",
            "ttl 1m",
            "claim a: text,",
        ],
    );
    parses(
        "profile p { claim a: … }",
        &[
            "text",
            "any-word",
            "[text]",
            "[[text]]",
            "enum [a]",
            "enum [a, \"b c\",]",
            "enum [a, ...]",
            "enum [a, …,]",
            "[enum [a]]",
        ],
        &[
            "",
            "\"text\"",
            "[]",
            "[text, int]",
            "enum",
            "enum []",
            "enum [...]",
            "enum [..., a]",
            "enum [a ...]",
            "enum [1]",
        ],
    );
}

#[test]
fn issuers() {
    parses(
        "issuer i { … }",
        &[
            "",
            "url \"a\"",
            "profile p",
            "audience \"a\"",
            "audience [\"a\", \"b\"]",
            "jwks \"a\"",
            "algorithms [A, B]",
            "max_age 24h",
            "leeway 30s",
            "subject_limit 4096",
            "authorized_party \"a\"",
            "derive sub = \"{a}\"",
            "url \"a\" profile p leeway 1s",
        ],
        &[
            "url a",
            "url = \"a\"",
            "profile \"p\"",
            "algorithms A",
            "algorithms [\"A\"]",
            "max_age 24",
            "subject_limit 1m",
            "subject_limit \"4096\"",
            "authorized_party [\"a\"]",
            "claim a: text",
        ],
    );
}

#[test]
fn sets() {
    parses(
        "set s = …",
        &["[]", "[1]", "[\"a\", 1, true, /r/, t, [2],]"],
        &["", "1", "[,]", "[1,,2]", "[1 2]", "(1)", "{1}"],
    );
}

#[test]
fn conditions() {
    parses(
        "condition …",
        &["a = b", "a(b) = c", "a(b, c,) = d"],
        &["a", "a b", "a() = b", "a(1) = b", "= b", "a == b", "a = "],
    );
}

#[test]
fn roles() {
    parses(
        "role r… {}",
        &["", " for a in [\"x\"]", " for a in b", "-{a} for a in []"],
        &[" for", " for a", " for a b", " in b", " for a in b.c"],
    );
    parses(
        "role r { … }",
        &[
            "",
            "tags []",
            "tags [a,]",
            "ttl 1m",
            "allow from g",
            "allow from g when a",
            "grant a = \"b\"",
            "ttl 1m ttl 2m allow from g",
        ],
        &[
            "tags a",
            "tags [#a]",
            "ttl",
            "allow",
            "allow g",
            "allow from",
            "allow from g when",
            "grant a",
            "grant a = b",
            "deny from g",
        ],
    );
}

#[test]
fn guards() {
    parses(
        "guard g … { a }",
        &["for b", "for b, #c, d*, *", "for * from i"],
        &["", "for", "for b,", "for b c", "from i for b", "for #", "for # a"],
    );
}

#[test]
fn tests() {
    parses(
        "test \"t\" { … }",
        &[
            "token g {} expect allow a",
            "token g like \"u\" {} expect only a, b expect deny #c",
        ],
        &[
            "",
            "token g {}",
            "expect allow a",
            "token {} expect allow a",
            "token g expect allow a",
            "token g {} expect a",
            "token g {} expect allow",
        ],
    );
    parses(
        "test \"t\" { token g { … } expect allow a }",
        &[
            "",
            "a = 1",
            "a = 1, \"b c\" = \"d\",",
            "a = null, b = absent, c = true",
            "a = [1, [2]], b = { c = {} }",
            "role = 1",
        ],
        &[
            "a",
            "a: 1",
            "a = b",
            "a = 1 b = 2",
            ",",
            "a.b = 1",
            "a = 1.5",
            "a = /r/",
        ],
    );
}

#[test]
fn assertions() {
    parses(
        "assert \"a\" { … }",
        &[
            "never a when b",
            "possible a",
            "possible #a when b",
            "disjoint a, b",
            "disjoint a, b, c*",
            "equivalent a, b",
            "a implies b",
            "#a implies b == \"c\" && d",
            "a* covers b",
        ],
        &[
            "",
            "never a",
            "disjoint a",
            "equivalent a",
            "equivalent a, b, c",
            "a",
            "a implies",
            "a covers",
            "a covers b, c",
            "possible",
        ],
    );
}

#[test]
fn expressions() {
    parses(
        "condition a = …",
        &[
            "b",
            "!b",
            "b && c && d",
            "b || c",
            "(b)",
            "((b))",
            "b && (c || d)",
            "!(b && c)",
            "! b == \"c\"",
            "has b",
            "!has b.c",
            "b()",
            "b(\"c\", [1], d.e,)",
            "b == c && !(d || e)",
            "(b || c) && (d || e)",
        ],
        &[
            "",
            "b &&",
            "&& b",
            "b c",
            "b & c",
            "b && c || d",
            "b || c && d",
            "!!b",
            "()",
            "(b",
            "not b",
            "b and c",
            "has",
            "has \"b\"",
            "\"b\" == c",
        ],
    );
    parses(
        "condition a = b … c",
        &[
            "==",
            "!=",
            "<",
            "<=",
            ">",
            ">=",
            "in",
            "like",
            "glob",
            "under",
            "matches",
            "contains",
            "contains any",
            "contains\nall",
        ],
        &[
            "=",
            "===",
            "=>",
            "<>",
            "!like",
            "not in",
            "any",
            "containsany",
            "is",
            "~",
        ],
    );
    parses(
        "condition a = b == …",
        &["1", "\"c\"", "true", "c", "c.d", "[1]", "/c/", "claims[\"c\"]"],
        &["", "'c'", "1m", "null", "{}", "c()", "(c)"],
    );
    parses(
        "condition a = …",
        &[
            "b.c",
            "b[\"c\"]",
            "claims[\"b\"]",
            "claims[\"b\"].c[\"d\"]",
            "role.b",
            "claims",
            "b-c.d_e",
            "tags",
            "claim",
        ],
        &[
            "b .c",
            "b. c",
            "b [\"c\"]",
            "b[c]",
            "b[1]",
            "claims.[\"b\"]",
            "role",
            "when",
            "in",
            "true",
            "null",
            "and",
        ],
    );
}
