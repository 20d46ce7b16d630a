//! Printer: tree to text, in the standard format.
//!
//! A part that fits is printed on one line; a part that does not, or that has comments inside, is printed
//! with one inner part per line. Comments stay before the part that they precede, or at the end of the line
//! of the part that they follow. A comment inside of a part that stays on one line moves before that part.

mod case;
mod clause;
mod comments;
mod expansion;
mod expectation;
mod expr;
mod flat;
mod item;
mod list;
mod member;
mod value;

use crate::ast::{Comment, CommentKind, Entry, Expr, File, Item};
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::limits::MAX_FILE_BYTES;
use crate::parse::parse;
use crate::span::{Span, Spanned, plus};
use comments::Comments;
use flat::Flat;
use std::ops::Range;

/// The width that lines are broken to, in characters.
const MAX_WIDTH: usize = 100;
const INDENT: usize = 2;

/// Formats a file. The result has all its comments and parses to the same tree.
///
/// # Errors
/// The syntax errors of the file: it is not formatted unless all of it can be parsed. `FileTooLarge` if the
/// result would be larger than [`MAX_FILE_BYTES`].
pub fn format(source: &str) -> Result<String, Vec<SyntaxError>> {
    let parse = parse(source);
    if !parse.errors.is_empty() {
        return Err(parse.errors);
    }
    let text = Printer::new(source, &parse.file.comments).file(&parse.file.items);
    if text.len() > MAX_FILE_BYTES {
        let kind = SyntaxErrorKind::FileTooLarge { bytes: text.len() };
        return Err(vec![SyntaxError::new(kind, Span::default())]);
    }
    Ok(text)
}

/// Prints a tree that need not come from a file.
///
/// The text of a tree that [`parse`] can return parses to the same tree, but without its comments: their
/// location is known only from the text around them, so that only [`format()`] keeps them.
pub fn print(file: &File) -> String {
    Printer::new("", &[]).file(&file.items)
}

/// Prints the claims of a token on one line, without braces.
pub fn print_claims(entries: &[Spanned<Entry>]) -> String {
    Flat::write(0, |flat| flat.entries(entries))
}

/// Prints a condition on one line.
pub(crate) fn condition(expr: &Expr) -> String {
    Flat::write(0, |flat| flat.expr(expr))
}

struct Printer<'a> {
    source: &'a str,
    comments: Comments<'a>,
    out: String,
    /// The indentation of the next line, in spaces.
    indent: usize,
    /// The number of open brackets.
    depth: usize,
    /// True if the current line ends with a comment that reaches to the end of the line.
    ended: bool,
    /// True if nothing has been printed after the last opening bracket.
    fresh: bool,
    /// True if blank lines of the source are kept.
    blank_lines: bool,
    /// The position in `out` at which the current item begins.
    item_start: Option<usize>,
}

impl<'a> Printer<'a> {
    fn new(source: &'a str, comments: &'a [Spanned<Comment>]) -> Self {
        Self {
            source,
            comments: Comments::new(source, comments),
            out: String::new(),
            indent: 0,
            depth: 0,
            ended: false,
            fresh: true,
            blank_lines: true,
            item_start: None,
        }
    }

    fn file(mut self, items: &[Spanned<Item>]) -> String {
        let mut previous: Option<(&Item, bool)> = None;
        for item in items {
            let before = self.out.len();
            let start = self
                .comments
                .next_start()
                .map_or(item.span.start, |comment| comment.min(item.span.start));
            let apart = self.blank_before(start);
            self.fresh = true;
            self.item_start = None;
            self.item(item);
            let text = self.item_start.and_then(|start| self.out.get(start..));
            let one_line = text.is_some_and(|text| !text.contains('\n'));
            if let Some((kind, previous_one_line)) = previous {
                let together = !apart && one_line && previous_one_line && may_stand_together(kind, item);
                if !together {
                    self.out.insert(before, '\n');
                }
            }
            previous = Some((item, one_line));
        }
        self.leading(usize::MAX);
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }

