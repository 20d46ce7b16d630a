//! Text to tree. Only here, below and in `expected.rs` are the rules of the grammar named.

mod expr;
mod issuer;
mod mixed;
mod profile;
mod role;
mod statement;
mod token;

use crate::ast::{Comment, Condition, File, Item, Set};
use crate::error::{SyntaxError, SyntaxErrorKind as Kind};
use crate::expected;
use crate::grammar::{Grammar, Rule};
use crate::limits::{MAX_ERRORS, MAX_FILE_BYTES, MIN_STACK_BYTES};
use crate::scan::{Scan, scan, skip_trivia};
use crate::span::{Span, Spanned};
use pest::Parser;
use pest::iterators::Pair;

/// The edition that this program knows.
pub const EDITION: i64 = 2026;

const BYTE_ORDER_MARK: char = '\u{feff}';

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
    let mut scan = scan(source);
    let mut reader = Reader {
        source,
        base: 0,
        errors: std::mem::take(&mut scan.errors),
        comments: &scan.comments,
    };
    let items = reader.items(&scan);
    let mut errors = reader.errors;
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

type P<'a> = Pair<'a, Rule>;

/// Builds trees. A method gives `None` where the grammar made something that the tree has no place for.
struct Reader<'a> {
    source: &'a str,
    /// Where the text begins that the grammar is reading.
    base: usize,
    errors: Vec<SyntaxError>,
    comments: &'a [Spanned<Comment>],
}

/// The first part of a rule.
fn first<'a>(pair: &P<'a>, rule: Rule) -> Option<P<'a>> {
    pair.clone().into_inner().find(|inner| inner.as_rule() == rule)
}

/// The parts of one kind.
fn all<'a>(pair: &P<'a>, rule: Rule) -> impl Iterator<Item = P<'a>> {
    pair.clone()
        .into_inner()
        .filter(move |inner| inner.as_rule() == rule)
}

/// The only part of a rule.
fn only<'a>(pair: P<'a>) -> Option<P<'a>> {
    pair.into_inner().next()
}

impl Reader<'_> {
    /// Reads items one by one. After a broken one it goes on at the next line that looks like an item.
    fn items(&mut self, scan: &Scan) -> Vec<Spanned<Item>> {
        let mut items = Vec::new();
        let broken = self.errors.clone();
        let start = if self.source.starts_with(BYTE_ORDER_MARK) {
            BYTE_ORDER_MARK.len_utf8()
        } else {
            0
        };
        let mut position = self.skip_trivia(start);
        while position < self.source.len() && self.errors.len() <= MAX_ERRORS {
            let next = scan.restarts.partition_point(|restart| *restart <= position);
            let restart = scan.restarts.get(next).copied().unwrap_or(self.source.len());
            // No item reaches beyond a closing bracket without an opening one; but before it there may be the reason.
            // What else the walk over the file found is said once.
            let read = match broken.get(broken.partition_point(|error| error.span.start < position)) {
                Some(error) if error.span.start < restart => match error.kind {
                    Kind::UnopenedBracket(_) => self.item(position, error.span.start),
                    _ => None,
                },
                _ => self.item(position, usize::MAX),
            };
            position = match read {
                Some(item) => {
                    let end = item.span.end;
                    self.check_edition(&item, items.is_empty());
                    items.push(item);
                    self.skip_trivia(end)
                }
                None => restart,
            };
        }
        items
    }

    fn skip_trivia(&self, position: usize) -> usize {
        skip_trivia(self.source, self.comments, position)
    }

    /// Reads an item, and reports what is wrong with it before the limit.
    fn item(&mut self, position: usize, limit: usize) -> Option<Spanned<Item>> {
        self.base = position;
        let rest = self.source.get(position..).unwrap_or_default();
        match Grammar::parse(Rule::item, rest) {
            Ok(mut pairs) => {
                let pair = only(pairs.next()?)?;
                let item = self.build(&pair)?;
                Some(self.at(&pair, item))
            }
            Err(error) => {
                let error = expected::explain(self.source, position, &error);
                if error.span.start < limit {
                    self.errors.push(error);
                }
                // If only what comes after the item is wrong, there is more to say of the item.
                let alone = Grammar::parse(Rule::any_item, rest).ok();
                if let Some(pair) = alone.and_then(|mut pairs| pairs.next()) {
                    self.build(&pair);
                }
                None
            }
        }
    }

    fn check_edition(&mut self, item: &Spanned<Item>, is_first: bool) {
        let Item::Edition(edition) = &item.node else {
            return;
        };
        if !is_first {
            self.error(Kind::EditionNotFirst, item.span);
        } else if edition.node != EDITION {
            self.error(Kind::UnknownEdition(edition.node), edition.span);
        }
    }

    /// Whether there is stack for one level more; if not, that is reported. The parser itself stops with as much left.
    fn has_stack(&mut self, pair: &P<'_>) -> bool {
        let enough = pest_stack_guard::remaining_stack().is_none_or(|bytes| bytes > MIN_STACK_BYTES);
        if !enough {
            self.error(Kind::OutOfStack, self.span(pair));
        }
        enough
    }

    fn error(&mut self, kind: Kind, span: Span) {
        self.errors.push(SyntaxError::new(kind, span));
    }

    /// Where a part stands: to the end of its last token, without space and comments that a rule took after it.
    fn span(&self, pair: &P<'_>) -> Span {
        let mut last = pair.clone();
        // The grammar takes nothing after a claim's path, and its last `]` is no part of it.
        while !matches!(last.as_rule(), Rule::claim_path | Rule::claim_root | Rule::index) {
            match last.clone().into_inner().next_back() {
                Some(inner) => last = inner,
                None => break,
            }
        }
        let (start, end) = (pair.as_span().start(), last.as_span().end());
        Span::new(self.base.saturating_add(start), self.base.saturating_add(end))
    }

    fn at<T>(&self, pair: &P<'_>, node: T) -> Spanned<T> {
        Spanned::new(node, self.span(pair))
    }

    fn build(&mut self, pair: &P<'_>) -> Option<Item> {
        Some(match pair.as_rule() {
            Rule::edition => Item::Edition(self.integer(&first(pair, Rule::integer)?)),
            Rule::profile => Item::Profile(self.profile(pair)?),
            Rule::issuer => Item::Issuer(self.issuer(pair)?),
            Rule::set => Item::Set(Set {
                name: self.name_in(pair)?,
                elements: self.list(&first(pair, Rule::list)?)?,
            }),
            Rule::condition => Item::Condition(Condition {
                name: self.name_in(pair)?,
                parameters: first(pair, Rule::parameters).map_or_else(Vec::new, |list| self.names(&list)),
                expr: self.expr_in(pair)?,
            }),
            Rule::role => Item::Role(self.role(pair)?),
            Rule::guard => Item::Guard(self.guard(pair)?),
            Rule::test => Item::Test(self.test(pair)?),
            Rule::assertion => Item::Assertion(self.assertion(pair)?),
            _ => return None,
        })
    }
}
