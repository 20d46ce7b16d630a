//! `rolecall-exchange token`: a job's client.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use rolecall_engine::check_issuer_url;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::Value;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Proxy};

use crate::console::Console;
use crate::doors::{GRANT_TYPE, JWT};
use crate::exit::Exit;
use crate::failure::Failure;

/// The maximum size of a token and of an answer in bytes.
const MAX_BYTES: u64 = 64 * 1024;
/// The time in which the exchange must answer.
const MAX_TIME: Duration = Duration::from_secs(30);

/// Get a role token for a job, and print it
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
The job's token comes from --token-file, from --token-env, or else from standard input.

Exit codes: 0 the role token is printed, 1 the exchange refuses it, 2 it could not be asked.")]
pub(crate) struct Arguments {
    /// The URL of the exchange
    #[arg(long, value_name = "URL")]
    url: String,
    /// The audience of the role token
    #[arg(long, value_name = "AUDIENCE")]
    audience: String,
    /// The role, if the job gets several with this audience
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// A file with the job's token
    #[arg(long, value_name = "FILE", conflicts_with = "token_env")]
    token_file: Option<PathBuf>,
    /// The name of the environment variable with the job's token
    #[arg(long, value_name = "NAME")]
    token_env: Option<String>,
    /// Certificate authorities to trust instead of the system's, as PEM
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Failure> {
    let url = arguments.url.trim_end_matches('/');
    if let Err(fault) = check_issuer_url(url) {
        return Err(Failure::new(format!("`--url` is `{url}`: {fault}"))
            .help("only `https`, or `http` on loopback, keeps the job's token a secret"));
    }
    let job = job_token(arguments)?;
    let scope = arguments.role.as_ref().map(|role| format!("role:{role}"));
    let mut form = vec![
        ("grant_type", GRANT_TYPE),
        ("subject_token", job.as_str()),
        ("subject_token_type", JWT),
        ("audience", arguments.audience.as_str()),
    ];
    form.extend(scope.as_deref().map(|scope| ("scope", scope)));
    let cannot = |error: ureq::Error| {
        Failure::new(format!("cannot ask `{url}`: {error}")).help("check the URL, and that the exchange runs")
    };
    let agent = agent(arguments.ca.as_deref(), url)?;
    let mut response = agent
        .post(format!("{url}/token"))
        .send_form(form)
        .map_err(cannot)?;
    let status = response.status().as_u16();
    let body = response
        .body_mut()
        .with_config()
        .limit(MAX_BYTES)
        .read_to_string();
    let answer: Value = serde_json::from_str(&body.map_err(cannot)?).unwrap_or_default();
    let member = |name: &str| answer.get(name).and_then(Value::as_str);
    match (status, member("access_token")) {
        (200, Some(token)) => {
            console.say(token)?;
            Ok(Exit::Yes)
        }
        (400..=499, _) => {
            let reason = member("error_description").unwrap_or("without a reason");
            let reason: String = reason.chars().filter(|c| !c.is_control()).collect();
            console.fail(&Failure::new(format!(
                "the exchange refuses with status {status}: {reason}"
            )));
            Ok(Exit::No)
        }
        _ => Err(
            Failure::new(format!("`{url}` answers with status {status}, and no role token"))
                .help("try again later; if `--url` is right, its operator finds the reason in the log"),
        ),
    }
}

/// Reads the job's token.
fn job_token(arguments: &Arguments) -> Result<String, Failure> {
    let read = |from: &dyn std::fmt::Display, file: &mut dyn Read| {
        let mut text = String::new();
        match file.take(MAX_BYTES).read_to_string(&mut text) {
            Ok(_) => Ok(text),
            Err(error) => Err(Failure::new(format!(
                "cannot read the job's token from {from}: {error}"
            ))),
        }
    };
    let (from, text) = match (&arguments.token_file, &arguments.token_env) {
        (Some(path), _) => {
            let shown = format!("`{}`", path.display());
            let mut file =
                File::open(path).map_err(|error| Failure::new(format!("cannot read {shown}: {error}")))?;
            let text = read(&shown, &mut file)?;
            (shown, text)
        }
        (None, Some(name)) => (format!("`${name}`"), std::env::var(name).unwrap_or_default()),
        (None, None) => {
            let from = "standard input".to_owned();
            let text = read(&from, &mut std::io::stdin().lock())?;
            (from, text)
        }
    };
    match text.trim() {
        "" => Err(Failure::new(format!("there is no job's token in {from}"))
            .help("give it with `--token-file`, `--token-env` or standard input")),
        token => Ok(token.to_owned()),
    }
}

/// Returns a client that follows no redirect: the job's token goes to the exchange alone. A proxy of the environment sees
/// no more than the host of an `https` URL, so one of `http` uses none.
fn agent(ca: Option<&Path>, url: &str) -> Result<Agent, Failure> {
    let roots = match ca {
        None => RootCerts::PlatformVerifier,
        Some(path) => {
            let wrong = |error: &dyn std::fmt::Display| {
                Failure::new(format!("cannot use `{}`: {error}", path.display()))
            };
            let pem = std::fs::read(path).map_err(|error| wrong(&error))?;
            let parsed: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
            let parsed = parsed.map_err(|error| wrong(&error))?;
            if parsed.is_empty() {
                return Err(wrong(&"it has no certificate"));
            }
            let certificates = parsed.iter().map(|one| Certificate::from_der(one).to_owned());
            RootCerts::Specific(Arc::new(certificates.collect()))
        }
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = TlsConfig::builder()
        .root_certs(roots)
        .unversioned_rustls_crypto_provider(provider);
    let proxy = Proxy::try_from_env().filter(|_| url.starts_with("https://"));
    let config = Agent::config_builder()
        .proxy(proxy)
        .tls_config(tls.build())
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(MAX_TIME));
    Ok(config.build().into())
}
