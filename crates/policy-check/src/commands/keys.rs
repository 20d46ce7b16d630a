//! `policy-check keys`

use crate::console::Console;
use crate::fetch::{FetchOptions, Fetcher, is_url};
use crate::help::access::{KEYS_EXAMPLES, KEYS_JSON, VERDICTS};
use crate::help::paragraphs;
use crate::keys::read_file;
use crate::loaded::load_one;
use crate::report::key_sets::KeySetsReport;
use crate::report::{self, Format};
use clap::{ArgGroup, Args};
use rolecall::{Discovered, Fetched};
use rolecall_engine::{Issuer, TokenKind, check_issuer_url};
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::printable::path_name;
use std::path::{Path, PathBuf};

/// Inspect issuers' keys, fetched or from a file
#[derive(Args, Clone, Debug)]
#[command(group(ArgGroup::new("whose").args(["issuer", "jwks", "policies"]).required(true).multiple(true)))]
#[command(after_help = KEYS_EXAMPLES)]
#[command(after_long_help = paragraphs(&[VERDICTS, KEYS_JSON, KEYS_EXAMPLES]))]
pub(crate) struct Arguments {
    /// An issuer's URL, exactly as in `iss`; its keys are found through its discovery document
    #[arg(long, value_name = "URL", value_parser = issuer_url)]
    issuer: Option<String>,
    /// The keys: a URL or a file; `-` is standard input
    #[arg(long, value_name = "URL|FILE")]
    jwks: Option<String>,
    /// A policy set, a folder or a file, whose issuers' keys are inspected
    #[arg(long, value_name = "PATH", conflicts_with_all = ["issuer", "jwks"])]
    policies: Option<PathBuf>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    #[command(flatten)]
    options: FetchOptions,
}

/// Reads the URL of `--issuer`.
fn issuer_url(text: &str) -> Result<String, String> {
    match check_issuer_url(text) {
        Ok(()) => Ok(text.to_owned()),
        Err(fault) => Err(fault.to_string()),
    }
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let mut report = KeySetsReport::default();
    let mut failures = Vec::new();
    match (&arguments.policies, &arguments.jwks) {
        (Some(path), _) => {
            let policies = load_one(std::slice::from_ref(path), console)?;
            if policies.set.issuers().next().is_none() {
                let message = format!("the policies in `{}` have no issuer", path_name(path));
                return Err(Failure::new(message).help("add an `issuer` item to the policies"));
            }
            let fetcher = arguments.options.fetcher(policies.folder, Some(&policies.set))?;
            for issuer in policies.set.issuers() {
                let tokens = Some(issuer.tokens);
                failures.extend(add(&mut report, Some(&issuer.name), &fetcher, issuer, tokens).err());
            }
        }
        (None, Some(file)) if !is_url(file) => {
            let path = Path::new(file);
            let fetched = Fetched {
                keys: read_file(path)?,
                max_age: None,
            };
            let jwks_uri = path_name(path);
            report.add(arguments.issuer.as_deref(), &Discovered { jwks_uri, fetched });
        }
        (None, jwks) => {
            let fetcher = arguments.options.fetcher(PathBuf::new(), None)?;
            let url = arguments.issuer.as_deref();
            let (name, iss) = url.map_or(("--jwks", ""), |url| (url, url));
            let mut issuer = Issuer::new(name, iss, "", Vec::new());
            issuer.jwks.clone_from(jwks);
            failures.extend(add(&mut report, url, &fetcher, &issuer, None).err());
        }
    }
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(console.finish(Exit::yes_if(report.is_fine()), &failures))
}

/// Adds an issuer's keys to the report, with those for other tokens as ignored if the kind of its tokens is
/// known. A bad key is a finding; keys that cannot be read are a failure.
fn add(
    report: &mut KeySetsReport,
    name: Option<&str>,
    fetcher: &Fetcher,
    issuer: &Issuer,
    tokens: Option<TokenKind>,
) -> Result<(), Failure> {
    let mut found = fetcher.fetch(issuer)?;
    if let Some(tokens) = tokens {
        found.fetched.keys = found.fetched.keys.for_tokens(tokens);
    }
    report.add(name, &found);
    Ok(())
}
