//! Trust policies of octo-sts (<https://github.com/octo-sts/app>): `.github/chainguard/NAME.sts.yaml`.
//!
//! Facts are from its source at v0.8.0 (2026-07-27), `pkg/octosts/trust_policy.go` and
//! `pkg/oidcvalidate/validate.go`, and at commit 0a61135 after it, which changed the anchors of patterns (see
//! [`Anchors`]). A policy is one rule: all of its parts must hold. Before that, octo-sts verifies the token
//! and refuses some issuers, subjects and audiences under any policy: see [`token`].

mod pattern;
mod permission;
mod policy;
mod read;
pub mod token;

pub use pattern::{Anchors, Pattern};
pub use policy::{ClaimPattern, Matcher, Permission, TrustPolicy};
pub use read::{is_trust_policy, read};
