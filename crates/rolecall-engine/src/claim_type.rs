//! Types of claims, and the values of tokens that belong to each.

use crate::document::Json;
use crate::swar::{equal_bytes, few_bytes};
use crate::value::Value;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// The type of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimType {
    /// A JSON array. Any other value is an array of one.
    List(Scalar),
    /// One value.
    Scalar(Scalar),
}

/// The type of one value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scalar {
    /// `true` or `false`, as a bool or as a string.
    Bool,
    /// One of the listed values, or another one if the enum is open.
    Enum {
        /// The values.
        values: EnumValues,
        /// True if other values belong to the type as well.
        open: bool,
    },
    /// Digits, as a JSON string or as an integer.
    Id,
    /// A JSON integer.
    Int,
    /// Segments joined by `/`, none of them empty, without `:`.
    Path,
    /// A ref name that git accepts.
    Ref,
    /// A JSON string.
    Text,
    /// Seconds since 1970: the floor of a JSON number.
    Time,
}

/// The values of an enum, in the order of the declaration. Cloning them is cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValues {
    values: Arc<[String]>,
    /// The indices of the values, in the order of their texts.
    sorted: Arc<[usize]>,
}

impl EnumValues {
    /// Returns true if a text is one of the values, after a logarithmic number of comparisons.
    pub fn has(&self, text: &str) -> bool {
        let value = |place: &usize| self.values.get(*place).map_or("", String::as_str);
        self.sorted
            .binary_search_by_key(&text, |place| value(place))
            .is_ok()
    }
}

impl From<Vec<String>> for EnumValues {
    fn from(values: Vec<String>) -> Self {
        let mut sorted: Vec<usize> = (0..values.len()).collect();
        sorted.sort_by_key(|place| values.get(*place));
        Self {
            sorted: sorted.into(),
            values: values.into(),
        }
    }
}

impl std::ops::Deref for EnumValues {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.values
    }
}

/// A value of a type. An id is the text of its digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Typed<'a> {
    /// A bool.
    Bool(bool),
    /// An int or a time.
    Int(i64),
    /// Anything else.
    Text(Cow<'a, str>),
}

/// A value that is written in a policy.
pub type Literal = Typed<'static>;

impl Scalar {
    /// Returns true if the type has pattern operators.
    pub fn has_patterns(&self) -> bool {
        matches!(self, Self::Path | Self::Ref | Self::Text)
    }

    /// Returns true if the type has the operators `<`, `<=`, `>`, `>=`.
    pub fn is_ordered(&self) -> bool {
        matches!(self, Self::Int | Self::Time)
    }

    /// Returns the value as one of this type, or `None` if it does not belong to it.
    pub fn read<'a>(&self, value: Json<'a>) -> Option<Typed<'a>> {
        match (self, value) {
            (Self::Bool, Json::Bool(value)) => Some(Typed::Bool(value)),
            (Self::Bool, Json::Text(text)) => match text {
                "true" => Some(Typed::Bool(true)),
                "false" => Some(Typed::Bool(false)),
                _ => None,
            },
            (Self::Id, Json::Int(number)) if number >= 0 => Some(Typed::Text(Cow::Owned(number.to_string()))),
            (Self::Int, Json::Int(number)) => Some(Typed::Int(number)),
            (Self::Time, value) => value.floor().map(Typed::Int),
            (Self::Enum { .. } | Self::Id | Self::Path | Self::Ref | Self::Text, Json::Text(text)) => {
                self.holds(text).then_some(Typed::Text(Cow::Borrowed(text)))
            }
            _ => None,
        }
    }

    /// Returns true if a JSON string belongs to this type. Does not test a string for a bool or a number.
    pub fn holds(&self, text: &str) -> bool {
        match self {
            Self::Bool | Self::Int | Self::Time => false,
            Self::Enum { values, open } => *open || values.has(text),
            Self::Id => !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()),
            Self::Path => is_path(text),
            Self::Ref => is_ref(text),
            Self::Text => true,
        }
    }
}

/// Returns true if a text is segments joined by `/`, none empty, without `:`. Tests eight bytes at a time.
fn is_path(text: &str) -> bool {
    let (words, tail) = text.as_bytes().as_chunks::<8>();
    // The highest bit if the byte before is a slash. The start of the text counts as one.
    let mut before = 0x80;
    let mut is_bad = false;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let slashes = equal_bytes(word, b'/');
        is_bad |= slashes & (slashes << 8 | before) != 0 || equal_bytes(word, b':') != 0;
        before = slashes >> 56;
    }
    let word = few_bytes(tail);
    let slashes = equal_bytes(word, b'/');
    is_bad |= slashes & (slashes << 8 | before) != 0 || equal_bytes(word, b':') != 0;
    !(is_bad || text.is_empty() || text.ends_with('/'))
}

/// Returns true if git accepts a ref name: the rules of `git check-ref-format --allow-onelevel`.
fn is_ref(name: &str) -> bool {
    let forbidden = |byte: u8| {
        byte.is_ascii_control() || matches!(byte, b' ' | b'~' | b'^' | b':' | b'?' | b'*' | b'[' | b'\\')
    };
    // Forbidden: an empty part, a part that begins with a dot, two dots, `@{`. The start counts as a slash.
    let (mut before, mut has_dot) = (b'/', false);
    for byte in name.bytes() {
        has_dot |= byte == b'.';
        if forbidden(byte) || matches!((before, byte), (b'/', b'/' | b'.') | (b'.', b'.') | (b'@', b'{')) {
            return false;
        }
        before = byte;
    }
    !matches!(before, b'/' | b'.') && name != "@" && !(has_dot && has_lock(name))
}

/// Returns true if a part of a name ends with `.lock`.
fn has_lock(name: &str) -> bool {
    name.split('/').any(|part| part.ends_with(".lock"))
}

impl ClaimType {
    /// Returns the type of the value, or of each value of the list.
    pub fn scalar(&self) -> &Scalar {
        match self {
            Self::List(scalar) | Self::Scalar(scalar) => scalar,
        }
    }

    /// Returns true for a list.
    pub fn is_list(&self) -> bool {
        matches!(self, Self::List(_))
    }
}

impl Typed<'_> {
    /// Returns the text, if the value is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Bool(_) | Self::Int(_) => None,
        }
    }

    /// Returns the number, if the value is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Bool(_) | Self::Text(_) => None,
        }
    }

    /// Returns the value as JSON.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(number) => Value::Int(*number),
            Self::Text(text) => Value::Text(text.clone().into_owned()),
        }
    }
}

/// Writes the value as in a template: a text as it is.
impl fmt::Display for Typed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Writes the type with its article, for messages.
impl fmt::Display for ClaimType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(scalar) => write!(f, "a list of {}", scalar.plural()),
            Self::Scalar(scalar) => f.write_str(scalar.singular()),
        }
    }
}

impl Scalar {
    /// Returns the type with its article.
    pub fn singular(&self) -> &'static str {
        match self {
            Self::Bool => "a bool",
            Self::Enum { .. } => "an enum",
            Self::Id => "an id",
            Self::Int => "an int",
            Self::Path => "a path",
            Self::Ref => "a git ref",
            Self::Text => "text",
            Self::Time => "a time",
        }
    }

    fn plural(&self) -> &'static str {
        match self {
            Self::Bool => "bools",
            Self::Enum { .. } => "enum values",
            Self::Id => "ids",
            Self::Int => "ints",
            Self::Path => "paths",
            Self::Ref => "git refs",
            Self::Text => "texts",
            Self::Time => "times",
        }
    }
}
