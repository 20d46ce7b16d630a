//! Why the roles of a token are allowed or denied.

use rolecall::VerifiedToken;
use rolecall_engine::{Issuer, Value};
use serde::Serialize;

use super::explanation::RoleExplanation;
use super::json::SchemaVersion;
use crate::style::{BAD, DOUBT, GOOD, paint};

/// The report of `explain`.
#[derive(Debug, Serialize)]
pub(crate) struct ExplainReport {
    schema_version: SchemaVersion,
    verified: bool,
    issuer: String,
    subject: Option<String>,
    filled_in: Vec<&'static str>,
    roles: Vec<RoleExplanation>,
    /// The values of what is filled in.
    #[serde(skip)]
    values: Vec<String>,
}

impl ExplainReport {
    /// About a token that was accepted.
    pub(crate) fn verified(token: &VerifiedToken, roles: Vec<RoleExplanation>) -> Self {
        Self {
            schema_version: SchemaVersion,
            verified: true,
            issuer: token.issuer().to_owned(),
            subject: Some(token.subject().to_owned()),
            filled_in: Vec::new(),
            roles,
            values: Vec::new(),
        }
    }

    /// About anybody's claims.
    pub(crate) fn unverified(
        issuer: &Issuer,
        subject: Option<String>,
        filled_in: Vec<(&'static str, String)>,
        roles: Vec<RoleExplanation>,
    ) -> Self {
        let (filled_in, values) = filled_in.into_iter().unzip();
        Self {
            schema_version: SchemaVersion,
            verified: false,
            issuer: issuer.name.clone(),
            subject,
            filled_in,
            roles,
            values,
        }
    }

    /// Whether there is a role that credentials could be handed out for.
    pub(crate) fn is_allowed(&self) -> bool {
        self.roles.iter().any(RoleExplanation::is_allowed)
    }

    pub(crate) fn text(&self) -> String {
        let subject = self
            .subject
            .as_deref()
            .map(|subject| Value::from(subject).to_string());
        let subject = subject.unwrap_or_default();
        let issuer = &self.issuer;
        let mut text = if self.verified {
            format!("{}  {issuer}  {subject}\n", paint(GOOD, "verified"))
        } else {
            let warning = paint(DOUBT, "these claims are not verified: this is not a decision");
            format!("{warning}\n{}  {issuer}  {subject}\n", paint(DOUBT, "unverified"))
        };
        for (claim, value) in self.filled_in.iter().zip(&self.values) {
            let value = Value::from(value.as_str());
            text.push_str(&format!(
                "  `{claim}` is absent: the issuer's value {value} is used\n"
            ));
        }
        if self.roles.is_empty() {
            text.push_str(&format!(
                "\n{}: no role has a clause for `{issuer}`\n",
                paint(BAD, "denied")
            ));
        }
        for role in &self.roles {
            text.push('\n');
            role.write("", &mut text);
        }
        text.replace("  \n", "\n")
    }
}
