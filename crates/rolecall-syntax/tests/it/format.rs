//! The layout of files: `cases/fmt/*.policy` hold a text, a line that says `becomes`, and the text laid out.
//!
//! With `UPDATE_CASES=1` the second half of each case is written anew, to be looked at and committed.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test may fail"
)]

mod support;

use std::fs;
use support::{check_format, files};

const BECOMES: &str = "// ==== becomes ====\n";

#[test]
fn cases() {
    let update = std::env::var_os("UPDATE_CASES").is_some();
    for path in files("tests/cases/fmt") {
        println!("{}", path.display());
        let case = fs::read_to_string(&path).unwrap();
        let (source, expected) = case.split_once(BECOMES).unwrap_or((&case, ""));
        let text = check_format(source);
        if update {
            fs::write(&path, [source, BECOMES, &text].concat()).unwrap();
        } else {
            assert_eq!(text, expected, "{}", path.display());
        }
        assert_eq!(check_format(&text), text);
    }
}

#[test]
fn built_in_profiles_keep_their_trees_and_comments() {
    for path in files("../rolecall-engine/profiles") {
        check_format(&fs::read_to_string(path).unwrap());
    }
}

#[test]
fn what_cannot_be_read_is_not_laid_out() {
    assert!(rolecall_syntax::format("set a = [1]\nset b = 2\n").is_err());
}

#[test]
fn what_would_grow_too_large_is_not_laid_out() {
    let members = "ttl 1m\n".repeat(rolecall_syntax::MAX_FILE_BYTES / 7 - 20);
    let errors = rolecall_syntax::format(&format!("role r {{ {members} }}")).unwrap_err();
    assert!(
        errors[0].to_string().starts_with("the file has "),
        "{}",
        errors[0]
    );
}
