//! Expressions of CEL: trees, locations and hostile texts.

use rolecall_interop::cel::{Expr, ExprAt, MAX_CHARACTERS, Operator, parse};
use std::path::Path;

/// Returns a tree in one line.
fn printed(expr: &ExprAt) -> String {
    let list = |head: &str, parts: &[&ExprAt]| {
        let parts = parts.iter().map(|part| format!(" {}", printed(part)));
        format!("({head}{})", parts.collect::<String>())
    };
    let all = |head: &str, parts: &[ExprAt]| list(head, &parts.iter().collect::<Vec<_>>());
    match &expr.node {
        Expr::All(parts) => all("&&", parts),
        Expr::Any(parts) => all("||", parts),
        Expr::Bool(value) => value.to_string(),
        Expr::Call(call) => {
            let parts: Vec<&ExprAt> = call.target.iter().chain(&call.arguments).collect();
            list(&call.name, &parts)
        }
        Expr::Choice(parts) => all("?", parts.as_slice()),
        Expr::Compare(comparison) => {
            let operator = match comparison.operator.node {
                Operator::Equal => "==",
                Operator::Greater => ">",
                Operator::GreaterEqual => ">=",
                Operator::In => "in",
                Operator::Less => "<",
                Operator::LessEqual => "<=",
                Operator::NotEqual => "!=",
            };
            list(operator, &[&comparison.left, &comparison.right])
        }
        Expr::Double(text) => format!("double {text}"),
        Expr::Index(parts) => all("[]", parts.as_slice()),
        Expr::Int(value) => value.to_string(),
        Expr::List(parts) => all("list", parts),
        Expr::Name(name) => name.clone(),
        Expr::Not(part) => list("!", &[part]),
        Expr::Null => "null".to_owned(),
        Expr::Other(what) => format!("other {what}"),
        Expr::Select(select) => format!("(. {} {})", printed(&select.target), select.field.node),
        Expr::Sum(parts) => all("+", parts),
        Expr::Text(text) => format!("{text:?}"),
        Expr::Uint(value) => format!("{value}u"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn expressions_have_their_trees() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/cel/expressions.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut number = 0;
    while let (Some(expression), Some(expected)) = (lines.next(), lines.next()) {
        let found = match parse(expression) {
            Ok(tree) => printed(&tree),
            Err(error) => format!("error {}", error.span.start),
        };
        assert_eq!(found, expected.trim(), "{expression}");
        number += 1;
    }
    assert!(number > 50, "{number}");
}

#[test]
fn triple_quotes_span_lines() {
    assert_eq!(printed(&parse("'''a\nb'''").unwrap()), r#""a\nb""#);
    assert_eq!(
        printed(&parse("a // b\n == // c\n 'd'").unwrap()),
        r#"(== a "d")"#
    );
}

/// Collects the texts of all parts.
fn parts<'a>(expr: &ExprAt, text: &'a str, found: &mut Vec<&'a str>) {
    found.push(&text[expr.span.range()]);
    match &expr.node {
        Expr::All(inner) | Expr::Any(inner) | Expr::List(inner) | Expr::Sum(inner) => {
            inner.iter().for_each(|part| parts(part, text, found));
        }
        Expr::Choice(inner) => inner.iter().for_each(|part| parts(part, text, found)),
        Expr::Index(inner) => inner.iter().for_each(|part| parts(part, text, found)),
        Expr::Not(part) => parts(part, text, found),
        Expr::Compare(comparison) => {
            parts(&comparison.left, text, found);
            found.push(&text[comparison.operator.span.range()]);
            parts(&comparison.right, text, found);
        }
        Expr::Select(select) => {
            parts(&select.target, text, found);
            found.push(&text[select.field.span.range()]);
        }
        Expr::Call(call) => {
            let inner = call.target.iter().chain(&call.arguments);
            inner.for_each(|part| parts(part, text, found));
            found.push(&text[call.name.span.range()]);
        }
        _ => {}
    }
}

#[test]
fn parts_know_their_place() {
    let text = " ! ( a.b  ==  'é' ) && c . d ( 'x' )  || e [ 'f' ]  ? g : - 1 ";
    let mut found = Vec::new();
    parts(&parse(text).unwrap(), text, &mut found);
    assert_eq!(
        found,
        [
            text.trim(),
            "! ( a.b  ==  'é' ) && c . d ( 'x' )  || e [ 'f' ]",
            "! ( a.b  ==  'é' ) && c . d ( 'x' )",
            "! ( a.b  ==  'é' )",
            "( a.b  ==  'é' )",
            "a.b",
            "a",
            "b",
            "==",
            "'é'",
            "c . d ( 'x' )",
            "c",
            "'x'",
            "d",
            "e [ 'f' ]",
            "e",
            "'f'",
            "g",
            "- 1",
        ]
    );
}

#[test]
fn hostile_texts_are_refused() {
    for (open, close) in [("(", ")"), ("[", "]"), ("a(", ")"), ("{1:", "}"), ("a[", "]")] {
        for levels in [10, 33, 1000] {
            let text = format!("{}1{}", open.repeat(levels), close.repeat(levels));
            assert_eq!(parse(&text).is_ok(), levels == 10, "{open} {levels}");
        }
    }
    let chains = [
        ("!", "", "a"),
        ("-", "", "1"),
        ("", ".a", "a"),
        ("a ? b : ", "", "c"),
        ("", "[0]", "a"),
    ];
    for (before, after, inside) in chains {
        for number in [30, 500] {
            let text = format!("{}{inside}{}", before.repeat(number), after.repeat(number));
            assert_eq!(parse(&text).is_ok(), number == 30 || before == "-", "{text}");
        }
    }
    for operator in ["&&", "||", "+"] {
        let text = vec!["a"; 1000].join(operator);
        assert!(parse(&text).is_ok());
    }
    assert!(parse(&"a".repeat(MAX_CHARACTERS)).is_ok());
    assert!(parse(&"a".repeat(MAX_CHARACTERS + 1)).is_err());
    let whole = "has(a.b) && a['é'].startsWith(r'''x''') || !(c in [\"\\u00e9\", 1.5, -1, 0x1fu]) ? d : e";
    for (at, _) in whole.char_indices() {
        let _ = parse(&whole[..at]);
        let _ = parse(&whole[at..]);
    }
}
