//! Doors: the protocols that the exchange answers.

use std::time::Duration;

use serde::Deserialize;

use super::Life;
use crate::failure::Failure;

/// The protocol of a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DoorKind {
    /// AWS' Query protocol: `AssumeRoleWithWebIdentity` and `GetCallerIdentity`.
    Aws,
    /// Authorization of a proxy's requests: `GET /authorize?role=…`.
    Authorize,
    /// Entra ID's token endpoint with a federated credential.
    Azure,
    /// Google Cloud's token exchange, and its access tokens of service accounts.
    Gcp,
    /// octo-sts: `GET /sts/exchange?scope=…&identity=…`.
    OctoSts,
    /// AWS' container credentials protocol: `GET /aws/credentials/ROLE`.
    Credentials,
    /// GitHub's protocol for ID tokens: `GET /id-token?audience=…`.
    Request,
    /// OAuth 2.0 token exchange (RFC 8693): `POST /token`.
    Token,
    /// Vault's logins and reads.
    Vault,
}

impl DoorKind {
    pub(crate) const ALL: [Self; 9] = [
        Self::Authorize,
        Self::Aws,
        Self::Azure,
        Self::Credentials,
        Self::Gcp,
        Self::OctoSts,
        Self::Request,
        Self::Token,
        Self::Vault,
    ];

    /// Returns the name, as the configuration and the audit write it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Authorize => "authorize",
            Self::Azure => "azure",
            Self::Gcp => "gcp",
            Self::OctoSts => "octo_sts",
            Self::Credentials => "credentials",
            Self::Request => "request",
            Self::Token => "token",
            Self::Vault => "vault",
        }
    }
}

impl DoorKind {
    /// Returns whether doors of this kind may have an upstream.
    pub(super) const fn takes_upstream(self) -> bool {
        matches!(
            self,
            Self::Aws | Self::Credentials | Self::Gcp | Self::OctoSts | Self::Vault
        )
    }

    /// Returns whether their upstream has regions.
    pub(super) const fn has_regions(self) -> bool {
        matches!(self, Self::Aws | Self::Credentials)
    }

    /// Returns whether they have one always.
    pub(super) const fn needs_upstream(self) -> bool {
        matches!(self, Self::Credentials)
    }
}

/// The settings of a door. Its name is the key in the table `doors`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DoorSettings {
    /// The protocol; by default, the one that the door is named after.
    pub(super) kind: Option<DoorKind>,
    /// The audience of job tokens at this door. A token for another door is then refused here.
    pub(crate) audience: Option<String>,
    /// The longest lifetime of what this door issues.
    pub(crate) ttl: Option<Life>,
    /// The mounts at which jobs log in, in lower case.
    pub(super) mounts: Option<Vec<String>>,
    /// The mount of the secrets.
    pub(super) kv: Option<String>,
    /// The role of logins that name none.
    pub(crate) default_role: Option<String>,
    /// The service that the door asks with a role token, with `{region}` where the region is.
    pub(super) upstream: Option<String>,
    /// The regions of the upstream, in the order in which they are asked.
    #[serde(default)]
    pub(super) regions: Vec<String>,
    /// The audience that the upstream accepts in role tokens.
    pub(super) bound_audience: Option<String>,
    /// The mounts of KV version 2 at the upstream whose secrets may be read through the door.
    pub(super) reads: Option<Vec<String>>,
    /// The time in which an upstream must answer.
    pub(super) timeout: Option<Life>,
    pub(super) exceed: Option<Exceed>,
}

/// The treatment of what an upstream issues if it lives longer than the role may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Exceed {
    /// It is not handed out.
    #[default]
    Refuse,
    /// It is handed out, and the audit says how long it lives.
    Record,
}

/// The time in which an upstream must answer, if the configuration says no other.
const UPSTREAM_TIME: Duration = Duration::from_secs(5);

/// The beginnings of paths that are not of a secrets engine, or of another door.
const RESERVED: [&str; 4] = ["auth", "projects", "sys", "token"];

