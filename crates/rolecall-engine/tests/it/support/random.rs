//! Random policy sets over one profile that has a claim of each type, and random tokens near to them.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use rolecall_engine::{Object, Value};

/// The profile and the issuers of every random set.
const PRELUDE: &str = r#"
profile every-type {
  claim text: text optional
  claim path: path optional alias project
  claim other: path optional
  claim ref: ref optional
  claim id: id optional
  claim int: int optional
  claim moment: time optional
  claim bool: bool optional
  claim closed: enum [a, b] optional
  claim open: enum [a, b, ...] optional
  claim texts: [text] optional
  claim paths: [path] optional
  claim object.inner: text optional
  claim code: id string optional
  claim count: id number optional
  claim sure: bool json optional
  claim said: bool string optional
  claim repository: github_repository optional
  claim project_path: gitlab_path optional
  claim group: gitlab_namespace optional
  claim ids: [id] optional
  claim maybe: text optional nullable
  claim object.maybe: bool optional nullable
  claim lists: [path] optional nullable
  claim parent: path optional
  derive parent = "{path|parent}"
  derive sub = "p:{path}[:r:{ref}]" when !has bool || !bool
  derive sub = "i:{id}:{text|colon-encoded}" when bool
}
issuer first { url "https://first.example" profile every-type audience ["x", "y"] }
profile narrower extends every-type {
  claim text: path author optional
  claim object.inner: ref optional
  derive parent = "{path|parent}" when !has bool
}
issuer second { url "https://second.example" profile narrower audience "x" derive sub = "{parent}" }
issuer third { url "https://third.example" profile narrower audience "x" }
set words = ["a", "a/b", "b"]
condition named = has id && (path == "a/b" || text like "a*")
condition with(word, many) = path == word || ref in many
condition below(word) = path like "{word}/*" || text == "{word|name}-{ref}" || other == "{word}"
"#;

/// A comparison, as text.
fn comparison() -> impl Strategy<Value = String> {
    let textual = select(vec![
        "text",
        "path",
        "other",
        "ref",
        "object.inner",
        "sub",
        "parent",
    ]);
    let word = select(vec!["a", "b", "a/b", "a/b/c", "main"]);
    let pattern = select(vec![
        "*",
        "a*",
        "a/*",
        "*b",
        "?",
        "a?b",
        "*/b*",
        "p:*",
        "p:a/*:r:*",
        "i:*",
        "a*:*",
    ]);
    let glob = select(vec![
        "*",
        "**",
        "a/*",
        "a/**",
        "**/b",
        "a/**/c",
        "?/b",
        "p:**",
        "p:a/*:r:*",
        "*:*:*:*",
    ]);
    let regex = select(vec!["a|b", r"a\/.*", "[a-z]+", r"\w+\/\w", ".{1,3}", "p:a.*"]);
    let number = select(vec![-1_i64, 0, 5, 2_000]);
    prop_oneof![
        (textual.clone(), select(vec!["==", "!="]), word.clone())
            .prop_map(|(c, op, w)| format!("{c} {op} \"{w}\"")),
        (textual.clone(), subsequence(vec!["a", "b", "a/b", "main"], 1..4))
            .prop_map(|(c, ws)| format!("{c} in {ws:?}")),
        (textual.clone(), pattern.clone()).prop_map(|(c, p)| format!("{c} like \"{p}\"")),
        (textual.clone(), glob.clone()).prop_map(|(c, g)| format!("{c} glob [\"{g}\", \"zz\"]")),
        (textual.clone(), regex.clone()).prop_map(|(c, r)| format!("{c} matches /{r}/")),
        (select(vec!["texts", "paths", "lists"]), pattern.clone())
            .prop_map(|(c, p)| format!("{c} contains like \"{p}\"")),
        (select(vec!["texts", "paths"]), glob)
            .prop_map(|(c, g)| format!("{c} contains glob [\"{g}\", \"zz\"]")),
        (select(vec!["texts", "paths", "ids"]), regex)
            .prop_map(|(c, r)| format!("{c} contains matches /{r}|1+/")),
        (select(vec!["paths", "lists"]), word.clone())
            .prop_map(|(c, w)| format!("{c} contains under [\"{w}\", \"b\"]")),
        (
            select(vec!["id", "code", "count", "open"]),
            select(vec!["*", "1", "2*", "*1", "?", "a*"])
        )
            .prop_map(|(c, p)| format!("{c} like \"{p}\"")),
        (
            select(vec!["id", "code", "count"]),
            select(vec!["==", "!="]),
            select(vec!["1", "22", "2000"])
        )
            .prop_map(|(c, op, w)| format!("{c} {op} \"{w}\"")),
        (
            select(vec!["text", "other", "ref", "id", "closed", "maybe"]),
            select(vec!["==", "!="]),
            select(vec![
                "{path}",
                "{path|parent}",
                "{path|name}",
                "{code}",
                "{path}/b",
                "a{count}",
                "{bool}",
                "{int}{open}",
                "p:{path}",
                "{parent}/{open}",
                "{maybe}",
            ]),
        )
            .prop_filter("a claim is not compared with itself", |(c, _, text)| !text
                .contains(&format!("{{{c}}}")))
            .prop_map(|(c, op, text)| format!("{c} {op} \"{text}\"")),
        (select(vec!["path", "other", "parent"]), word.clone())
            .prop_map(|(c, w)| format!("{c} under \"{w}\"")),
        (
            select(vec!["int", "moment"]),
            select(vec!["<", "<=", ">", ">=", "==", "!="]),
            number
        )
            .prop_map(|(c, op, n)| format!("{c} {op} {n}")),
        (
            select(vec!["texts", "paths"]),
            select(vec!["any", "all"]),
            subsequence(vec!["a", "b", "a/b"], 1..3)
        )
            .prop_map(|(c, q, ws)| format!("{c} contains {q} {ws:?}")),
        (select(vec!["texts", "paths", "aud"]), word).prop_map(|(c, w)| format!("{c} contains \"{w}\"")),
        select(vec![
            "bool",
            "bool == false",
            "id == \"1\"",
            "id != \"01\"",
            "id in [\"1\", \"22\"]",
            "closed == \"a\"",
            "closed != \"b\"",
            "open == \"a\"",
            "open != \"c\"",
            "aud == \"x\"",
            "aud != \"y\"",
            "path == other",
            "text != ref",
            "closed == open",
            "project == parent",
            "text in words",
            "ref like words",
            "named",
            "with(\"a/b\", [\"main\", \"b\"])",
            "with(\"b\", words)",
            "sub == \"p:a/b:r:main\"",
            "iss like \"*first*\"",
            "below(\"a\")",
            "below(\"a/b\")",
            "maybe is null",
            "object.maybe is null",
            "lists is null",
            "sure",
            "said != true",
            "repository == \"a/b\"",
            "repository like \"a/*\"",
            "project_path under \"a\"",
            "group != \"a\"",
            "group glob \"*/b\"",
            "closed like \"a*\"",
            "open matches /a|b/",
            "code matches /[12]+/",
            "moment < \"1970-01-01T00:30:00Z\"",
        ])
        .prop_map(str::to_owned),
        select(vec![
            "text",
            "path",
            "ref",
            "id",
            "int",
            "bool",
            "closed",
            "texts",
            "object.inner",
            "sub",
            "maybe",
            "repository",
            "parent"
        ])
        .prop_map(|c| format!("has {c}")),
    ]
}

