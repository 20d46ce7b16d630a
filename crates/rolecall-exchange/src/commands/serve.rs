//! `rolecall-exchange serve`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use clap::Args;
use rolecall::{Clock as _, Gate, HttpKeys, KeySources, PolicySet, SystemClock};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::sleep;

use crate::audit::{Audit, Signer};
use crate::config::{Config, Fetch, StoreKind};
use crate::console::Console;
use crate::exchange::Exchange;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::policies::{Policies, watch};
use crate::postgres::Postgres;
use crate::replay::Replay;
use crate::secrets::Folder;
use crate::server::{Files, Health, Listeners, Routes};
use crate::sessions::Sealer;
use crate::signing::KeyRing;
use crate::telemetry::Telemetry;
use crate::upstream::Upstream;
use crate::whole_file::{self, Readers};

/// The time after which refusals that were only counted are written.
const COUNT_TIME: Duration = Duration::from_secs(60);

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
    start(Config::read(&arguments.config)?, arguments.ready.as_deref())
}

/// Serves a configuration until a signal.
pub(super) fn start(config: Config, ready: Option<&Path>) -> Result<Exit, Failure> {
    tracing_subscriber::fmt()
        .json()
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::INFO)
        // Otherwise it reports a full log on standard error, which ends the thread if that is the log.
        .log_internal_errors(false)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("cannot start: {error}")))?;
    let exit = runtime.block_on(serve(config, ready));
    // A judgement of policies may be under way.
    runtime.shutdown_background();
    exit
}

async fn serve(config: Config, ready: Option<&Path>) -> Result<Exit, Failure> {
    // First of all: without it, a signal ends the process.
    let (mut term, mut int, hup) = (
        on(SignalKind::terminate())?,
        on(SignalKind::interrupt())?,
        on(SignalKind::hangup())?,
    );
    let policies = Policies::new(&config);
    let postgres = config
        .postgres
        .as_deref()
        .map(Postgres::new)
        .transpose()?
        .map(Arc::new);
    let exchange = Arc::new(exchange(&config, &policies, postgres.as_ref())?);
    let telemetry = Telemetry::start()?;
    let health = Health::new(Arc::clone(&policies.status), telemetry, config.audit.postgres);
    let health = Arc::new(health);
    let routes = Routes::new(&exchange, &config.doors, &health, &config.listen);
    let watched = watch(policies, exchange.gate.clone());
    let listeners = Listeners::open(&config.listen)?;
    if let Some(path) = ready {
        write_ready(path, &listeners)?;
    }
    exchange.gate.fetch_keys();
    let files = Files {
        exchange: Arc::clone(&exchange),
        health: Arc::clone(&health),
        keys: config.keys.clone(),
        session_keys: config.session_keys.clone(),
        certificates: listeners.certificates.clone(),
    };
    let count = async {
        loop {
            sleep(COUNT_TIME).await;
            exchange.write_counts();
            exchange.replay.tidy(exchange.now()).await;
        }
    };
    let copy = async {
        match postgres.filter(|_| config.audit.postgres) {
            Some(postgres) => exchange.audit.copy(&config.audit, postgres).await,
            None => std::future::pending().await,
        }
    };
    let stop = async {
        let ended = tokio::select! {
            _ = term.recv() => Ok(Exit::Yes),
            _ = int.recv() => Ok(Exit::Yes),
            () = files.watch(hup) => Err("the keys"),
            () = watched => Err("the policies"),
            () = count => Err("the refusals"),
            () = copy => Err("the copy of the audit"),
            () = exchange.audit.watch() => Err("the audit"),
        };
        tracing::info!("stopping");
        ended
    };
    let ended = listeners.run(routes, &health, stop).await;
    exchange.finish().await;
    // An orchestrator starts it again.
    ended.map_err(|what| {
        Failure::new(format!("the thread that watches {what} failed"))
            .help("the log says why: report it, it is a fault of the exchange")
    })
}

fn exchange(
    config: &Config,
    policies: &Policies,
    postgres: Option<&Arc<Postgres>>,
) -> Result<Exchange, Failure> {
    let clock = Arc::new(SystemClock);
    let keys = KeyRing::usable(&config.keys, config.algorithm, clock.now().wall)?;
    let keys = Arc::new(ArcSwap::from_pointee(keys));
    let signer = Signer {
        keys: Arc::clone(&keys),
        algorithm: config.algorithm,
        clock: Arc::<SystemClock>::clone(&clock),
    };
    // It is locked, and what is beside it belongs to this instance.
    let audit = Audit::open(&config.audit, signer)?;
    let gate = gate(config, policies.open()?)?;
    let mut exchange = Exchange::new(
        gate,
        keys,
        (config.issuer.clone(), config.algorithm, config.tokens.clone()),
        audit,
        clock,
    );
    exchange.replay = match (config.replay, postgres) {
        (StoreKind::Postgres, Some(postgres)) => Replay::shared(Arc::clone(postgres)),
        (StoreKind::File, _) => Replay::in_folder(&config.audit.state_folder())?,
        _ => Replay::default(),
    };
    if let Some(folder) = &config.session_keys {
        exchange
            .sealer
            .store(Arc::new(Sealer::usable(folder, exchange.now())?));
    }
    if config.doors.iter().any(|door| !door.upstreams.is_empty()) {
        exchange.upstream = Some(Upstream::new(http_keys(&config.fetch)?.http_client()));
    }
    if let Some(folder) = &config.secrets {
        exchange.secrets = Some(Arc::new(Folder::open(folder)?));
    }
    Ok(exchange.detail(config.denials.detail))
}

/// Returns the gate of a configuration with these policies.
pub(super) fn gate(config: &Config, set: PolicySet) -> Result<Gate, Failure> {
    let sources = KeySources::new()
        .folder(&config.policies)
        .otherwise(http_keys(&config.fetch)?);
    Gate::builder(set, sources)
        .build()
        .map_err(|error| Failure::new(format!("cannot use the policies: {error}")))
}

pub(super) fn http_keys(fetch: &Fetch) -> Result<HttpKeys, Failure> {
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

fn on(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(|error| Failure::new(format!("cannot receive signals: {error}")))
}

/// Writes the addresses, all at once: a reader never sees a part of the file.
fn write_ready(path: &Path, listeners: &Listeners) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| Failure::new(format!("cannot write `{}`: {error}", path.display()));
    let addresses = listeners.addresses().map_err(cannot)?.to_string();
    whole_file::replace(path, addresses.as_bytes(), Readers::Owner).map_err(cannot)?;
    Ok(())
}
