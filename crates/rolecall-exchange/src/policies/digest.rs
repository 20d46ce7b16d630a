//! Digests of policy sets, by which operators approve them.

use aws_lc_rs::digest::{Context, SHA256};
use rolecall::Source;

/// Returns the SHA-256 digest of the files' names and texts, in hexadecimal digits.
pub(crate) fn digest(sources: &[Source]) -> String {
    let mut context = Context::new(&SHA256);
    for source in sources {
        for text in [source.name.as_bytes(), source.text.as_bytes()] {
            // With its length before it, no other texts join to the same bytes.
            context.update(format!("{}:", text.len()).as_bytes());
            context.update(text);
        }
    }
    let digest = context.finish();
    let digits = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
    format!("sha256:{}", digits.collect::<String>())
}
