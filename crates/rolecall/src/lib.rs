//! Verifies the ID tokens of CI jobs, and decides which roles they get.
//!
//! # A service
//!
//! A service holds one [`Gate`]: the policies, the keys of their issuers, and a cache of verified tokens.
//! With the feature `http`, for keys over the network:
//!
//! ```no_run
//! # #[cfg(feature = "http")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use rolecall::{Gate, HttpKeys, KeySources, policies_from_folder};
//!
//! let policies = policies_from_folder("policies/shop")?;
//! let gate = Gate::builder(policies, KeySources::new().otherwise(HttpKeys::new())).build()?;
//! let _watch = gate.watch("policies/shop")?;
//!
//! // For each request, on any thread:
//! # let token = "";
//! let ruling = gate.authorize(token, "deploy-production")?;
//! let grants = ruling.decision().grants();
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "http"))]
//! # fn main() {}
//! ```
//!
//! Async code calls `gate.authorize_async(token, role).await`, on any runtime. The crate `rolecall-tower` guards
//! routes of axum and any tower service. The folder `examples` has a hyper server, and a program without a
//! runtime.
//!
//! - Keys come from a file that the policies name, from the network (`HttpKeys`, with the feature `http`),
//!   from the service itself ([`KeySources::fixed`]), or from its own [`KeySource`]. They are fetched when
//!   the first token needs them, refreshed before they are too old, and kept while their issuer cannot be
//!   reached. [`Gate::key_status`] serves a readiness probe.
//! - Policies come from strings, or from a folder: [`policies_from_folder`] reads it once, [`Gate::watch`]
//!   again whenever it changes. Both take the same files as `policy-check`. [`Gate::replace_policies`]
//!   replaces policies that come from elsewhere.
//! - An [`Observer`] receives decisions, refusals and key events, for metrics and an audit log. With the
//!   feature `tracing`, they also become `tracing` events.
//! - The tests of a service sign tokens with an issuer of their own (`testing`, a feature), and
//!   [`GateBuilder::clock`] takes a [`Clock`].
//! - With the feature `serde`, rulings, refusals and the state of keys are `Serialize`.
//! - A service that verifies tokens by itself uses `rolecall_engine` alone, and vouches for its claims with
//!   `assume_verified` there. This crate has no such function.
//!
//! # Verification
//!
//! A token is untrusted input until its signature has been verified. Verification has two steps, with a type
//! for each state:
//!
//! 1. [`Verifier::read`] parses a `&str`: size limits, the compact form (RFC 7515 section 7.1), the header,
//!    and the claim `iss`, which must be the URL of a configured [`Issuer`], byte for byte. The resulting
//!    [`UnverifiedToken`] exposes its issuer, `kid` and algorithm, and nothing else.
//! 2. [`UnverifiedToken::verify`] takes the issuer's [`KeySet`] and the time. It checks the signature first;
//!    then the audience, times and subject (OpenID Connect Core section 3.1.3.7). The resulting
//!    [`VerifiedToken`] has [`Claims`].
//!
//! Keys and time are arguments. Neither step opens a connection, reads a file or looks at a clock, so the
//! same token, keys and time always give the same result. [`Verifier::verify`] does both steps for callers
//! that have the keys of all issuers. A gate runs the same two steps, and gets keys from its sources and the
//! time from its clock in between.
//!
//! No check can be turned off. The rules for a token are those of its [`Issuer`], and an issuer that is too
//! permissive (no audience, a leeway of an hour) is a [`ConfigError`]. `REQUIREMENTS.md` lists the attacks
//! and faults that verification must withstand, each with its tests, and the decisions behind them.
//!
//! A refusal is a [`VerifyError`]: a value with its evidence and a stable [`code`](VerifyError::code). It
//! never contains the token.
//!
//! # API conventions
//!
//! - Enums, and structs that callers only read, are `#[non_exhaustive]`: a new variant or field is not a
//!   breaking change. Exhaustive are only the types that callers construct or must match completely: the
//!   results of a [`Clock`], a [`KeySource`] and a [`PolicyTree`], and [`Resolved`].
//! - Durations are [`std::time::Duration`]; messages print them in whole seconds. Points in time are
//!   [`UnixTime`] (seconds since 1970) or [`std::time::Instant`].
//! - Types of other crates in public signatures are those of the standard library and of `rolecall_engine`,
//!   which is re-exported, and the trait `Serialize` of `serde` with the features `serde` and `testing`.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod accepted;
mod base64url;
mod bounded_read;
mod claim_rules;
mod clock;
mod config;
mod contained;
mod error;
mod excerpt;
mod gate;
mod header;
mod key;
mod key_set;
mod keys;
mod member;
mod observer;
mod policy_files;
#[cfg(feature = "serde")]
mod serialize;
mod signature;
mod skip_reason;
mod spiffe_id;
#[cfg(feature = "testing")]
pub mod testing;
mod threads;
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
mod watch_error;
mod weak_key;

pub use accepted::Accepted;
pub use clock::{Clock, CoarseClock, Moment, SystemClock};
pub use config::ConfigError;
pub use error::{Evidence, OffBy, TokenFault, VerifyError};
pub use excerpt::Excerpt;
pub use gate::{Denial, Gate, GateBuilder, PolicyWatch, Roles, Ruling};
pub use key::Key;
pub use key_set::{KeySet, KeySetError, MAX_KEY_SET_BYTES, SkippedKey};
pub use keys::{
    CertificateFault, EmptyKeySet, FetchError, Fetched, FileKeys, HttpFault, IssuerDocument, KeySource,
    KeySources, KeyStatus,
};
#[cfg(feature = "http")]
pub use keys::{Discovered, HttpClient, HttpKeys, HttpRequest, HttpResponse, HttpSetupError};
pub use observer::{Event, Observer};
pub use policy_files::{
    DiskTree, EntryKind, FolderError, MAX_POLICY_BYTES, MAX_TOKEN_FILES_BYTES, PolicyFile, PolicyFilesError,
    PolicyTree, Resolved, Selection, TreeEntry, is_policy, policies_from_folder, policy_sources,
    read_token_files, resolve, select, test_files, token_file,
};
pub use rolecall_engine::{
    Algorithm, Claims, CompileError, Decision, DenialReason, Document, Explanation, FailedClaim, GrantFault,
    Issuer, IssuerUrlFault, Json, JsonError, JsonFault, JsonLimits, OperatorView, PolicySet, RequesterView,
    Source, TokenKind,
};
pub use skip_reason::SkipReason;
pub use thumbprint::Thumbprint;
pub use time::UnixTime;
pub use verified_token::VerifiedToken;
pub use verifier::{KeyLookup, UnverifiedToken, Verifier};
pub use watch_error::WatchError;
