//! Templates: texts with claims in them, for derived claims and for grants.

mod tokens;
mod variable;

use crate::certain::plus;
use crate::claim_type::Typed;
use crate::id::ClaimId;
use rolecall_syntax::Str;
use std::ops::Range;
pub(crate) use tokens::{ErrorAt, Token, may_have_holes, tokens};
pub(crate) use variable::{Variable, is_of_ci};

/// Text with claims in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Template {
    /// The parts in order.
    pub parts: Vec<Part>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// `{claim}` or `{claim|filter}`
    Claim(ClaimId, Option<Filter>),
    /// `[ … ]`: left out when a claim in it is absent.
    Optional(Vec<Self>),
    /// Text.
    Text(String),
}

/// A filter that changes a claim's value before it is inserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    pub const ALL: [Self; 3] = [Self::ColonEncoded, Self::Name, Self::Parent];

    /// Returns the name of the filter.
    pub fn name(self) -> &'static str {
        match self {
            Self::ColonEncoded => "colon-encoded",
            Self::Name => "name",
            Self::Parent => "parent",
        }
    }

    /// Returns true if the filter has a result for a value.
    pub(crate) fn applies_to(self, value: &str) -> bool {
        match self {
            Self::ColonEncoded | Self::Name => true,
            Self::Parent => value.contains('/'),
        }
    }

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
    /// `{{`, as other languages write a name in braces.
    DoubledBrace(String),
    EmptyBraces,
    MisplacedEscape(char),
    NestedOptional,
    Unclosed(char),
    UnknownFilter(String),
    Unopened(char),
    /// `${…}` or `$NAME`, as other languages write a name in a text.
    Variable(Variable),
}

impl Template {
    /// Parses a template. `fill` takes a name in braces and its range in the string as written, and returns
    /// its meaning, or reports an error and returns `None`.
    pub(crate) fn parse(
        string: &Str,
        fill: &mut dyn FnMut(&str, Range<usize>) -> Option<Filling>,
    ) -> Result<Self, ErrorAt> {
        let mut parser = Parser {
            parts: Vec::new(),
            optional: None,
            text: String::new(),
        };
        for token in tokens(string) {
            match token? {
                Token::Hole { name, filter, place } => parser.fill(fill(&name, place), filter),
                Token::Char(c) => {
                    let here = c.offset..plus(c.offset, c.value.len_utf8());
                    match (c.value, c.escaped) {
                        ('*' | '?', true) => return Err((TemplateError::MisplacedEscape(c.value), here)),
                        ('[', false) => parser.open(here)?,
                        (']', false) => parser.close(here)?,
                        (value, _) => parser.text.push(value),
                    }
                }
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

    fn open(&mut self, here: Range<usize>) -> Result<(), ErrorAt> {
        self.flush();
        if self.optional.is_some() {
            return Err((TemplateError::NestedOptional, here));
        }
        self.optional = Some((Vec::new(), here));
        Ok(())
    }

    fn close(&mut self, here: Range<usize>) -> Result<(), ErrorAt> {
        self.flush();
        let (parts, _) = self.optional.take().ok_or((TemplateError::Unopened(']'), here))?;
        self.parts.push(Part::Optional(parts));
        Ok(())
    }

    fn finish(mut self) -> Result<Template, ErrorAt> {
        self.flush();
        match self.optional {
            Some((_, here)) => Err((TemplateError::Unclosed('['), here)),
            None => Ok(Template { parts: self.parts }),
        }
    }
}
