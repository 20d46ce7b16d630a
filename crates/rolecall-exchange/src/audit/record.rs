//! Records of requests.

use std::net::IpAddr;

use serde::Serialize;

use crate::excerpt::start;
use crate::exchange::Wanted;

/// The record of a request: who asked, for what, and what came of it. It never contains a token.
#[derive(Debug, Serialize)]
pub(crate) struct Record<'a> {
    /// Seconds since 1970.
    pub(crate) time: i64,
    pub(crate) request: &'a str,
    pub(crate) door: &'a str,
    pub(crate) peer: IpAddr,
    pub(crate) wanted: WantedRecord<'a>,
    /// The name of the issuer in the policies, if the job's token is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) issuer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<&'a str>,
    /// The `jti` of the job's token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) job_token: Option<&'a str>,
    #[serde(flatten)]
    pub(crate) outcome: Outcome<'a>,
}

/// The question of a request, cut to a length that no client can fill a disk with.
#[derive(Debug, Serialize)]
pub(crate) struct WantedRecord<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    grant: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
}

/// The maximum length of a text of a client in bytes.
const MAX_TEXT: usize = 512;

impl<'a> From<Wanted<'a>> for WantedRecord<'a> {
    fn from(wanted: Wanted<'a>) -> Self {
        match wanted {
            Wanted::Grant { grant, value, role } => Self {
                grant: Some(grant),
                value: Some(start(value, MAX_TEXT)),
                role: role.map(|role| start(role, MAX_TEXT)),
            },
            Wanted::RoleWith { role, grant } => Self {
                grant: Some(grant),
                value: None,
                role: Some(start(role, MAX_TEXT)),
            },
            Wanted::Role(role) => Self {
                grant: None,
                value: None,
                role: Some(start(role, MAX_TEXT)),
            },
        }
    }
}

/// The outcome of a request.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(crate) enum Outcome<'a> {
    /// A role was granted. What the door issued for it, if it could, has this identifier.
    Granted {
        #[serde(rename = "granted_role")]
        role: &'a str,
        /// The place in the policies of the clause that allows it; none if the role was granted before.
        #[serde(skip_serializing_if = "Option::is_none")]
        clause: Option<&'a str>,
        audience: &'a str,
        id: &'a str,
        /// In seconds.
        life: u64,
    },
    Refused {
        reason: &'a str,
    },
    /// An upstream issued something for a granted role that lives longer than the role may.
    Exceeded {
        #[serde(rename = "granted_role")]
        role: &'a str,
        id: &'a str,
        /// In seconds; null if it never ends.
        life: Option<u64>,
        /// In seconds.
        most: u64,
    },
}

impl Record<'_> {
    /// Returns the record as a JSON object.
    pub(crate) fn json(&self) -> String {
        // The members are texts and numbers, which always serialise.
        serde_json::to_string(self).unwrap_or_else(|_| "{\"outcome\":\"lost\"}".to_owned())
    }
}
