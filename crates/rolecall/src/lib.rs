//! From the ID token of a CI job to claims that a policy can be asked about.
//!
//! A token comes from outside, and nothing in it is true until its signature held. So the way has two steps, with a type
//! for each state:
//!
//! 1. [`Verifier::read`] takes `&str` apart: limits, the compact form (RFC 7515 section 7.1), the header, and the claim
//!    `iss`, which must be the URL of a configured [`Issuer`], byte for byte. What comes out is an [`UnverifiedToken`],
//!    which tells whose keys it takes, and nothing else.
//! 2. [`UnverifiedToken::verify`] takes the issuer's [`KeySet`] and the time. The signature comes first; then audience,
//!    times and subject (OpenID Connect Core section 3.1.3.7). What comes out is a [`VerifiedToken`] with [`Claims`].
//!
//! Keys and time are arguments. Nothing here opens a connection, reads a file or looks at a clock, so the same token, keys
//! and time give the same answer everywhere. Keys are read once, with [`KeySet::parse`], and used for many tokens.
//! [`Verifier::verify`] is both steps in one, for callers that have the keys of all issuers at hand.
//!
//! There are no switches. What a token must pass is not an option of the caller: it is what the [`Issuer`] says, and an
//! issuer that says too little (no audience, a leeway of an hour) makes no verifier, but a [`ConfigError`].
//!
//! A refusal is a [`VerifyError`]: a value with its evidence, a stable [`code`](VerifyError::code), and no token in it.

mod base64url;
mod claim_rules;
mod clock;
mod config;
mod error;
mod excerpt;
mod gate;
mod header;
mod key;
mod key_set;
mod keys;
mod observer;
mod signature;
mod skip_reason;
mod thumbprint;
mod time;
mod token;
mod token_cache;
#[cfg(feature = "tracing")]
mod trace;
#[cfg(test)]
mod vectors;
mod verified_token;
mod verifier;
mod weak_key;

pub use clock::{Clock, Moment, SystemClock};
pub use config::ConfigError;
pub use error::{TokenFault, VerifyError};
pub use excerpt::Excerpt;
pub use gate::{Denial, Gate, GateBuilder, Roles, Ruling};
pub use key::Key;
pub use key_set::{KeySet, KeySetError, SkippedKey};
pub use keys::{
    CertificateFault, FetchError, Fetched, FileKeys, HttpFault, IssuerDocument, KeySource, KeySources,
    KeyStatus,
};
#[cfg(feature = "http")]
pub use keys::{Discovered, HttpKeys, HttpSetupError};
pub use observer::{Event, Observer};
pub use rolecall_engine::{
    Algorithm, Claims, CompileError, Decision, Document, GrantError, Issuer, IssuerUrlFault, Json, JsonError,
    JsonFault, JsonLimits, PolicySet, Reason, Source,
};
pub use skip_reason::SkipReason;
pub use thumbprint::Thumbprint;
pub use time::UnixTime;
pub use verified_token::VerifiedToken;
pub use verifier::{KeyLookup, UnverifiedToken, Verifier};
