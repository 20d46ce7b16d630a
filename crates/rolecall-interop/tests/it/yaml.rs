//! YAML with locations.

use proptest::prelude::*;
use rolecall_interop::document::{Node, Value, yaml};
use rolecall_interop::{octo_sts, vault};

/// Returns all values with their text, names of members included.
fn slices<'a>(node: &Node, text: &'a str, found: &mut Vec<&'a str>) {
    found.push(&text[node.span.range()]);
    match &node.node {
        Value::List(elements) => elements.iter().for_each(|element| slices(element, text, found)),
        Value::Map(members) => {
            for member in members {
                found.push(&text[member.name.span.range()]);
                slices(&member.value, text, found);
            }
        }
        _ => {}
    }
}

fn texts(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    slices(&yaml(text).unwrap(), text, &mut found);
    found
}

/// Returns the message of an error and its text.
fn error(text: &str) -> (String, &str) {
    let error = yaml(text).unwrap_err();
    (error.message, &text[error.span.range()])
}

#[test]
fn locations_are_those_of_the_text() {
    let text = "é: 'it''s' # ü's\r\nb: \"\\\"x\" # \"\nc: plain\n  text  # c\nd:\n  - 1\n  - e: {f: [g, h] }\n    # end\n\n";
    assert_eq!(
        texts(text),
        [
            "é: 'it''s' # ü's\r\nb: \"\\\"x\" # \"\nc: plain\n  text  # c\nd:\n  - 1\n  - e: {f: [g, h] }",
            "é",
            "'it''s'",
            "b",
            "\"\\\"x\"",
            "c",
            "plain\n  text",
            "d",
            "1\n  - e: {f: [g, h] }",
            "1",
            "e: {f: [g, h] }",
            "e",
            "{f: [g, h] }",
            "f",
            "[g, h]",
            "g",
            "h"
        ]
    );
    assert_eq!(
        texts("\u{feff}ключ: значение"),
        ["ключ: значение", "ключ", "значение"]
    );
    assert_eq!(
        texts("a: |\n  x\n  y\n\nb:"),
        ["a: |\n  x\n  y\n\nb", "a", "x\n  y", "b", ""]
    );
    assert_eq!(texts("# nothing\n"), [""]);
    assert_eq!(texts("[]"), ["[]"]);
}

#[test]
fn values_have_their_kind() {
    let Value::List(elements) = yaml("[~, true, 1.50, yes, 'yes', v1]").unwrap().node else {
        panic!("a list");
    };
    let values: Vec<Value> = elements.into_iter().map(|element| element.node).collect();
    let expected = [
        Value::Null,
        Value::Bool(true),
        Value::Number("1.50".to_owned()),
        Value::Unsettled("yes".to_owned()),
        Value::Text("yes".to_owned()),
        Value::Text("v1".to_owned()),
    ];
    assert_eq!(values, expected);
}

#[test]
fn names_are_kept_as_often_as_they_are_written() {
    let Value::Map(members) = yaml("a: 1\na: 2\n12: 3").unwrap().node else {
        panic!("a map");
    };
    let names: Vec<&str> = members.iter().map(|member| &*member.name.node).collect();
    assert_eq!(names, ["a", "a", "12"]);
}

