//! Syntax errors.

use crate::limits::{MAX_FILE_BYTES, MAX_LITERAL_BYTES, MAX_NAME_BYTES, MAX_NESTING, MAX_PATH};
use crate::span::Span;
use std::fmt;

/// An error in the text of a file, and its location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The kind of error.
    pub kind: SyntaxErrorKind,
    /// The text that is wrong.
    pub span: Span,
}

/// The kind of a syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// A control character other than tab and line break.
    ControlCharacter(char),
    /// `edition` after another item, or twice.
    EditionNotFirst,
    /// The file is larger than 1 MiB.
    FileTooLarge {
        /// The size in bytes.
        bytes: usize,
    },
    /// A comment after `#`, `--` or `;`.
    ForeignComment(&'static str),
    /// A string in other quotes than `"`.
    ForeignQuotes {
        /// The text between the quotes, as it is written between `"`.
        text: String,
    },
    /// The bytes are not UTF-8.
    InvalidUtf8,
    /// A string or a regex of more than 4 KiB.
    LiteralTooLong {
        /// The size in bytes.
        bytes: usize,
    },
    /// Two elements of a list without a comma between them.
    MissingComma,
    /// `a && b || c`
    MixedConnectives {
        /// The condition with parentheses, as if `&&` bound tighter.
        and_first: String,
        /// The condition with parentheses, as if `||` bound tighter.
        or_first: String,
    },
    /// A name of more than 256 bytes.
    NameTooLong {
        /// The size in bytes.
        bytes: usize,
    },
    /// A name with a `/` or another character that no name has.
    NotAName {
        /// The name as written.
        name: String,
        /// The name with `-` instead of such characters.
        corrected: String,
    },
    /// A whole number of more than 64 bits, or a duration of more than 32 bits.
    NumberTooLarge,
    /// A text of another language instead of an item.
    OtherLanguage {
        /// The name of the language.
        language: &'static str,
        /// The same in this language.
        help: &'static str,
    },
    /// A slash inside a regex that ends it too early.
    SlashInRegex {
        /// The whole regex, as it is written between slashes.
        regex: String,
    },
    /// A string after `matches` that has escapes of regexes.
    StringAsRegex {
        /// The regex, as it is written between slashes, if that is clear.
        regex: Option<String>,
    },
    /// The thread's stack is too small to parse the item.
    OutOfStack,
    /// A claim path of more than 64 names.
    PathTooLong {
        /// The number of names.
        names: usize,
    },
    /// More than 64 levels of brackets.
    TooDeep,
    /// The file has more errors than are reported.
    TooManyErrors,
    /// An opening bracket that is not closed, or closed by one of another kind.
    UnclosedBracket(char),
    /// A word or character that the grammar does not allow there.
    Unexpected {
        /// The word or character; empty at the end of the file.
        found: String,
        /// Descriptions of what the grammar allows there.
        expected: Vec<String>,
        /// The fix, if the mistake is a known one.
        help: Option<String>,
    },
    /// `edition 2027`
    UnknownEdition(i64),
    /// A backslash that does not begin an escape.
    UnknownEscape(String),
    /// A closing bracket without an opening one.
    UnopenedBracket(char),
    /// `/*` without `*/`.
    UnterminatedComment,
    /// `/` without a closing one on its line.
    UnterminatedRegex,
    /// `"` without a closing one on its line.
    UnterminatedString,
    /// A text with a slash and without quotes.
    WithoutQuotes {
        /// The text.
        text: String,
    },
}

impl SyntaxError {
    /// Returns an error at a location.
    pub fn new(kind: SyntaxErrorKind, span: Span) -> Self {
        Self { kind, span }
    }

