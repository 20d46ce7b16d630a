//! The report of `decide` and `explain` for a refused token.

use jiff::{SignedDuration, Timestamp};
use maud::html;
use rolecall::{Accepted, OffBy, UnixTime, VerifyError};
use rolecall_report::explanation::MOST_ACCEPTED;
use rolecall_report::explanations::Formatted;
use rolecall_report::html::{badge, page};
use rolecall_report::json::SchemaVersion;
use rolecall_report::markdown_text::{code, prose};
use rolecall_report::printable::printable;
use rolecall_report::style::{BAD, HELP, STRONG, paint};
use serde::Serialize;

// An explanation lists as many accepted values as a refusal.
const _: () = assert!(MOST_ACCEPTED == Accepted::MOST);

/// The reason why a token was refused. It shows no more of the token than the error does.
#[derive(Debug, Serialize)]
pub(crate) struct RefusalReport {
    schema_version: SchemaVersion,
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
    /// The check that failed.
    check: &'static str,
    expected: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    off_by: Option<OffByReport>,
}

/// The distance from what is expected.
#[derive(Debug, Serialize)]
struct OffByReport {
    amount: u64,
    /// `seconds`, `bytes` or `characters`.
    unit: &'static str,
}

impl OffByReport {
    fn new(off_by: OffBy) -> Option<Self> {
        let (amount, unit) = match off_by {
            OffBy::Bytes(bytes) => (u64::try_from(bytes).ok()?, "bytes"),
            OffBy::Characters(characters) => (u64::try_from(characters).ok()?, "characters"),
            OffBy::Time(time) => (time.as_secs(), "seconds"),
            _ => return None,
        };
        Some(Self { amount, unit })
    }

    /// Formats the distance: a long time in hours and minutes.
    fn words(&self) -> String {
        let time = match self.unit {
            "seconds" => i64::try_from(self.amount).ok().map(SignedDuration::from_secs),
            _ => None,
        };
        match time {
            Some(time) => format!("{time:#}"),
            None => format!("{} {}", self.amount, self.unit),
        }
    }
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
        let evidence = error.evidence();
        Self {
            schema_version: SchemaVersion,
            verified: false,
            error: RefusalError {
                code: error.code(),
                message: error.to_string(),
                help,
                check: evidence.check,
                expected: evidence.expected,
                found: evidence.found,
                off_by: evidence.off_by.and_then(OffByReport::new),
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
        if let Some(off_by) = &self.error.off_by {
            text.push_str(&format!("  {:<10}  {}\n", "off by", off_by.words()));
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
        if let Some(off_by) = &self.error.off_by {
            text.push_str(&format!("- off by: {}\n", code(&off_by.words())));
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
            @if let Some(off_by) = &self.error.off_by { p { "off by " span class="value" { (off_by.words()) } } }
            @if let Some(help) = &self.error.help { p { strong { "help: " } (printable(help)) } }
        };
        page("Token refused", &body)
    }
}
