//! JSON values that are built one by one: for the tokens of tests and for output.

use crate::decimal::Decimal;
use crate::document::{Content, Document, DocumentBuilder, Json, Members};
use std::fmt;

/// One JSON value of a token.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A number that is not an integer of 64 bits.
    Decimal(Decimal),
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
    /// Returns the text of a JSON string, or `None` for any other value.
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
            Json::Decimal(decimal) => Self::Decimal(decimal.clone()),
            Json::Int(value) => Self::Int(value),
            Json::List(items) => Self::List(items.map(Self::from).collect()),
            Json::Null => Self::Null,
            Json::Object(members) => Self::Object(members.into()),
            Json::Text(text) => Self::from(text),
        }
    }
}

/// A JSON object: members in the order of the token, each name once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    members: Vec<(String, Value)>,
}

/// An object has a member twice, so that its value is ambiguous (RFC 7519 section 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateMember;

impl Object {
    /// Returns an object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a member.
    ///
    /// # Errors
    /// Returns [`DuplicateMember`] if the object has a member of exactly this name.
    pub fn insert(&mut self, name: String, value: Value) -> Result<(), DuplicateMember> {
        if self.get(&name).is_some() {
            return Err(DuplicateMember);
        }
        self.members.push((name, value));
        Ok(())
    }

    /// Replaces the value of a member, or adds the member.
    pub fn set(&mut self, name: &str, value: Value) {
        match self.members.iter_mut().find(|(member, _)| member == name) {
            Some((_, old)) => *old = value,
            None => self.members.push((name.to_owned(), value)),
        }
    }

    /// Removes a member, if it is there.
    pub fn remove(&mut self, name: &str) {
        self.members.retain(|(member, _)| member != name);
    }

    /// Returns the value of a member, found by its exact name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members
            .iter()
            .find(|(member, _)| member == name)
            .map(|(_, value)| value)
    }

    /// Returns the value at a path of member names, through objects.
    pub fn at(&self, path: &[String]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        match (rest, self.get(first)?) {
            ([], value) => Some(value),
            (rest, Value::Object(inner)) => inner.at(rest),
            _ => None,
        }
    }

    /// Sets the value at a path of member names; `None` removes it. A value on the way that is not an object is
    /// replaced by one.
    pub fn put(&mut self, path: &[String], value: Option<Value>) {
        match (path, value) {
            ([], _) => {}
            ([last], Some(value)) => self.set(last, value),
            ([last], None) => self.remove(last),
            ([first, rest @ ..], value) => {
                if !matches!(self.get(first), Some(Value::Object(_))) {
                    self.set(first, Value::Object(Self::new()));
                }
                if let Some(Value::Object(inner)) = self.get_mut(first) {
                    inner.put(rest, value);
                }
            }
        }
    }

    /// Returns the value of a member for a change.
    fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.members
            .iter_mut()
            .find(|(member, _)| member == name)
            .map(|(_, value)| value)
    }

    /// Returns the members in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.members.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Returns the number of members.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Returns true if there is no member.
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

impl From<&Value> for Document {
    fn from(value: &Value) -> Self {
        let mut builder = DocumentBuilder::default();
        push(&mut builder, "", value);
        builder.finish()
    }
}

impl From<&Object> for Document {
    fn from(object: &Object) -> Self {
        let mut builder = DocumentBuilder::default();
        push_object(&mut builder, "", object);
        builder.finish()
    }
}

impl From<Object> for Document {
    fn from(object: Object) -> Self {
        Self::from(&object)
    }
}

/// Adds a value to a document, under a name if it is a member of an object.
fn push(builder: &mut DocumentBuilder, name: &str, value: &Value) {
    let content = match value {
        Value::Bool(value) => Content::Bool(*value),
        Value::Decimal(decimal) => builder.decimal(decimal),
        Value::Int(value) => Content::Int(*value),
        Value::Null => Content::Null,
        Value::Text(text) => Content::Text(builder.text(text)),
        Value::Object(object) => return push_object(builder, name, object),
        Value::List(items) => {
            let list = builder.open(name);
            items.iter().for_each(|item| push(builder, "", item));
            return builder.close(&list, Content::List);
        }
    };
    builder.push(name, content);
}

fn push_object(builder: &mut DocumentBuilder, name: &str, object: &Object) {
    let opened = builder.open(name);
    object.iter().for_each(|(name, value)| push(builder, name, value));
    builder.close(&opened, Content::Object);
}
