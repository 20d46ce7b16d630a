//! From the ID token of a CI job to a decision.
//!
//! # A service
//!
//! holds one [`Gate`]: policies, the keys of their issuers, and what was verified a moment ago. All of it in ten lines, with
//! the feature `http` for keys over the network:
//!
//! ```no_run
//! # #[cfg(feature = "http")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use rolecall::{Gate, HttpKeys, KeySources, PolicySet, Source};
//!
//! let policy = std::fs::read_to_string("shop.policy")?;
//! let policies = PolicySet::compile([Source::new("shop.policy", policy)])?;
//! let gate = Gate::builder(policies, KeySources::new().otherwise(HttpKeys::new())).build()?;
//!
//! // For each request, on any thread:
//! # let token = "";
//! let ruling = gate.authorize(token, "deploy-production")?;
//! let grants = ruling.decision().grants()?;
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "http"))]
//! # fn main() {}
//! ```
//!
//! In async code it is `gate.authorize_async(token, role).await`, on any runtime. The folder `examples` has a middleware for
//! axum, a server of hyper, and a program without a runtime.
//!
//! - Keys come from a file that the policies name, from the network ([`HttpKeys`]), from the service itself
//!   ([`KeySources::fixed`]), or from a [`KeySource`] of its own. They are read when the first token needs them, refreshed
//!   before they are too old, and kept while their issuer is not reachable. [`Gate::key_status`] tells a readiness probe.
//! - Policies come from texts, or from a folder ([`policies_from_folder`], [`PolicyFolder`] to see changes): the same files that
//!   `policy-check` takes.
//! - [`Gate::replace_policies`] puts new policies in the place of the old ones while requests go on.
//! - An [`Observer`] is told of decisions, refusals and keys, for metrics and an audit log; with the feature `tracing`, so is
//!   `tracing`.
//! - [`Gate::builder`] takes a [`Clock`], for tests.
//!
//! # Verification
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
//! Keys and time are arguments there. None of this opens a connection, reads a file or looks at a clock, so the same token,
//! keys and time give the same answer everywhere. [`Verifier::verify`] is both steps in one, for callers that have the keys
//! of all issuers at hand. A gate does the same, and asks its sources and its clock in between.
//!
//! There are no switches. What a token must pass is not an option of the caller: it is what the [`Issuer`] says, and an
//! issuer that says too little (no audience, a leeway of an hour) makes no verifier, but a [`ConfigError`]. What must never
//! happen, and the test that shows it, is in `REQUIREMENTS.md`, and so are the decisions behind it.
//!
//! A refusal is a [`VerifyError`]: a value with its evidence, a stable [`code`](VerifyError::code), and no token in it.

#![cfg_attr(
    not(feature = "http"),
    allow(rustdoc::broken_intra_doc_links, reason = "`HttpKeys` is not there")
)]

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
mod policy_files;
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
    CertificateFault, EmptyKeySet, FetchError, Fetched, FileKeys, HttpFault, IssuerDocument, KeySource,
    KeySources, KeyStatus,
};
#[cfg(feature = "http")]
pub use keys::{Discovered, HttpKeys, HttpSetupError};
pub use observer::{Event, Observer};
pub use policy_files::{
    DiskTree, EntryKind, FolderError, MAX_POLICY_BYTES, PolicyFile, PolicyFilesError, PolicyFolder,
    PolicyTree, Resolved, Selection, TreeEntry, is_policy, policies_from_folder, resolve, select,
};
pub use rolecall_engine::{
    Algorithm, Claims, CompileError, Decision, DenialReason, Document, GrantError, Issuer, IssuerUrlFault,
    Json, JsonError, JsonFault, JsonLimits, PolicySet, Source,
};
pub use skip_reason::SkipReason;
pub use thumbprint::Thumbprint;
pub use time::UnixTime;
pub use verified_token::VerifiedToken;
pub use verifier::{KeyLookup, UnverifiedToken, Verifier};
