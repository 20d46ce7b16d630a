//! Tree of an allow policy.

use super::member::Member;
use rolecall_syntax::{Span, Spanned};

/// An allow policy of a resource. It does not say of which one, except for that of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// The name of the resource.
    pub resource: Option<Spanned<String>>,
    /// The e-mail of the service account that it is of, if the document has it. `gcloud` does not print it.
    pub account: Option<String>,
    /// The bindings, in the order of the text.
    pub bindings: Vec<Binding>,
    /// The location of the whole policy.
    pub span: Span,
}

/// Members that get a role on the resource.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Binding {
    /// The role of Google Cloud, such as `roles/iam.workloadIdentityUser`.
    pub role: Spanned<String>,
    /// The members, of which a token is one.
    pub members: Vec<Spanned<Member>>,
    /// The condition on the request, which no token decides.
    pub condition: Option<BindingCondition>,
    /// The location of the binding.
    pub span: Span,
}

/// A condition on the request: its time, or the resource that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindingCondition {
    /// The expression, as written.
    pub expression: Spanned<String>,
}
