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

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::path::Path;

    use serde_json::json;

    use super::*;
    use crate::audit::{Chain, Tally};

    /// The log that the tests of `policy-check explain --unused` read.
    const SAMPLE: &str = "../policy-check/tests/cases/files/audit.jsonl";
    const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

    fn record<'a>(time: i64, wanted: Wanted<'a>, outcome: Outcome<'a>) -> String {
        let record = Record {
            time,
            request: "5Jm3pT1kQ9aZ",
            door: "token",
            peer: PEER,
            wanted: wanted.into(),
            issuer: Some("gitlab"),
            subject: Some("project_path:acme/shop:ref_type:branch:ref:main"),
            job_token: Some("0a7f"),
            outcome,
        };
        record.json()
    }

    fn granted<'a>(role: &'a str, clause: Option<&'a str>) -> Outcome<'a> {
        Outcome::Granted {
            role,
            clause,
            audience: "https://deploy.acme.example",
            id: "Vt0x8qzKJ2",
            life: 900,
        }
    }

    #[test]
    fn another_command_reads_the_lines() {
        let start = 1_777_881_600;
        let checkpoint = |time: i64, cause: &str| {
            // A signed one has its signature in addition.
            json!({ "time": time, "outcome": "checkpoint", "chain": "c", "cause": cause, "key": "k" })
                .to_string()
        };
        let wanted = Wanted::Grant {
            grant: "audience",
            value: "https://deploy.acme.example",
            role: None,
        };
        let tally = Tally::default();
        tally.count(PEER, "malformed");
        let mut records = vec![
            checkpoint(start, "begin"),
            record(start + 100, wanted, granted("deploy", Some("shop.policy:10"))),
            record(start + 200, wanted, Outcome::Refused { reason: "no_role" }),
            record(
                start + 86_400,
                Wanted::Role("plan-shop"),
                granted("plan-shop", Some("shop.policy:17")),
            ),
            record(start + 86_500, wanted, granted("plan-shop", None)),
            record(start + 172_800, wanted, granted("deploy", Some("shop.policy:10"))),
            record(
                start + 172_801,
                wanted,
                Outcome::Exceeded {
                    role: "deploy",
                    id: "Vt0x8qzKJ2",
                    life: Some(3_600),
                    most: 900,
                },
            ),
        ];
        records.extend(tally.take(start + 172_860).iter().map(ToString::to_string));
        records.push(checkpoint(start + 172_900, "stop"));
        let mut chain = Chain::default();
        let lines: String = records.iter().map(|record| chain.add(record)).collect();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE);
        if std::env::var_os("ROLECALL_BLESS").is_some() {
            std::fs::write(&path, &lines).unwrap();
        }
        let sample = std::fs::read_to_string(&path).unwrap();
        assert_eq!(
            sample, lines,
            "set ROLECALL_BLESS=1 to write {SAMPLE}, and change policy-check if a name is another one"
        );
    }
}
