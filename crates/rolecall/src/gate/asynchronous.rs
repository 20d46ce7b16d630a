//! The questions to a gate for those who must not wait where they are.

use std::sync::Arc;

use super::known_token::KnownToken;
use super::{Denial, Gate, Roles, Ruling, Step};
use crate::error::VerifyError;

impl Gate {
    /// [`Gate::authorize`] that lets others run while keys are being read. It needs no particular runtime.
    ///
    /// # Errors
    /// [`Denial`] if the token is not accepted, or may not take the role.
    pub async fn authorize_async(&self, token: &str, role: &str) -> Result<Ruling, Denial> {
        let known = self
            .verify_async(token)
            .await
            .map_err(|error| self.refuse(error))?;
        self.rule(known, role)
    }

    /// [`Gate::roles`] that lets others run while keys are being read. It needs no particular runtime.
    ///
    /// # Errors
    /// [`VerifyError`] if the token is not accepted.
    pub async fn roles_async(&self, token: &str) -> Result<Roles, VerifyError> {
        let known = self.verify_async(token).await;
        Ok(self.list(known.inspect_err(|error| self.tell_refused(error))?))
    }

    async fn verify_async(&self, text: &str) -> Result<Arc<KnownToken>, VerifyError> {
        let now = self.shared.clock.now();
        if let Some(known) = self.known(text, now) {
            return Ok(known);
        }
        let policies = self.shared.policies.load_full();
        match self.begin(text, &policies, now)? {
            Step::Verified(known) => Ok(known),
            Step::Wait(token, pending) => self.end(pending.await, text, token, &policies),
        }
    }
}