impl DoorSettings {
    /// Returns the mounts at which jobs log in.
    pub(crate) fn mounts(&self) -> impl Iterator<Item = &str> {
        let names = self.mounts.iter().flatten().map(String::as_str);
        names.chain(self.mounts.is_none().then_some("jwt"))
    }

    /// Returns the mount of the secrets.
    pub(crate) fn kv(&self) -> &str {
        self.kv.as_deref().unwrap_or("secret")
    }

    /// Returns the mounts of KV version 2 at the upstream whose secrets may be read.
    pub(crate) fn reads(&self) -> impl Iterator<Item = &str> {
        self.reads.iter().flatten().map(String::as_str)
    }

    pub(crate) fn exceed(&self) -> Exceed {
        self.exceed.unwrap_or_default()
    }

    /// Checks the settings that only some kinds take.
    pub(super) fn check(&self, name: &str, kind: DoorKind) -> Result<(), Failure> {
        let of_vault = [
            ("mounts", self.mounts.is_some()),
            ("kv", self.kv.is_some()),
            ("default_role", self.default_role.is_some()),
            ("reads", self.reads.is_some()),
        ];
        if let (Some((key, _)), true) = (
            of_vault.iter().find(|(_, is_set)| *is_set),
            kind != DoorKind::Vault,
        ) {
            return Err(Failure::new(format!(
                "`[doors.{name}]` has `{key}`, which a door of the kind `{}` does not take",
                kind.name()
            ))
            .help("only a door of the kind `vault` takes it: remove it"));
        }
        for mount in self.mounts().chain([self.kv()]).chain(self.reads()) {
            let first = mount.split('/').next().unwrap_or_default();
            if !is_mount(mount) || RESERVED.contains(&first) {
                return Err(Failure::new(format!("`[doors.{name}]` has the mount `{mount}`")).help(
                    "use lower-case letters, digits, `-`, `_` and `/`, and none of `auth`, `projects`, `sys` and `token` in front",
                ));
            }
        }
        Ok(())
    }
}

/// Returns whether a text is the path of a mount, without slashes around it.
fn is_mount(text: &str) -> bool {
    let is_ours = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    text.len() <= 128
        && text
            .split('/')
            .all(|part| !part.is_empty() && part.bytes().all(is_ours))
}

/// A door that is open.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    pub(crate) name: String,
    pub(crate) kind: DoorKind,
    pub(crate) settings: DoorSettings,
    /// The URLs of the upstream, in the order in which they are asked; none if the door answers itself.
    pub(crate) upstreams: Vec<String>,
    /// The audience that the upstream accepts in role tokens; empty if the door or the client says which one.
    pub(crate) bound_audience: String,
    /// True if a job token is accepted only once for each role here.
    pub(crate) is_replay_checked: bool,
}

impl Door {
    /// Returns the kind and the name: the door for which a session, or a token for this exchange, is issued.
    pub(crate) fn id(&self) -> String {
        format!("{}:{}", self.kind.name(), self.name)
    }

    /// Returns whether the door seals sessions, for which it needs the keys of `[sessions]`.
    pub(crate) fn needs_sessions(&self) -> bool {
        match self.kind {
            DoorKind::Aws | DoorKind::Vault => self.upstreams.is_empty(),
            DoorKind::Authorize
            | DoorKind::Azure
            | DoorKind::Credentials
            | DoorKind::Gcp
            | DoorKind::OctoSts
            | DoorKind::Request
            | DoorKind::Token => false,
        }
    }

    /// Returns whether the door serves secrets of `[secrets]`.
    pub(crate) fn needs_secrets(&self) -> bool {
        self.kind == DoorKind::Vault && self.upstreams.is_empty()
    }

    /// Returns the time in which an upstream must answer.
    pub(crate) fn timeout(&self) -> Duration {
        self.settings.timeout.map_or(UPSTREAM_TIME, Life::duration)
    }

    /// Returns the path below which the door answers: none for a door named after its protocol.
    pub(crate) fn prefix(&self) -> String {
        if self.name == self.kind.name() {
            String::new()
        } else {
            format!("/{}", self.name)
        }
    }
}
