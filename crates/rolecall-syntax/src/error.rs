//! What can be wrong with the text of a file.

use crate::limits::{MAX_FILE_BYTES, MAX_LITERAL_BYTES, MAX_NAME_BYTES, MAX_NESTING, MAX_PATH};
use crate::span::Span;
use std::fmt;

/// Something wrong with the text of a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: SyntaxErrorKind,
    /// Where.
    pub span: Span,
}

/// What is wrong with the text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// A character that no text file has.
    ControlCharacter(char),
    /// `edition` after another item.
    EditionNotFirst,
    /// The file has more than 1 MiB.
    FileTooLarge {
        /// Its size.
        bytes: usize,
    },
    /// The bytes are not UTF-8.
    InvalidUtf8,
    /// A string or a regex of more than 4 KiB.
    LiteralTooLong {
        /// Its size.
        bytes: usize,
    },
    /// `a && b || c`
    MixedConnectives {
        /// As if `&&` bound tighter.
        and_first: String,
        /// As if `||` bound tighter.
        or_first: String,
    },
    /// A name of more than 256 bytes.
    NameTooLong {
        /// Its size.
        bytes: usize,
    },
    /// A whole number beyond 64 bits, or a duration beyond 32.
    NumberTooLarge,
    /// The parser had no stack left, before the nesting limit.
    OutOfStack,
    /// The path of a claim with more than 64 names.
    PathTooLong {
        /// The number of its names.
        names: usize,
    },
    /// More than 64 levels of brackets.
    TooDeep,
    /// The file has more errors than are reported.
    TooManyErrors,
    /// A bracket that is closed by none, or by one of another kind.
    UnclosedBracket(char),
    /// Something else was expected.
    Unexpected {
        /// What stands there, empty at the end of the file.
        found: String,
        /// What may stand there.
        expected: Vec<String>,
        /// What to do about it.
        help: Option<String>,
    },
    /// `edition 2027`
    UnknownEdition(i64),
    /// A backslash that begins no escape.
    UnknownEscape(String),
    /// A closing bracket that closes none.
    UnopenedBracket(char),
    /// `/*` without `*/`.
    UnterminatedComment,
    /// `/` without another on its line.
    UnterminatedRegex,
    /// `"` without another on its line.
    UnterminatedString,
}

impl SyntaxError {
    /// An error at a place.
    pub fn new(kind: SyntaxErrorKind, span: Span) -> Self {
        Self { kind, span }
    }

    /// What to do about it, if there is more to say.
    pub fn help(&self) -> Option<String> {
        use SyntaxErrorKind as Kind;
        Some(match &self.kind {
            Kind::EditionNotFirst => "move it to the first line of the file".into(),
            Kind::FileTooLarge { .. } => "split it: all files of a folder are one policy set".into(),
            Kind::InvalidUtf8 => "save the file as UTF-8".into(),
            Kind::LiteralTooLong { .. } => "split it into several".into(),
            Kind::MixedConnectives { and_first, or_first } => {
                format!("write `{and_first}` or `{or_first}`, whichever is meant")
            }
            Kind::NameTooLong { .. } => "choose a shorter name".into(),
            Kind::PathTooLong { .. } => "no token nests so deep: leave the comparison out".into(),
            Kind::TooDeep | Kind::OutOfStack => "give parts of it a name with `condition`".into(),
            Kind::UnclosedBracket(open) => format!("add the `{}` that closes it", closing(*open)),
            Kind::Unexpected { help, .. } => help.clone()?,
            Kind::UnknownEdition(_) => "write `edition 2026`".into(),
            Kind::UnknownEscape(_) => {
                "the escapes are `\\\"`, `\\\\`, `\\n`, `\\t`, `\\r`, `\\u{…}`; in patterns `\\*`, `\\?`; \
                 in templates `\\{`, `\\}`, `\\[`, `\\]`"
                    .into()
            }
            Kind::UnterminatedComment => "close it with `*/`".into(),
            Kind::UnterminatedRegex => "close it with `/`; a slash inside is written `\\/`".into(),
            Kind::UnterminatedString => "close it with `\"`; a string stands on one line".into(),
            _ => return None,
        })
    }
}

/// The bracket that closes another.
pub(crate) fn closing(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use SyntaxErrorKind as Kind;
        match &self.kind {
            Kind::ControlCharacter(c) => write!(
                f,
                "the control character U+{:04X} cannot stand here",
                u32::from(*c)
            ),
            Kind::EditionNotFirst => {
                f.write_str("`edition` must be the first item of a file, and stand there once")
            }
            Kind::FileTooLarge { bytes } => {
                write!(
                    f,
                    "the file has {bytes} bytes, more than the {MAX_FILE_BYTES} that are allowed"
                )
            }
            Kind::InvalidUtf8 => f.write_str("the file is not UTF-8"),
            Kind::LiteralTooLong { bytes } => {
                write!(
                    f,
                    "the literal has {bytes} bytes, more than the {MAX_LITERAL_BYTES} that are allowed"
                )
            }
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
                    "the path of the claim has {names} names, more than the {MAX_PATH} that are allowed"
                )
            }
            Kind::NumberTooLarge => f.write_str("the number is too large"),
            Kind::OutOfStack => f.write_str("the item nests too deep for the stack of this thread"),
            Kind::TooDeep => write!(f, "brackets nest deeper than {MAX_NESTING} levels"),
            Kind::TooManyErrors => f.write_str("the file has more errors; mend these first"),
            Kind::UnclosedBracket(open) => write!(f, "this `{open}` is never closed"),
            Kind::Unexpected { found, expected, .. } => write_unexpected(found, expected, f),
            Kind::UnknownEdition(edition) => write!(f, "there is no edition {edition}"),
            Kind::UnknownEscape(escape) => write!(f, "`{escape}` is no escape"),
            Kind::UnopenedBracket(close) => write!(f, "this `{close}` closes nothing"),
            Kind::UnterminatedComment => f.write_str("this comment never ends"),
            Kind::UnterminatedRegex => f.write_str("this regex does not end on its line"),
            Kind::UnterminatedString => f.write_str("this string does not end on its line"),
        }
    }
}

impl std::error::Error for SyntaxError {}

/// The most characters that are shown of a word that was not expected.
const MAX_FOUND: usize = 60;

fn write_unexpected(found: &str, expected: &[String], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("expected ")?;
    match expected {
        [] => f.write_str("something else")?,
        [one] => f.write_str(one)?,
        [many @ .., last] => write!(f, "{} or {last}", many.join(", "))?,
    }
    if found.is_empty() {
        f.write_str(", but the file ends")
    } else if let Some((end, _)) = found.char_indices().nth(MAX_FOUND) {
        write!(f, ", found `{}…`", found.get(..end).unwrap_or_default())
    } else {
        write!(f, ", found `{found}`")
    }
}
