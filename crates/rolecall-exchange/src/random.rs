//! Randomness. This is the only file that asks for it; private keys are generated in `signing`.

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Returns random bytes.
///
/// # Errors
/// [`NoRandomness`] if the system gives none.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// Returns an identifier of 128 random bits.
///
/// # Errors
/// [`NoRandomness`] if the system gives none.
pub(crate) fn identifier() -> Result<String, NoRandomness> {
    bytes::<16>().map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
}

/// The system gives no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoRandomness;
