//! Cached values of members, read without a look at the row.

use super::{Content, Document, Json, Span};
use crate::hashed_str::HashedStr;

/// The value of a member, if it is small enough to be cached.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CachedValue {
    /// The member is absent or null.
    Absent,
    Bool(bool),
    Int(i64),
    Text(Span),
    /// A value that is not cached: a decimal, a list or an object.
    Uncached,
}

impl Document {
    /// Returns the value of a member of the outermost object, for a cache.
    pub(crate) fn cache(&self, name: &HashedStr) -> CachedValue {
        let node = self.position(name).and_then(|position| self.nodes.get(position));
        match node.map(|node| node.content) {
            None | Some(Content::Null) => CachedValue::Absent,
            Some(Content::Bool(value)) => CachedValue::Bool(value),
            Some(Content::Int(number)) => CachedValue::Int(number),
            Some(Content::Text(span)) => CachedValue::Text(span),
            Some(Content::Decimal(_) | Content::List(_) | Content::Object(_)) => CachedValue::Uncached,
        }
    }

    /// Returns a cached value: `Some(None)` if the member is absent, `None` if its value is not cached.
    #[inline]
    pub(crate) fn cached(&self, value: CachedValue) -> Option<Option<Json<'_>>> {
        match value {
            CachedValue::Absent => Some(None),
            CachedValue::Bool(value) => Some(Some(Json::Bool(value))),
            CachedValue::Int(number) => Some(Some(Json::Int(number))),
            CachedValue::Text(span) => Some(Some(Json::Text(self.text(span)))),
            CachedValue::Uncached => None,
        }
    }
}
