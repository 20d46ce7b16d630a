//! The question `explain`.

use crate::files::{File, compile};
use crate::written;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall_engine::{Document, JsonLimits};
use rolecall_report::claims::unverified;
use rolecall_report::coverage::CoverageReport;
use rolecall_report::explanations::ExplainReport;
use rolecall_report::failure::Failure;
use serde::Serialize;

/// The claims that are asked about. Their signature is not verified.
pub(crate) enum Proof {
    Token(String),
    Claims(String),
}

#[derive(Serialize)]
struct ExplainAnswer {
    #[serde(flatten)]
    report: ExplainReport,
    /// The reason why the answer may be about another issuer than the reader thinks.
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
}

impl Proof {
    pub(crate) fn new(token: Option<String>, claims: Option<String>) -> Result<Self, Failure> {
        match (token, claims) {
            (Some(token), None) => Ok(Self::Token(token)),
            (None, Some(claims)) => Ok(Self::Claims(claims)),
            _ => Err(Failure::new("give either `token` or `claims`")),
        }
    }

    /// Returns the claims.
    fn claims(&self) -> Result<Document, Failure> {
        let (bytes, noun) = match self {
            Self::Token(token) => (payload(token)?, "token's claims"),
            Self::Claims(claims) => (claims.clone().into_bytes(), "claims"),
        };
        Document::parse(bytes, &JsonLimits::CLAIMS)
            .map_err(|error| Failure::new(format!("the {noun} cannot be read: {error}")))
    }
}

/// Returns the payload of a token in the compact form (RFC 7515, section 3.1).
fn payload(token: &str) -> Result<Vec<u8>, Failure> {
    let mut parts = token.trim().split('.');
    let (Some(_), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(
            Failure::new("this is not a token").help("a token has three parts with a `.` between them")
        );
    };
    URL_SAFE_NO_PAD.decode(payload).map_err(|_| {
        Failure::new("the second part of the token is not base64url").help("copy the whole token")
    })
}

pub(crate) fn answer(
    files: Vec<File>,
    proof: &Proof,
    issuer: Option<&str>,
    role: Option<&str>,
) -> Result<String, Failure> {
    let policies = compile(files, None)?;
    let claims = proof.claims()?;
    let (mut report, warning) = unverified(&claims, issuer, role, policies.set()?)?;
    report.coverage = CoverageReport::new(&policies.foreign);
    written(&ExplainAnswer { report, warning })
}
