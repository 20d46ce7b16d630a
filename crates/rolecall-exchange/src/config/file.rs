//! The form of the file, before anything is checked that concerns several keys.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

use super::{DoorSettings, IssuerUrl, Life, Size};
use crate::signing::SigningAlgorithm;

/// The file `exchange.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfigFile {
    pub(super) issuer: IssuerUrl,
    #[serde(default)]
    pub(super) reload: Reload,
    /// The digests of policy sets that `no-new-access` accepts though they give access.
    pub(super) approved: Option<PathBuf>,
    pub(super) policies: PathBuf,
    pub(super) listen: ListenFile,
    #[serde(default)]
    pub(super) fetch: FetchFile,
    pub(super) signing: SigningFile,
    pub(super) sessions: Option<SessionsFile>,
    pub(super) secrets: Option<SecretsFile>,
    #[serde(default)]
    pub(super) tokens: TokenSettings,
    #[serde(default)]
    pub(super) denials: DenialSettings,
    #[serde(default)]
    pub(super) replay: ReplayFile,
    pub(super) audit: AuditFile,
    pub(super) postgres: Option<PostgresFile>,
    #[serde(default)]
    pub(super) doors: BTreeMap<String, DoorSettings>,
}

/// The condition on which changed policies are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reload {
    /// They compile, and their tests and assertions pass.
    #[default]
    Tested,
    /// Also, it is proved that no token gets more than before, or the set is approved.
    NoNewAccess,
}

/// Addresses and certificate of the server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListenFile {
    pub(super) address: SocketAddr,
    pub(super) tls: Option<TlsFile>,
    #[serde(default)]
    /// The proxies whose `X-Forwarded-For` is believed: networks such as `10.0.0.0/8`.
    pub(super) trusted_proxies: Vec<String>,
    pub(super) public: Option<SocketAddr>,
    pub(super) admin: Option<SocketAddr>,
}

/// The certificate of the server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TlsFile {
    /// The certificate chain, as PEM.
    pub(crate) certificate: PathBuf,
    /// Its private key, as PEM.
    pub(crate) key: PathBuf,
}

/// Rules for fetching keys of issuers.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct FetchFile {
    pub(super) ca: Option<PathBuf>,
    pub(super) allow_private: Vec<String>,
    pub(super) allow_loopback_http: bool,
    pub(super) proxy: Option<String>,
}

/// The keys that sign role tokens.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SigningFile {
    pub(super) keys: PathBuf,
    #[serde(default)]
    pub(super) algorithm: SigningAlgorithm,
}

/// The keys that seal sessions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionsFile {
    pub(super) keys: PathBuf,
}

/// The secrets of the local Vault door.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecretsFile {
    pub(super) folder: PathBuf,
}

/// Content and lifetime of role tokens.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TokenSettings {
    /// The lifetime of tokens for roles without a `ttl`, and the longest one of all.
    pub(crate) ttl: Life,
    /// The claims of the job's token that stand in `act`; by default, those that the profile calls immutable.
    pub(crate) act: Option<Vec<String>>,
}

impl Default for TokenSettings {
    fn default() -> Self {
        Self {
            ttl: Life::from_mins(15),
            act: None,
        }
    }
}

/// Detail of answers to refused callers.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DenialSettings {
    pub(crate) detail: Detail,
}

/// The detail of an answer to a caller that is denied a role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Detail {
    /// That it is denied.
    #[default]
    None,
    /// Also which claims failed, with the caller's own values, if the role is one of the caller's tenant.
    Claims,
}

/// The doors at which a token is accepted once for each role, and the memory of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ReplayFile {
    pub(super) doors: Vec<String>,
    pub(super) store: StoreKind,
}

/// The memory of used tokens and of ended sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum StoreKind {
    /// In this process, with which it ends.
    #[default]
    Memory,
    /// In a file of this instance.
    File,
    /// In the database, which all instances share.
    Postgres,
}

/// The audit log.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuditFile {
    pub(super) file: PathBuf,
    #[serde(default = "yes")]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) rotate: Rotate,
    #[serde(default)]
    pub(super) postgres: bool,
}

/// The times at which the audit log goes on in another file.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Rotate {
    /// The size that a file reaches before the next one begins.
    pub(crate) size: Size,
    /// True if a file has lines of one day only, in UTC.
    pub(crate) daily: bool,
}

impl Default for Rotate {
    fn default() -> Self {
        Self {
            size: Size::OF_LOG,
            daily: true,
        }
    }
}

/// The database that instances share.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PostgresFile {
    pub(super) url_file: PathBuf,
}

fn yes() -> bool {
    true
}
