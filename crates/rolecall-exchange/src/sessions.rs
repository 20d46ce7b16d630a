//! Sealed sessions: what a door issues to clients that come again with it, such as AWS session keys.
//!
//! A session is encrypted into its own token, so any instance opens it and none stores it. It opens at its own door
//! alone. Sessions are opened through the `Exchange`, which also checks that the policies still have their role and
//! issuer.

mod key_file;
mod sealer;
mod sigv4;

use std::fmt;

use rolecall::UnixTime;
use serde::{Deserialize, Serialize};

pub(crate) use key_file::{SessionKeyFile, read_folder};
pub(crate) use sealer::Sealer;
pub(crate) use sigv4::{SignatureFault, Signed};

/// A session of a job at a door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) role: String,
    /// The name of the job's issuer in the policies.
    pub(crate) issuer: String,
    /// The identifier that the audit has.
    pub(crate) id: String,
    /// Seconds since 1970.
    pub(crate) expires_at: i64,
    /// The keys of an AWS session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) aws: Option<AwsKeys>,
    /// The access of a session at a door of the kind `vault`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) vault: Option<VaultAccess>,
}

impl Session {
    fn is_expired(&self, now: UnixTime) -> bool {
        self.expires_at <= now.as_secs()
    }
}

/// The origin of a Vault session, and the secrets that it reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VaultAccess {
    /// The namespace in lower case; empty for the root.
    pub(crate) namespace: String,
    pub(crate) mount: String,
    /// Seconds since 1970.
    pub(crate) begun_at: i64,
    /// The grants `secrets` of the role: patterns of paths.
    pub(crate) secrets: Vec<String>,
}

/// The keys with which an AWS client signs its requests, and its identity.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AwsKeys {
    pub(crate) access_key_id: String,
    pub(crate) secret: String,
    /// The ARN of the IAM role.
    pub(crate) role_arn: String,
    pub(crate) session_name: String,
}

impl fmt::Debug for AwsKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsKeys")
            .field("access_key_id", &self.access_key_id)
            .field("role_arn", &self.role_arn)
            .field("session_name", &self.session_name)
            .finish_non_exhaustive()
    }
}
