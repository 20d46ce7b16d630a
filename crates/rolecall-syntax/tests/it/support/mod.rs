//! What the tests share.

pub(crate) mod noise;
pub(crate) mod sampling;
pub(crate) mod tree;

use rolecall_syntax::ast::Item;
use rolecall_syntax::{Spanned, format, parse};
use std::fs;
use std::path::{Path, PathBuf};

/// The files of a folder of this crate, in order.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

/// The items of a text that must be right.
pub(crate) fn items(source: &str) -> Vec<Spanned<Item>> {
    let parse = parse(source);
    assert!(parse.errors.is_empty(), "{:?} in\n{source}", parse.errors);
    parse.file.items
}

/// The comments of a text, sorted.
pub(crate) fn comments(source: &str) -> Vec<String> {
    let comments = parse(source).file.comments;
    let mut texts: Vec<String> = comments.into_iter().map(|comment| comment.node.text).collect();
    texts.sort();
    texts
}

/// Formats a text and checks what holds of every formatted text.
pub(crate) fn check_format(source: &str) -> String {
    let text = format(source).unwrap_or_else(|errors| panic!("{errors:?} in\n{source}"));
    assert_eq!(
        items(source),
        items(&text),
        "the tree changed:\n{source}\nbecame\n{text}"
    );
    assert_eq!(
        comments(source),
        comments(&text),
        "comments changed:\n{source}\nbecame\n{text}"
    );
    assert_eq!(
        format(&text).as_ref(),
        Ok(&text),
        "not stable:\n{source}\nbecame\n{text}"
    );
    assert!(
        text.is_empty() || text.ends_with('\n') && !text.ends_with("\n\n"),
        "{text:?}"
    );
    assert!(
        !text.starts_with(['\n', ' ', '\u{feff}']) && !text.contains("\r\n"),
        "{text:?}"
    );
    if !text.contains("/*") {
        assert!(!text.contains("\n\n\n") && !text.contains(" \n"), "{text:?}");
    }
    text
}

/// Returns whether expected texts are to be written instead of compared: `ROLECALL_BLESS=1`.
pub(crate) fn blessing() -> bool {
    std::env::var_os("ROLECALL_BLESS").is_some_and(|value| value == "1")
}
