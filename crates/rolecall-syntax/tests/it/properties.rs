//! What holds of every tree, and of every way to write it down.

use crate::support::sampling::config;
use crate::support::{check_format, items, noise, tree};
use proptest::prelude::*;
use rolecall_syntax::ast::{Condition, Expr, ExprAt, File, Item};
use rolecall_syntax::{Span, Spanned, SyntaxErrorKind, format, parse, print};

/// The text of a tree with comments and space anywhere.
fn noisy_text() -> impl Strategy<Value = String> {
    tree::file().prop_flat_map(|file| noise::noisy(&print(&file)))
}

/// The text of a condition with more parentheses than it needs, and comments and space anywhere.
fn parenthesized_text() -> impl Strategy<Value = String> {
    let numbers = prop::collection::vec(0_usize..3, 1..20);
    (tree::expr(), numbers).prop_flat_map(|(expr, numbers)| {
        let mut numbers = numbers.into_iter().cycle();
        noise::noisy(&format!("condition c = {}", parenthesized(&expr, &mut numbers)))
    })
}

/// A condition on one line, with as many parentheses around each part as the numbers say.
fn parenthesized(expr: &ExprAt, numbers: &mut impl Iterator<Item = usize>) -> String {
    let mut least = 0;
    let text = match &expr.node {
        Expr::All(terms) | Expr::Any(terms) => {
            let connective = if matches!(expr.node, Expr::All(_)) {
                " && "
            } else {
                " || "
            };
            least = 1;
            let terms: Vec<String> = terms.iter().map(|term| parenthesized(term, numbers)).collect();
            terms.join(connective)
        }
        Expr::Not(inner) => {
            let needed = matches!(inner.node, Expr::Not(_));
            let inner = parenthesized(inner, numbers);
            if needed {
                format!("!({inner})")
            } else {
                format!("!{inner}")
            }
        }
        _ => {
            let condition = Item::Condition(Box::new(Condition {
                name: at("c".to_owned()),
                parameters: Vec::new(),
                expr: expr.clone(),
            }));
            let text = print(&File {
                items: vec![at(condition)],
                comments: Vec::new(),
            });
            text.trim_start_matches("condition c =")
                .replace('\n', " ")
                .trim()
                .to_owned()
        }
    };
    let levels = numbers.next().unwrap_or_default().max(least);
    format!("{}{text}{}", "(".repeat(levels), ")".repeat(levels))
}

fn at<T>(node: T) -> Spanned<T> {
    Spanned::new(node, Span::default())
}

/// Text of the spellings that are mended for the parser, in any order.
fn foreign_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "role r {",
        "}",
        "\n",
        " ",
        "allow from",
        "when",
        "ref",
        "matches",
        "==",
        "'",
        "`",
        "\"",
        "\\",
        "“",
        "”",
        "„",
        "‘",
        "’",
        "«",
        "»",
        "é",
        "a/b",
        "/",
        "//",
        "/*",
        "*/",
        "https://x.example",
        "# ",
        "#",
        "#!",
        "-- ",
        "---",
        ";",
        ":",
        ",",
        "[",
        "]",
        "{",
        "token",
        "a.b",
        "\u{85}",
        "\u{0}",
    ]);
    prop::collection::vec(pieces, 1..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(config(256))]

    /// Spellings of other languages are reported at characters, and the text keeps its places.
    #[test]
    fn foreign_spellings_are_reported_where_they_are(text in foreign_text()) {
        for error in parse(&text).errors {
            prop_assert!(text.get(error.span.range()).is_some(), "{error:?}");
            prop_assert!(!error.to_string().contains('\n'));
        }
    }

    #[test]
    fn a_printed_tree_reads_back_as_itself(file in tree::file()) {
        let text = print(&file);
        prop_assert_eq!(&items(&text), &file.items, "{}", text);
    }

    #[test]
    fn a_printed_tree_is_laid_out(file in tree::file()) {
        let text = print(&file);
        prop_assert_eq!(check_format(&text), text);
    }

    #[test]
    fn comments_and_space_survive_anywhere(text in noisy_text()) {
        check_format(&text);
    }

    #[test]
    fn parentheses_without_meaning_change_nothing(text in parenthesized_text()) {
        check_format(&text);
    }

    #[test]
    fn line_ends_change_nothing(text in noisy_text()) {
        let unix = text.replace("\r\n", "\n");
        let dos = unix.replace('\n', "\r\n");
        prop_assert_eq!(&parse(&unix).file, &parse(&dos).file);
        prop_assert_eq!(format(&unix), format(&dos));
    }

    #[test]
    fn items_are_the_same_read_at_once_or_one_by_one(texts in prop::collection::vec(noisy_text(), 1..6)) {
        // Where anything is wrong with literals or brackets, a file is read item by item.
        const BROKEN: &str = "\nset a = [\"\\x\"]\n";
        let text = texts.join("\n");
        let (at_once, one_by_one) = (parse(&text), parse(&[&text, BROKEN].concat()));
        // Trees are equal wherever they stand, but their debug output has the places.
        prop_assert_eq!(format!("{:?}", at_once.file), format!("{:?}", one_by_one.file));
        let (broken, others) = one_by_one.errors.split_last().unwrap();
        prop_assert!(matches!(broken.kind, SyntaxErrorKind::UnknownEscape(_)));
        prop_assert_eq!(at_once.errors.as_slice(), others);
    }

    #[test]
    fn damaged_text_never_crashes(
        text in noisy_text(),
        damage in any::<prop::sample::Index>(),
        length in 0_usize..4,
        replacement in "[\\PC\n]{0,2}",
    ) {
        let mut chars: Vec<char> = text.chars().collect();
        if !chars.is_empty() {
            let start = damage.index(chars.len());
            let end = chars.len().min(start + length);
            chars.splice(start..end, replacement.chars());
        }
        let text: String = chars.into_iter().collect();
        if parse(&text).errors.is_empty() {
            check_format(&text);
        }
    }
}