    fn flat(&self, write: impl FnOnce(&mut Flat)) -> String {
        Flat::write(self.depth, write)
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn fits(&self, text: &str) -> bool {
        plus(self.indent, text.chars().count()) <= MAX_WIDTH
    }

    /// Begins a line, after a blank one if that is wanted and allowed here.
    fn line(&mut self, blank: bool) {
        if !self.out.is_empty() {
            self.push("\n");
            if blank && self.blank_lines && !self.fresh {
                self.push("\n");
            }
            self.out.extend(std::iter::repeat_n(' ', self.indent));
        }
        self.fresh = false;
        self.ended = false;
    }

    fn comment(&mut self, comment: &Comment) {
        self.push(&comment.text);
        self.ended = comment.kind != CommentKind::Block;
    }

    /// Begins the line of a part: first the comments before it, then those of `moved`, the range of the part
    /// that stays on one line.
    fn begin(&mut self, moved: Range<usize>) {
        self.begin_around(moved.start, std::slice::from_ref(&moved));
    }

    fn begin_around(&mut self, start: usize, moved: &[Range<usize>]) {
        self.leading(start);
        let mut blank = self.blank_before(start);
        for comment in self.comments.take(moved) {
            self.line(blank);
            self.comment(comment);
            blank = false;
        }
        self.line(blank);
        self.item_start.get_or_insert(self.out.len());
    }

    /// Prints a part on a line of its own, whatever its length.
    fn leaf(&mut self, span: Span, text: &str) {
        self.begin(span.range());
        self.push(text);
        self.trailing(span.end);
    }

    /// Prints the comments before a position, each on a line of its own.
    fn leading(&mut self, position: usize) {
        while let Some(comment) = self.comments.before(position) {
            self.line(self.blank_before(comment.span.start));
            self.comment(comment);
        }
    }

    /// Prints the comments that follow a part on its line.
    fn trailing(&mut self, end: usize) {
        self.trail(end, false);
    }

    fn trail(&mut self, mut end: usize, after_opening: bool) {
        while !self.ended
            && let Some(comment) = self.comments.trailing(end, after_opening)
        {
            self.push(" ");
            self.comment(comment);
            end = comment.span.end;
        }
    }

    /// Prints the content of brackets on lines of its own. `inside` is the range from after the opening
    /// bracket to the closing one.
    fn body(&mut self, inside: Range<usize>, content: impl FnOnce(&mut Self)) {
        self.trail(inside.start, true);
        let blank_lines = std::mem::replace(&mut self.blank_lines, true);
        self.fresh = true;
        let depth = self.depth;
        self.depth = plus(depth, 1);
        self.indented(|printer| {
            content(printer);
            printer.leading(inside.end);
        });
        self.depth = depth;
        self.blank_lines = blank_lines;
        self.line(false);
    }

    /// Prints content with one more level of indentation.
    fn indented(&mut self, content: impl FnOnce(&mut Self)) {
        let indent = self.indent;
        self.indent = plus(indent, INDENT);
        content(self);
        self.indent = indent;
    }

    /// Returns whether a blank line stands before a position of the source.
    fn blank_before(&self, position: usize) -> bool {
        let before = self.source.get(..position).unwrap_or("");
        let space = before
            .bytes()
            .rev()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
        space.filter(|byte| *byte == b'\n').nth(1).is_some()
    }
}

/// Returns whether two items may follow each other without a blank line, if each is on one line.
fn may_stand_together(left: &Item, right: &Item) -> bool {
    matches!(
        (left, right),
        (Item::Set(_), Item::Set(_))
            | (Item::Condition(_), Item::Condition(_))
            | (Item::Assertion(_), Item::Assertion(_))
            | (Item::Guard(_), Item::Guard(_))
    )
}
