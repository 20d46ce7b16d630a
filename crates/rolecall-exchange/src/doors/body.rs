//! Bodies: their media types, and objects in JSON.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

/// Returns whether the body has this media type, with whatever parameters (RFC 9110 section 8.3.1).
pub(super) fn is_media_type(headers: &HeaderMap, wanted: &str) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.and_then(|value| value.split(';').next());
    media_type.is_some_and(|media| media.trim().eq_ignore_ascii_case(wanted))
}

/// Parses a JSON object. A member that is known and repeated is refused.
pub(super) fn object<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    // A list of the members' values would also be taken.
    if !body.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    serde_json::from_slice(body).ok()
}