/// A condition, as text that can stand anywhere.
pub fn condition() -> impl Strategy<Value = String> {
    comparison().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(|terms| format!("({})", terms.join(" && "))),
            vec(inner.clone(), 2..4).prop_map(|terms| format!("({})", terms.join(" || "))),
            inner.prop_map(|term| format!("!({term})")),
        ]
    })
}

/// A role: its tag, and the issuer and the condition of each clause.
pub type RandomRole = (Option<&'static str>, Vec<(&'static str, Option<String>)>);

/// Roles, and the conditions of guards on `#t`.
pub fn roles() -> impl Strategy<Value = (Vec<RandomRole>, Vec<String>)> {
    let clause = (
        select(vec!["first", "first", "second"]),
        option::weighted(0.95, condition()),
    );
    let role = (option::of(Just("t")), vec(clause, 1..3));
    (vec(role, 1..5), vec(condition(), 0..2))
}

/// Many roles whose conditions are put together from a few, so that they share keys, flags and what is left.
pub fn many_roles() -> impl Strategy<Value = (Vec<RandomRole>, Vec<String>)> {
    (
        vec(comparison(), 2..12),
        vec(condition(), 1..4),
        vec(any::<[Index; 4]>(), 1..250),
        vec(condition(), 0..2),
    )
        .prop_map(|(comparisons, conditions, choices, guards)| {
            let roles = choices
                .iter()
                .enumerate()
                .map(|(number, [first, second, third, rare])| {
                    let (first, second) = (first.get(&comparisons), second.get(&comparisons));
                    let condition = match rare.index(8) {
                        0 => third.get(&conditions).clone(),
                        1 => format!("{first} || {second}"),
                        2 => format!("{first} && !({second})"),
                        3 => format!("({first} || {second}) && {}", third.get(&comparisons)),
                        // Values of their own, so that there are more than flags.
                        4 => format!("text == \"t{}\" && {first}", third.index(200)),
                        _ => format!("{first} && {second} && {}", third.get(&comparisons)),
                    };
                    let issuer = if rare.index(9) == 0 { "second" } else { "first" };
                    let mut clauses = vec![(issuer, Some(condition))];
                    if number % 7 == 3 {
                        clauses.push(("first", Some(second.clone())));
                    }
                    ((number % 11 == 5).then_some("t"), clauses)
                });
            (roles.collect(), guards)
        })
}

