//! Whatever the text, the thread and its stack: an error or a tree, never a crash.

use crate::support::sampling::config;
use proptest::prelude::*;
use rolecall_syntax::{
    MAX_ERRORS, MAX_FILE_BYTES, MAX_NESTING, Parse, SyntaxErrorKind, ast::File, format, parse, parse_bytes,
};
use std::thread;
use std::time::Instant;

/// The stacks to try, from one on which nothing can be parsed to one on which everything can. The last but one is hardly
/// more than the parser asks for before it reads the deepest nesting.
const STACKS: [usize; 9] = [16, 32, 64, 96, 128, 256, 512, 640, 2048];

/// Parses on a thread with so many KiB of stack.
fn parse_on(kibibytes: usize, source: &str) -> Parse {
    let source = source.to_owned();
    thread::Builder::new()
        .stack_size(kibibytes * 1024)
        .spawn(move || parse(&source))
        .unwrap()
        .join()
        .unwrap()
}

/// On every stack the text gives the same tree, or the error that the stack is too small; on the largest the tree.
fn check_on_small_stacks(source: &str) {
    let expected: File = parse(source).file;
    for kibibytes in STACKS {
        let parse = parse_on(kibibytes, source);
        if parse.errors.is_empty() {
            assert_eq!(parse.file, expected, "{kibibytes} KiB");
        } else {
            assert!(kibibytes < 2048, "{:?}", parse.errors);
            assert!(
                parse
                    .errors
                    .iter()
                    .all(|error| error.kind == SyntaxErrorKind::OutOfStack),
                "{:?}",
                parse.errors
            );
        }
    }
}

/// `open` and `close` nested around a middle.
fn nested(open: &str, middle: &str, close: &str, levels: usize) -> String {
    [&open.repeat(levels), middle, &close.repeat(levels)].concat()
}

#[test]
fn negated_groups_on_small_stacks() {
    check_on_small_stacks(&format!(
        "condition a = {}",
        nested("!(c && ", "d", ")", MAX_NESTING - 1)
    ));
}

#[test]
fn groups_on_small_stacks() {
    check_on_small_stacks(&format!("condition a = {}", nested("(", "d", ")", MAX_NESTING)));
}

#[test]
fn lists_on_small_stacks() {
    check_on_small_stacks(&format!("set a = {}", nested("[1, ", "2", "]", MAX_NESTING)));
    check_on_small_stacks(&format!(
        "condition a = b in {}",
        nested("[", "", "]", MAX_NESTING)
    ));
}

#[test]
fn objects_on_small_stacks() {
    let object = nested("{ a = [", "", "] }", (MAX_NESTING - 1) / 2);
    check_on_small_stacks(&format!("test \"t\" {{ token g {object} expect allow b }}"));
}

#[test]
fn types_on_small_stacks() {
    let claim_type = nested("[", "enum [a]", "]", MAX_NESTING - 2);
    check_on_small_stacks(&format!("profile p {{ claim a: {claim_type} }}"));
}

#[test]
fn nesting_has_a_limit() {
    let deep = |levels| parse(&format!("condition a = {}", nested("(", "d", ")", levels)));
    assert_eq!(deep(MAX_NESTING).errors, []);
    for levels in [MAX_NESTING + 1, 1_000, 100_000] {
        assert!(
            deep(levels)
                .errors
                .iter()
                .any(|error| error.kind == SyntaxErrorKind::TooDeep)
        );
    }
    for brackets in ["(", ")", "[", "{", "(]", "{)"] {
        assert!(
            !parse(&format!("condition a = {}", brackets.repeat(100_000)))
                .errors
                .is_empty()
        );
    }
}

#[test]
fn what_nests_too_deep_is_not_reached_from_an_item_before() {
    // The second line looks like an item, so that the error is not in the first one.
    let source = format!("condition a = (\nrole.x && {}", "(".repeat(100_000));
    let errors = parse_on(1024, &source).errors;
    assert!(
        errors.iter().any(|error| error.kind == SyntaxErrorKind::TooDeep),
        "{errors:?}"
    );
}

#[test]
fn what_nests_to_the_limit_can_be_laid_out() {
    // The parentheses that the layout puts around a negated comparison would be one level more.
    for levels in [MAX_NESTING - 1, MAX_NESTING] {
        let source = format!("condition a = {}", nested("!(c && ", "!d == 1", ")", levels));
        let text = format(&source).unwrap();
        assert_eq!(parse(&text).errors, []);
        assert_eq!(parse(&text).file.items, parse(&source).file.items);
        assert_eq!(text.contains("!d == 1"), levels == MAX_NESTING);
    }
}

