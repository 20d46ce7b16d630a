//! The address of the rule pages, which a repository sets.

use crate::formats::{FORMATS, FOUND};
use crate::policies::Folder;

fn folder(pages: &str) -> Folder {
    let config = format!("pages = {}\n", serde_json::Value::from(pages));
    Folder::with(&[("a.policy", FOUND), ("policy-check.toml", &config)])
}

#[test]
fn an_address_that_could_leave_its_link_is_refused() {
    for pages in [
        "https://rule-docs.example/\u{1b}\\\u{1b}[2Jowned",
        "https://rule-docs.example/\u{7}x",
        "https://rule-docs.example/\u{9b}2J",
        "https://rule-docs.example/\u{202e}x",
        "https://rule-docs.example/) @all (",
        "https://rule-docs.example/><img>",
        "https://rule-docs.example/a b",
        "https://rule-docs.example/?q=\"x",
        "https://me:secret@rule-docs.example/",
        "javascript:alert(1)//",
        "file:///etc",
        "docs",
    ] {
        let folder = folder(pages);
        for format in FORMATS {
            let run = folder
                .run(&["check", "--color=always", "--format", format])
                .exits(2);
            assert!(
                run.err.contains("`policy-check.toml:1`: `pages` cannot be `"),
                "{}",
                run.err
            );
            assert!(run.err.contains("write `https://HOST/PATH`"), "{}", run.err);
            assert!(!run.out.contains("/wildcard-owner.md"), "{format}: {}", run.out);
            for obeyed in ["\u{1b}\\", "\u{1b}[2J", "\u{7}", "\u{9b}", "\u{202e}"] {
                assert!(!run.err.contains(obeyed) && !run.out.contains(obeyed), "{run:?}");
            }
        }
    }
}

#[test]
fn other_addresses_are_links() {
    for pages in [
        "https://docs.acme.example:8443/rules/",
        "https://docs.acme.example:8443/rules/{rule}.md",
    ] {
        is_link(pages);
    }
}

fn is_link(pages: &str) {
    let folder = folder(pages);
    let page = "https://docs.acme.example:8443/rules/wildcard-owner.md";
    for (format, link) in [
        ("human", format!("\u{1b}]8;;{page}\u{1b}\\")),
        ("markdown", format!("[<code>wildcard-owner</code>](<{page}>)")),
        ("sarif", format!("\"helpUri\":\"{page}\"")),
    ] {
        let run = folder.run(&[
            "check",
            "--color=always",
            "--select=wildcard-owner",
            "--persona=pedantic",
            "--format",
            format,
        ]);
        let all = folder.run(&[
            "check",
            "--color=always",
            "--persona=pedantic",
            "--format",
            format,
        ]);
        assert!(
            run.out.contains(&link) || all.out.contains(&link),
            "{format}: {:?}",
            all.out
        );
    }
}
