//! SHA-256.

use aws_lc_rs::digest;

/// Returns the SHA-256 digest of bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut array = [0; 32];
    array.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    array
}
