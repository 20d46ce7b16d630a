//! Expressions of flexible credentials: `claims['sub'] matches 'repo:acme/*' and claims['repository_id'] eq '1'`.
//!
//! The language has three words, `eq`, `matches` and `and`, with single spaces between the parts. A quote in
//! a text is an escape character whose meaning is not documented. In a text of `matches`, `*` is any run of
//! characters and `?` is one, and neither can be escaped.

use crate::document::Embedded;
use rolecall_syntax::{Span, Spanned};

/// An expression: all comparisons hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// The comparisons, at least one.
    pub comparisons: Vec<Comparison>,
    /// The location of the whole expression, with its quotes.
    pub span: Span,
}

/// A comparison of a claim. It never holds for a token without the claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The name of the claim.
    pub claim: Spanned<String>,
    /// The operator.
    pub test: Test,
    /// The text that the claim is compared with.
    pub text: Spanned<String>,
    /// The location of the whole comparison.
    pub span: Span,
}

/// An operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// `eq`: an equal text.
    Equals,
    /// `matches`: the whole text fits the pattern.
    Matches,
}

/// The reason why an expression is not read, and its location.
pub(super) type Fault = Spanned<FaultKind>;

/// The reason why an expression is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// It does not have the form.
    Form,
    /// It has another operator.
    Operator,
    /// A text has a quote.
    Quote,
}

/// Parses an expression in a string literal of a document.
pub(super) fn parse(literal: &Embedded, span: Span) -> Result<Expression, Fault> {
    let mut parser = Parser { literal, at: 0 };
    let mut comparisons = vec![parser.comparison()?];
    while !parser.rest().is_empty() {
        parser.expect(" and ")?;
        comparisons.push(parser.comparison()?);
    }
    Ok(Expression { comparisons, span })
}

/// A place in an expression.
struct Parser<'a> {
    literal: &'a Embedded,
    at: usize,
}

impl<'a> Parser<'a> {
    fn comparison(&mut self) -> Result<Comparison, Fault> {
        let start = self.at;
        self.expect("claims['")?;
        let claim = self.until('\'')?;
        self.expect("'] ")?;
        let word = self.until(' ')?;
        let test = match word.node {
            "eq" => Test::Equals,
            "matches" => Test::Matches,
            _ => return Err(Spanned::new(FaultKind::Operator, word.span)),
        };
        self.expect(" '")?;
        let text = self.until('\'')?;
        self.expect("'")?;
        if self.rest().starts_with('\'') {
            return Err(Spanned::new(FaultKind::Quote, text.span));
        }
        Ok(Comparison {
            claim: Spanned::new(claim.node.to_owned(), claim.span),
            test,
            text: Spanned::new(text.node.to_owned(), text.span),
            span: self.place(start, self.at),
        })
    }

    /// Passes a text that is required.
    fn expect(&mut self, text: &str) -> Result<(), Fault> {
        match self.rest().starts_with(text) {
            true => {
                self.at = self.at.saturating_add(text.len());
                Ok(())
            }
            false => Err(self.fault()),
        }
    }

    /// Passes the text before a character that is required.
    fn until(&mut self, end: char) -> Result<Spanned<&'a str>, Fault> {
        let Some((text, _)) = self.rest().split_once(end) else {
            return Err(self.fault());
        };
        let start = self.at;
        self.at = start.saturating_add(text.len());
        Ok(Spanned::new(text, self.place(start, self.at)))
    }

    fn rest(&self) -> &'a str {
        self.literal.text().get(self.at..).unwrap_or_default()
    }

    fn fault(&self) -> Fault {
        Spanned::new(FaultKind::Form, self.place(self.at, self.literal.text().len()))
    }

    /// Returns a location in the document.
    fn place(&self, start: usize, end: usize) -> Span {
        self.literal.place(Span::new(start, end))
    }
}
