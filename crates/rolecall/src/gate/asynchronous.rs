//! Async variants of the methods of [`Gate`].

use std::sync::Arc;

use super::known_token::KnownToken;
use super::verification::Step;
use super::{Denial, Gate, Roles, Ruling};
use crate::error::VerifyError;

impl Gate {
    /// Verifies a token, and decides whether it gets a role, as [`Gate::authorize`] does. Yields while keys
    /// are fetched, on any runtime.
    ///
    /// # Errors
    /// [`Denial`] if the token is not accepted, or does not get the role.
    pub async fn authorize_async(&self, token: &str, role: &str) -> Result<Ruling, Denial> {
        let known = self
            .verify_async(token)
            .await
            .map_err(|error| self.refuse(error, role))?;
        self.rule(known, role)
    }

    /// Verifies a token, and decides which roles it gets, as [`Gate::roles`] does. Yields while keys are
    /// fetched, on any runtime.
    ///
    /// # Errors
    /// [`VerifyError`] if the token is not accepted.
    pub async fn roles_async(&self, token: &str) -> Result<Roles, VerifyError> {
        let known = self.verify_async(token).await;
        Ok(self.list(known.inspect_err(|error| self.report_refused(error, None))?))
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
