//! Refusals as statuses of gRPC.

use rolecall::Denial;
use tonic::Status;

use crate::refusal::{Refusal, RefusalReason};

impl Refusal {
    /// Returns the status of a gRPC call: UNAVAILABLE if the issuer's keys are not there, PERMISSION_DENIED if the
    /// token does not get the role, and UNAUTHENTICATED otherwise. Its message is the [`code`](Refusal::code).
    pub fn grpc_status(&self) -> Status {
        let code = self.code();
        match self.reason() {
            RefusalReason::Denied(Denial::Token(error)) if error.is_temporary() => Status::unavailable(code),
            RefusalReason::Denied(Denial::Role(_)) => Status::permission_denied(code),
            _ => Status::unauthenticated(code),
        }
    }
}
