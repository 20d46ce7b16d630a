//! Tree to text, in the one layout that files have.
//!
//! What fits is printed on one line; what does not, or has comments inside, one part a line. Comments stay where they
//! are: before the part that they precede, or at the end of the line of the part that they follow; one inside of a
//! part that has no lines of its own moves before it.

mod clause;
mod comments;
mod expr;
mod flat;
mod item;
mod member;
mod value;

use crate::ast::{Comment, CommentKind, Expr, File, Item};
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::limits::MAX_FILE_BYTES;
use crate::parse::parse;
use crate::span::{Span, Spanned};
use comments::Comments;
use flat::Flat;
use std::ops::Range;

/// Lines are broken to stay within so many characters.
const MAX_WIDTH: usize = 100;
const INDENT: usize = 2;

/// The text of a file in its one layout, with all its comments. It reads as the same tree.
///
/// # Errors
/// What is wrong with the text, if anything is: a file is not laid out unless all of it can be read. Also if the
/// result were larger than a file may be.
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

/// The text of a tree that need not come from any file.
///
/// A tree that [`parse`] could have made reads back as itself, but for its comments: without the text around them
/// they have no place, and only [`format()`] keeps them.
pub fn print(file: &File) -> String {
    Printer::new("", &[]).file(&file.items)
}

/// A condition on one line.
pub(crate) fn condition(expr: &Expr) -> String {
    Flat::write(0, |flat| flat.expr(expr))
}

struct Printer<'a> {
    source: &'a str,
    comments: Comments<'a>,
    out: String,
    /// How far the next line is indented.
    indent: usize,
    /// How many brackets are open.
    depth: usize,
    /// Whether the present line ends with a comment that nothing can follow.
    ended: bool,
    /// Whether nothing stands after the last opening bracket yet.
    fresh: bool,
    /// Whether the author's blank lines are kept here.
    blank_lines: bool,
    /// Where the text of the present item begins.
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
        self.indent.saturating_add(text.chars().count()) <= MAX_WIDTH
    }

    /// Begins a line, after a blank one if that is wanted and may be.
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

    /// Begins the line of a part: first the comments before it, then those of its own range, which have no lines in it.
    fn begin(&mut self, homeless: Range<usize>) {
        self.begin_around(homeless.start, std::slice::from_ref(&homeless));
    }

    fn begin_around(&mut self, start: usize, homeless: &[Range<usize>]) {
        self.leading(start);
        let mut blank = self.blank_before(start);
        for comment in self.comments.take(homeless) {
            self.line(blank);
            self.comment(comment);
            blank = false;
        }
        self.line(blank);
        self.item_start.get_or_insert(self.out.len());
    }

    /// A part on a line of its own, whatever its length.
    fn leaf(&mut self, span: Span, text: &str) {
        self.begin(span.range());
        self.push(text);
        self.trailing(span.end);
    }

    /// The comments before a place, each on a line of its own.
    fn leading(&mut self, place: usize) {
        while let Some(comment) = self.comments.before(place) {
            self.line(self.blank_before(comment.span.start));
            self.comment(comment);
        }
    }

    /// The comments that follow a part on its line.
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

    /// What stands between brackets, on lines of its own. `inside` reaches from after the opening bracket to the
    /// closing one.
    fn body(&mut self, inside: Range<usize>, content: impl FnOnce(&mut Self)) {
        self.trail(inside.start, true);
        let blank_lines = std::mem::replace(&mut self.blank_lines, true);
        self.fresh = true;
        self.indent = self.indent.saturating_add(INDENT);
        self.depth = self.depth.saturating_add(1);
        content(self);
        self.leading(inside.end);
        self.indent = self.indent.saturating_sub(INDENT);
        self.depth = self.depth.saturating_sub(1);
        self.blank_lines = blank_lines;
        self.line(false);
    }

    /// A part with a list in it: on one line, or one element a line.
    fn listed(&mut self, listed: &Listed<'_>, elements: impl FnOnce(&mut Self)) {
        let Listed {
            span,
            head,
            list,
            text,
            tail,
        } = *listed;
        self.begin_around(span.start, &[span.start..list.start, list.end..span.end]);
        self.push(head);
        let inside = inside(list);
        let empty = text.len() <= "[]".len();
        let fits = empty || self.fits(&[head, text, tail].concat());
        if fits && !self.comments.any_in(&inside) {
            self.push(text);
        } else {
            let mut brackets = text.chars();
            let (open, close) = (brackets.next(), brackets.next_back());
            self.out.extend(open);
            self.body(inside, elements);
            self.out.extend(close);
        }
        self.push(tail);
        self.trailing(span.end);
    }

    fn blank_before(&self, place: usize) -> bool {
        let before = self.source.get(..place).unwrap_or_default();
        let space = before
            .rsplit(|c| !matches!(c, ' ' | '\t' | '\r' | '\n'))
            .next()
            .unwrap_or_default();
        space.matches('\n').nth(1).is_some()
    }
}

/// A part with a list in it.
#[derive(Clone, Copy)]
struct Listed<'a> {
    /// Where the part stands.
    span: Span,
    /// What stands before the list.
    head: &'a str,
    /// Where the list stands, from bracket to bracket.
    list: Span,
    /// The list on one line.
    text: &'a str,
    /// What stands after the list.
    tail: &'a str,
}

/// What is inside of brackets.
fn inside(brackets: Span) -> Range<usize> {
    brackets.start.saturating_add(1)..brackets.end.saturating_sub(1)
}

/// Whether two items may follow each other without a blank line, if each is on one line.
fn may_stand_together(left: &Item, right: &Item) -> bool {
    matches!(
        (left, right),
        (Item::Set(_), Item::Set(_))
            | (Item::Condition(_), Item::Condition(_))
            | (Item::Assertion(_), Item::Assertion(_))
            | (Item::Guard(_), Item::Guard(_))
    )
}
