//! Doors: the protocols that the exchange answers.

use serde::Deserialize;

use super::Life;

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
    /// GitHub's protocol for ID tokens: `GET /id-token?audience=…`.
    Request,
    /// OAuth 2.0 token exchange (RFC 8693): `POST /token`.
    Token,
}

impl DoorKind {
    pub(crate) const ALL: [Self; 7] = [
        Self::Authorize,
        Self::Aws,
        Self::Azure,
        Self::Gcp,
        Self::OctoSts,
        Self::Request,
        Self::Token,
    ];

    /// Returns the name, as the configuration and the audit write it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Authorize => "authorize",
            Self::Azure => "azure",
            Self::Gcp => "gcp",
            Self::OctoSts => "octo_sts",
            Self::Request => "request",
            Self::Token => "token",
        }
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
}

/// A door that is open.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    pub(crate) name: String,
    pub(crate) kind: DoorKind,
    pub(crate) settings: DoorSettings,
    /// True if a job token is accepted only once for each role here.
    pub(crate) is_replay_checked: bool,
}

impl Door {
    /// Returns whether the door seals sessions, for which it needs the keys of `[sessions]`.
    pub(crate) fn needs_sessions(&self) -> bool {
        match self.kind {
            DoorKind::Aws => true,
            DoorKind::Authorize
            | DoorKind::Azure
            | DoorKind::Gcp
            | DoorKind::OctoSts
            | DoorKind::Request
            | DoorKind::Token => false,
        }
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
