//! Trees of every shape that a text can have.

#![allow(clippy::wildcard_imports, reason = "it takes every node of the tree")]

use proptest::prelude::*;
use proptest::sample::select;
use rolecall_syntax::ast::*;
use rolecall_syntax::{Span, Spanned, Str};

/// A file.
pub(crate) fn file() -> impl Strategy<Value = File> {
    (any::<bool>(), list(item(), 0..6)).prop_map(|(edition, mut items)| {
        if edition {
            items.insert(0, at(Item::Edition(at(2026))));
        }
        File {
            items,
            comments: Vec::new(),
        }
    })
}

fn at<T>(node: T) -> Spanned<T> {
    Spanned::new(node, Span::default())
}

fn list<T: std::fmt::Debug>(
    each: impl Strategy<Value = T>,
    size: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<Spanned<T>>> {
    prop::collection::vec(each.prop_map(at), size)
}

/// A name that may also be a word of the language.
fn name() -> impl Strategy<Value = String> {
    let words = select(vec![
        "role",
        "set",
        "test",
        "edition",
        "when",
        "from",
        "for",
        "in",
        "like",
        "true",
        "null",
        "claim",
        "tags",
        "token",
        "a",
        "b-c",
        "d_e",
        "_",
        "a_name_that_is_as_long_as_names_of_roles_are_in_large_companies",
    ]);
    prop_oneof![words.prop_map(str::to_owned), "[a-zA-Z_][a-zA-Z0-9_-]{0,7}"]
}

fn name_at() -> impl Strategy<Value = Name> {
    name().prop_map(at)
}

const RESERVED: [&str; 28] = [
    "edition",
    "profile",
    "issuer",
    "set",
    "condition",
    "role",
    "guard",
    "test",
    "assert",
    "in",
    "like",
    "glob",
    "under",
    "matches",
    "contains",
    "any",
    "all",
    "has",
    "when",
    "from",
    "for",
    "implies",
    "null",
    "absent",
    "true",
    "false",
    "not",
    "and",
];

/// A name that can stand alone in a condition.
fn bare_name() -> impl Strategy<Value = String> {
    name().prop_filter("reserved", |name| {
        !RESERVED.contains(&name.as_str()) && name != "or"
    })
}

fn string() -> impl Strategy<Value = Str> {
    let piece = prop_oneof![
        4 => "[a-zA-Z0-9 /:._-]{1,8}",
        1 => select(vec!["\\\"", "\\\\", "\\n", "\\t", "\\r", "\\u{1f600}", "\\*", "\\?", "\\{", "\\}", "\\[", "\\]",
            "{claim}", "[", "*", "**", "//", "/*", "*/", "é", "\u{2028}", "\t", "'"]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| Str::new(&pieces.concat()).unwrap())
}

fn regex() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "a", "é", "\\/", "\\d", "\\\\", "[a-z]", "*", "\"", " ", "(x|y)", "{2}",
    ]);
    prop::collection::vec(piece, 0..5).prop_map(|pieces| format!("r{}", pieces.concat()))
}

fn path() -> impl Strategy<Value = ClaimPath> {
    let segment = || prop_oneof![name().prop_map(Segment::Word), string().prop_map(Segment::Quoted)];
    let root = prop_oneof![
        6 => bare_name().prop_filter("an index of its own", |name| name != "claims").prop_map(Segment::Word),
        1 => string().prop_map(Segment::Quoted),
    ];
    (
        root,
        prop_oneof![3 => list(segment(), 0..1), 1 => list(segment(), 1..3)],
    )
        .prop_map(|(root, rest)| {
            let mut segments = vec![at(root)];
            segments.extend(rest);
            ClaimPath { segments }
        })
}

fn selector() -> impl Strategy<Value = Selector> {
    prop_oneof![
        name().prop_map(Selector::Name),
        // No role is called `--`, which begins comments of other languages.
        "[a-z*-]{1,5}"
            .prop_filter("begins a comment", |name| name != "--")
            .prop_map(Selector::Name),
        name().prop_map(Selector::Tag),
    ]
}

/// A selector that begins a statement.
fn first_selector() -> impl Strategy<Value = Spanned<Selector>> {
    selector()
        .prop_map(at)
        .prop_filter("begins another statement", |selector| {
            let words = ["never", "possible", "disjoint", "equivalent"];
            !matches!(&selector.node, Selector::Name(name) if words.contains(&name.as_str()))
        })
}