#[test]
fn large_files_take_no_long_time() {
    let limit = MAX_FILE_BYTES;
    // What the parser has to read takes longer, without optimization, than what is refused before.
    let some = limit / 32;
    let texts = [
        "a".repeat(limit),
        "a-".repeat(limit / 2),
        "-".repeat(limit),
        "\n".repeat(limit),
        "//\n".repeat(limit / 3),
        "/**/".repeat(limit / 4),
        "/*".repeat(limit / 2),
        "\"".repeat(limit),
        "\"\\".repeat(limit / 2),
        "/a/".repeat(limit / 3),
        ")".repeat(limit),
        "\u{1}".repeat(limit),
        "//\u{1}\n".repeat(limit / 4),
        "set\n".repeat(limit / 4),
        "set set\n".repeat(limit / 8),
        "set a=[1]\n".repeat(some / 10),
        "role r{}\n".repeat(some / 9),
        ["role r{}\n".repeat(400), "set\n".to_owned()]
            .concat()
            .repeat(some / 3_604),
        format!("condition a = {}b", "b && ".repeat(some / 5)),
        format!("condition a = {}b", "b && c || ".repeat(some / 10)),
        format!("condition a = {}b", "(b && c || d) && ".repeat(some / 18)),
        format!("condition a = {}", nested("(b && c || ", "d", ")", MAX_NESTING)),
        format!("set a = [{}]", "1,".repeat(some / 2)),
        format!("set a = [{}]", "[],".repeat(some / 3)),
        format!("set a = [{}]", "// c\n".repeat(some / 5)),
        format!("set a = [{}]", "1, // c\n".repeat(some / 8)),
    ];
    for text in texts {
        let name: String = text.chars().take(30).collect();
        let start = Instant::now();
        assert!(parse(&text).errors.len() <= MAX_ERRORS + 1, "{name}");
        drop(format(&text));
        assert!(start.elapsed().as_secs() < 20, "{name}: {:?}", start.elapsed());
    }
    let too_large = "a".repeat(limit + 1);
    assert_eq!(
        parse(&too_large).errors.first().map(|error| error.kind.clone()),
        Some(SyntaxErrorKind::FileTooLarge { bytes: limit + 1 })
    );
}

#[test]
fn not_all_errors_are_listed() {
    for text in ["set\n", "\0", ")", "// \0\n", "set a = [\"\\x\"]\n"] {
        let errors = parse(&text.repeat(MAX_ERRORS)).errors;
        assert_eq!(errors.len(), MAX_ERRORS, "{text}");
        let errors = parse(&text.repeat(MAX_ERRORS + 50)).errors;
        assert_eq!(errors.len(), MAX_ERRORS + 1, "{text}");
        assert_eq!(errors[MAX_ERRORS].kind, SyntaxErrorKind::TooManyErrors);
    }
}

#[test]
fn line_ends_and_byte_order_marks_change_nothing() {
    let source =
        "edition 2026\n\n/* a\n b */\nrole r { // c\n  ttl 15m\n  allow from g when a\n    && b // d\n}\n";
    let expected = parse(source).file;
    for text in [
        source.replace('\n', "\r\n"),
        format!("\u{feff}{source}"),
        format!("\u{feff}{}", source.replace('\n', "\r\n")),
    ] {
        let parse = parse(&text);
        assert_eq!(parse.errors, []);
        assert_eq!(parse.file, expected);
        assert_eq!(format(&text), format(source));
    }
}

#[test]
fn what_is_no_text_is_refused() {
    assert_eq!(parse_bytes(b"set a = [1]\n").errors, []);
    let errors = parse_bytes(b"set a = [\"\xff\"]").errors;
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].kind, SyntaxErrorKind::InvalidUtf8);
    assert_eq!(errors[0].span.start, 10);
    assert!(matches!(
        parse("set a = [\0]").errors[0].kind,
        SyntaxErrorKind::ControlCharacter('\0')
    ));
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn bytes_never_crash(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        parse_bytes(&bytes);
    }

    #[test]
    fn text_never_crashes(text in "\\PC{0,200}") {
        drop(format(&text));
    }

    #[test]
    fn tokens_never_crash(tokens in proptest::collection::vec(proptest::sample::select(TOKENS), 0..60)) {
        let text = tokens.concat();
        let parse = parse(&text);
        prop_assert_eq!(parse.errors.is_empty(), format(&text).is_ok());
        for error in parse.errors {
            prop_assert!(error.span.start <= error.span.end && error.span.end <= text.len());
        }
    }
}

/// What texts near the language are made of.
const TOKENS: &[&str] = &[
    " ",
    "\n",
    "\r\n",
    "\t",
    "\u{feff}",
    "// c\n",
    "/* c */",
    "/// c\n",
    "edition 2026\n",
    "profile ",
    "issuer ",
    "set ",
    "condition ",
    "role ",
    "guard ",
    "test ",
    "assert ",
    "\nrole r {\n",
    "}\n",
    "claim ",
    "derive ",
    "shared ",
    "allow ",
    "from ",
    "when ",
    "for ",
    "in ",
    "like ",
    "grant ",
    "tags ",
    "ttl ",
    "15m",
    "token ",
    "expect ",
    "never ",
    "implies ",
    "enum ",
    "has ",
    "contains ",
    "any ",
    "matches ",
    "claims",
    "a",
    "b-c",
    "{x}",
    "#t",
    "*",
    "?",
    "\"s\"",
    "\"\\u{41}\"",
    "\"",
    "/re/",
    "/",
    "\\",
    "'",
    "0",
    "-1",
    "true",
    "null",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    "=",
    "==",
    "!=",
    "!",
    "<",
    ">=",
    "&&",
    "||",
    "&",
    "|",
    ":",
    ".",
    "...",
    "…",
    "é",
    "\0",
    "\u{85}",
];
