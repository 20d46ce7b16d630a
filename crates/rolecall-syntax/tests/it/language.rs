//! The language, token by token: the lines of `cases/language.txt` that are not indented are texts, and below each
//! stands, for every token of it, which tokens may come next and what is said if another one does.
//!
//! With `ROLECALL_BLESS=1` the indented lines are written anew, to be looked at and committed.

use crate::support::blessing;
use rolecall_syntax::{SyntaxError, SyntaxErrorKind as Kind, parse};
use std::fs;
use std::path::Path;

/// The words of the grammar that cannot name a claim.
const RESERVED: &str = "absent all and any assert condition contains edition false for from glob guard has implies in \
    issuer like matches not null or profile role set test true under when";

/// Its other words, and one that is none.
const FREE: &str = "algorithms alias allow audience authorized_party because claim claims covers deny derive disjoint enum equivalent \
    expect extends grant is json jwks leeway max_age never only possible shared string subject_limit tags token ttl url with word";

/// What is no word.
const SIGNS: &str =
    "\"s\" /r/ 1 -1 1m #t t* {x} .x [\"x\"] { } [ ] ( ) , = : == != <= >= < > ! && || & | ... … ; -";

/// A token that stands nowhere.
const NOTHING: &str = "~";

/// A text with one more token. Within the path of a claim there is no space.
fn with(before: &str, token: &str) -> String {
    let in_path = token.starts_with(".x") || token.starts_with("[\"");
    format!("{before}{}{token}", if in_path { "" } else { " " })
}

/// A text with what closes the brackets that are open at its end.
fn closed(text: &str) -> String {
    let mut open = Vec::new();
    for c in text.chars() {
        match c {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' => drop(open.pop()),
            _ => {}
        }
    }
    open.push(' ');
    [text, &open.into_iter().rev().collect::<String>()].concat()
}

fn may_follow(before: &str, token: &str) -> bool {
    let text = with(before, token);
    // That `&&` and `||` are mixed is found only when everything could be read.
    let is_late = |error: &SyntaxError| matches!(error.kind, Kind::MixedConnectives { .. });
    let errors = parse(&closed(&text)).errors;
    errors
        .iter()
        .all(|error| error.span.start >= text.len() || is_late(error))
}

/// What may follow a text, and what is said if something else does. `WORD` is any word, `NAME` any that is not reserved.
fn next(before: &str) -> String {
    let select = |tokens: &'static str| -> Vec<&str> {
        let tokens = tokens.split_ascii_whitespace();
        tokens.filter(|token| may_follow(before, token)).collect()
    };
    let (mut reserved, mut free) = (select(RESERVED), select(FREE));
    if free.len() == FREE.split_ascii_whitespace().count() {
        free = vec!["NAME"];
        if reserved.len() == RESERVED.split_ascii_whitespace().count() {
            (reserved, free) = (Vec::new(), vec!["WORD"]);
        }
    }
    let error = &parse(&closed(&with(before, NOTHING))).errors[0];
    let said = error.to_string();
    let said = said.strip_suffix(", found `~`").unwrap_or(&said);
    format!(
        "{}  // {said}",
        [free, reserved, select(SIGNS)].concat().join(" ")
    )
}

#[test]
fn what_may_follow_what() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/language.txt");
    let written = fs::read_to_string(&path).unwrap();
    let mut found = String::new();
    for text in written.lines().filter(|line| !line.starts_with(' ')) {
        found += &format!("{text}\n");
        let mut before = String::new();
        for token in text.split(' ') {
            assert!(may_follow(&before, token), "{token} after {before}");
            before = with(&before, token);
            found += &format!("  {token} >> {}\n", next(&before));
        }
    }
    if blessing() {
        fs::write(&path, found).unwrap();
    } else {
        assert_eq!(found, written);
    }
}