fn item() -> impl Strategy<Value = Item> {
    prop_oneof![
        (string(), statement()).prop_map(|(name, statement)| {
            Item::Assertion(Box::new(Assertion {
                name: at(name),
                statement: at(statement),
            }))
        }),
        (name_at(), list(name(), 0..6), expr()).prop_map(|(name, parameters, expr)| {
            Item::Condition(Box::new(Condition {
                name,
                parameters,
                expr,
            }))
        }),
        (
            name_at(),
            list(selector(), 1..6),
            prop::option::of(name_at()),
            expr()
        )
            .prop_map(|(name, selectors, from, expr)| {
                Item::Guard(Box::new(Guard {
                    name,
                    selectors,
                    from,
                    expr,
                }))
            }),
        (name_at(), list(issuer_member(), 0..5))
            .prop_map(|(name, members)| Item::Issuer(Issuer { name, members })),
        (
            name_at(),
            prop::option::of(name_at()),
            list(profile_member(), 0..5)
        )
            .prop_map(|(name, extends, members)| {
                Item::Profile(Box::new(Profile {
                    name,
                    extends,
                    members,
                }))
            }),
        (role_name(), list(expansion(), 0..3), list(role_member(), 0..5)).prop_map(
            |(name, expansions, members)| {
                Item::Role(Role {
                    name: at(name),
                    expansions,
                    members,
                })
            }
        ),
        (name_at(), list(operand(), 0..6)).prop_map(|(name, elements)| {
            Item::Set(Set {
                name,
                elements: at(elements),
            })
        }),
        (string(), token(), list(expectation(), 1..3), list(case(), 0..3)).prop_map(
            |(name, token, mut expectations, cases)| {
                if cases.len() == 1 {
                    expectations.clear();
                }
                Item::Test(Box::new(Test {
                    name: at(name),
                    token: at(token),
                    expectations,
                    cases,
                }))
            }
        ),
    ]
}

fn case() -> impl Strategy<Value = Case> {
    let name = prop::option::of(string().prop_map(at));
    (name, entries(), list(expectation(), 1..3)).prop_map(|(name, changes, expectations)| Case {
        name,
        changes: at(changes),
        expectations,
    })
}

fn statement() -> impl Strategy<Value = Statement> {
    let second = || selector().prop_map(at);
    prop_oneof![
        (first_selector(), second()).prop_map(|(left, right)| Statement::Covers(left, right)),
        list(selector(), 2..8).prop_map(Statement::Disjoint),
        (second(), second()).prop_map(|(left, right)| Statement::Equivalent(left, right)),
        (first_selector(), expr()).prop_map(|(left, expr)| Statement::Implies(left, expr)),
        (second(), expr()).prop_map(|(left, expr)| Statement::Never(left, expr)),
        (second(), prop::option::of(expr())).prop_map(|(left, expr)| Statement::Possible(left, expr)),
    ]
}

fn one_or_list() -> impl Strategy<Value = OneOrList> {
    prop_oneof![
        string().prop_map(|string| OneOrList::One(at(string))),
        list(string(), 0..6).prop_map(OneOrList::List),
    ]
}

fn duration() -> impl Strategy<Value = Spanned<Duration>> {
    let units = vec![
        DurationUnit::Seconds,
        DurationUnit::Minutes,
        DurationUnit::Hours,
        DurationUnit::Days,
    ];
    (any::<u32>(), select(units)).prop_map(|(count, unit)| at(Duration { count, unit }))
}

fn derive() -> impl Strategy<Value = Derive> {
    (path(), string(), prop::option::of(expr())).prop_map(|(claim, template, when)| Derive {
        claim,
        template: at(template),
        when,
    })
}

fn issuer_member() -> impl Strategy<Value = IssuerMember> {
    prop_oneof![
        list(name(), 0..4).prop_map(IssuerMember::Algorithms),
        one_or_list().prop_map(IssuerMember::Audience),
        string().prop_map(|party| IssuerMember::AuthorizedParty(at(party))),
        derive().prop_map(IssuerMember::Derive),
        string().prop_map(|url| IssuerMember::Jwks(at(url))),
        duration().prop_map(IssuerMember::Leeway),
        duration().prop_map(IssuerMember::MaxAge),
        name_at().prop_map(IssuerMember::Profile),
        any::<i64>().prop_map(|limit| IssuerMember::SubjectLimit(at(limit))),
        string().prop_map(|url| IssuerMember::Url(at(url))),
    ]
}

fn profile_member() -> impl Strategy<Value = ProfileMember> {
    let word = prop_oneof![
        select(vec!["immutable", "tenant", "optional", "author"])
            .prop_map(|word| Modifier::Keyword(word.to_owned())),
        name_at().prop_map(Modifier::Alias),
    ];
    prop_oneof![
        3 => (path(), claim_type(), list(word, 0..4)).prop_map(|(path, claim_type, modifiers)| {
            ProfileMember::Claim(Claim { path, claim_type: at(claim_type), modifiers })
        }),
        1 => derive().prop_map(ProfileMember::Derive),
        1 => one_or_list().prop_map(ProfileMember::Shared),
    ]
}

fn claim_type() -> impl Strategy<Value = ClaimType> {
    let value = prop_oneof![
        3 => name().prop_map(EnumValue::Word),
        1 => string().prop_map(EnumValue::Quoted),
    ];
    let leaf = prop_oneof![
        (
            select(vec!["text", "path", "int"]),
            prop::option::of(select(vec!["string", "number", "json"]).prop_map(|form| at(form.to_owned())))
        )
            .prop_map(|(name, form)| ClaimType::Named {
                name: name.to_owned(),
                form
            }),
        (list(value, 1..7), any::<bool>()).prop_map(|(values, open)| ClaimType::Enum { values, open }),
    ];
    leaf.prop_recursive(3, 3, 1, |inner| {
        inner.prop_map(|inner| ClaimType::List(Box::new(at(inner))))
    })
}

