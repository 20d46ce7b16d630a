//! Media types of bodies.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

/// Returns whether the body has this media type, with whatever parameters (RFC 9110 section 8.3.1).
pub(super) fn is_media_type(headers: &HeaderMap, wanted: &str) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.and_then(|value| value.split(';').next());
    media_type.is_some_and(|media| media.trim().eq_ignore_ascii_case(wanted))
}
