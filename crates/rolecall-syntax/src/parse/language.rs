//! Other languages, recognised by how their files begin.

use crate::error::SyntaxErrorKind as Kind;
use crate::scan::ITEM_KEYWORDS;

const CLAUSE: &str = "write `role NAME { allow from ISSUER when … }`";

/// The words that blocks of HCL begin with.
const BLOCKS: [&str; 11] = [
    "backend",
    "data",
    "locals",
    "module",
    "moved",
    "output",
    "path",
    "provider",
    "resource",
    "terraform",
    "variable",
];

/// The characters of a file that are searched for what only one language has.
const SEARCHED: usize = 4_000;

/// Returns the error for a text in another language.
pub(super) fn language(text: &str) -> Option<Kind> {
    let word = text
        .split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'))
        .next()
        .unwrap_or("");
    let after = text.strip_prefix(word).unwrap_or("");
    let next = after.trim_start_matches([' ', '\t']);
    let (language, help) = if !word.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
        of_symbol(text)?
    } else if ITEM_KEYWORDS.contains(&word) {
        // `role: deploy` only has a colon too much.
        after
            .strip_prefix(':')?
            .starts_with(['\n', '\r'])
            .then_some(("YAML", CLAUSE))?
    } else if after.starts_with(':') && !after.starts_with("::") && !after.starts_with(":=") {
        ("YAML", CLAUSE)
    } else {
        of_word(word, after, next)?
    };
    Some(Kind::OtherLanguage { language, help })
}

/// Returns the language of a text that begins with a symbol, and the help.
fn of_symbol(text: &str) -> Option<(&'static str, &'static str)> {
    let head: String = text.chars().take(SEARCHED).collect();
    let is_toml = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '[');
    Some(match text.chars().next()? {
        '{' | '[' | '"'
            if ["\"Statement\"", "\"Effect\"", "sts:AssumeRole"]
                .iter()
                .any(|sign| head.contains(sign)) =>
        {
            (
                "an AWS policy in JSON",
                "write a role for each statement, with `==` for `StringEquals` and `like` for `StringLike`: \
             `role NAME { allow from ISSUER when sub like \"…\" }`",
            )
        }
        '[' if text.strip_prefix('[').is_some_and(is_toml) => ("TOML", CLAUSE),
        '{' | '[' | '"' => (
            "JSON",
            "write claims of a token in a test, `token ISSUER { ref = \"main\" }`, \
             and conditions as `role NAME { allow from ISSUER when ref == \"main\" }`",
        ),
        '<' => ("XML", CLAUSE),
        '@' => CEDAR,
        '-' if text.starts_with("- ") || text.starts_with("---") => ("YAML", CLAUSE),
        _ => return None,
    })
}

const CEDAR: (&str, &str) = (
    "Cedar",
    "write `permit (…) when { … }` as `role NAME { allow from ISSUER when … }`, \
     and `forbid (…) when { … }` as `guard NAME for SELECTOR { !( … ) }`",
);

const CEL: (&str, &str) = (
    "CEL",
    "write it in a clause, with the bare names of the claims: `role NAME { allow from ISSUER when ref == \"main\" }`",
);

const HCL: (&str, &str) = ("HCL", CLAUSE);

const REGO: (&str, &str) = (
    "Rego",
    "write each rule that allows as `role NAME { allow from ISSUER when … }`; a role without a clause that holds is denied",
);

/// Returns the language of a text that begins with a word, and the help. `next` is what follows after spaces.
fn of_word(word: &str, after: &str, next: &str) -> Option<(&'static str, &'static str)> {
    let begins = |starts: &[&str]| starts.iter().any(|start| next.starts_with(start));
    Some(match word {
        "permit" | "forbid" if begins(&["("]) => CEDAR,
        "principal" | "context" if after.starts_with('.') => CEDAR,
        "package" | "default" => REGO,
        "import" if begins(&["rego.", "data.", "input.", "future."]) => REGO,
        "input" | "data" if after.starts_with('.') => REGO,
        "allow" | "deny" if begins(&["if ", "{", "=", ":=", "[", "contains "]) => REGO,
        "assertion" | "google" | "attribute" if after.starts_with(['.', '[']) => CEL,
        "has" | "size" if after.starts_with('(') => CEL,
        _ if begins(&[":="]) => REGO,
        _ if begins(&["= ", "={", "=["]) => HCL,
        _ if BLOCKS.contains(&word) && begins(&["\"", "{"]) => HCL,
        _ => return None,
    })
}
