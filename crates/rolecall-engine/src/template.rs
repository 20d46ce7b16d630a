//! Templates: texts with claims in them, for derived claims and for grants.

use crate::certain::{next, plus};
use crate::claim_type::Typed;
use crate::id::ClaimId;
use rolecall_syntax::{Str, StrChar};
use std::ops::Range;

/// Text with claims in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// The parts in order.
    pub parts: Vec<Part>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// `{claim}` or `{claim|filter}`
    Claim(ClaimId, Option<Filter>),
    /// `[ … ]`: left out when a claim in it is absent.
    Optional(Vec<Self>),
    /// Text.
    Text(String),
}

/// A filter that changes a claim's value before it is inserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Replaces each `:` by `%3A`, as GitHub does in `sub`.
    ColonEncoded,
    /// The last segment of a path.
    Name,
    /// A path without its last segment.
    Parent,
}

impl Filter {
    /// All filters with their names.
    pub const ALL: [(&'static str, Self); 3] = [
        ("colon-encoded", Self::ColonEncoded),
        ("name", Self::Name),
        ("parent", Self::Parent),
    ];

    /// Returns the filtered value; `None` if the value has no parent.
    pub fn apply(self, value: &str) -> Option<String> {
        match self {
            Self::ColonEncoded => Some(value.replace(':', "%3A")),
            Self::Name => value.rsplit('/').next().map(str::to_owned),
            Self::Parent => value.rsplit_once('/').map(|(parent, _)| parent.to_owned()),
        }
    }
}

/// The meaning of a name in braces.
pub(crate) enum Filling {
    Claim(ClaimId),
    Text(String),
}

/// An error in the text of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TemplateError {
    EmptyBraces,
    MisplacedEscape(char),
    NestedOptional,
    Unclosed(char),
    UnknownFilter(String),
    Unopened(char),
}

impl Template {
    /// Parses a template. `fill` takes a name in braces and its range in the string as written, and returns
    /// its meaning, or reports an error and returns `None`.
    pub(crate) fn parse(
        string: &Str,
        fill: &mut dyn FnMut(&str, Range<usize>) -> Option<Filling>,
    ) -> Result<Self, (TemplateError, Range<usize>)> {
        let mut chars = string.chars();
        let mut parser = Parser {
            parts: Vec::new(),
            optional: None,
            text: String::new(),
        };
        while let Some(c) = chars.next() {
            let here = c.offset..plus(c.offset, c.value.len_utf8());
            match (c.value, c.escaped) {
                ('*' | '?', true) => return Err((TemplateError::MisplacedEscape(c.value), here)),
                ('{', false) => {
                    let (name, end) =
                        braces(&mut chars).ok_or((TemplateError::Unclosed('{'), here.clone()))?;
                    let place = here.end..end;
                    let (name, filter) = match name.split_once('|') {
                        Some((name, filter)) => (name, Some(known_filter(filter, &place)?)),
                        None => (name.as_str(), None),
                    };
                    if name.trim().is_empty() {
                        return Err((TemplateError::EmptyBraces, here.start..next(end)));
                    }
                    parser.fill(fill(name.trim(), place), filter);
                }
                ('}', false) => return Err((TemplateError::Unopened('}'), here)),
                ('[', false) => parser.open(here)?,
                (']', false) => parser.close(here)?,
                (value, _) => parser.text.push(value),
            }
        }
        parser.finish()
    }

    /// Returns the claims in it, each with whether it is in an optional part.
    pub fn claims(&self) -> impl Iterator<Item = (ClaimId, bool)> {
        self.parts.iter().flat_map(|part| match part {
            Part::Claim(claim, _) => vec![(*claim, false)],
            Part::Optional(parts) => parts
                .iter()
                .filter_map(|part| {
                    if let Part::Claim(claim, _) = part {
                        Some((*claim, true))
                    } else {
                        None
                    }
                })
                .collect(),
            Part::Text(_) => Vec::new(),
        })
    }

