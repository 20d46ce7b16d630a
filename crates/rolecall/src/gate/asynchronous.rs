//! Async variants of the methods of [`Gate`].

use std::sync::Arc;

use super::known_token::KnownToken;
use super::policies::Waited;
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
        let mut waited = None;
        loop {
            match self.step(text, waited)? {
                Step::Verified(known) => return Ok(known),
                Step::Wait(pending) => {
                    waited = Some(Waited {
                        keys: Arc::clone(pending.keys()),
                        found: pending.await,
                    });
                }
            }
        }
    }
}
