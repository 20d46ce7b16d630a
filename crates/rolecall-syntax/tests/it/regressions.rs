//! What fuzzing once found, found no more.

use crate::support::{check_format, files};
use rolecall_syntax::{format, parse_bytes, print};
use std::fs;

#[test]
fn parse() {
    for folder in ["../../fuzz/regressions/parse", "../../fuzz/seeds/parse"] {
        for path in files(folder) {
            let parse = parse_bytes(&fs::read(path).unwrap());
            print(&parse.file);
            for error in parse.errors {
                assert!(!error.to_string().is_empty() && error.help().is_none_or(|help| !help.is_empty()));
            }
        }
    }
}

#[test]
fn round_trip() {
    for folder in ["../../fuzz/regressions/round_trip", "../../fuzz/seeds/round_trip"] {
        for path in files(folder) {
            let source = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
            if format(&source).is_ok() {
                check_format(&source);
            }
        }
    }
}
