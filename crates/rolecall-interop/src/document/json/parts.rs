//! Members of a map and elements of a list, as raw values.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt::{Formatter, Result as FmtResult};

/// The largest number of values in a tree, and of members or elements of one value.
pub(super) const MAX_VALUES: usize = 4_000_000;

/// The members or the elements of a value, with members that have equal names.
pub(super) struct Parts<T>(pub(super) Vec<T>);

impl<T> Parts<T> {
    fn push<E: Error>(&mut self, part: T) -> Result<(), E> {
        self.0.push(part);
        match self.0.len() {
            0..=MAX_VALUES => Ok(()),
            _ => Err(E::custom(too_many())),
        }
    }
}

impl<'de> Deserialize<'de> for Parts<(&'de RawValue, &'de RawValue)> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PartsVisitor(Self(Vec::new())))
    }
}

impl<'de> Deserialize<'de> for Parts<&'de RawValue> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(PartsVisitor(Self(Vec::new())))
    }
}

struct PartsVisitor<T>(Parts<T>);

impl<'de> Visitor<'de> for PartsVisitor<(&'de RawValue, &'de RawValue)> {
    type Value = Parts<(&'de RawValue, &'de RawValue)>;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> FmtResult {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
        while let Some(member) = map.next_entry()? {
            self.0.push(member)?;
        }
        Ok(self.0)
    }
}

impl<'de> Visitor<'de> for PartsVisitor<&'de RawValue> {
    type Value = Parts<&'de RawValue>;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> FmtResult {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Self::Value, A::Error> {
        while let Some(element) = list.next_element()? {
            self.0.push(element)?;
        }
        Ok(self.0)
    }
}

/// Returns the message for too many values.
pub(super) fn too_many() -> String {
    format!("the text has more than {MAX_VALUES} values")
}
