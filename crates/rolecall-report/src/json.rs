//! JSON output that is safe to show.

use crate::failure::Failure;
use crate::printable::{commands, hide_tokens, is_invisible};
use rolecall_engine::{Object, Value};
use serde::ser::{self, Serialize, SerializeMap};
use serde_json::Serializer;
use serde_json::ser::Formatter;
use serde_json::value::RawValue;
use std::io::{self, Write};

/// The version of the reports' JSON, which is 1. Added fields do not change it.
#[derive(Clone, Copy, Debug, Default)]
pub struct SchemaVersion;

impl Serialize for SchemaVersion {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(1)
    }
}

/// Formats a report as JSON on one line.
pub fn line(report: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let mut line = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut line, Inert);
    let written = report.serialize(&mut serializer);
    written.map_err(|error| Failure::new(format!("cannot write the report as JSON: {error}")))?;
    line.push(b'\n');
    Ok(line)
}

/// A formatter that makes strings inert: without invisible characters, commands and tokens.
struct Inert;

impl Formatter for Inert {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let fragment = hide_tokens(fragment);
        let commands = commands(&fragment, false);
        for (at, c) in fragment.char_indices() {
            if is_invisible(c) || commands.binary_search(&at).is_ok() {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            } else {
                writer.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?;
            }
        }
        Ok(())
    }
}

/// A value of a token that serialises to the JSON in the token.
#[derive(Clone, Debug)]
pub struct Json(pub Value);

impl Serialize for Json {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Ref(&self.0).serialize(serializer)
    }
}

struct Ref<'a>(&'a Value);

impl Serialize for Ref<'_> {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Decimal(decimal) => {
                let written = RawValue::from_string(decimal.to_string()).map_err(ser::Error::custom)?;
                written.serialize(serializer)
            }
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::List(items) => serializer.collect_seq(items.iter().map(Ref)),
            Value::Null => serializer.serialize_unit(),
            Value::Object(object) => members(object, serializer),
            Value::Text(text) => serializer.serialize_str(text),
        }
    }
}

fn members<S: ser::Serializer>(object: &Object, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(object.iter().map(|(name, value)| (name, Ref(value))))
}

/// Names and values in a meaningful order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(pub Vec<(String, String)>);

impl Serialize for Pairs {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
