//! JSON values that are put together one by one: the tokens of tests, and what is shown.

use std::fmt;

use crate::document::{Document, Json, Members};

/// One JSON value of a token.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A number that is no integer of 64 bits. No comparison of the language ever holds on it.
    Float(f64),
    /// An integer of 64 bits.
    Int(i64),
    /// A JSON array.
    List(Vec<Self>),
    /// `null`, which the language treats like an absent claim.
    Null,
    /// A JSON object.
    Object(Object),
    /// A JSON string, kept exactly: no trimming, no case folding, no Unicode normalisation.
    Text(String),
}

impl Value {
    /// The text of a JSON string, or `None` for any other value.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Writes the value as [`Json`] does.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Document::from(self).root(), f)
    }
}

impl From<Json<'_>> for Value {
    fn from(json: Json<'_>) -> Self {
        match json {
            Json::Bool(value) => Self::Bool(value),
            Json::Float(value) => Self::Float(value),
            Json::Int(value) => Self::Int(value),
            Json::List(items) => Self::List(items.map(Self::from).collect()),
            Json::Null => Self::Null,
            Json::Object(members) => Self::Object(members.into()),
            Json::Text(text) => Self::from(text),
        }
    }
}

/// Writes a string as a JSON string that is safe to show: what a terminal would obey is escaped.
pub(crate) fn write_text(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            _ if rolecall_syntax::is_invisible(c) => {
                let mut units = [0_u16; 2];
                for unit in c.encode_utf16(&mut units) {
                    write!(f, "\\u{unit:04x}")?;
                }
            }
            _ => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}

/// A JSON object: members in the order of the token, each name once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    members: Vec<(String, Value)>,
}

/// An object named a member twice: which of the two counts would be a guess (RFC 7519 section 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateMember;

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a member.
    ///
    /// # Errors
    /// [`DuplicateMember`] if the object has a member of exactly this name.
    pub fn insert(&mut self, name: String, value: Value) -> Result<(), DuplicateMember> {
        if self.get(&name).is_some() {
            return Err(DuplicateMember);
        }
        self.members.push((name, value));
        Ok(())
    }

    /// Puts a value in the place of a member, or adds the member.
    pub fn set(&mut self, name: &str, value: Value) {
        match self.members.iter_mut().find(|(member, _)| member == name) {
            Some((_, old)) => *old = value,
            None => self.members.push((name.to_owned(), value)),
        }
    }

    /// Takes a member out, if it is there.
    pub fn remove(&mut self, name: &str) {
        self.members.retain(|(member, _)| member != name);
    }

    /// The value of a member, found by its exact name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members
            .iter()
            .find(|(member, _)| member == name)
            .map(|(_, value)| value)
    }

    /// The value of a member, to change it.
    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.members
            .iter_mut()
            .find(|(member, _)| member == name)
            .map(|(_, value)| value)
    }

    /// The members in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.members.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

impl From<Members<'_>> for Object {
    fn from(members: Members<'_>) -> Self {
        let members = members.map(|(name, value)| (name.to_owned(), value.into()));
        Self {
            members: members.collect(),
        }
    }
}
