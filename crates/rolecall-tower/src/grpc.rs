//! Refusals as statuses of gRPC.

use http::Response;
use tonic::Status;

use crate::refusal::{Class, Refusal};

impl Refusal {
    /// Returns the status of a gRPC call: UNAVAILABLE if the issuer's keys are not there, PERMISSION_DENIED if the
    /// token does not get the role, and UNAUTHENTICATED otherwise. Its message is the [`code`](Refusal::code).
    pub fn grpc_status(&self) -> Status {
        let code = self.code();
        match self.class() {
            Class::NoCredentials | Class::InvalidRequest(_) | Class::InvalidToken(_) => {
                Status::unauthenticated(code)
            }
            Class::InsufficientScope => Status::permission_denied(code),
            Class::Unavailable => Status::unavailable(code),
        }
    }

    /// Returns the response with this status. The refusal is in its extensions, as in [`Refusal::response`].
    pub(crate) fn grpc_response<B: Default>(&self) -> Response<B> {
        let mut response = self.grpc_status().into_http();
        response.extensions_mut().insert(self.clone());
        response
    }
}
