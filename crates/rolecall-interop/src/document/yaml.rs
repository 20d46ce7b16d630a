//! YAML: one document of plain data, read so that YAML 1.1 and 1.2 agree about it.
//!
//! The consumers of trust policies use libraries of both versions: `sigs.k8s.io/yaml` v1.6.0 of octo-sts and
//! Kubernetes reads YAML 1.1 by `go.yaml.in/yaml/v2`, ours YAML 1.2. So a text that the two read as different
//! trees is refused, except for plain scalars such as `yes`, which become [`Value::Unsettled`].

mod comments;
mod fault;
mod place;
mod plain;

pub(crate) use comments::comments;

use super::{DocumentError, Member, Node, Value};
use place::Places;
use rolecall_syntax::{Span, Spanned};
use saphyr_parser::{Event, Parser, ScalarStyle, StrInput, Tag};
use std::borrow::Cow;

/// The largest text, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// The deepest nesting of lists and maps.
const MAX_DEPTH: usize = 64;

/// The largest number of values in a tree, names of members included.
const MAX_VALUES: usize = 1_000_000;

/// Parses a text that is one YAML document. An empty one is `null`.
///
/// # Errors
///
/// The text is refused if it is not YAML, is too large or nested too deeply, has a second document, a tag, an
/// anchor, a merge key, a directive or a name that is not a text, or has characters of which the versions of
/// YAML disagree.
pub fn yaml(text: &str) -> Result<Node, DocumentError> {
    read(text, fault::tag)
}

/// Parses a text as [`yaml`], with the short forms of functions in templates of AWS CloudFormation: `!Sub x` is
/// `{"Fn::Sub": x}`, and `!Ref x` is `{"Ref": x}`.
///
/// # Errors
///
/// As [`yaml`], but for these tags.
pub(crate) fn yaml_of_template(text: &str) -> Result<Node, DocumentError> {
    read(text, |tag, span| {
        match (tag.handle.as_str(), tag.suffix.as_str()) {
            ("!", name @ ("Ref" | "Condition")) => Ok(name.to_owned()),
            ("!", name) => Ok(format!("Fn::{name}")),
            _ => fault::tag(tag, span),
        }
    })
}

/// Returns the name of the member that a tag stands for.
type Tags = fn(&Tag, Span) -> Result<String, DocumentError>;

fn read(text: &str, tags: Tags) -> Result<Node, DocumentError> {
    fault::check(text)?;
    let mut reader = Reader::new(text, tags);
    let Some(first) = reader.after_start()? else {
        return Ok(Spanned::new(Value::Null, Span::at(text.len())));
    };
    let root = reader.node(first, 0)?;
    reader.end()?;
    Ok(root)
}

/// An event of the parser, and its location.
type Located<'a> = (Event<'a>, Span);

