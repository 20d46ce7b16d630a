//! Configuration: the file `exchange.toml`.
//!
//! Unknown keys are errors, paths are relative to the file, and secrets are named by file only. A [`Config`] is
//! checked as a whole: what it contains fits together.

mod door;
mod file;
mod issuer;
mod life;
mod size;
mod unknown_key;
mod upstream;

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use ipnet::IpNet;

use crate::failure::Failure;
use crate::signing::SigningAlgorithm;
use file::ConfigFile;

pub(crate) use door::{Door, DoorKind, DoorSettings, Exceed};
pub(crate) use file::{DenialSettings, Detail, Reload, Rotate, StoreKind, TlsFile, TokenSettings};
pub(crate) use issuer::IssuerUrl;
pub(crate) use life::Life;
pub(crate) use size::Size;

/// Claims of a token about itself. An `act` has none of them: a service could take them for those of the role token.
pub(crate) const OF_TOKEN: [&str; 5] = ["aud", "exp", "iat", "jti", "nbf"];
/// The maximum size of the file in bytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// The checked configuration, with absolute paths or such that are relative to the working folder.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) issuer: IssuerUrl,
    pub(crate) policies: PathBuf,
    pub(crate) reload: Reload,
    /// A file with the digests of policy sets that may give access.
    pub(crate) approved: Option<PathBuf>,
    pub(crate) listen: Listen,
    pub(crate) fetch: Fetch,
    pub(crate) keys: PathBuf,
    /// The folder of the keys that seal sessions; always there if a door needs it.
    pub(crate) session_keys: Option<PathBuf>,
    /// The folder of secrets; always there if a door needs it.
    pub(crate) secrets: Option<PathBuf>,
    pub(crate) algorithm: SigningAlgorithm,
    pub(crate) tokens: TokenSettings,
    pub(crate) denials: DenialSettings,
    pub(crate) replay: StoreKind,
    pub(crate) audit: AuditSettings,
    /// The file with the URL of the database; always there if something is stored in it.
    pub(crate) postgres: Option<PathBuf>,
    pub(crate) doors: Vec<Door>,
}

/// The addresses of the server.
#[derive(Debug)]
pub(crate) struct Listen {
    pub(crate) address: SocketAddr,
    /// The address for discovery and keys alone, which the internet may reach.
    pub(crate) public: Option<SocketAddr>,
    pub(crate) tls: Option<TlsFile>,
    pub(crate) admin: Option<SocketAddr>,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub(crate) trusted_proxies: Vec<IpNet>,
}

/// Rules for fetching keys of issuers.
#[derive(Debug)]
pub(crate) struct Fetch {
    pub(crate) ca: Option<PathBuf>,
    pub(crate) allow_private: Vec<String>,
    pub(crate) allow_loopback_http: bool,
    pub(crate) proxy: Option<String>,
}

/// The audit log.
#[derive(Debug)]
pub(crate) struct AuditSettings {
    pub(crate) file: PathBuf,
    /// True if nothing is issued whose line is not on disk.
    pub(crate) required: bool,
    pub(crate) rotate: Rotate,
    /// True if the lines are copied to the database.
    pub(crate) postgres: bool,
}

