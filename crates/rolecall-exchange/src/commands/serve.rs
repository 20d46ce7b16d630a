//! `rolecall-exchange serve`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use rolecall::{Gate, HttpKeys, KeySources, SystemClock, UnixTime, policies_from_folder};
use serde_json::json;
use tempfile::NamedTempFile;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::audit::Audit;
use crate::config::{Config, Fetch};
use crate::console::Console;
use crate::exchange::Exchange;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::server::Listeners;
use crate::sessions::Sealer;
use crate::signing::KeyRing;
use crate::upstream::Upstream;

/// Serve the open doors until SIGTERM or SIGINT
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = "exchange.toml")]
    config: PathBuf,
    /// Write a JSON file with the addresses, once the server answers
    #[arg(long, value_name = "FILE")]
    ready: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, _console: &Console) -> Result<Exit, Failure> {
    let config = Config::read(&arguments.config)?;
    tracing_subscriber::fmt()
        .json()
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::INFO)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("cannot start: {error}")))?;
    runtime.block_on(serve(config, arguments.ready.as_deref()))
}

async fn serve(config: Config, ready: Option<&Path>) -> Result<Exit, Failure> {
    let exchange = Arc::new(exchange(&config)?);
    let keys = KeyRing::read(&config.keys)?;
    if keys.signer(config.algorithm, exchange.now()).is_none() {
        return Err(no_signer(&config));
    }
    let _watch = exchange
        .gate
        .watch(&config.policies)
        .map_err(|error| Failure::new(format!("cannot watch `{}`: {error}", config.policies.display())))?;
    let (mut term, mut int, mut hup) = (
        on(SignalKind::terminate())?,
        on(SignalKind::interrupt())?,
        on(SignalKind::hangup())?,
    );
    let listeners = Listeners::open(&config.listen).await?;
    if let Some(path) = ready {
        write_ready(path, &listeners)?;
    }
    exchange.gate.fetch_keys();
    let certificates = listeners.certificates.clone();
    let reload = async {
        loop {
            hup.recv().await;
            match KeyRing::read(&config.keys) {
                Ok(keys) if keys.signer(config.algorithm, exchange.now()).is_some() => {
                    exchange.keys.store(Arc::new(keys));
                    tracing::info!("the keys were read again");
                }
                Ok(_) => tracing::error!("no key signs now: the keys in use stay"),
                Err(failure) => tracing::error!(%failure, "the keys in use stay"),
            }
            if let Some(folder) = &config.session_keys {
                match sealer(folder, exchange.now()) {
                    Ok(sealer) => exchange.sealer.store(Arc::new(sealer)),
                    Err(failure) => tracing::error!(%failure, "the session keys in use stay"),
                }
            }
            if let Some(certificates) = &certificates {
                match certificates.reload() {
                    Ok(()) => tracing::info!("the certificate was read again"),
                    Err(failure) => tracing::error!(%failure, "the certificate in use stays"),
                }
            }
        }
    };
    let stop = async {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
            () = reload => {}
        }
        tracing::info!("stopping");
    };
    listeners.run(&exchange, &config.doors, stop).await;
    Ok(Exit::Yes)
}

fn exchange(config: &Config) -> Result<Exchange, Failure> {
    let folder = config.policies.display();
    let policies = policies_from_folder(&config.policies)
        .map_err(|error| Failure::new(format!("cannot use the policies in `{folder}`: {error}")))?;
    for issuer in policies.issuers() {
        if config.issuer.is_same(&issuer.url) {
            return Err(Failure::new(format!(
                "the issuer `{}` of the policies is this exchange",
                issuer.name
            ))
            .help("an exchange never trusts itself: remove the issuer"));
        }
    }
    let sources = KeySources::new()
        .folder(&config.policies)
        .otherwise(http_keys(&config.fetch)?);
    let gate = Gate::builder(policies, sources)
        .build()
        .map_err(|error| Failure::new(format!("cannot use the policies in `{folder}`: {error}")))?;
    let keys = KeyRing::read(&config.keys)?;
    let mut exchange = Exchange::new(
        gate,
        keys,
        (config.issuer.clone(), config.algorithm, config.tokens.clone()),
        Audit::open(&config.audit)?,
        Arc::new(SystemClock),
    );
    if let Some(folder) = &config.session_keys {
        exchange.sealer.store(Arc::new(sealer(folder, exchange.now())?));
    }
    if config.doors.iter().any(|door| !door.upstreams.is_empty()) {
        exchange.upstream = Some(Upstream::new(&config.fetch)?);
    }
    Ok(exchange)
}

/// Reads the keys of sessions, one of which must seal now.
fn sealer(folder: &Path, now: UnixTime) -> Result<Sealer, Failure> {
    let sealer = Sealer::read(folder)?;
    if sealer.seals(now) {
        return Ok(sealer);
    }
    let message = format!("no key in `{}` seals sessions now", folder.display());
    Err(Failure::new(message).help("`rolecall-exchange keys new --sessions` makes one"))
}

fn http_keys(fetch: &Fetch) -> Result<HttpKeys, Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::new(format!("cannot use `[fetch]`: {error}"));
    let mut keys = HttpKeys::new();
    if let Some(path) = &fetch.ca {
        let pem = std::fs::read(path).map_err(|error| wrong(&format!("`{}`: {error}", path.display())))?;
        keys = keys.roots(&pem).map_err(|error| wrong(&error))?;
    }
    for host in &fetch.allow_private {
        keys = keys.allow_private(host);
    }
    if fetch.allow_loopback_http {
        keys = keys.allow_loopback_http();
    }
    if let Some(proxy) = &fetch.proxy {
        keys = keys.proxy(proxy).map_err(|error| wrong(&error))?;
    }
    Ok(keys)
}

fn no_signer(config: &Config) -> Failure {
    Failure::new(format!(
        "no key in `{}` signs {} now",
        config.keys.display(),
        config.algorithm.name()
    ))
    .help("`rolecall-exchange keys new` makes one, which signs at once if it is the first")
}

fn on(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(|error| Failure::new(format!("cannot receive signals: {error}")))
}

/// Writes the addresses, all at once: who waits for the file never reads a part of it.
fn write_ready(path: &Path, listeners: &Listeners) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| Failure::new(format!("cannot write `{}`: {error}", path.display()));
    let scheme = if listeners.certificates.is_some() {
        "https"
    } else {
        "http"
    };
    let url = format!("{scheme}://{}", listeners.public.local_addr().map_err(cannot)?);
    let admin = match &listeners.admin {
        Some(admin) => Some(format!("http://{}", admin.local_addr().map_err(cannot)?)),
        None => None,
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(cannot)?;
    file.write_all(json!({ "url": url, "admin": admin }).to_string().as_bytes())
        .map_err(cannot)?;
    file.persist(path).map_err(|error| cannot(error.error))?;
    Ok(())
}