/// The text of a policy set, as items that may stand in any order.
pub fn items(roles: &[RandomRole], guards: &[String]) -> Vec<String> {
    let mut items = vec![PRELUDE.to_owned()];
    for (index, (tag, clauses)) in roles.iter().enumerate() {
        let mut role = format!("role r{index} {{");
        role += match index % 6 {
            1 => " grant where = \"x/{path}\"",
            2 => " grant name = \"{path|name}\" grant text = \"{text|colon-encoded}\"",
            3 => " grant up = \"{path|parent}\" grant id = \"{id}\" grant ref = \"{ref}\"",
            4 => " grant sub = \"{sub}\" grant sure = \"{bool}{int}\"",
            _ => "",
        };
        if let Some(tag) = tag {
            role += &format!(" tags [{tag}]");
        }
        for (issuer, condition) in clauses {
            role += &format!("\n  allow from {issuer}");
            if let Some(condition) = condition {
                role += &format!(" when {condition}");
            }
        }
        items.push(role + "\n}");
    }
    if roles.iter().any(|(tag, _)| tag.is_some()) {
        items.extend(
            guards
                .iter()
                .enumerate()
                .map(|(index, guard)| format!("guard g{index} for #t {{ {guard} }}")),
        );
    }
    items
}

/// A value that a claim of some type may have, well typed or not.
fn value() -> impl Strategy<Value = Value> {
    let text = select(vec![
        "a",
        "b",
        "c",
        "a/b",
        "a/b/c",
        "main",
        "",
        "a:b",
        "a b",
        "/a",
        "a//b",
        "1",
        "01",
        "22",
        "true",
        "false",
        "x",
        "p:a/b",
        "p:a/b:r:main",
        "i:1:a",
        "i:1:a%3Ab",
        "..",
        "a.lock",
        "\u{e9}",
        "a\nb",
    ])
    .prop_map(Value::from);
    let number = select(vec![-1_i64, 0, 1, 5, 22, 2_000]).prop_map(Value::Int);
    let decimal =
        select(vec!["1.5", "5.0", "0.5e1", "-0.5", "2e3"]).prop_map(crate::support::hostile::decimal);
    let scalar = prop_oneof![8 => text, 2 => number, 2 => any::<bool>().prop_map(Value::Bool), 1 => decimal, 1 => Just(Value::Null)];
    prop_oneof![6 => scalar.clone(), 1 => vec(scalar, 0..3).prop_map(Value::List), 1 => Just(Value::Object(Object::new()))]
}

/// A token of one of the issuers, or nearly.
pub fn token() -> impl Strategy<Value = Object> {
    // The issuer, the audience and the object have strategies of their own.
    let claims: Vec<&str> = crate::support::hostile::CLAIMS
        .iter()
        .copied()
        .filter(|claim| !["iss", "aud", "object"].contains(claim))
        .collect();
    let good = (
        select(vec!["a/b", "a", "a/b/c"]),
        select(vec!["main", "a/b", "b"]),
        select(vec!["1", "22"]),
    );
    let iss = select(vec![
        "https://first.example",
        "https://first.example",
        "https://second.example",
        "https://x.example",
    ]);
    let aud = select(vec![
        vec!["x"],
        vec!["x"],
        vec!["y"],
        vec!["x", "x"],
        vec!["x", "y"],
        vec![],
        vec!["z"],
    ]);
    (
        iss,
        aud,
        good,
        vec((any::<Index>(), value()), 0..8),
        any::<bool>(),
        option::of(value()),
    )
        .prop_map(
            move |(iss, aud, (path, reference, id), changes, coherent, inner)| {
                let mut token = Object::new();
                token.set("iss", Value::from(iss));
                token.set("sub", Value::from("a"));
                token.set("iat", Value::Int(1_000));
                token.set("exp", Value::Int(2_000));
                match aud.as_slice() {
                    [one] => token.set("aud", Value::from(*one)),
                    many => token.set(
                        "aud",
                        Value::List(many.iter().map(|audience| Value::from(*audience)).collect()),
                    ),
                }
                if coherent {
                    for (claim, text) in [
                        ("path", path),
                        ("ref", reference),
                        ("id", id),
                        ("text", "a"),
                        ("closed", "a"),
                    ] {
                        token.set(claim, Value::from(text));
                    }
                    token.set(
                        "parent",
                        Value::from(path.rsplit_once('/').map_or("a", |(parent, _)| parent)),
                    );
                    token.set("sub", Value::Text(format!("p:{path}:r:{reference}")));
                }
                for (claim, value) in changes {
                    token.set(claims[claim.index(claims.len())], value);
                }
                if let Some(inner) = inner {
                    let mut object = Object::new();
                    object.set("maybe", inner.clone());
                    object.set("inner", inner);
                    token.set("object", Value::Object(object));
                }
                token
            },
        )
}
