//! Comments of merge requests, read as a service reads them.

use crate::policies::{Folder, SHOP};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// What others want of a comment.
const HOSTILE: &str = "![i](//evil.example) [l](//evil.example) <img src=//evil.example> <!-- @all #1 !2 | `x` @all ` \
     https://evil.example www.evil.example me@evil.example a\u{2028}    b </details></code> ~~~ *e* \\` :tada: acme/shop#3";

/// The elements that comments are made of.
const ELEMENTS: [&str; 9] = [
    "<code>",
    "</code>",
    "<br>",
    "<details>",
    "</details>",
    "<summary>",
    "</summary>",
    "\n",
    "",
];

/// Asserts that a comment has no links, images or elements but its own, and outside of code nothing that a service links.
#[track_caller]
fn assert_plain(comment: &str) {
    let mut code: usize = 0;
    for event in Parser::new_ext(
        comment,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES,
    ) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                code += html.matches("<code>").count();
                code -= html.matches("</code>").count();
                // Inside of an element, a row of HTML holds text.
                let text = ELEMENTS.iter().filter(|element| element.len() > 1);
                let text = text.fold(html.to_string(), |text, element| text.replace(element, ""));
                assert!(
                    !text.contains(['<', '>', '@', '`', '[', ']', '!']),
                    "{html}\n{comment}"
                );
            }
            Event::Start(Tag::CodeBlock(_)) => code += 1,
            Event::End(TagEnd::CodeBlock) => code -= 1,
            Event::Text(text) if code == 0 => {
                for linked in ["@", "evil", "#1", "!2", ":tada:", "//"] {
                    assert!(!text.contains(linked), "{text}\n{comment}");
                }
            }
            Event::Text(text) => assert!(
                !text.trim_end_matches('\n').contains(['\u{2028}', '\n']),
                "{text:?}"
            ),
            Event::Start(
                Tag::Paragraph
                | Tag::Heading { .. }
                | Tag::List(None)
                | Tag::Item
                | Tag::Table(_)
                | Tag::TableHead
                | Tag::TableRow
                | Tag::TableCell
                | Tag::HtmlBlock,
            )
            | Event::End(_)
            | Event::SoftBreak => {}
            other => panic!("{other:?}\n{comment}"),
        }
    }
    assert_eq!(code, 0, "{comment}");
}

fn literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Tests, assertions and values with the text in them, and an error that repeats it.
fn policies(text: &str) -> [(&'static str, String); 2] {
    let text = literal(text);
    let set = SHOP
        .replace("main deploys to production", &text)
        .replace("production belongs to acme", &text)
        .replace(
            "project under \"acme\" }",
            &format!("environment == \"{text}\" }}"),
        )
        .replace(
            "ref == \"main\" &&",
            &format!("(ref == \"main\" || environment like \"{text}*\") &&"),
        )
        .replace("expect allow deploy-prod", "expect deny deploy-prod");
    [
        ("a/a.policy", set),
        (
            "b/b.policy",
            format!("edition 2026\nrole x {{ allow from ci when sub == \"{text}\" oops }}\n"),
        ),
    ]
}

#[test]
fn a_report_is_plain() {
    for text in [HOSTILE, "`@all` `", "@all", "    x\\n\\n![i](//evil.example)"] {
        let folder = Folder::new();
        for (name, policy) in policies(text) {
            folder.write(name, policy);
        }
        folder.write("c/@all ![i](x) `.policy", "edition 2026\nrole");
        let run = folder
            .run(&["check", "--tests", "--persona=auditor", "--format=markdown"])
            .exits(1);
        assert!(run.out.contains("#### Tests"), "{}", run.out);
        assert_plain(&run.out);
        let quality = folder
            .run(&["check", "--persona=auditor", "--format=gitlab"])
            .exits(1)
            .json();
        for issue in quality.as_array().unwrap() {
            assert_plain(issue["content"]["body"].as_str().unwrap_or_default());
        }
    }
}

#[test]
fn a_comparison_is_plain() {
    for text in [HOSTILE, "`@all` `", "x\\n</details>\\n![i](//evil.example)"] {
        let old = SHOP.replace("role/deploy\"", "role/old\"");
        let text = literal(text);
        // Both are templates in a grant, and text in a condition.
        let template = text.replace('[', "\\[").replace(']', "\\]");
        let new = SHOP
            .replace("role/deploy\"", &format!("{template}\""))
            .replace(
                "project under \"acme\"\n}",
                &format!("project under \"acme\" || environment == \"{text}\"\n}}"),
            )
            .replace("role plan", "role plan2");
        let folder = Folder::with(&[("old/a.policy", &old), ("new/a.policy", &new)]);
        let run = folder.run(&["diff", "--format=markdown", "old", "new"]);
        assert!(
            run.out.contains("<details>") && run.out.contains("grant aws"),
            "{run:#?}"
        );
        assert_plain(&run.out);
    }
}