#[test]
fn texts_that_two_versions_read_differently_are_refused() {
    for (text, part, message) in [
        ("a: b\n---\nc: d", "---", "a second document begins here"),
        ("%YAML 1.2\n---\na: b", "%YAML 1.2\n", "directives"),
        ("a: !Ref b", "!Ref b", "tags such as `!Ref`"),
        ("a: !!str 1", "!!str 1", "tags such as"),
        ("a: &x 1\nb: *x", "&x 1", "anchors are not read"),
        ("a: *x", "", "found unknown anchor"),
        ("<<: {a: b}", "<<", "merge keys"),
        (
            "on: push",
            "on",
            "the versions of YAML disagree about the name `on`",
        ),
        ("012: x", "012", "the versions of YAML disagree"),
        ("true: x", "true", "a name is a text: put it in quotes"),
        ("? [a]\n: b", "[", "a name is a text, not a collection"),
        ("a: b\u{2028}c: d", "\u{2028}", "U+2028 ends a line in YAML 1.1"),
        ("a: b\0", "\0", "U+0000 cannot be printed"),
        ("a: \u{feff}", "\u{feff}", "U+FEFF cannot be printed"),
        ("a: |\n  b", "b", "disagree whether this text ends a line"),
        ("{a:}", "a", "a name without a value"),
        ("{a: 1, b}", "b", "a name without a value"),
        ("[a:, b]", "a", "a name without a value"),
        ("a: [b", "", "the text is not YAML"),
        ("a: 'b", "", "the text is not YAML"),
    ] {
        let (found, at) = error(text);
        assert!(found.contains(message), "{text:?}: {found}");
        assert_eq!(at, part, "{text:?}");
    }
}

#[test]
fn limits_hold_before_the_work() {
    let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    assert!(yaml(&nested(64)).is_ok());
    assert!(error(&nested(66)).0.contains("64 levels"));
    assert!(yaml(&nested(100_000)).is_err());
    let long = "a".repeat((1 << 20) + 1);
    assert!(yaml(&long).unwrap_err().message.contains("1048576 bytes"));
    let wide = format!("[{}]", ",".repeat((1 << 20) - 2));
    assert!(yaml(&wide).is_err());
    assert!(yaml(&format!("[{}1]", "1,".repeat(400_000))).is_ok());
}

/// Returns a text of pieces that YAML gives a meaning.
pub(crate) fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "é",
        ": ",
        ":",
        "- ",
        "\n",
        "\n  ",
        "\r\n",
        "'",
        "\"",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "#",
        " # ",
        "|",
        ">-",
        "&x ",
        "*x",
        "!",
        "!!str ",
        "%",
        "---\n",
        "...\n",
        "? ",
        "<<: ",
        "\\",
        "\t",
        "~",
        "yes",
        "12",
        "\u{feff}",
        "\u{2028}",
        "\0",
        "𝄞",
        "a: ",
        "b:\n",
        "- - ",
        "\n    ",
        "  ",
        " ",
        "\n\n",
        "|+\n  ",
        "|2-\n  ",
        ">\n  ",
        ">+",
        "\\n",
        "\\u00e9",
        "\\\n",
        "''",
        "issuer: ",
        "subject_pattern: ",
        "claim_pattern: {a: ",
        "permissions: ",
        "repositories: ",
        "(a|",
        "user_claim: ",
        "bound_claims: {/b/",
        "bound_audiences: [",
        "jwks_url: ",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Reads a text as YAML, as a policy, a role and a mount, and checks that all locations are in it.
fn check(text: &str) {
    match yaml(text) {
        Ok(root) => {
            slices(&root, text, &mut Vec::new());
            let notices = [
                octo_sts::read(&root).notices,
                vault::role(&root).notices,
                vault::mount(&root).notices,
            ];
            for notice in notices.concat() {
                assert!(text.get(notice.span.range()).is_some(), "{text:?}: {notice:?}");
                assert!(!notice.message.contains(char::is_control), "{text:?}: {notice:?}");
            }
        }
        Err(error) => {
            assert!(text.get(error.span.range()).is_some(), "{text:?}: {error:?}");
            assert!(!error.message.contains(char::is_control), "{text:?}: {error:?}");
        }
    }
}

/// The parser decodes percent encodings in tags.
#[test]
fn a_control_character_in_a_tag_is_not_printed() {
    check("a: !%12x b");
    check("!%12x ");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in prop_oneof![pieces(), any::<String>()]) {
        check(&text);
        let end = text.char_indices().map(|(at, _)| at).nth(text.chars().count() / 2);
        check(&text[..end.unwrap_or(0)]);
    }
}
