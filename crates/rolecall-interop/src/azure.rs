//! Federated identity credentials of Microsoft Entra: applications and managed identities of Azure, and the
//! tokens that get them.
//!
//! [`identities`] finds them in what Microsoft Graph and `az` print. A token gets an identity if it fits one
//! of its credentials: the issuer, the audience, and the subject or an [`Expression`].
//!
//! Facts are from MicrosoftDocs/entra-docs `docs/workload-id`:
//! `workload-identity-federation-considerations.md` at 03ffb81 with its include of 0219e6d,
//! `workload-identities-flexible-federated-identity-credentials.md` of 2026-08-14, and
//! `workload-identities-federated-credential-mutable-subjects.md` of 2026-07-28. Issuer, audience and
//! subject are compared with regard to case ("Federated identity credentials now use case-sensitive
//! matching", `reference-breaking-changes` of August 2024).

mod expression;
mod identity;
mod issuers;
mod read;
mod recognition;

pub use expression::{Comparison, Expression, Test};
pub use identity::{Credential, Identities, Identity, Subject};
pub(crate) use issuers::is_comparable;
pub use recognition::identities;

pub(crate) use identity::Owner;
pub(crate) use read::{Written, credential};
