//! Base64url as RFC 7515 section 2 has it: no padding, no other byte, and one spelling for each value.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The bytes, or nothing if the text is not their one spelling: the unused bits of its last character must be zero.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// The one spelling of the bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
