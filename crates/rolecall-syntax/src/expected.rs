//! Errors of the grammar in the terms of a policy author.

mod help;
mod words;

use crate::error::{SyntaxError, SyntaxErrorKind as Kind};
use crate::grammar::Rule;
use crate::invisible::is_invisible;
use crate::span::{Span, plus, text_from};
use help::Context;
use pest::error::{Error, ErrorVariant, InputLocation};

// Descriptions that the help texts look for.
const A_CLAIM: &str = "a claim";
const A_CONDITION: &str = "a condition";
const A_DURATION: &str = "a duration such as `15m`";
const A_NAME: &str = "a name";
const A_STRING: &str = "a string";
const A_VALUE: &str = "a value";
const AN_ITEM: &str = "an item";
const AN_OPERATOR: &str = "an operator";
pub(crate) const NEXT_ITEM: &str = "the next item";

/// Turns an error of the grammar, which began to read at `base`, into a syntax error. The text is what the grammar
/// reads for the source, with a byte for each of its bytes.
pub(crate) fn explain(source: &str, text: &str, base: usize, error: &Error<Rule>) -> SyntaxError {
    let offset = match error.location {
        InputLocation::Pos(position) | InputLocation::Span((position, _)) => position,
    };
    let start = plus(base, offset);
    let rules = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
        // pest itself reports only its limits.
        ErrorVariant::CustomError { .. } => return SyntaxError::new(Kind::OutOfStack, Span::at(start)),
    };
    let rest = text_from(text, start);
    let found = token(rest);
    let mut expected = describe_all(rules);
    if expected.is_empty() {
        // Here the grammar names only what is not allowed: a claim's name must not be a keyword.
        expected.push(A_CLAIM.to_owned());
    }
    let before = Span::new(base, start).text(text);
    if is_comma_missing(found, &expected) {
        return SyntaxError::new(Kind::MissingComma, Span::at(start));
    }
    if let Some(kind) = words::run(before, rest, &expected) {
        let start = plus(base, words::head(before).len());
        let length = plus(words::tail(before).len(), words::begun(rest).len());
        return SyntaxError::new(kind, Span::sized(start, length));
    }
    let context = Context {
        before,
        found,
        after: rest.get(found.len()..).unwrap_or(""),
        // The source may have a longer character there than the text.
        source_after: source.get(plus(start, found.len())..).unwrap_or(""),
        expected: &expected,
    };
    let help = context.help();
    let span = Span::sized(start, found.len());
    let kind = Kind::Unexpected {
        found: visible(found),
        expected,
        help,
    };
    SyntaxError::new(kind, span)
}

/// Returns whether the error is a member of a role after the role's brace.
pub(crate) fn ends_role_early(error: &SyntaxError, before: &str) -> bool {
    let Kind::Unexpected { found, expected, .. } = &error.kind else {
        return false;
    };
    is_early_end(found, expected, before)
}

fn is_early_end(found: &str, expected: &[String], before: &str) -> bool {
    matches!(found, "allow" | "grant" | "tags" | "ttl")
        && expected.iter().any(|other| other == NEXT_ITEM)
        && before.trim_end().ends_with('}')
        && before.starts_with("role")
}

/// Returns whether a list goes on without a comma.
fn is_comma_missing(found: &str, expected: &[String]) -> bool {
    let is_next = found.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '"'));
    is_next
        && match expected {
            [comma, close] => comma == "`,`" && matches!(close.as_str(), "`}`" | "`]`" | "`)`"),
            _ => false,
        }
}

/// Returns the word, the operator, or else the character at the start of a text.
fn token(rest: &str) -> &str {
    let run = |wanted: fn(u8) -> bool| rest.bytes().take_while(|b| wanted(*b)).count();
    let word = run(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let operator = run(|b| matches!(b, b'=' | b'!' | b'<' | b'>' | b'~' | b'&' | b'|'));
    let length = match word.max(operator) {
        0 => rest.chars().next().map_or(0, char::len_utf8),
        length => length,
    };
    rest.split_at(length).0
}

/// Returns a token as messages show it: an invisible character by its number.
fn visible(token: &str) -> String {
    match token.chars().next() {
        Some(c) if is_unseen(c) => format!("U+{:04X}", u32::from(c)),
        _ => token.to_owned(),
    }
}

/// Returns whether a character looks like a space or like nothing, or changes the direction of the text.
fn is_unseen(c: char) -> bool {
    is_invisible(c) || c.is_whitespace()
}

/// Describes what was expected: general terms first, then keywords, and the next item last.
fn describe_all(rules: &[Rule]) -> Vec<String> {
    let mut expected: Vec<String> = rules.iter().flat_map(|rule| describe(*rule)).collect();
    let has = |description: &str| expected.iter().any(|other| other == description);
    let (begins_term, takes_operator) = (has("`has`"), has(AN_OPERATOR));
    if begins_term {
        // Anything that a condition begins with, after a `!`.
        expected.retain(|other| !matches!(other.as_str(), "`has`" | "`(`" | A_CLAIM | A_NAME));
        expected.push(A_CONDITION.to_owned());
    } else if takes_operator {
        expected.retain(|other| other != "`(`");
    }
    expected.sort_by_key(|other| (other == NEXT_ITEM, other.starts_with('`'), other.clone()));
    expected.dedup();
    expected
}

/// Describes what a rule matches.
fn describe(rule: Rule) -> Vec<String> {
    let description = match rule {
        Rule::item => AN_ITEM,
        Rule::boundary => NEXT_ITEM,
        Rule::name | Rule::role_name => A_NAME,
        Rule::string => A_STRING,
        Rule::strings | Rule::names | Rule::list => "a list in `[…]`",
        Rule::integer => "a number",
        Rule::duration => A_DURATION,
        Rule::claim_type => "a type",
        Rule::enum_value => A_VALUE,
        Rule::open_end => "`...`",
        Rule::claim_path | Rule::callee => A_CLAIM,
        Rule::claim_word => "a modifier such as `optional`",
        Rule::selector => "a role, a pattern or `#tag`",
        Rule::object => "the claims in `{…}`",
        Rule::map => "a map in `{…}`",
        Rule::pair => "a pair such as `api = \"11\"`",
        Rule::entry => "a claim such as `ref = \"main\"`",
        Rule::value | Rule::operand => A_VALUE,
        Rule::parameters => "parameters in `(…)`",
        Rule::expr | Rule::term => A_CONDITION,
        Rule::operator | Rule::operator_word | Rule::is_null | Rule::kw_is => AN_OPERATOR,
        // A type without one is complete.
        Rule::json_form => return Vec::new(),
        Rule::connective => return vec!["`&&`".to_owned(), "`||`".to_owned()],
        Rule::token_base => return vec!["`from`".to_owned(), "`like`".to_owned()],
        Rule::step => return vec!["`[\"name\"]`".to_owned(), "`.name`".to_owned()],
        Rule::lbrace => "`{`",
        Rule::rbrace => "`}`",
        Rule::lbracket => "`[`",
        Rule::rbracket => "`]`",
        Rule::lparen => "`(`",
        Rule::rparen => "`)`",
        Rule::comma => "`,`",
        Rule::assign => "`=`",
        Rule::colon => "`:`",
        Rule::issuer_profile => "`profile`",
        Rule::expansion => "`for`",
        Rule::guard_from => "`from`",
        Rule::expectation => "`expect`",
        Rule::implies | Rule::covers => "a statement",
        // Every other rule is a keyword or named after its first keyword.
        _ => return vec![format!("`{}`", format!("{rule:?}").trim_start_matches("kw_"))],
    };
    vec![description.to_owned()]
}
