//! Keys with their times.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rolecall::UnixTime;
use serde_json::Value;

use super::private_key::Sign;

/// A key with its times.
#[derive(Clone)]
pub(crate) struct SigningKey {
    key: Arc<dyn Sign>,
    kid: String,
    thumbprint: [u8; 32],
    jwk: Value,
    publish_at: i64,
    sign_at: i64,
    retire_at: i64,
}

impl SigningKey {
    pub(super) fn new(
        key: Arc<dyn Sign>,
        publish_at: Timestamp,
        sign_at: Timestamp,
        retire_at: Option<Timestamp>,
    ) -> Self {
        let thumbprint = key.thumbprint();
        Self {
            kid: URL_SAFE_NO_PAD.encode(thumbprint),
            thumbprint,
            jwk: key.jwk(),
            publish_at: publish_at.as_second(),
            sign_at: sign_at.as_second(),
            retire_at: retire_at.map_or(i64::MAX, Timestamp::as_second),
            key,
        }
    }

    /// Returns the `kid`: the RFC 7638 thumbprint.
    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    /// Returns the time in seconds since it could sign.
    pub(crate) fn age(&self, now: UnixTime) -> i64 {
        now.as_secs().saturating_sub(self.sign_at).max(0)
    }

    pub(super) fn sign(&self) -> &dyn Sign {
        &*self.key
    }

    pub(super) fn jwk(&self) -> &Value {
        &self.jwk
    }

    pub(super) fn thumbprint(&self) -> &[u8; 32] {
        &self.thumbprint
    }

    /// Returns the second from which the key is not published any more; the largest number if it stays.
    pub(super) fn retire_at(&self) -> i64 {
        self.retire_at
    }

    pub(super) fn sign_at(&self) -> i64 {
        self.sign_at
    }

    pub(super) fn is_published(&self, now: i64) -> bool {
        self.publish_at <= now && now < self.retire_at
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
