//! Extractors for axum.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use axum_core::body::Body;
use axum_core::extract::{FromRef, FromRequestParts, OptionalFromRequestParts};
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;
use rolecall::{Roles, Ruling};

use crate::http_gate::HttpGate;
use crate::refusal::{Refusal, RefusalReason};

/// A role as a type, for [`RequireRole`].
///
/// ```
/// struct Deploy;
///
/// impl rolecall_tower::Role for Deploy {
///     const NAME: &'static str = "deploy";
/// }
/// ```
pub trait Role {
    /// The name of the role in the policies.
    const NAME: &'static str;
}

/// An extractor that requires a role. It is the [`Ruling`], by `Deref`. The state of the router is an
/// [`HttpGate`], or contains one (`FromRef`).
///
/// `Option<RequireRole<R>>` is `None` if the request has no credentials. A token that is not accepted or does not
/// get the role is refused there, too. `Result<RequireRole<R>, Refusal>` lets a handler build its own response.
pub struct RequireRole<R> {
    ruling: Ruling,
    role: PhantomData<fn() -> R>,
}

impl<R> RequireRole<R> {
    /// Returns the ruling.
    pub fn into_inner(self) -> Ruling {
        self.ruling
    }
}

impl<R> Deref for RequireRole<R> {
    type Target = Ruling;

    fn deref(&self) -> &Ruling {
        &self.ruling
    }
}

impl<R> fmt::Debug for RequireRole<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequireRole").field(&self.ruling).finish()
    }
}

impl<R: Role, S: Send + Sync> FromRequestParts<S> for RequireRole<R>
where
    HttpGate: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let ruling = HttpGate::from_ref(state).authorize(parts, R::NAME).await?;
        let role = PhantomData;
        Ok(Self { ruling, role })
    }
}

impl<R: Role, S: Send + Sync> OptionalFromRequestParts<S> for RequireRole<R>
where
    HttpGate: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Refusal> {
        optional(<Self as FromRequestParts<S>>::from_request_parts(parts, state).await)
    }
}

/// An extractor with all roles that the token of a request gets, which may be none.
///
/// `Option<TokenRoles>` is `None` if the request has no credentials.
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_structs, reason = "handlers take it apart")]
pub struct TokenRoles(pub Roles);

impl<S: Send + Sync> FromRequestParts<S> for TokenRoles
where
    HttpGate: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        HttpGate::from_ref(state).roles(parts).await.map(Self)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for TokenRoles
where
    HttpGate: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Refusal> {
        optional(<Self as FromRequestParts<S>>::from_request_parts(parts, state).await)
    }
}

/// Returns `None` for a request without credentials.
fn optional<T>(extracted: Result<T, Refusal>) -> Result<Option<T>, Refusal> {
    match extracted {
        Err(refusal) if matches!(refusal.reason(), RefusalReason::NoCredentials) => Ok(None),
        extracted => extracted.map(Some),
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.response::<Body>()
    }
}
