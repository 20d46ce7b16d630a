//! Files that are made by the command: with `ROLECALL_BLESS=1` the tests write them.

use std::path::Path;

/// Returns whether expected texts are to be written instead of compared: `ROLECALL_BLESS=1`.
pub(crate) fn blessing() -> bool {
    std::env::var_os("ROLECALL_BLESS").is_some_and(|value| value == "1")
}

/// Asserts that a file of this crate has a text.
#[track_caller]
pub(crate) fn assert_blessed(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if blessing() {
        std::fs::write(&file, text).unwrap();
    }
    let there = std::fs::read_to_string(&file)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(
        there == text,
        "`{path}` is not what the command makes any more: if it should be, run the tests with `ROLECALL_BLESS=1`"
    );
}
