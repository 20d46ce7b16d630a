//! Members of JSON objects that are read for their value: `null` is the same as absent.
//!
//! Many serializers write every member that a type has, and `null` for those without a value: in keys, in
//! headers, in discovery documents and in claims. So a member that may be absent may also be `null`, and one
//! that must be there must not be.
//!
//! This is only for members that say something by their value. Those whose presence changes the meaning of a
//! token are looked for with [`Members::get`], and refused with any value: `crit` and the other forbidden
//! members of a header, and the claims of other kinds of token. REQUIREMENTS.md lists both.

use rolecall_engine::{Json, Members};

/// Returns the value of a member, unless the object does not have it or it is `null`.
pub(crate) fn member<'a>(object: &Members<'a>, name: &str) -> Option<Json<'a>> {
    object.get(name).and_then(present)
}

/// Returns the value of a member, unless it is `null`.
pub(crate) fn present(value: Json<'_>) -> Option<Json<'_>> {
    match value {
        Json::Null => None,
        value => Some(value),
    }
}