    /// Returns what to do about the error, if the message does not say it.
    pub fn help(&self) -> Option<String> {
        use SyntaxErrorKind as Kind;
        Some(match &self.kind {
            Kind::EditionNotFirst => "move it to the first line of the file".into(),
            Kind::FileTooLarge { .. } => "split it: all files of a folder are one policy set".into(),
            Kind::ForeignComment(_) => "write comments after `//`".into(),
            Kind::ForeignQuotes { text } | Kind::WithoutQuotes { text } if text.len() <= MAX_FOUND => {
                format!("write `\"{text}\"`")
            }
            Kind::ForeignQuotes { .. } | Kind::WithoutQuotes { .. } => {
                "write it between `\"` and `\"`".into()
            }
            Kind::InvalidUtf8 => "save the file as UTF-8".into(),
            Kind::LiteralTooLong { .. } => "split it into shorter ones".into(),
            Kind::MissingComma => "write `,` between the parts".into(),
            Kind::MixedConnectives { and_first, or_first } => {
                format!("write `{and_first}` or `{or_first}`, whichever is meant")
            }
            Kind::NameTooLong { .. } => "choose a shorter name".into(),
            Kind::NotAName { corrected, .. } if corrected.len() <= MAX_FOUND => {
                format!("write `{corrected}`: a name has letters, digits, `_` and `-`")
            }
            Kind::NotAName { .. } => "a name has letters, digits, `_` and `-`".into(),
            Kind::OtherLanguage { help, .. } => (*help).into(),
            Kind::PathTooLong { .. } => "remove the comparison: tokens do not nest this deep".into(),
            Kind::SlashInRegex { regex } if regex.len() <= MAX_FOUND => format!("write `/{regex}/`"),
            Kind::SlashInRegex { .. } => "write `\\/` for each slash inside".into(),
            Kind::StringAsRegex { regex: Some(regex) } if regex.len() <= MAX_FOUND => {
                format!("write `/{regex}/`")
            }
            Kind::StringAsRegex { .. } => "write `/…/`, with the escapes of a regex".into(),
            Kind::TooDeep | Kind::OutOfStack => "move parts of it into a named `condition`".into(),
            Kind::UnclosedBracket(open) => format!("add the `{}` that closes it", closing(*open)),
            Kind::Unexpected { help, .. } => help.clone()?,
            Kind::UnknownEdition(_) => "write `edition 2026`".into(),
            Kind::UnknownEscape(_) => {
                "the escapes are `\\\"`, `\\\\`, `\\n`, `\\t`, `\\r`, `\\u{…}`; in patterns `\\*`, `\\?`; \
                 in templates `\\{`, `\\}`, `\\[`, `\\]`"
                    .into()
            }
            Kind::UnopenedBracket(close) => {
                format!("remove it, or add the `{}` that it closes", opening(*close))
            }
            Kind::UnterminatedComment => "close it with `*/`".into(),
            Kind::UnterminatedRegex => "close it with `/`; a slash inside is written `\\/`".into(),
            Kind::UnterminatedString => "close it with `\"`; a string must end on its line".into(),
            _ => return None,
        })
    }
}

