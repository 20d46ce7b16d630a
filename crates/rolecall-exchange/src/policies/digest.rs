//! Digests of policy sets, by which operators approve them.

use rolecall::Source;

use crate::digest::sha256;

/// Returns the SHA-256 digest of the files' names and texts, in hexadecimal digits.
pub(crate) fn digest(sources: &[Source]) -> String {
    let mut whole = Vec::new();
    for source in sources {
        for text in [source.name.as_bytes(), source.text.as_bytes()] {
            // With its length before it, no other texts join to the same bytes.
            whole.extend_from_slice(format!("{}:", text.len()).as_bytes());
            whole.extend_from_slice(text);
        }
    }
    let digits = sha256(&whole).map(|byte| format!("{byte:02x}"));
    format!("sha256:{}", digits.concat())
}
