//! What a document says of some names, at hand.

use super::{Content, Document, Json, Span};
use crate::spelling::Spelling;

/// The value of a member, without a look at the row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Held {
    /// There is none, or it is null.
    Absent,
    Bool(bool),
    /// It is nothing simple, and has to be looked for.
    Elsewhere,
    Int(i64),
    Text(Span),
}

impl Document {
    /// What the document says of a name.
    pub(crate) fn hold(&self, name: &Spelling) -> Held {
        let node = self.place(name).and_then(|place| self.nodes.get(place));
        match node.map(|node| node.content) {
            None | Some(Content::Null) => Held::Absent,
            Some(Content::Bool(value)) => Held::Bool(value),
            Some(Content::Int(number)) => Held::Int(number),
            Some(Content::Text(span)) => Held::Text(span),
            Some(Content::Float(_) | Content::List(_) | Content::Object(_)) => Held::Elsewhere,
        }
    }

    /// A value that is held; `None` if it is nothing simple.
    #[inline]
    pub(crate) fn held(&self, held: Held) -> Option<Option<Json<'_>>> {
        match held {
            Held::Absent => Some(None),
            Held::Bool(value) => Some(Some(Json::Bool(value))),
            Held::Elsewhere => None,
            Held::Int(number) => Some(Some(Json::Int(number))),
            Held::Text(span) => Some(Some(Json::Text(self.text(span)))),
        }
    }
}
