//! JSON that is safe to look at.

use rolecall_engine::{Object, Value};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::failure::Failure;
use crate::printable::is_invisible;

/// The version of the JSON of reports, which is 1. Fields are added without a new one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SchemaVersion;

impl Serialize for SchemaVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(1)
    }
}

/// A report as JSON on one line. Outside of strings JSON is plain ASCII, so whatever is invisible can be escaped.
pub(crate) fn line(report: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let json = serde_json::to_string(report)
        .map_err(|error| Failure::new(format!("the report is no JSON: {error}")))?;
    let mut line = String::with_capacity(json.len());
    for c in json.chars() {
        if is_invisible(c) {
            let mut units = [0_u16; 2];
            for unit in c.encode_utf16(&mut units) {
                line.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            line.push(c);
        }
    }
    line.push('\n');
    Ok(line.into_bytes())
}

/// A value of a token, as the JSON that it was.
#[derive(Clone, Debug)]
pub(crate) struct Json(pub(crate) Value);

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Ref(&self.0).serialize(serializer)
    }
}

struct Ref<'a>(&'a Value);

impl Serialize for Ref<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Float(value) => serializer.serialize_f64(*value),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::List(items) => serializer.collect_seq(items.iter().map(Ref)),
            Value::Null => serializer.serialize_unit(),
            Value::Object(object) => members(object, serializer),
            Value::Text(text) => serializer.serialize_str(text),
        }
    }
}

fn members<S: Serializer>(object: &Object, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(object.iter().map(|(name, value)| (name, Ref(value))))
}

/// Names and values in an order that means something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pairs(pub(crate) Vec<(String, String)>);

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
