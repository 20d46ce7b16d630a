//! JSON: what is one, and where its values are.

use crate::outside::vectors;
use rolecall_interop::document::{Node, Value, json};
use std::fs;

/// Checks that each span is that of the value, and returns the number of values.
fn check(text: &str, node: &Node) -> usize {
    let written = node.span.text(text);
    let decoded = |literal: &str| serde_json::from_str::<String>(literal).unwrap();
    match &node.node {
        Value::Null => assert_eq!(written, "null"),
        Value::Bool(found) => assert_eq!(written, found.to_string()),
        Value::Number(found) => assert_eq!(found, written),
        Value::Text(found) => assert_eq!(*found, decoded(written)),
        Value::Unsettled(found) | Value::Unknown(found) => panic!("`{found}` is not of JSON"),
        Value::List(elements) => {
            assert!(written.starts_with('[') && written.ends_with(']'));
            return elements.iter().map(|element| check(text, element)).sum::<usize>() + 1;
        }
        Value::Map(members) => {
            assert!(written.starts_with('{') && written.ends_with('}'));
            for member in members {
                assert_eq!(member.name.node, decoded(member.name.span.text(text)));
            }
            return members
                .iter()
                .map(|member| check(text, &member.value))
                .sum::<usize>()
                + 1;
        }
    }
    1
}

#[test]
fn spans_are_those_of_the_values() {
    let text = " {\"a\\n\" : [1, -2.50e3 ,true,false, null],\n\"é\": {\"é\\u00e9\\ud83d\\ude00\": \"\\\"é\"}, \"é\":{}, \"\": []} ";
    let node = json(text).unwrap();
    assert_eq!(check(text, &node), 11);
    assert_eq!(node.named("é").count(), 2);
    let numbers = node.named("a\n").next().unwrap().as_list().unwrap();
    assert_eq!(numbers[1].node, Value::Number("-2.50e3".to_owned()));
}

#[test]
fn the_json_test_suite_agrees() {
    let Some(folder) = vectors("jsontestsuite/test_parsing") else {
        return;
    };
    let (mut accepted, mut refused) = (0, 0);
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(&path).unwrap();
        // A text that is not UTF-8 is refused where the file is read.
        let node = String::from_utf8(bytes).ok().and_then(|text| {
            let node = json(&text);
            match &node {
                Ok(node) => drop(check(&text, node)),
                Err(error) => assert!(text.is_char_boundary(error.span.start), "{name}"),
            }
            node.ok()
        });
        match &name[..2] {
            "y_" => {
                assert!(node.is_some(), "{name}");
                accepted += 1;
            }
            "n_" => {
                assert!(node.is_none(), "{name}");
                refused += 1;
            }
            _ => {}
        }
    }
    println!("{accepted} accepted, {refused} refused");
    assert!(accepted >= 95 && refused >= 180, "{accepted}, {refused}");
}

#[test]
fn errors_are_where_the_text_stops_to_be_json() {
    for (text, at, message) in [
        (
            "",
            0,
            "the text is not JSON: end of the text while parsing a value",
        ),
        (
            "{\"a\": 1,\n \"é\": tru }",
            19,
            "the text is not JSON: expected ident",
        ),
        ("[1 2]", 3, "the text is not JSON: expected `,` or `]`"),
        ("[1]\n x", 5, "the text is not JSON: trailing characters"),
        (
            "[\"\\ud800\"]",
            1,
            "the text is not JSON: unexpected end of hex escape",
        ),
    ] {
        let error = json(text).unwrap_err();
        assert_eq!(
            (error.span.start, error.message.as_str()),
            (at, message),
            "{text}"
        );
    }
}

#[test]
fn limits_are_kept() {
    let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    assert!(json(&nested(64)).is_ok());
    assert!(json(&nested(65)).unwrap_err().message.contains("64 levels"));
    assert!(
        json(&nested(1_000_000))
            .unwrap_err()
            .message
            .contains("64 levels")
    );
    let wide = format!("[{}1]", "1,".repeat(3_999_998));
    assert!(json(&wide).is_ok());
    let wide = format!("[{}1]", "1,".repeat(3_999_999));
    assert!(json(&wide).unwrap_err().message.contains("4000000 values"));
    let large = " ".repeat(64 * 1024 * 1024) + "1";
    assert!(json(&large).unwrap_err().message.contains("bytes"));
}