fn role_name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => name(),
        1 => (name(), name(), "[a-z-]{0,3}").prop_map(|(a, b, c)| format!("{a}{{{b}}}{c}")),
        1 => name().prop_map(|name| format!("{{{name}}}")),
    ]
}

fn expansion() -> impl Strategy<Value = Expansion> {
    let pair = (key(), operand()).prop_map(|(key, value)| Pair {
        key: at(key),
        value: at(value),
    });
    let values = prop_oneof![
        list(operand(), 0..5).prop_map(Values::List),
        list(pair, 0..5).prop_map(Values::Map),
        name().prop_map(Values::Set),
    ];
    (list(name(), 1..4), values).prop_map(|(parameters, values)| Expansion {
        parameters,
        values: at(values),
    })
}

fn role_member() -> impl Strategy<Value = RoleMember> {
    prop_oneof![
        3 => (name_at(), prop::option::weighted(0.8, expr()))
            .prop_map(|(issuer, when)| RoleMember::Allow(Allow { issuer, when })),
        1 => (name_at(), one_or_list())
            .prop_map(|(name, templates)| RoleMember::Grant(Grant { name, templates })),
        1 => list(name(), 0..5).prop_map(RoleMember::Tags),
        1 => duration().prop_map(RoleMember::Ttl),
    ]
}

fn token() -> impl Strategy<Value = Token> {
    let base = prop_oneof![
        string().prop_map(TokenBase::Test),
        string().prop_map(TokenBase::File),
    ];
    (name_at(), prop::option::of(base), entries()).prop_map(|(issuer, base, claims)| Token {
        issuer,
        base: base.map(at),
        claims,
    })
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        3 => name().prop_map(Key::Word),
        1 => string().prop_map(Key::Quoted),
    ]
}

fn entries_of(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Vec<Spanned<Entry>>> {
    let entry = (key(), value).prop_map(|(key, value)| Entry {
        key: at(key),
        value: at(value),
    });
    list(entry, 0..5)
}

fn entries() -> impl Strategy<Value = Vec<Spanned<Entry>>> {
    let leaf = prop_oneof![
        Just(Value::Absent),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        Just(Value::Null),
        string().prop_map(Value::Text),
    ];
    let value = leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            list(inner.clone(), 0..4).prop_map(Value::List),
            entries_of(inner).prop_map(Value::Object),
        ]
    });
    entries_of(value)
}

fn expectation() -> impl Strategy<Value = Expectation> {
    let kind = select(vec![
        ExpectationKind::Allow,
        ExpectationKind::Deny,
        ExpectationKind::Only,
    ]);
    let grant = (name_at(), string()).prop_map(|(name, text)| Fact::Grant(Given { name, text: at(text) }));
    let fact = prop_oneof![grant, duration().prop_map(Fact::Ttl)];
    let more = prop_oneof![
        2 => Just((Vec::new(), None)),
        1 => list(fact, 1..4).prop_map(|facts| (facts, None)),
        1 => path().prop_map(|path| (Vec::new(), Some(path))),
    ];
    (kind, list(selector(), 1..6), more).prop_map(|(kind, selectors, (facts, because))| Expectation {
        kind,
        selectors,
        facts,
        because,
    })
}

fn operand() -> impl Strategy<Value = Operand> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Operand::Bool),
        any::<i64>().prop_map(Operand::Int),
        path().prop_map(Operand::Reference),
        regex().prop_map(Operand::Regex),
        string().prop_map(Operand::Text),
        string().prop_map(Operand::Text),
    ];
    leaf.prop_recursive(3, 12, 5, |inner| list(inner, 0..5).prop_map(Operand::List))
}

/// A condition.
pub(crate) fn expr() -> impl Strategy<Value = ExprAt> {
    let compare =
        (path(), select(Operator::ALL.to_vec()), operand()).prop_map(|(claim, operator, operand)| {
            Expr::Compare(Box::new(Comparison {
                claim,
                operator: at(operator),
                operand: at(operand),
            }))
        });
    let leaf = prop_oneof![
        1 => path().prop_map(Expr::Bare),
        1 => path().prop_map(Expr::Has),
        1 => path().prop_map(Expr::IsNull),
        1 => (bare_name().prop_map(at), list(operand(), 0..4))
            .prop_map(|(name, arguments)| Expr::Call(Box::new(Call { name, arguments }))),
        2 => compare,
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            list(inner.clone(), 2..5).prop_map(Expr::All),
            list(inner.clone(), 2..5).prop_map(Expr::Any),
            inner.prop_map(|inner| Expr::Not(Box::new(at(inner)))),
        ]
    })
    .prop_map(at)
}