impl AuditSettings {
    /// Returns the folder beside the log for what the server remembers.
    pub(crate) fn state_folder(&self) -> PathBuf {
        self.file.with_extension("state")
    }
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// Returns a [`Failure`] that names the file, and the line if there is one.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display();
        let cannot = |error: std::io::Error| Failure::new(format!("cannot read `{name}`: {error}"));
        if fs::metadata(path).map_err(cannot)?.len() > MAX_BYTES {
            return Err(Failure::new(format!("`{name}` has more than 1 MiB")));
        }
        let text = fs::read_to_string(path).map_err(cannot)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::parse(&text, folder).map_err(|failure| failure.within(&name.to_string()))
    }

    /// Parses a configuration whose paths are relative to a folder.
    pub(crate) fn parse(text: &str, folder: &Path) -> Result<Self, Failure> {
        let file: ConfigFile = toml::from_str(text).map_err(|error| syntax_failure(text, &error))?;
        let at = |path: PathBuf| folder.join(path);
        let listen = file.listen;
        let addresses = [("address", Some(listen.address)), ("public", listen.public)];
        let open = addresses
            .into_iter()
            .filter_map(|(name, address)| Some((name, address?)))
            .find(|(_, address)| !address.ip().is_loopback());
        if let Some((name, address)) = open
            && listen.tls.is_none()
            && listen.trusted_proxies.is_empty()
        {
            return Err(Failure::new(format!(
                "`listen.{name}` is `{address}`, which others can reach without TLS"
            ))
            .help("set `listen.tls`, listen on a loopback address, or name the proxies in `listen.trusted_proxies`"));
        }
        if let Some(claim) = file
            .tokens
            .act
            .iter()
            .flatten()
            .find(|claim| OF_TOKEN.contains(&claim.as_str()))
        {
            return Err(Failure::new(format!(
                "`tokens.act` has `{claim}`, which a role token has itself"
            ))
            .help("name claims of the job, such as `project_id`"));
        }
        let doors = doors(file.doors, &file.replay.doors, file.fetch.allow_loopback_http)?;
        if let Some(door) = doors
            .iter()
            .find(|door| file.issuer.is_same(&door.bound_audience))
        {
            return Err(Failure::new(format!(
                "`doors.{}.bound_audience` is the issuer of this exchange",
                door.name
            ))
            .help("a role token must never be for the exchange: use the audience of the upstream"));
        }
        if let (Some(door), None) = (doors.iter().find(|door| door.needs_sessions()), &file.sessions) {
            return Err(Failure::new(format!(
                "`[doors.{}]` needs `[sessions]`, which has its keys",
                door.name
            ))
            .help("name a folder with `keys`, and make a key with `rolecall-exchange keys new --sessions`"));
        }
        let vault = doors.iter().find(|door| door.needs_secrets());
        if let (Some(door), None) = (vault, &file.secrets) {
            return Err(Failure::new(format!(
                "`[doors.{}]` needs `[secrets]`, which has what it serves",
                door.name
            ))
            .help("name a `folder` with secrets, or the Vault to ask with `upstream`"));
        }
        let stored = [
            (
                file.replay.store == StoreKind::Postgres,
                "`[replay] store = \"postgres\"`",
            ),
            (file.audit.postgres, "`[audit] postgres = true`"),
        ];
        if let (Some((_, setting)), None) = (stored.iter().find(|(is_set, _)| *is_set), &file.postgres) {
            return Err(Failure::new(format!(
                "{setting} needs `[postgres]`, which says where the database is"
            ))
            .help("name a file with its URL in `url_file`"));
        }
        Ok(Self {
            issuer: file.issuer,
            policies: at(file.policies),
            reload: file.reload,
            approved: file.approved.map(at),
            listen: Listen {
                address: listen.address,
                public: listen.public,
                tls: listen.tls.map(|tls| TlsFile {
                    certificate: at(tls.certificate),
                    key: at(tls.key),
                }),
                admin: listen.admin,
                trusted_proxies: proxies(&listen.trusted_proxies)?,
            },
            fetch: Fetch {
                ca: file.fetch.ca.map(at),
                allow_private: file.fetch.allow_private,
                allow_loopback_http: file.fetch.allow_loopback_http,
                proxy: file.fetch.proxy,
            },
            keys: at(file.signing.keys),
            secrets: file.secrets.map(|secrets| at(secrets.folder)),
            session_keys: file.sessions.map(|sessions| at(sessions.keys)),
            algorithm: file.signing.algorithm,
            tokens: file.tokens,
            denials: file.denials,
            audit: AuditSettings {
                file: at(file.audit.file),
                required: file.audit.required,
                rotate: file.audit.rotate,
                postgres: file.audit.postgres,
            },
            replay: file.replay.store,
            postgres: file.postgres.map(|postgres| at(postgres.url_file)),
            doors,
        })
    }
}

/// Returns the networks of proxies. An address stands for itself.
fn proxies(texts: &[String]) -> Result<Vec<IpNet>, Failure> {
    let parsed = texts.iter().map(|text| {
        let address = text.parse::<IpAddr>().map(IpNet::from);
        text.parse::<IpNet>().or(address).map_err(|_| {
            Failure::new(format!(
                "`listen.trusted_proxies` has `{text}`, which is not a network"
            ))
            .help("write it as `10.0.0.0/8`")
        })
    });
    parsed.collect()
}

/// Returns the open doors, by name.
fn doors(
    settings: std::collections::BTreeMap<String, DoorSettings>,
    replay_checked: &[String],
    loopback_http: bool,
) -> Result<Vec<Door>, Failure> {
    let names = || DoorKind::ALL.map(|kind| format!("`{}`", kind.name())).join(", ");
    for name in replay_checked {
        if !settings.contains_key(name) {
            return Err(Failure::new(format!(
                "`replay.doors` names `{name}`, and there is no `[doors.{name}]`"
            )));
        }
    }
    let open = |(name, settings): (String, DoorSettings)| {
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
        if name.is_empty() || name.len() > 64 || !name.bytes().all(is_name) {
            return Err(Failure::new(format!("`[doors.{name}]` is not a name of a door"))
                .help("use lower-case letters, digits, `-` and `_`"));
        }
        let named = DoorKind::ALL.into_iter().find(|kind| kind.name() == name);
        let Some(kind) = settings.kind.or(named) else {
            return Err(Failure::new(format!("`[doors.{name}]` has no `kind`"))
                .help(format!("use one of {}", names())));
        };
        if named.is_some_and(|named| named != kind) {
            return Err(
                Failure::new(format!("`[doors.{name}]` has the kind `{}`", kind.name()))
                    .help("use another name for the door: this one is that of another kind"),
            );
        }
        settings.check(&name, kind)?;
        let is_replay_checked = replay_checked.contains(&name);
        let upstreams = upstream::upstreams(&name, kind, &settings, loopback_http)?;
        let bound_audience = upstream::bound_audience(&name, kind, &settings)?;
        Ok(Door {
            name,
            kind,
            upstreams,
            bound_audience,
            settings,
            is_replay_checked,
        })
    };
    settings.into_iter().map(open).collect()
}

/// Describes an error of the TOML parser or of the form, with its line.
fn syntax_failure(text: &str, error: &toml::de::Error) -> Failure {
    let message = error.message().replace('\n', ", ");
    let line = error.span().and_then(|span| text.get(..span.start));
    let line = line.map(|before| before.matches('\n').count().saturating_add(1));
    let help = unknown_key::suggestion(&message).map(|known| format!("did you mean `{known}`?"));
    let failure = match line {
        Some(line) => Failure::new(format!("line {line}: {message}")),
        None => Failure::new(message),
    };
    match help {
        Some(help) => failure.help(help),
        None => failure,
    }
}
