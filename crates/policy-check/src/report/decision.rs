//! Which roles a token may take.

use rolecall::VerifiedToken;
use rolecall_engine::{Decision, DenialReason, PolicySet, Value};
use serde::Serialize;

use super::json::Pairs;
use super::location::{LinePlace, Locations};
use crate::printable::printable;
use crate::role_names;
use crate::style::{BAD, DOUBT, FAINT, GOOD, HELP, STRONG, paint};

/// The report of `decide` about a token that was accepted.
#[derive(Debug, Serialize)]
pub(crate) struct DecisionReport {
    verified: bool,
    issuer: String,
    subject: String,
    roles: Vec<RoleReport>,
    #[serde(skip)]
    help: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum RoleReport {
    Allowed(AllowedRole),
    Denied(DeniedRole),
}

#[derive(Debug, Serialize)]
struct AllowedRole {
    role: String,
    allowed: bool,
    clause: ClausePlace,
    ttl_seconds: Option<u64>,
    #[serde(flatten)]
    grants: Grants,
}

/// What is granted, or why whoever hands out credentials has to refuse.
#[derive(Debug, Serialize)]
enum Grants {
    #[serde(rename = "grants")]
    Filled(Pairs),
    #[serde(rename = "grants_error")]
    Refused(String),
}

#[derive(Debug, Serialize)]
struct ClausePlace {
    index: usize,
    #[serde(flatten)]
    place: LinePlace,
}

#[derive(Debug, Serialize)]
struct DeniedRole {
    role: String,
    allowed: bool,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    guard: Option<String>,
}

impl DecisionReport {
    /// The roles that the token may take, or the one that is asked for.
    pub(crate) fn new(set: &PolicySet, token: &VerifiedToken, role: Option<&str>) -> Self {
        let claims = token.claims();
        let places = Locations::new(set.program().files());
        let roles: Vec<RoleReport> = match role {
            Some(role) => vec![RoleReport::new(set, &places, &set.decide(claims, role), role)],
            None => {
                let name = |decision: &Decision<'_>| {
                    decision
                        .role()
                        .map_or(String::new(), |role| role.name.to_string())
                };
                let mut room = Vec::new();
                let mut decisions: Vec<Decision<'_>> = set.roles(claims, &mut room).collect();
                decisions.sort_unstable_by_key(Decision::cached);
                decisions
                    .into_iter()
                    .map(|decision| RoleReport::new(set, &places, &decision, &name(&decision)))
                    .collect()
            }
        };
        let help = role.filter(|role| set.program().role(role).is_none());
        let names = set.program().roles().values().map(|role| &*role.name);
        let help = help.map(|role| role_names::help(role, names));
        Self {
            verified: true,
            issuer: token.issuer().to_owned(),
            subject: token.subject().to_owned(),
            roles,
            help,
        }
    }

    /// Whether there is a role that credentials can be handed out for.
    pub(crate) fn is_allowed(&self) -> bool {
        let filled = |role: &RoleReport| matches!(role, RoleReport::Allowed(role) if matches!(role.grants, Grants::Filled(_)));
        self.roles.iter().any(filled)
    }

    pub(crate) fn text(&self) -> String {
        let subject = Value::from(self.subject.as_str());
        let mut text = format!("{}  {}  {subject}\n", paint(GOOD, "verified"), self.issuer);
        for role in &self.roles {
            role.write(&mut text);
        }
        if self.roles.is_empty() {
            text.push_str(&format!(
                "{}    there is no role for this token\n",
                paint(BAD, "denied")
            ));
        }
        let why = "to see why, run `policy-check explain` with the same arguments";
        if let Some(help) = self.help.as_deref().or((!self.is_allowed()).then_some(why)) {
            text.push_str(&format!("  {} {help}\n", paint(HELP, "help:")));
        }
        text
    }
}

impl RoleReport {
    fn new(set: &PolicySet, places: &Locations<'_>, decision: &Decision<'_>, name: &str) -> Self {
        let role = name.to_owned();
        if let Some((id, clause)) = decision.role_id().zip(decision.clause()) {
            let program = set.program();
            let own = |(name, value): (&str, String)| (name.to_owned(), value);
            return Self::Allowed(AllowedRole {
                role,
                allowed: true,
                clause: ClausePlace {
                    index: program.clause_number(id, clause).saturating_add(1),
                    place: places.line(program[clause].location),
                },
                ttl_seconds: decision.ttl().map(|ttl| ttl.as_secs()),
                grants: match decision.grants() {
                    Ok(grants) => Grants::Filled(Pairs(grants.into_iter().map(own).collect())),
                    Err(error) => Grants::Refused(error.to_string()),
                },
            });
        }
        let reason = decision.reason().unwrap_or(DenialReason::UnknownRole);
        let guard = match reason {
            DenialReason::Guard(guard) => Some(set.program()[guard].name.clone()),
            _ => None,
        };
        Self::Denied(DeniedRole {
            role,
            allowed: false,
            reason: reason.code(),
            guard,
        })
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Allowed(role) => role.write(text),
            Self::Denied(role) => {
                let reason = match (role.reason, &role.guard) {
                    ("unknown_role", _) => "the policies have no such role".to_owned(),
                    ("issuer", _) => "no clause is for the token's issuer".to_owned(),
                    ("audience", _) => "the token is for another audience".to_owned(),
                    (_, Some(guard)) => format!("the guard `{guard}` does not hold"),
                    _ => "no clause holds".to_owned(),
                };
                let name = printable(&role.role);
                let name = paint(STRONG, &name);
                text.push_str(&format!("{}    {name}  {reason}\n", paint(BAD, "denied")));
            }
        }
    }
}

impl AllowedRole {
    fn write(&self, text: &mut String) {
        let place = paint(FAINT, &self.clause.place);
        let ttl = self
            .ttl_seconds
            .map_or(String::new(), |ttl| format!("  ttl {ttl} s"));
        let name = paint(STRONG, &self.role);
        text.push_str(&format!("{}   {name}{ttl}  {place}\n", paint(GOOD, "allowed")));
        match &self.grants {
            Grants::Filled(Pairs(grants)) => {
                let width = grants.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
                for (name, value) in grants {
                    let value = Value::from(value.as_str());
                    text.push_str(&format!("            {name:<width$} = {value}\n"));
                }
            }
            Grants::Refused(error) => {
                let no_grants = paint(DOUBT, "no grants:");
                text.push_str(&format!("            {no_grants} {}\n", printable(error)));
            }
        }
    }
}
