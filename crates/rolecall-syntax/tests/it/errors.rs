//! Errors of broken files: the last lines of `cases/errors/*.policy` list them, as `//! LINE:COLUMN MESSAGE` and
//! `//! help: …`.
//!
//! With `ROLECALL_BLESS=1` these lines are written anew, to be looked at and committed.

use crate::support::{blessing, files};
use rolecall_syntax::{SyntaxErrorKind as Kind, line_column, parse};
use std::collections::BTreeSet;
use std::fs;

const MARK: &str = "//! ";

/// What is said of a text, one line each.
fn said(source: &str) -> String {
    let mut said = String::new();
    for error in parse(source).errors {
        let (line, column) = line_column(source, error.span.start);
        said += &format!("{MARK}{line}:{column} {error}\n");
        if let Some(help) = error.help() {
            said += &format!("{MARK}help: {help}\n");
        }
    }
    said
}

/// The text of a case, and what is said of it.
fn case(path: &std::path::Path) -> (String, String) {
    let case = fs::read_to_string(path).unwrap();
    let end = case.find(MARK).unwrap_or(case.len());
    let (source, expected) = case.split_at(end);
    (source.to_owned(), expected.to_owned())
}

#[test]
fn cases() {
    let mut wrong = Vec::new();
    for path in files("tests/cases/errors") {
        let (source, expected) = case(&path);
        let said = said(&source);
        assert!(!said.is_empty(), "nothing is wrong with {}", path.display());
        if blessing() {
            fs::write(&path, source + &said).unwrap();
        } else if said != expected {
            wrong.push(format!("{}\nexpected\n{expected}\nfound\n{said}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A word for each kind of error; new kinds belong here and into a case.
fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::ControlCharacter(_) => "control character",
        Kind::EditionNotFirst => "edition not first",
        Kind::FileTooLarge { .. } => "file too large",
        Kind::InvalidUtf8 => "invalid UTF-8",
        Kind::LiteralTooLong { .. } => "literal too long",
        Kind::MixedConnectives { .. } => "mixed connectives",
        Kind::NameTooLong { .. } => "name too long",
        Kind::NumberTooLarge => "number too large",
        Kind::OutOfStack => "out of stack",
        Kind::PathTooLong { .. } => "path too long",
        Kind::TooDeep => "too deep",
        Kind::TooManyErrors => "too many errors",
        Kind::UnclosedBracket(_) => "unclosed bracket",
        Kind::Unexpected { .. } => "unexpected",
        Kind::UnknownEdition(_) => "unknown edition",
        Kind::UnknownEscape(_) => "unknown escape",
        Kind::UnopenedBracket(_) => "unopened bracket",
        Kind::UnterminatedComment => "unterminated comment",
        Kind::UnterminatedRegex => "unterminated regex",
        Kind::UnterminatedString => "unterminated string",
        Kind::ForeignComment(_) => "foreign comment",
        Kind::ForeignQuotes { .. } => "foreign quotes",
        Kind::MissingComma => "missing comma",
        Kind::NotAName { .. } => "not a name",
        Kind::OtherLanguage { .. } => "other language",
        Kind::SlashInRegex { .. } => "slash in a regex",
        Kind::StringAsRegex { .. } => "string as a regex",
        Kind::WithoutQuotes { .. } => "without quotes",
        _ => "another",
    }
}

#[test]
fn every_kind_of_error_has_a_case() {
    let mut seen = BTreeSet::new();
    for path in files("tests/cases/errors") {
        let errors = parse(&case(&path).0).errors;
        seen.extend(errors.iter().map(|error| kind(&error.kind)));
    }
    // `limits.rs` has the others: a file too large, no UTF-8, a small stack, too many errors.
    let expected = [
        "control character",
        "edition not first",
        "literal too long",
        "mixed connectives",
        "name too long",
        "number too large",
        "path too long",
        "too deep",
        "unclosed bracket",
        "unexpected",
        "unknown edition",
        "unknown escape",
        "unopened bracket",
        "unterminated comment",
        "unterminated regex",
        "unterminated string",
        "foreign comment",
        "foreign quotes",
        "missing comma",
        "not a name",
        "other language",
        "slash in a regex",
        "string as a regex",
        "without quotes",
    ];
    assert_eq!(seen, BTreeSet::from(expected));
}
