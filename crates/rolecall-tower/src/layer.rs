//! A tower layer that guards a service.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::request::Parts;
use http::{Request, Response};
use rolecall::Ruling;
use tower_layer::Layer;
use tower_service::Service;

use crate::http_gate::{HttpGate, UnknownRole};
use crate::refusal::Refusal;

/// A layer that lets requests through whose token gets a role. Others get the response of the [`Refusal`].
///
/// The [`Ruling`] is in the extensions of a request that is let through. The request keeps its `authorization`
/// header.
#[derive(Clone)]
pub struct GuardLayer(Arc<Guarded>);

/// The gate of a layer, the role of a request, and the form of refusals.
struct Guarded {
    gate: HttpGate,
    role: RequestedRole,
    #[cfg(feature = "tonic")]
    is_grpc: bool,
}

/// The role that a request needs.
#[derive(Clone)]
enum RequestedRole {
    Always(Arc<str>),
    Of(Arc<dyn Fn(&Parts) -> String + Send + Sync>),
}

impl GuardLayer {
    /// Returns a layer that requires a role for each request.
    ///
    /// # Errors
    /// [`UnknownRole`] if the policies in use do not have the role.
    pub fn new(gate: HttpGate, role: &str) -> Result<Self, UnknownRole> {
        let gate = gate.require(role)?;
        Ok(Self::of(gate, RequestedRole::Always(role.into())))
    }

    /// Returns a layer that requires the role that a function returns for the request, for example by its path. A
    /// role that the policies do not have is denied, so a request that needs no role must not get here.
    pub fn by_request(gate: HttpGate, role: impl Fn(&Parts) -> String + Send + Sync + 'static) -> Self {
        Self::of(gate, RequestedRole::Of(Arc::new(role)))
    }

    fn of(gate: HttpGate, role: RequestedRole) -> Self {
        Self(Arc::new(Guarded {
            gate,
            role,
            #[cfg(feature = "tonic")]
            is_grpc: false,
        }))
    }

    /// Returns the layer for a gRPC server: refusals are the `tonic::Status` UNAUTHENTICATED, PERMISSION_DENIED or
    /// UNAVAILABLE, whose HTTP status is 200.
    ///
    /// Do not use an `Interceptor` of tonic instead: it cannot wait, so it would block the runtime while keys are
    /// fetched. A method finds the [`Ruling`] in the extensions of its `tonic::Request`.
    #[cfg(feature = "tonic")]
    #[must_use]
    pub fn grpc(self) -> Self {
        let gate = self.0.gate.clone();
        let role = self.0.role.clone();
        Self(Arc::new(Guarded {
            gate,
            role,
            is_grpc: true,
        }))
    }
}

impl<S> Layer<S> for GuardLayer {
    type Service = Guard<S>;

    fn layer(&self, inner: S) -> Guard<S> {
        let guarded = Arc::clone(&self.0);
        Guard { guarded, inner }
    }
}

impl fmt::Debug for GuardLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Guarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = match &self.role {
            RequestedRole::Always(role) => role,
            RequestedRole::Of(_) => "by request",
        };
        f.debug_struct("GuardLayer")
            .field("gate", &self.gate)
            .field("role", &role)
            .finish_non_exhaustive()
    }
}

impl Guarded {
    async fn authorize(&self, request: &Parts) -> Result<Ruling, Refusal> {
        match &self.role {
            RequestedRole::Always(role) => self.gate.authorize(request, role).await,
            RequestedRole::Of(role) => self.gate.authorize(request, &role(request)).await,
        }
    }

    #[cfg_attr(not(feature = "tonic"), allow(clippy::unused_self, reason = "the only form"))]
    fn refuse<B: Default>(&self, refusal: &Refusal) -> Response<B> {
        #[cfg(feature = "tonic")]
        if self.is_grpc {
            return refusal.grpc_response();
        }
        refusal.response()
    }
}

/// A guarded service, from [`GuardLayer`].
#[derive(Clone, Debug)]
pub struct Guard<S> {
    guarded: Arc<Guarded>,
    inner: S,
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for Guard<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone + Send + 'static,
    S::Future: Send,
    ReqBody: Send + 'static,
    ResBody: Default,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        // The service that said it is ready answers this request; a clone need not be ready.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let guarded = Arc::clone(&self.guarded);
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match guarded.authorize(&parts).await {
                Ok(ruling) => {
                    parts.extensions.insert(ruling);
                    inner.call(Request::from_parts(parts, body)).await
                }
                Err(refusal) => Ok(guarded.refuse(&refusal)),
            }
        })
    }
}
