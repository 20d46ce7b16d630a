//! Structured authentication of Kubernetes: the tokens that an API server accepts as users.
//!
//! Documents are files of the kind `AuthenticationConfiguration` in `apiserver.config.k8s.io/v1`, `v1beta1` and `v1alpha1`.
//!
//! Facts are from the page "Authenticating" of the Kubernetes documentation, section "Using Authentication Configuration",
//! and from the source of the API server in kubernetes/kubernetes: `pkg/apis/apiserver/validation/validation.go`,
//! `plugin/pkg/authenticator/token/oidc/oidc.go` and `pkg/authentication/cel/compile.go` of `staging/src/k8s.io/apiserver`.
//! A token is accepted if one of the audiences is in its `aud`, all mappings have a value, and all rules hold. Since
//! Kubernetes 1.30, a user name of an expression is not empty (kubernetes/kubernetes#123568).
//!
//! The rights of users are in RBAC, which is not part of the document.

mod configuration;
mod read;

pub use configuration::{Authenticator, AuthenticatorReading, ClaimRule, Mapping};
pub use read::{authenticators, is_configuration};
