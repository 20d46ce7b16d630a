//! The layout of files: `cases/fmt/*.policy` hold a text, a line that says `becomes`, and the text laid out.
//!
//! With `ROLECALL_BLESS=1` the second half of each case is written anew, to be looked at and committed.

use crate::support::{blessing, check_format, files};
use std::fs;

const BECOMES: &str = "// ==== becomes ====\n";

#[test]
fn cases() {
    let mut wrong = Vec::new();
    for path in files("tests/cases/fmt") {
        println!("{}", path.display());
        let case = fs::read_to_string(&path).unwrap();
        let (source, expected) = case.split_once(BECOMES).unwrap_or((&case, ""));
        let text = check_format(source);
        if blessing() {
            fs::write(&path, [source, BECOMES, &text].concat()).unwrap();
        } else if text != expected {
            wrong.push(format!("{}\nexpected\n{expected}\nfound\n{text}", path.display()));
        }
        assert_eq!(check_format(&text), text, "{}", path.display());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
