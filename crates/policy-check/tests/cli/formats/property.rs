//! Whatever a policy says, each format can be read; and a finding is called the same when lines move.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::{FORMATS, FOUND, SELECT};
use crate::policies::Folder;
use crate::schema::{assert_valid, own, sarif};
use crate::xml::Element;

/// Texts with what breaks formats more often than not.
fn texts() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "\u{0}",
        "\u{1b}[31m",
        "\"",
        "\\",
        "'",
        "`",
        "|",
        "<",
        ">",
        "&",
        "]]>",
        "%0A",
        "::",
        ",",
        "\n",
        "\r\n",
        "\t",
        "\u{fffe}",
        "\u{ffff}",
        "\u{202e}",
        "\u{2028}",
        "😀",
        "é",
        "\u{10ffff}",
        "</details>",
        "](",
        "{0}",
        "##[error]",
        "\n::error::",
        "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOjF9.c2lnbmF0dXJl",
        "//",
        "/*",
    ]);
    let part = prop_oneof![
        odd.prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
        "[a-z ]{1,4}"
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

/// The text in the place of several things of a policy: some compile, most do not.
fn policies(text: &str) -> [String; 4] {
    let literal = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace(['\n', '\r'], " ");
    let literal: String = literal.chars().filter(|c| !c.is_control()).collect();
    [
        FOUND.replace("acme*", &format!("{literal}*")),
        format!(
            "{FOUND}\ntest \"{literal}\" {{ token gitlab {{ project_path = \"acme/x\" }} expect deny plan }}\n"
        ),
        format!("edition 2026\nrole {text} {{ allow from \"{text}\" }}\n"),
        text.to_owned(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn each_format_can_be_read(text in texts()) {
        let folder = Folder::new();
        for (index, policy) in policies(&text).iter().enumerate() {
            folder.write(&format!("p/{index}/a.policy"), policy);
        }
        let mut arguments = vec!["check".to_owned(), "p".to_owned(), "--tests".to_owned(), SELECT.to_owned()];
        arguments.extend(FORMATS.iter().map(|format| format!("--format={format}=out.{format}")));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let run = folder.run(&arguments);
        prop_assert!(run.code == 1 || run.code == 3, "{run:?}");
        let json = |format: &str| -> Value { serde_json::from_str(&folder.read(&format!("out.{format}"))).unwrap() };
        assert_valid(sarif(), &json("sarif"));
        assert_valid(&own("tests/schemas/code-quality.schema.json"), &json("gitlab"));
        assert_valid(&own("schemas/check.schema.json"), &json("json"));
        prop_assert_eq!(Element::parse(&folder.read("out.junit")).name, "testsuites");
        prop_assert_eq!(Element::parse(&folder.read("out.checkstyle")).name, "checkstyle");
        for line in folder.read("out.github").lines() {
            prop_assert!(line.starts_with("::"), "{}", line);
        }
        let found: usize = json("json")["sets"].as_array().unwrap().iter()
            .map(|set| set["findings"].as_array().unwrap().len())
            .sum();
        prop_assert_eq!(folder.read("out.compact").lines().count(), found);
        // What stands in a code block is text: there, a token may say what it wants.
        let markdown = folder.read("out.markdown");
        let prose = markdown.lines().filter(|line| !line.starts_with("      "));
        let count = |tag: &str| prose.clone().filter(|line| line.contains(tag)).count();
        prop_assert_eq!(count("<details>"), count("</details>"));
        for format in FORMATS {
            let bad = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
            let printed = folder.read(&format!("out.{format}"));
            prop_assert!(!printed.contains(bad), "{}", format);
            prop_assert!(!printed.contains("##[") && !printed.contains(".eyJzdWIiOjF9."), "{}: {}", format, printed);
            let begins = |line: &str| line.trim_start().starts_with("::");
            prop_assert!(format == "github" || !printed.lines().any(begins), "{}: {}", format, printed);
        }
    }

    #[test]
    fn fingerprints_stay_when_lines_move(before in "( |\n|// [a-z\"/*]{0,9}\n|/\\* [a-z\"\n]{0,9} \\*/){0,6}", inside in "// [a-z\"]{0,5}\n|/\\* [a-z\"]{0,5} \\*/|\n| ") {
        let moved = FOUND
            .replace("role ", &format!("{before}role "))
            .replace(" && ", &format!(" {inside} && "));
        let of = |policy: &str, format: &str| {
            let folder = Folder::with(&[("a.policy", policy)]);
            let run = folder.run(&["check", "--persona=pedantic", SELECT, "--format", format]).exits(1);
            run.json()
        };
        let names = |policy: &str| -> BTreeSet<String> {
            let issues = of(policy, "gitlab");
            let issues = issues.as_array().unwrap().iter();
            issues.map(|issue| format!("{} {}", issue["check_name"], issue["fingerprint"])).collect()
        };
        let names_before = names(FOUND);
        prop_assert!(names_before.len() >= 4);
        prop_assert_eq!(&names_before, &names(&moved));
    }
}
