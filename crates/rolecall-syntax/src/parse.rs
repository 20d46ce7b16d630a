//! Parser: text to tree. The rules of the grammar are named only in this module and in `expected.rs`.

mod cause;
mod expr;
mod issuer;
mod items;
mod language;
mod mixed;
mod part;
mod profile;
mod role;
mod statement;
mod token;

use crate::ast::{Condition, File, Item, Set};
use crate::error::{SyntaxError, SyntaxErrorKind as Kind};
use crate::grammar::{Grammar, Rule};
use crate::limits::{MAX_ERRORS, MAX_FILE_BYTES};
use crate::scan::{Scan, scan};
use crate::span::{Span, Spanned};
use part::Part;
use pest::Parser;

/// The edition of the language that this version supports.
pub const EDITION: i64 = 2026;

/// The tree of a file, as far as it could be parsed, and the errors.
#[derive(Clone, Debug, Default)]
pub struct Parse {
    /// The items that could be parsed, and all comments.
    pub file: File,
    /// The errors, in the order of the text; empty if the tree is complete.
    pub errors: Vec<SyntaxError>,
}

impl Parse {
    fn failed(kind: Kind, span: Span) -> Self {
        Self {
            file: File::default(),
            errors: vec![SyntaxError::new(kind, span)],
        }
    }
}

/// Parses a file. It never fails: a part that can't be parsed is left out and reported, and parsing continues
/// with the next item.
///
/// A byte order mark at the start is skipped; lines may end with `\r\n`.
pub fn parse(source: &str) -> Parse {
    if source.len() > MAX_FILE_BYTES {
        return Parse::failed(Kind::FileTooLarge { bytes: source.len() }, Span::default());
    }
    let scan = scan(source);
    let mut reader = Reader {
        source,
        text: &items::readable(source, &scan),
        scan: &scan,
        items: Vec::new(),
        errors: scan.errors.clone(),
    };
    reader.read();
    let (items, mut errors) = (reader.items, reader.errors);
    errors.sort_by_key(|error| error.span.start);
    if errors.len() > MAX_ERRORS {
        errors.truncate(MAX_ERRORS);
        let end = errors.last().map_or(0, |last| last.span.end);
        errors.push(SyntaxError::new(Kind::TooManyErrors, Span::at(end)));
    }
    let comments = scan.comments;
    Parse {
        file: File { items, comments },
        errors,
    }
}

/// Parses a file that may not be UTF-8.
pub fn parse_bytes(bytes: &[u8]) -> Parse {
    match std::str::from_utf8(bytes) {
        Ok(source) => parse(source),
        Err(error) => Parse::failed(Kind::InvalidUtf8, Span::at(error.valid_up_to())),
    }
}

/// Returns true if conditions can write a name as it is: it is a word, and not a keyword, as in `claims["role"]`.
pub fn is_free_name(name: &str) -> bool {
    Grammar::parse(Rule::callee, name).is_ok_and(|parsed| parsed.as_str() == name)
}

/// Builds trees. A method returns `None` where the tree cannot represent what the grammar matched.
struct Reader<'a> {
    source: &'a str,
    /// The text that the grammar reads, with a byte for each byte of the source.
    text: &'a str,
    scan: &'a Scan,
    items: Vec<Spanned<Item>>,
    errors: Vec<SyntaxError>,
}

impl Reader<'_> {
    fn error(&mut self, kind: Kind, span: Span) {
        self.errors.push(SyntaxError::new(kind, span));
    }

    fn build(&mut self, part: Part<'_>) -> Option<Spanned<Item>> {
        let item = match part.rule() {
            Rule::item => return self.build(part.only()?),
            Rule::edition => Item::Edition(self.integer(part.first(Rule::integer)?)),
            Rule::profile => Item::Profile(Box::new(self.profile(part)?)),
            Rule::issuer => Item::Issuer(self.issuer(part)?),
            Rule::set => Item::Set(Set {
                name: part.name_in()?,
                elements: self.list(part.first(Rule::list)?)?,
            }),
            Rule::condition => Item::Condition(Box::new(Condition {
                name: part.name_in()?,
                parameters: part.first(Rule::parameters).map_or_else(Vec::new, Part::names),
                expr: self.expr_in(part)?,
            })),
            Rule::role => Item::Role(self.role(part)?),
            Rule::guard => Item::Guard(Box::new(self.guard(part)?)),
            Rule::test => Item::Test(Box::new(self.test(part)?)),
            Rule::assertion => Item::Assertion(Box::new(self.assertion(part)?)),
            _ => return None,
        };
        Some(part.at(item))
    }
}
