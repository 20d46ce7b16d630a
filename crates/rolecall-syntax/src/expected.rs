//! What the grammar wanted, in words that a policy author knows.

use crate::error::{SyntaxError, SyntaxErrorKind as Kind};
use crate::parse::Rule;
use crate::scan::ITEM_KEYWORDS;
use crate::span::Span;
use crate::suggest::did_you_mean;
use pest::error::{Error, ErrorVariant, InputLocation};

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
    let mut expected: Vec<String> = rules.iter().map(|rule| describe(*rule)).collect();
    expected.sort_by_key(|words| (words.starts_with('`'), words.clone()));
    expected.dedup();
    let help = help(found, rest, &expected);
    let span = Span::new(start, start.saturating_add(found.len()));
    SyntaxError::new(
        Kind::Unexpected {
            found: found.to_owned(),
            expected,
            help,
        },
        span,
    )
}

/// The word, or else the character, at the start of a text.
fn token(rest: &str) -> &str {
    let word = rest
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        .count();
    let length = if word > 0 {
        word
    } else {
        rest.chars().next().map_or(0, char::len_utf8)
    };
    rest.get(..length).unwrap_or_default()
}

fn describe(rule: Rule) -> String {
    let words = match rule {
        Rule::item => "an item",
        Rule::name | Rule::role_name => "a name",
        Rule::string => "a string",
        Rule::strings | Rule::names | Rule::list => "a list in `[…]`",
        Rule::integer => "a number",
        Rule::duration => "a duration such as `15m`",
        Rule::claim_type => "a type",
        Rule::enum_value => "a value",
        Rule::open_end => "`...`",
        Rule::claim_path | Rule::claim_root => "a claim",
        Rule::claim_word => "a word such as `optional`",
        Rule::selector => "a role, a pattern or `#tag`",
        Rule::object => "the claims in `{…}`",
        Rule::entry => "a claim such as `ref = \"main\"`",
        Rule::value | Rule::operand => "a value",
        Rule::parameters => "parameters in `(…)`",
        Rule::expr | Rule::term | Rule::comparison => "a condition",
        Rule::operator => "an operator",
        Rule::connective => "`&&` or `||`",
        Rule::index => "`[\"name\"]`",
        Rule::member => "`.name`",
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
        _ => return format!("`{}`", format!("{rule:?}").trim_start_matches("kw_")),
    };
    words.to_owned()
}

fn help(found: &str, rest: &str, expected: &[String]) -> Option<String> {
    let wants = |what: &str| expected.iter().any(|words| words == what);
    let fix = match found {
        "=" if rest.starts_with("==") => "write `=` here",
        "=" => "write `==` to compare",
        "and" | "AND" => "write `&&`",
        "or" | "OR" => "write `||`",
        "&" => "write `&&`",
        "|" => "write `||`",
        "not" | "NOT" if wants("a condition") => "write `!( … )`",
        "not" => "write `!` before the whole comparison, such as `!(ref in [\"main\"])`",
        "'" => "strings stand in double quotes",
        "deny" => {
            "there is no `deny`: a role is denied unless a clause allows it; narrow roles with a `guard`"
        }
        "import" | "include" => "there are no imports: all files of a folder are one policy set",
        "if" => "write `when`",
        "\"" if wants("a condition") => "a comparison begins with the claim: `ref == \"main\"`",
        "]" | ")" if wants("a value") => "an empty list matches nothing",
        _ if !found.starts_with(|c: char| c.is_ascii_alphabetic()) => return None,
        _ => {
            let keywords = expected
                .iter()
                .filter_map(|words| words.strip_prefix('`')?.strip_suffix('`'));
            let items = if wants("an item") {
                ITEM_KEYWORDS.as_slice()
            } else {
                &[]
            };
            return did_you_mean(found, keywords.chain(items.iter().copied()))
                .map(|word| format!("did you mean `{word}`?"));
        }
    };
    Some(fix.to_owned())
}
