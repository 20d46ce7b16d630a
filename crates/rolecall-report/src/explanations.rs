//! The report of `explain`.

mod html;
mod markdown;

use crate::coverage::CoverageReport;
use crate::explanation::RoleExplanation;
use crate::json::SchemaVersion;
use crate::printable::printable;
use crate::style::{BAD, DOUBT, FAINT, GOOD, paint};
use rolecall_engine::{Issuer, Value};
use serde::Serialize;

/// A report with all formats of `explain`.
pub trait Formatted: Serialize {
    /// Returns text for people.
    fn text(&self) -> String;
    /// Returns a comment for a merge request.
    fn markdown(&self) -> String;
    /// Returns a page for a browser.
    fn html(&self) -> String;
}

/// The most names of roles that are listed in text. The JSON has all of them.
const MOST_NAMES: usize = 50;

/// The explanations of the roles of a token.
#[derive(Debug, Serialize)]
pub struct ExplainReport {
    schema_version: SchemaVersion,
    verified: bool,
    issuer: String,
    subject: Option<String>,
    filled_in: Vec<String>,
    #[serde(flatten)]
    explained: Explained,
    /// The part of documents in other languages that the result covers, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<CoverageReport>,
    /// The values of the claims in `filled_in`.
    #[serde(skip)]
    values: Vec<String>,
}

/// The roles in question: the ones that are explained, and the names of the others.
#[derive(Debug, Default, Serialize)]
pub struct Explained {
    /// The allowed roles first, then the denied ones, the nearest first.
    pub roles: Vec<RoleExplanation>,
    /// The allowed roles that are not explained, because there are too many.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further_allowed: Vec<String>,
    /// The denied roles of the token's project that are not explained, the nearest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further_denied: Vec<String>,
    /// The denied roles for other tenants, such as projects, the nearest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_projects: Vec<String>,
    /// The noun for the tenants.
    #[serde(skip)]
    pub tenants: &'static str,
    /// The number of denied roles for tokens of other issuers.
    pub other_issuers: usize,
    /// True if one role was asked for by its name.
    #[serde(skip)]
    pub is_one: bool,
}

impl ExplainReport {
    /// Creates the report for an accepted token of an issuer and with a subject.
    pub fn verified(issuer: &str, subject: &str, explained: Explained) -> Self {
        Self {
            schema_version: SchemaVersion,
            verified: true,
            issuer: issuer.to_owned(),
            subject: Some(subject.to_owned()),
            filled_in: Vec::new(),
            explained,
            coverage: None,
            values: Vec::new(),
        }
    }

    /// Creates the report for claims that are not verified.
    pub fn unverified(
        issuer: &Issuer,
        subject: Option<String>,
        filled_in: Vec<(String, String)>,
        explained: Explained,
    ) -> Self {
        let (filled_in, values) = filled_in.into_iter().unzip();
        Self {
            schema_version: SchemaVersion,
            verified: false,
            issuer: issuer.name.clone(),
            subject,
            filled_in,
            explained,
            coverage: None,
            values,
        }
    }

    /// Returns whether some role is allowed.
    pub fn is_allowed(&self) -> bool {
        let mut roles = self.explained.roles.iter();
        roles.any(RoleExplanation::is_allowed)
    }

    /// Returns a line for each claim that is filled in.
    fn filled_in(&self) -> impl Iterator<Item = String> {
        let claims = self.filled_in.iter().zip(&self.values);
        claims.map(|(claim, value)| format!("`{}` is absent: {value} is used", printable(claim)))
    }
}

impl Formatted for ExplainReport {
    fn text(&self) -> String {
        let issuer = &self.issuer;
        let mut text = if self.verified {
            format!("{}  {issuer}", paint(GOOD, "verified"))
        } else {
            let warning = paint(DOUBT, UNVERIFIED);
            format!("{warning}\n{}  {issuer}", paint(DOUBT, "unverified"))
        };
        if let Some(subject) = self.subject.as_deref() {
            text += &format!("  {}", Value::from(subject));
        }
        text.push('\n');
        for line in self.filled_in() {
            text.push_str(&format!("  {line}\n"));
        }
        self.explained.write(&self.issuer, &mut text);
        text.replace("  \n", "\n")
    }

    fn markdown(&self) -> String {
        markdown::text(self)
    }

    fn html(&self) -> String {
        html::text(self)
    }
}

/// The warning about claims without a signature.
const UNVERIFIED: &str = "these claims are not verified: this is not a decision";

impl Explained {
    fn write(&self, issuer: &str, text: &mut String) {
        if self.is_empty() {
            let denied = paint(BAD, "denied");
            text.push_str(&format!("\n{denied}: no role has a clause for `{issuer}`\n"));
            return;
        }
        if !self.is_one {
            self.write_summary(text);
        }
        for role in &self.roles {
            text.push('\n');
            role.write("", text);
        }
    }

    fn is_empty(&self) -> bool {
        self.roles.is_empty() && self.other_projects.is_empty() && self.other_issuers == 0
    }

    /// Writes a line for each explained role, and the numbers of the others.
    fn write_summary(&self, text: &mut String) {
        text.push('\n');
        let names = self
            .roles
            .iter()
            .map(|role| printable(role.role()).chars().count());
        let width = names.max().unwrap_or(0);
        for role in &self.roles {
            let verdict = match role.is_allowed() {
                true => paint(GOOD, "allowed"),
                false => paint(BAD, "denied "),
            };
            let name = printable(role.role());
            text.push_str(&format!(
                "{verdict}  {name:<width$}  {}\n",
                paint(FAINT, summary(role))
            ));
        }
        for line in self.others() {
            text.push_str(&format!("{line}\n"));
        }
    }

    /// Returns lines about the roles that are not explained.
    fn others(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut add = |verdict: &str, names: &[String], number: usize, whose: (&str, &str)| {
            if number == 0 {
                return;
            }
            let shown = names.iter().take(MOST_NAMES).map(|name| printable(name));
            let shown = shown.collect::<Vec<_>>().join(", ");
            let names = match names.len() {
                0 => String::new(),
                all if all > MOST_NAMES => format!(": {shown}, …"),
                _ => format!(": {shown}"),
            };
            let (one, many) = whose;
            let noun = if number == 1 { one } else { many };
            lines.push(format!("{verdict}  {number} {noun}{names}"));
        };
        let further = &self.further_allowed;
        add("allowed", further, further.len(), ("more role", "more roles"));
        let further = &self.further_denied;
        add("denied ", further, further.len(), ("more role", "more roles"));
        let tenants = ["role", "roles"].map(|roles| format!("{roles} for other {}", self.tenants));
        let [one, many] = &tenants;
        add("denied ", &[], self.other_projects.len(), (one, many));
        let issuers = ("role for other issuers", "roles for other issuers");
        add("denied ", &[], self.other_issuers, issuers);
        lines
    }
}

/// Returns the clause that allows a role, or what would allow it.
fn summary(role: &RoleExplanation) -> String {
    match (role.allowing(), role.repair()) {
        (Some(location), _) => location.to_string(),
        (None, Some(repair)) => repair.summary(),
        (None, None) => String::new(),
    }
}
