//! `policy-check explain`

mod audit;
mod log;

use crate::console::Console;
use crate::help::access::{EXPLAIN_DETAILS, EXPLAIN_EXAMPLES, EXPLAIN_USAGE, KEYS};
use crate::help::paragraphs;
use crate::input::document;
use crate::loaded::load_one;
use crate::report::refusal::RefusalReport;
use crate::token::{self, KeyArguments, Question};
use clap::{ArgGroup, Args, ValueEnum};
use jiff::Timestamp;
use rolecall_engine::{Document, JsonLimits, PolicySet};
use rolecall_report::claims::unverified;
use rolecall_report::coverage::CoverageReport;
use rolecall_report::exit::Exit;
use rolecall_report::explanations::{ExplainReport, Formatted};
use rolecall_report::failure::Failure;
use rolecall_report::json;
use rolecall_report::printable::{has_token, path_name};
use rolecall_report::selected::explain;
use std::path::{Path, PathBuf};

/// Show why roles are allowed or denied, and what would allow them
#[derive(Args, Clone, Debug)]
#[command(group(ArgGroup::new("proof").args(["jwks", "fetch", "claims"]).required(true)))]
#[command(override_usage = EXPLAIN_USAGE)]
#[command(after_help = EXPLAIN_EXAMPLES)]
#[command(after_long_help = paragraphs(&[EXPLAIN_DETAILS, KEYS, EXPLAIN_EXAMPLES]))]
pub(crate) struct Arguments {
    /// The policy set: a folder or a file; repeat it for documents beside policies
    #[arg(long, value_name = "PATH", required = true)]
    policies: Vec<PathBuf>,
    #[command(flatten)]
    keys: KeyArguments,
    /// A file with the token; `-` is standard input
    #[arg(long, value_name = "FILE", required_unless_present = "claims")]
    token: Option<PathBuf>,
    /// Decide as of this time, such as 2026-05-04T03:02:01Z [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = token::time)]
    at: Option<Timestamp>,
    /// A file with claims as a JSON object, instead of a token; nothing is verified. A file that ends in `.jsonl` is
    /// a log: it has one object on each line, and is summed up
    #[arg(long, value_name = "FILE")]
    #[arg(conflicts_with_all = ["token", "at", "FetchOptions"])]
    claims: Option<PathBuf>,
    /// The issuer of the claims, by its name in the policies [default: the one of the claim `iss`]
    #[arg(long, value_name = "NAME", requires = "claims")]
    issuer: Option<String>,
    /// Also list the `allow`s that no token of the log took, and prove what removing each would lose. The log may also be
    /// the audit log of an exchange
    #[arg(long, requires = "claims")]
    unused: bool,
    /// Explain only these roles: a name, a name with `*`, `#tag`, or several of them with commas
    #[arg(long, value_name = "SELECTOR")]
    role: Option<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: ExplainFormat,
}

/// The formats of `explain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExplainFormat {
    /// Text for people.
    Human,
    /// One JSON object on one line.
    Json,
    /// A comment for a merge request.
    Markdown,
    /// A page for a browser, with nothing outside of it.
    Html,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let policies = load_one(&arguments.policies, console)?;
    let role = arguments.role.as_deref();
    let issuer = arguments.issuer.as_deref();
    let mut report = match (&arguments.claims, &arguments.token) {
        (Some(claims), _) if log::is_log(claims) => {
            let question = log::Question {
                path: claims,
                issuer,
                selector: role,
                unused: arguments.unused,
            };
            let report = log::sum_up(question, &policies)?;
            print(&report, arguments, console)?;
            return Ok(report.exit());
        }
        _ if arguments.unused => {
            return Err(Failure::new("`--unused` needs a log")
                .help("give a file whose name ends in `.jsonl`, with one object on each line"));
        }
        (Some(claims), _) => of_claims(claims, issuer, role, &policies.set, console)?,
        (None, Some(token)) => {
            let question = Question {
                token,
                keys: &arguments.keys,
                at: arguments.at,
            };
            match token::verify(question, &policies, console)? {
                Ok(token) => {
                    let claims = token.claims().as_unverified();
                    let explained = explain(&policies.set, token.issuer(), claims, role)?;
                    ExplainReport::verified(token.issuer(), token.subject(), explained)
                }
                Err(error) => {
                    let report = RefusalReport::new(&error);
                    print(&report, arguments, console)?;
                    return Ok(Exit::No);
                }
            }
        }
        (None, None) => {
            return Err(Failure::new("there is nothing to explain").help("give a token or claims"));
        }
    };
    report.coverage = CoverageReport::new(&policies.foreign);
    print(&report, arguments, console)?;
    Ok(Exit::yes_if(report.is_allowed()))
}

/// Prints a report in the format of the arguments.
fn print(report: &impl Formatted, arguments: &Arguments, console: &mut Console) -> Result<(), Failure> {
    match arguments.format {
        ExplainFormat::Human => console.say(&report.text()),
        ExplainFormat::Json => console.give(&json::line(report)?),
        ExplainFormat::Markdown => console.say(&report.markdown()),
        ExplainFormat::Html => console.say(&report.html()),
    }
}

/// Explains the roles that a token with these claims would get.
fn of_claims(
    path: &Path,
    issuer: Option<&str>,
    role: Option<&str>,
    set: &PolicySet,
    console: &mut Console,
) -> Result<ExplainReport, Failure> {
    token::refuse_token(path, "--claims")?;
    let bytes = document(path)?;
    let claims = Document::parse(bytes.clone(), &JsonLimits::CLAIMS).map_err(|error| {
        let failure = Failure::new(format!("cannot use `{}`: {error}", path_name(path)));
        match other_input(&bytes) {
            Some(help) => failure.help(help),
            None => failure,
        }
    })?;
    let (report, warning) = unverified(&claims, issuer, role, set)?;
    if let Some(warning) = warning {
        console.warn(&warning);
    }
    Ok(report)
}

/// Returns the help for a file that does not have the claims of one token.
fn other_input(bytes: &[u8]) -> Option<&'static str> {
    let text = bytes.trim_ascii();
    if std::str::from_utf8(text).is_ok_and(|text| !text.contains('{') && has_token(text)) {
        return Some("this is a token: give it with `--token`");
    }
    let first = text.split(|byte| *byte == b'\n').next()?.to_vec();
    let is_log = first.len() < text.len() && Document::parse(first, &JsonLimits::CLAIMS).is_ok();
    is_log.then_some("a log of claims must be a file whose name ends in `.jsonl`")
}