/// Returns the bracket that closes another.
pub(crate) fn closing(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

/// Returns the bracket that another closes.
fn opening(close: char) -> char {
    match close {
        ')' => '(',
        ']' => '[',
        _ => '{',
    }
}

/// Returns whether an error is about a spelling that was corrected for the parser.
pub(crate) fn is_corrected(kind: &SyntaxErrorKind) -> bool {
    use SyntaxErrorKind as Kind;
    matches!(
        kind,
        Kind::ForeignComment(_)
            | Kind::ForeignQuotes { .. }
            | Kind::NotAName { .. }
            | Kind::SlashInRegex { .. }
            | Kind::StringAsRegex { .. }
            | Kind::WithoutQuotes { .. }
    )
}

/// Returns whether an error is about a bracket without a partner.
pub(crate) fn is_bracket(kind: &SyntaxErrorKind) -> bool {
    use SyntaxErrorKind as Kind;
    matches!(kind, Kind::UnclosedBracket(_) | Kind::UnopenedBracket(_))
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use SyntaxErrorKind as Kind;
        match &self.kind {
            Kind::ControlCharacter(c) => write!(
                f,
                "the control character U+{:04X} is not allowed here",
                u32::from(*c)
            ),
            Kind::EditionNotFirst => {
                f.write_str("`edition` must be the first item of a file and appear only once")
            }
            Kind::FileTooLarge { bytes } => {
                write!(
                    f,
                    "the file has {bytes} bytes, more than the {MAX_FILE_BYTES} that are allowed"
                )
            }
            Kind::ForeignComment(mark) => write!(f, "`{mark}` does not begin a comment"),
            Kind::ForeignQuotes { .. } => f.write_str("strings stand in double quotes"),
            Kind::InvalidUtf8 => f.write_str("the file is not UTF-8"),
            Kind::LiteralTooLong { bytes } => {
                write!(
                    f,
                    "the literal has {bytes} bytes, more than the {MAX_LITERAL_BYTES} that are allowed"
                )
            }
            Kind::MissingComma => f.write_str("a `,` is missing here"),
            Kind::MixedConnectives { .. } => f.write_str("`&&` and `||` are mixed without parentheses"),
            Kind::NameTooLong { bytes } => {
                write!(
                    f,
                    "the name has {bytes} bytes, more than the {MAX_NAME_BYTES} that are allowed"
                )
            }
            Kind::PathTooLong { names } => {
                write!(
                    f,
                    "the claim path has {names} names, more than the {MAX_PATH} that are allowed"
                )
            }
            Kind::NotAName { name, .. } => {
                f.write_str("`")?;
                write_found(name, f)?;
                f.write_str("` is not a name")
            }
            Kind::NumberTooLarge => f.write_str("the number is too large"),
            Kind::OtherLanguage { language, .. } => {
                write!(f, "this is {language}, and policies are items such as `role`")
            }
            Kind::OutOfStack => f.write_str("the item nests too deep for the stack of this thread"),
            Kind::SlashInRegex { .. } => f.write_str("a slash inside a regex is written `\\/`"),
            Kind::StringAsRegex { .. } => f.write_str("`matches` needs a regex between slashes"),
            Kind::TooDeep => write!(f, "brackets nest deeper than {MAX_NESTING} levels"),
            Kind::TooManyErrors => f.write_str("the file has more errors; fix these first"),
            Kind::UnclosedBracket(open) => write!(f, "this `{open}` is never closed"),
            Kind::Unexpected { found, expected, .. } => write_unexpected(found, expected, f),
            Kind::UnknownEdition(edition) => write!(f, "there is no edition {edition}"),
            Kind::UnknownEscape(escape) => write!(f, "`{escape}` is not an escape"),
            Kind::UnopenedBracket(close) => write!(f, "this `{close}` closes nothing"),
            Kind::UnterminatedComment => f.write_str("this comment is not closed"),
            Kind::UnterminatedRegex => f.write_str("this regex does not end on its line"),
            Kind::UnterminatedString => f.write_str("this string does not end on its line"),
            Kind::WithoutQuotes { .. } => f.write_str("this text has no quotes"),
        }
    }
}

impl std::error::Error for SyntaxError {}

/// The most characters of an unexpected word that a message shows.
const MAX_FOUND: usize = 60;

fn write_unexpected(found: &str, expected: &[String], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("expected ")?;
    match expected {
        [] => f.write_str("something else")?,
        [one] => f.write_str(one)?,
        [many @ .., last] => write!(f, "{} or {last}", many.join(", "))?,
    }
    if found.is_empty() {
        return f.write_str(", but the file ends");
    }
    f.write_str(", found `")?;
    write_found(found, f)?;
    f.write_str("`")
}

/// Writes a word of the file, or the start of a long one.
fn write_found(found: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match found.char_indices().nth(MAX_FOUND) {
        Some((end, _)) => write!(f, "{}…", found.split_at(end).0),
        None => f.write_str(found),
    }
}
