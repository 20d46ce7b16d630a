//! Guards the routes of an HTTP service by the roles that `rolecall` gives CI jobs.
//!
//! # A service
//!
//! A route of axum that needs a role, with its tests. It needs the feature `axum` of this crate, `http` of
//! `rolecall`, and in `[dev-dependencies]` the feature `testing` of `rolecall`.
//!
#![cfg_attr(feature = "axum", doc = "```no_run")]
#![cfg_attr(feature = "axum", doc = include_str!("../examples/axum.rs"))]
#![cfg_attr(feature = "axum", doc = "```")]
#![cfg_attr(not(feature = "axum"), doc = "`examples/axum.rs`")]
//!
//! - [`HttpGate`] is a `rolecall::Gate` for requests. It reads the one bearer token of a request, and makes the
//!   decision.
//! - [`GuardLayer`] guards any tower service on the types of `http`: routes of axum (`Router::route_layer`), hyper,
//!   and, with the feature `tonic`, servers of gRPC.
//! - `RequireRole` and `TokenRoles` are extractors, with the feature `axum`.
//! - [`Refusal`] is the reason for the service, and the response for the requester.
//!
//! Nothing here blocks the runtime: a request that needs keys yields until they are fetched.
//!
//! `axum::serve` has no timeout for the headers of a request. A server on the internet needs its own loop with
//! one, or a proxy in front: see the example `hyper` of `rolecall`.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod bearer;
mod challenge;
#[cfg(feature = "axum")]
mod extract;
#[cfg(feature = "tonic")]
mod grpc;
mod http_gate;
mod layer;
mod refusal;

pub use bearer::{BearerFault, bearer};
pub use challenge::InvalidRealm;
#[cfg(feature = "axum")]
pub use extract::{RequireRole, Role, TokenRoles};
pub use http_gate::{HttpGate, UnknownRole};
pub use layer::{Guard, GuardLayer};
pub use refusal::{Refusal, RefusalReason};
