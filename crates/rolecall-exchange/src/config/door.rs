//! Doors: the protocols that the exchange answers.

use serde::Deserialize;

use super::Life;

/// The protocol of a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DoorKind {
    /// AWS' Query protocol: `AssumeRoleWithWebIdentity` and `GetCallerIdentity`.
    Aws,
    /// AWS' container credentials protocol: `GET /aws/credentials/ROLE`.
    Credentials,
    /// GitHub's protocol for ID tokens: `GET /id-token?audience=…`.
    Request,
    /// OAuth 2.0 token exchange (RFC 8693): `POST /token`.
    Token,
}

impl DoorKind {
    pub(crate) const ALL: [Self; 4] = [Self::Aws, Self::Credentials, Self::Request, Self::Token];

    /// Returns the name, as the configuration and the audit write it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Credentials => "credentials",
            Self::Request => "request",
            Self::Token => "token",
        }
    }
}

impl DoorKind {
    /// Returns whether doors of this kind may have an upstream.
    pub(super) const fn takes_upstream(self) -> bool {
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
    /// The service that the door asks with a role token, with `{region}` where the region is.
    pub(super) upstream: Option<String>,
    /// The regions of the upstream, in the order in which they are asked.
    #[serde(default)]
    pub(super) regions: Vec<String>,
}

/// A door that is open.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    pub(crate) name: String,
    pub(crate) kind: DoorKind,
    pub(crate) settings: DoorSettings,
    /// The URLs of the upstream, in the order in which they are asked; none if the door answers itself.
    pub(crate) upstreams: Vec<String>,
    /// True if a job token is accepted only once for each role here.
    pub(crate) is_replay_checked: bool,
}

impl Door {
    /// Returns whether the door seals sessions, for which it needs the keys of `[sessions]`.
    pub(crate) fn needs_sessions(&self) -> bool {
        match self.kind {
            DoorKind::Aws => self.upstreams.is_empty(),
            DoorKind::Credentials | DoorKind::Request | DoorKind::Token => false,
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
