//! Text to tree. Only here, below and in `expected.rs` are the rules of the grammar named.

mod expr;
mod issuer;
mod items;
mod mixed;
mod part;
mod profile;
mod role;
mod statement;
mod token;

use crate::ast::{Condition, File, Item, Set};
use crate::error::{SyntaxError, SyntaxErrorKind as Kind};
use crate::grammar::Rule;
use crate::limits::{MAX_ERRORS, MAX_FILE_BYTES};
use crate::scan::{Scan, scan};
use crate::span::{Span, Spanned};
use part::Part;

/// The edition that this program knows.
pub const EDITION: i64 = 2026;

/// What a file says, as far as it could be read, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Parse {
    /// The items that could be read.
    pub file: File,
    /// What is wrong, in the order of the text; empty if the tree is whole.
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

/// Reads a file. It never fails: what can't be read is left out and reported, and reading goes on at the next item.
///
/// A byte order mark at the start is passed over; lines may end with `\r\n`.
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

/// Reads a file that may not be text.
pub fn parse_bytes(bytes: &[u8]) -> Parse {
    match std::str::from_utf8(bytes) {
        Ok(source) => parse(source),
        Err(error) => Parse::failed(Kind::InvalidUtf8, Span::at(error.valid_up_to())),
    }
}

/// Builds trees. A method gives `None` where the grammar made something that the tree has no place for.
struct Reader<'a> {
    source: &'a str,
    /// What the grammar sees of the source, byte for byte.
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
            Rule::profile => Item::Profile(self.profile(part)?),
            Rule::issuer => Item::Issuer(self.issuer(part)?),
            Rule::set => Item::Set(Set {
                name: part.name_in()?,
                elements: self.list(part.first(Rule::list)?)?,
            }),
            Rule::condition => Item::Condition(Condition {
                name: part.name_in()?,
                parameters: part.first(Rule::parameters).map_or_else(Vec::new, Part::names),
                expr: self.expr_in(part)?,
            }),
            Rule::role => Item::Role(self.role(part)?),
            Rule::guard => Item::Guard(self.guard(part)?),
            Rule::test => Item::Test(self.test(part)?),
            Rule::assertion => Item::Assertion(self.assertion(part)?),
            _ => return None,
        };
        Some(part.at(item))
    }
}