    /// Returns the text with the claims filled in, or `None` if one of them has no value.
    ///
    /// `read` returns the value of a claim; `is_absent` returns true if the token does not have the claim.
    pub(crate) fn render<'a>(
        &self,
        read: &dyn Fn(ClaimId) -> Option<Typed<'a>>,
        is_absent: &dyn Fn(ClaimId) -> bool,
    ) -> Option<String> {
        let mut text = String::new();
        render(&self.parts, read, is_absent, &mut text)?;
        Some(text)
    }
}

fn render<'a>(
    parts: &[Part],
    read: &dyn Fn(ClaimId) -> Option<Typed<'a>>,
    is_absent: &dyn Fn(ClaimId) -> bool,
    text: &mut String,
) -> Option<()> {
    for part in parts {
        match part {
            Part::Claim(claim, filter) => {
                let value = read(*claim)?.to_string();
                text.push_str(&match filter {
                    Some(filter) => filter.apply(&value)?,
                    None => value,
                });
            }
            Part::Optional(inner) => {
                let absent = |part: &Part| matches!(part, Part::Claim(claim, _) if is_absent(*claim));
                if !inner.iter().any(absent) {
                    render(inner, read, is_absent, text)?;
                }
            }
            Part::Text(literal) => text.push_str(literal),
        }
    }
    Some(())
}

struct Parser {
    parts: Vec<Part>,
    /// The parts of the optional part that is open, and its opening bracket.
    optional: Option<(Vec<Part>, Range<usize>)>,
    text: String,
}

impl Parser {
    fn flush(&mut self) {
        if !self.text.is_empty() {
            let text = Part::Text(std::mem::take(&mut self.text));
            self.push(text);
        }
    }

    fn push(&mut self, part: Part) {
        match &mut self.optional {
            Some((parts, _)) => parts.push(part),
            None => self.parts.push(part),
        }
    }

    fn fill(&mut self, filling: Option<Filling>, filter: Option<Filter>) {
        match filling {
            Some(Filling::Text(text)) => match filter {
                // A path of one segment has an empty parent.
                Some(filter) => self.text.push_str(&filter.apply(&text).unwrap_or_default()),
                None => self.text.push_str(&text),
            },
            Some(Filling::Claim(claim)) => {
                self.flush();
                self.push(Part::Claim(claim, filter));
            }
            None => {}
        }
    }

    fn open(&mut self, here: Range<usize>) -> Result<(), (TemplateError, Range<usize>)> {
        self.flush();
        if self.optional.is_some() {
            return Err((TemplateError::NestedOptional, here));
        }
        self.optional = Some((Vec::new(), here));
        Ok(())
    }

    fn close(&mut self, here: Range<usize>) -> Result<(), (TemplateError, Range<usize>)> {
        self.flush();
        let (parts, _) = self.optional.take().ok_or((TemplateError::Unopened(']'), here))?;
        self.parts.push(Part::Optional(parts));
        Ok(())
    }

    fn finish(mut self) -> Result<Template, (TemplateError, Range<usize>)> {
        self.flush();
        match self.optional {
            Some((_, here)) => Err((TemplateError::Unclosed('['), here)),
            None => Ok(Template { parts: self.parts }),
        }
    }
}

/// Returns the text up to the closing brace, and the offset of that.
fn braces(chars: &mut impl Iterator<Item = StrChar>) -> Option<(String, usize)> {
    let mut name = String::new();
    for c in chars {
        match (c.value, c.escaped) {
            ('}', false) => return Some((name, c.offset)),
            ('{' | '[' | ']', _) => return None,
            (value, _) => name.push(value),
        }
    }
    None
}

fn known_filter(name: &str, place: &Range<usize>) -> Result<Filter, (TemplateError, Range<usize>)> {
    Filter::ALL
        .into_iter()
        .find(|(known, _)| *known == name.trim())
        .map(|(_, filter)| filter)
        .ok_or_else(|| {
            (
                TemplateError::UnknownFilter(name.trim().to_owned()),
                place.clone(),
            )
        })
}
