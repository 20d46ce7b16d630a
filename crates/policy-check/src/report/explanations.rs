//! The report of `explain`.

use super::explanation::RoleExplanation;
use super::json::SchemaVersion;
use crate::printable::printable;
use crate::style::{BAD, DOUBT, GOOD, paint};
use rolecall::VerifiedToken;
use rolecall_engine::{Issuer, Value};
use serde::Serialize;

/// The explanations of the roles of a token.
#[derive(Debug, Serialize)]
pub(crate) struct ExplainReport {
    schema_version: SchemaVersion,
    verified: bool,
    issuer: String,
    subject: Option<String>,
    filled_in: Vec<String>,
    roles: Vec<RoleExplanation>,
    /// The values of the claims in `filled_in`.
    #[serde(skip)]
    values: Vec<String>,
}

impl ExplainReport {
    /// Creates the report for an accepted token.
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

    /// Creates the report for claims that are not verified.
    pub(crate) fn unverified(
        issuer: &Issuer,
        subject: Option<String>,
        filled_in: Vec<(String, String)>,
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

    /// Returns whether some role is allowed and its grants can be used.
    pub(crate) fn is_allowed(&self) -> bool {
        self.roles.iter().any(RoleExplanation::is_allowed)
    }

    pub(crate) fn text(&self) -> String {
        let issuer = &self.issuer;
        let mut text = if self.verified {
            format!("{}  {issuer}", paint(GOOD, "verified"))
        } else {
            let warning = paint(DOUBT, "these claims are not verified: this is not a decision");
            format!("{warning}\n{}  {issuer}", paint(DOUBT, "unverified"))
        };
        if let Some(subject) = self.subject.as_deref() {
            text += &format!("  {}", Value::from(subject));
        }
        text.push('\n');
        for (claim, value) in self.filled_in.iter().zip(&self.values) {
            let claim = printable(claim);
            text.push_str(&format!("  `{claim}` is absent: {value} is used\n"));
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