/// The events of a text, in order.
struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    places: Places<'a>,
    values: usize,
    tags: Tags,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, tags: Tags) -> Self {
        let places = Places::new(text);
        Self {
            parser: Parser::new_from_str(places.body()),
            places,
            values: 0,
            tags,
        }
    }

    /// Returns the next event, or nothing after the last one.
    fn next(&mut self) -> Result<Option<Located<'a>>, DocumentError> {
        match self.parser.next_event() {
            None | Some(Ok((Event::StreamEnd, _))) => Ok(None),
            Some(Ok((event, span))) => {
                let span = self.places.span(&event, span);
                Ok(Some((event, span)))
            }
            Some(Err(error)) => {
                let span = Span::at(self.places.byte(error.marker().index()));
                Err(fault::at(span, format!("the text is not YAML: {}", error.info())))
            }
        }
    }

    /// Returns the next event of a document that has not ended.
    fn inner(&mut self) -> Result<Located<'a>, DocumentError> {
        let end = self.places.end();
        self.next()?
            .ok_or_else(|| fault::at(Span::at(end), "the text is not YAML: it ends too early"))
    }

    /// Returns the first event of the first document, or nothing if there is none.
    fn after_start(&mut self) -> Result<Option<Located<'a>>, DocumentError> {
        while let Some((event, span)) = self.next()? {
            match event {
                Event::StreamStart | Event::Nothing => {}
                Event::DocumentStart(_) => fault::directives(&self.places.before(span))?,
                _ => return Ok(Some((event, span))),
            }
        }
        Ok(None)
    }

    /// Reports a second document.
    fn end(&mut self) -> Result<(), DocumentError> {
        while let Some((event, span)) = self.next()? {
            if matches!(event, Event::DocumentStart(_)) {
                let message = "a second document begins here: octo-sts, for one, ignores all but the first";
                return Err(fault::at(span, message));
            }
        }
        Ok(())
    }

    /// Builds the value that begins with an event.
    fn node(&mut self, (event, span): Located<'a>, depth: usize) -> Result<Node, DocumentError> {
        self.values = self.values.saturating_add(1);
        if self.values > MAX_VALUES {
            return Err(fault::at(
                span,
                format!("a document has at most {MAX_VALUES} values"),
            ));
        }
        if depth > MAX_DEPTH {
            return Err(fault::at(
                span,
                format!("a document has at most {MAX_DEPTH} levels"),
            ));
        }
        let depth = depth.saturating_add(1);
        let (anchor, tag) = match &event {
            Event::Scalar(_, _, anchor, tag)
            | Event::SequenceStart(anchor, tag)
            | Event::MappingStart(anchor, tag) => (*anchor, tag.clone()),
            _ => (0, None),
        };
        let tag = tag.map(|tag| (self.tags)(&tag, span)).transpose()?;
        fault::anchor(anchor, span)?;
        let value = match event {
            Event::Scalar(text, style, ..) => {
                if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                    self.check_block(span, depth)?;
                }
                Spanned::new(scalar(text, style), span)
            }
            Event::SequenceStart(..) => self.list(span, depth)?,
            Event::MappingStart(..) => self.map(span, depth)?,
            Event::Alias(_) => return Err(fault::at(span, "aliases are not read: write the value itself")),
            _ => return Err(fault::at(span, "the text is not YAML: a value is missing")),
        };
        Ok(match tag {
            None => value,
            Some(name) => {
                let name = Spanned::new(name, Span::at(value.span.start));
                let span = value.span;
                Spanned::new(Value::Map(vec![Member { name, value }]), span)
            }
        })
    }

    /// Reports a text with `|` or `>` that the versions of YAML read differently.
    fn check_block(&self, span: Span, depth: usize) -> Result<(), DocumentError> {
        let message = match depth {
            1 => "the versions of YAML disagree about the indentation of a document that is a text",
            _ if self.places.is_cut_off(span) => {
                "the versions of YAML disagree whether this text ends a line: end the file with one"
            }
            _ => return Ok(()),
        };
        Err(fault::at(span, message))
    }

    fn list(&mut self, start: Span, depth: usize) -> Result<Node, DocumentError> {
        let mut elements: Vec<Node> = Vec::new();
        loop {
            let (event, span) = self.inner()?;
            if matches!(event, Event::SequenceEnd) {
                let (first, last) = (elements.first(), elements.last());
                let span =
                    self.places
                        .collection(start, span, first.zip(last).map(|(a, b)| a.span.to(b.span)));
                return Ok(Spanned::new(Value::List(elements), span));
            }
            elements.push(self.node((event, span), depth)?);
        }
    }

    fn map(&mut self, start: Span, depth: usize) -> Result<Node, DocumentError> {
        let mut members: Vec<Member> = Vec::new();
        loop {
            let (event, span) = self.inner()?;
            if matches!(event, Event::MappingEnd) {
                let (first, last) = (members.first(), members.last());
                let inner = first.zip(last).map(|(a, b)| a.name.span.to(b.value.span));
                let span = self.places.collection(start, span, inner);
                return Ok(Spanned::new(Value::Map(members), span));
            }
            let is_merge = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<");
            if is_merge {
                return Err(fault::at(
                    span,
                    "merge keys are not read: write the members themselves",
                ));
            }
            let name = self.node((event, span), depth)?;
            let name = Spanned::new(fault::name(name.node, span)?, span);
            let value = self.inner()?;
            let value = self.node(value, depth)?;
            if self.places.is_absent_in_flow(value.span) {
                let message = "the versions of YAML disagree about a name without a value here: write `null`";
                return Err(fault::at(name.span, message));
            }
            members.push(Member { name, value });
        }
    }
}

/// Returns the value of a scalar.
fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Value {
    match style {
        ScalarStyle::Plain => plain::value(text),
        _ => Value::Text(text.into_owned()),
    }
}
