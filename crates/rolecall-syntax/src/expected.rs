//! What the grammar wanted, in words that a policy author knows.

mod help;

use crate::error::{SyntaxError, SyntaxErrorKind as Kind};
use crate::grammar::Rule;
use crate::invisible::is_invisible;
use crate::span::Span;
use pest::error::{Error, ErrorVariant, InputLocation};

// What the hints ask for.
const A_CLAIM: &str = "a claim";
const A_CONDITION: &str = "a condition";
const A_DURATION: &str = "a duration such as `15m`";
const A_NAME: &str = "a name";
const A_STRING: &str = "a string";
const A_VALUE: &str = "a value";
const AN_ITEM: &str = "an item";
const AN_OPERATOR: &str = "an operator";
const NEXT_ITEM: &str = "the next item";

/// Says what was expected where the grammar, which began to read at `base`, gave up.
pub(crate) fn explain(source: &str, base: usize, error: &Error<Rule>) -> SyntaxError {
    let offset = match error.location {
        InputLocation::Pos(position) | InputLocation::Span((position, _)) => position,
    };
    let start = base.saturating_add(offset);
    let rules = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
        // The only messages of the parser's own are those of its limits.
        ErrorVariant::CustomError { .. } => return SyntaxError::new(Kind::OutOfStack, Span::at(start)),
    };
    let rest = source.get(start..).unwrap_or_default();
    let found = token(rest);
    let mut expected = describe_all(rules);
    if expected.is_empty() {
        // The one place where the grammar only says what may not be: a claim's name is no word of the language.
        expected.push(A_CLAIM.to_owned());
    }
    let before = source.get(base..start).unwrap_or_default();
    let help = help::help(before, found, &expected);
    let span = Span::new(start, start.saturating_add(found.len()));
    SyntaxError::new(
        Kind::Unexpected {
            found: visible(found),
            expected,
            help,
        },
        span,
    )
}

/// The word, the operator, or else the character, at the start of a text.
fn token(rest: &str) -> &str {
    let run = |wanted: fn(u8) -> bool| rest.bytes().take_while(|b| wanted(*b)).count();
    let word = run(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let operator = run(|b| matches!(b, b'=' | b'!' | b'<' | b'>' | b'~' | b'&' | b'|'));
    let length = match word.max(operator) {
        0 => rest.chars().next().map_or(0, char::len_utf8),
        length => length,
    };
    rest.get(..length).unwrap_or_default()
}

/// A token as it is shown: what cannot be seen by its number.
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

/// What was expected, from what is wide to what is narrow; where an item may end, that comes last.
fn describe_all(rules: &[Rule]) -> Vec<String> {
    let mut expected: Vec<String> = rules.iter().flat_map(|rule| describe(*rule)).collect();
    let has = |words: &str| expected.iter().any(|other| other == words);
    let (begins_term, takes_operator) = (has("`has`"), has(AN_OPERATOR));
    if begins_term {
        // What a condition begins with, after a `!`.
        expected.retain(|words| !matches!(words.as_str(), "`has`" | "`(`" | A_CLAIM | A_NAME));
        expected.push(A_CONDITION.to_owned());
    } else if takes_operator {
        expected.retain(|words| words != "`(`");
    }
    expected.sort_by_key(|words| (words == NEXT_ITEM, words.starts_with('`'), words.clone()));
    expected.dedup();
    expected
}

fn describe(rule: Rule) -> Vec<String> {
    let words = match rule {
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
        Rule::claim_word => "a word such as `optional`",
        Rule::selector => "a role, a pattern or `#tag`",
        Rule::object => "the claims in `{…}`",
        Rule::entry => "a claim such as `ref = \"main\"`",
        Rule::value | Rule::operand => A_VALUE,
        Rule::parameters => "parameters in `(…)`",
        Rule::expr | Rule::term => A_CONDITION,
        Rule::operator | Rule::operator_word => AN_OPERATOR,
        Rule::connective => return vec!["`&&`".to_owned(), "`||`".to_owned()],
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
        Rule::token_base => "`like`",
        Rule::expectation => "`expect`",
        Rule::implies | Rule::covers => "a statement",
        // The other rules are named after the keyword that they begin with, or are keywords.
        _ => return vec![format!("`{}`", format!("{rule:?}").trim_start_matches("kw_"))],
    };
    vec![words.to_owned()]
}
