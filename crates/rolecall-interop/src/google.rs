//! Workload identity federation of Google Cloud: providers of pools, and allow policies that have members of pools.
//!
//! Documents are the output of `gcloud iam workload-identity-pools providers describe` and `list`, and of the commands
//! `get-iam-policy` of service accounts, projects, buckets and others, all with `--format=json`.
//!
//! Facts are from the reference of `projects.locations.workloadIdentityPools.providers` in the IAM API v1, the pages
//! "Workload Identity Federation" and "Principal identifiers" of the IAM documentation, and google/cel-spec
//! `doc/langdef.md`. A token gets in if one of the provider's audiences is its `aud`, all mappings have a value, and the
//! condition is true. `google.subject` has at most 127 bytes.
//!
//! The limits of the exchange on the size of a token's mapped attributes are not part of the tree.

mod documents;
mod member;
mod policy;
mod provider;
mod read;

pub use documents::{Documents, FoundPolicy};
pub use member::{Member, Pool, Selection};
pub use policy::{Binding, BindingCondition, Policy};
pub use provider::{Attribute, Mapping, Oidc, Provider, ProviderKind, ProviderReading};
pub use read::{is_policy, is_provider, policy, providers};
