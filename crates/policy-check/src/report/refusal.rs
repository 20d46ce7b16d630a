//! The report of `decide` and `explain` for a refused token.

use super::explanations::Formatted;
use super::html::{badge, page};
use super::markdown::text::{code, prose};
use crate::printable::printable;
use crate::style::{BAD, HELP, STRONG, paint};
use jiff::Timestamp;
use maud::html;
use rolecall::{UnixTime, VerifyError};
use serde::Serialize;

/// The reason why a token was refused. It shows no more of the token than the error does.
#[derive(Debug, Serialize)]
pub(crate) struct RefusalReport {
    verified: bool,
    error: RefusalError,
    #[serde(skip)]
    times: Vec<(&'static str, UnixTime)>,
}

#[derive(Debug, Serialize)]
struct RefusalError {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

impl RefusalReport {
    pub(crate) fn new(error: &VerifyError) -> Self {
        let help = match error {
            VerifyError::NoKeys { issuer } => Some(format!("give its keys with `--jwks {issuer}=FILE`")),
            _ => error.help().map(str::to_owned),
        };
        let times = match error {
            VerifyError::Expired { exp, now, .. } => vec![("expired", *exp), ("now", *now)],
            VerifyError::IssuedInFuture { iat, now, .. } => vec![("issued", *iat), ("now", *now)],
            VerifyError::NotYetValid { nbf, now, .. } => vec![("valid from", *nbf), ("now", *now)],
            _ => Vec::new(),
        };
        Self {
            verified: false,
            error: RefusalError {
                code: error.code(),
                message: error.to_string(),
                help,
            },
            times,
        }
    }

    /// Returns the times in question, in UTC.
    fn times(&self) -> impl Iterator<Item = (&'static str, Timestamp)> {
        let times = self.times.iter();
        times.filter_map(|(name, time)| Some((*name, Timestamp::from_second(time.as_secs()).ok()?)))
    }
}

impl Formatted for RefusalReport {
    fn text(&self) -> String {
        let code = paint(STRONG, self.error.code);
        let message = printable(&self.error.message);
        let mut text = format!("{}  {code}: {message}\n", paint(BAD, "refused"));
        for (name, time) in self.times() {
            text.push_str(&format!("  {name:<10}  {time}\n"));
        }
        if let Some(help) = &self.error.help {
            text.push_str(&format!("  {} {}\n", paint(HELP, "help:"), printable(help)));
        }
        text
    }
    fn markdown(&self) -> String {
        let (name, message) = (code(self.error.code), prose(&self.error.message));
        let mut text = format!("### Token refused\n\n{name}: {message}\n");
        for (name, time) in self.times() {
            text.push_str(&format!("- {name}: {}\n", code(&time.to_string())));
        }
        if let Some(help) = &self.error.help {
            text.push_str(&format!("\nhelp: {}\n", prose(help)));
        }
        text
    }

    fn html(&self) -> String {
        let body = html! {
            h1 { (badge(false, "refused")) " " code { (self.error.code) } }
            p { (printable(&self.error.message)) }
            @for (name, time) in self.times() { p { (name) " " span class="value" { (time.to_string()) } } }
            @if let Some(help) = &self.error.help { p { strong { "help: " } (printable(help)) } }
        };
        page("Token refused", &body)
    }
}
