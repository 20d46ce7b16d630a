//! The report of `decide` for an accepted token.

use crate::loaded::Policies;
use rolecall::VerifiedToken;
use rolecall_engine::{Decision, DenialReason, PolicySet, Value};
use rolecall_report::coverage::CoverageReport;
use rolecall_report::json::{Pairs, SchemaVersion};
use rolecall_report::layout::LayoutReport;
use rolecall_report::location::{LineLocation, Locations, position};
use rolecall_report::printable::printable;
use rolecall_report::role_names;
use rolecall_report::style::{BAD, FAINT, GOOD, HELP, STRONG, paint};
use serde::Serialize;

/// The roles of an accepted token.
#[derive(Debug, Serialize)]
pub(crate) struct DecisionReport {
    schema_version: SchemaVersion,
    verified: bool,
    issuer: String,
    subject: String,
    roles: Vec<RoleReport>,
    /// The part of documents in other languages that the result covers, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<CoverageReport>,
    /// The layout of the token's `sub`, if no role is allowed and the issuer does not declare it.
    #[serde(skip_serializing_if = "Option::is_none")]
    layout: Option<LayoutReport>,
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
    clause: ClauseLocation,
    ttl_seconds: Option<u64>,
    grants: Pairs,
}

#[derive(Debug, Serialize)]
struct ClauseLocation {
    index: usize,
    #[serde(flatten)]
    location: LineLocation,
}

#[derive(Debug, Serialize)]
struct DeniedRole {
    role: String,
    allowed: bool,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    guard: Option<String>,
    /// The grant that is not filled, and the claim that does not fit into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    grant: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<String>,
}

impl DecisionReport {
    /// Decides on all roles, or on the requested one.
    pub(crate) fn new(policies: &Policies, token: &VerifiedToken, role: Option<&str>) -> Self {
        let set = &policies.set;
        let claims = token.claims();
        let locations = Locations::new(set.program().files());
        let roles: Vec<RoleReport> = match role {
            Some(role) => vec![RoleReport::new(set, &locations, &set.decide(claims, role), role)],
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
                    .map(|decision| RoleReport::new(set, &locations, &decision, &name(&decision)))
                    .collect()
            }
        };
        let help = role.filter(|role| set.program().role(role).is_none());
        let names = set.program().roles().values().map(|role| &*role.name);
        let help = help.map(|role| role_names::help(role, names));
        let mut report = Self {
            schema_version: SchemaVersion,
            verified: true,
            issuer: token.issuer().to_owned(),
            subject: token.subject().to_owned(),
            roles,
            coverage: CoverageReport::new(&policies.foreign),
            layout: None,
            help,
        };
        if !report.is_allowed() {
            report.layout = LayoutReport::of_token(set, claims.as_unverified(), token.issuer(), role);
        }
        report
    }

    /// Returns whether some role is allowed.
    pub(crate) fn is_allowed(&self) -> bool {
        let is_allowed = |role: &RoleReport| matches!(role, RoleReport::Allowed(_));
        self.roles.iter().any(is_allowed)
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
        if let Some(layout) = &self.layout {
            text.push_str(&format!("  {}\n", printable(layout.message())));
            layout.write_help("  ", &mut text);
        }
        let why = "to see why, run `policy-check explain` with the same arguments";
        if let Some(help) = self.help.as_deref().or((!self.is_allowed()).then_some(why)) {
            text.push_str(&format!("  {} {help}\n", paint(HELP, "help:")));
        }
        text
    }
}

impl RoleReport {
    fn new(set: &PolicySet, locations: &Locations<'_>, decision: &Decision<'_>, name: &str) -> Self {
        let role = name.to_owned();
        if let Some((id, clause)) = decision.role_id().zip(decision.clause()) {
            let program = set.program();
            let own = |(name, value): (&str, String)| (name.to_owned(), value);
            return Self::Allowed(AllowedRole {
                role,
                allowed: true,
                clause: ClauseLocation {
                    index: position(program.clause_number(id, clause)),
                    location: locations.line(program[clause].location),
                },
                ttl_seconds: decision.ttl().map(|ttl| ttl.as_secs()),
                grants: Pairs(decision.grants().into_iter().map(own).collect()),
            });
        }
        let reason = decision.reason().unwrap_or(DenialReason::UnknownRole);
        let program = set.program();
        let guard = match reason {
            DenialReason::Guard(guard) => Some(program[guard].name.clone()),
            _ => None,
        };
        let unfilled = decision.unfilled_grant();
        let unfilled = unfilled.map(|(grant, claim)| (grant.to_owned(), claim.to_string()));
        let (grant, claim) = unfilled.unzip();
        Self::Denied(DeniedRole {
            role,
            allowed: false,
            reason: reason.code(),
            guard,
            grant,
            claim,
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
                    ("unverified", _) => "the token has no `sub`, `exp` or `iat` of its type".to_owned(),
                    (_, Some(guard)) => format!("the guard `{guard}` does not hold"),
                    _ => match (&role.grant, &role.claim) {
                        (Some(grant), Some(claim)) => {
                            format!("the claim `{claim}` has no value for the grant `{grant}`")
                        }
                        _ => "no clause holds".to_owned(),
                    },
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
        let location = paint(FAINT, &self.clause.location);
        let ttl = self
            .ttl_seconds
            .map_or(String::new(), |ttl| format!("  ttl {ttl} s"));
        let name = paint(STRONG, &self.role);
        text.push_str(&format!("{}   {name}{ttl}  {location}\n", paint(GOOD, "allowed")));
        let Pairs(grants) = &self.grants;
        let width = grants.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, value) in grants {
            let value = Value::from(value.as_str());
            text.push_str(&format!("            {name:<width$} = {value}\n"));
        }
    }
}
