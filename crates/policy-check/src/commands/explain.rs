//! `policy-check explain`

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::help::access::{EXPLAIN_DETAILS, EXPLAIN_EXAMPLES, EXPLAIN_USAGE, KEYS};
use crate::help::paragraphs;
use crate::input::document;
use crate::keys::unknown_issuer;
use crate::loaded::load_one;
use crate::printable::path_name;
use crate::report::explanation::RoleExplanation;
use crate::report::explanations::ExplainReport;
use crate::report::location::Locations;
use crate::report::refusal::RefusalReport;
use crate::report::{self, Format};
use crate::role_names;
use crate::token::{self, KeyArguments, Question};
use clap::{ArgGroup, Args};
use jiff::Timestamp;
use rolecall::VerifiedToken;
use rolecall_engine::{Document, Explainer, JsonLimits, Object, PolicySet, RoleId, UnverifiedClaims, Value};
use std::path::{Path, PathBuf};

/// Show why roles are allowed or denied, comparison by comparison
#[derive(Args, Clone, Debug)]
#[command(group(ArgGroup::new("proof").args(["jwks", "fetch", "claims"]).required(true)))]
#[command(override_usage = EXPLAIN_USAGE)]
#[command(after_help = EXPLAIN_EXAMPLES)]
#[command(after_long_help = paragraphs(&[EXPLAIN_DETAILS, KEYS, EXPLAIN_EXAMPLES]))]
pub(crate) struct Arguments {
    /// The policy set: a folder or a file
    #[arg(long, value_name = "PATH")]
    policies: PathBuf,
    #[command(flatten)]
    keys: KeyArguments,
    /// A file with the token; `-` is standard input
    #[arg(long, value_name = "FILE", required_unless_present = "claims")]
    token: Option<PathBuf>,
    /// Decide as of this time, such as 2026-05-04T03:02:01Z [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = token::time)]
    at: Option<Timestamp>,
    /// A file with claims as a JSON object, instead of a token; nothing is verified
    #[arg(long, value_name = "FILE", requires = "issuer")]
    #[arg(conflicts_with_all = ["token", "at", "FetchOptions"])]
    claims: Option<PathBuf>,
    /// The issuer of the claims, by its name in the policies
    #[arg(long, value_name = "NAME", requires = "claims")]
    issuer: Option<String>,
    /// Explain only this role
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let policies = load_one(&arguments.policies, console)?;
    let role = arguments.role.as_deref();
    let report = match (&arguments.claims, &arguments.issuer, &arguments.token) {
        (Some(claims), Some(issuer), _) => of_claims(claims, issuer, role, &policies.set)?,
        (_, _, Some(token)) => {
            let question = Question {
                token,
                keys: &arguments.keys,
                at: arguments.at,
            };
            match token::verify(question, &policies, console)? {
                Ok(token) => of_token(&token, role, &policies.set),
                Err(error) => {
                    let report = RefusalReport::new(&error);
                    report::print(&report, || report.text(), arguments.format, console)?;
                    return Ok(Exit::No);
                }
            }
        }
        _ => return Err(Failure::new("there is nothing to explain").help("give a token or claims")),
    };
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(Exit::yes_if(report.is_allowed()))
}

/// Explains the roles of a verified token.
fn of_token(token: &VerifiedToken, role: Option<&str>, set: &PolicySet) -> ExplainReport {
    let claims = token.claims().as_unverified();
    let mut roles = Vec::new();
    let locations = Locations::new(set.program().files());
    let mut explainer = set.explainer(claims);
    for name in names(set, token.issuer(), role) {
        roles.push(explain(&mut explainer, set, &locations, claims, name));
    }
    ExplainReport::verified(token, roles)
}

/// Explains the roles that a token with these claims would get.
fn of_claims(
    path: &Path,
    issuer: &str,
    role: Option<&str>,
    set: &PolicySet,
) -> Result<ExplainReport, Failure> {
    let Some(issuer) = set.issuers().find(|other| other.name == issuer) else {
        return Err(unknown_issuer(issuer, set));
    };
    let claims = Document::parse(document(path)?, &JsonLimits::CLAIMS)
        .map_err(|error| Failure::new(format!("cannot use `{}`: {error}", path_name(path))))?;
    let written = Object::from(claims.members());
    let claims = set.complete(&issuer.name, &written);
    let added = claims.iter().filter(|(claim, _)| written.get(claim).is_none());
    let filled_in = added.map(|(claim, value)| (claim.to_owned(), value.to_string()));
    let filled_in: Vec<(String, String)> = filled_in.collect();
    let subject = written.get("sub").and_then(Value::as_text).map(str::to_owned);
    let claims = UnverifiedClaims::new(claims);
    let locations = Locations::new(set.program().files());
    let names = names(set, &issuer.name, role).into_iter();
    let mut explainer = set.explainer(&claims);
    let roles = names.map(|name| explain(&mut explainer, set, &locations, &claims, name));
    Ok(ExplainReport::unverified(
        issuer,
        subject,
        filled_in,
        roles.collect(),
    ))
}

fn explain(
    explainer: &mut Explainer<'_, '_>,
    set: &PolicySet,
    locations: &Locations<'_>,
    claims: &UnverifiedClaims,
    role: &str,
) -> RoleExplanation {
    match explainer.explain(role) {
        Some(explanation) => RoleExplanation::new(explanation, locations, claims),
        None => {
            let names = set.program().roles().values().map(|role| &*role.name);
            RoleExplanation::unknown(role, role_names::help(role, names))
        }
    }
}

/// Returns the requested role, or else the roles with a clause for the issuer.
fn names<'a>(set: &'a PolicySet, issuer: &str, role: Option<&'a str>) -> Vec<&'a str> {
    let program = set.program();
    if let Some(role) = role {
        return vec![role];
    }
    let issuer = program.issuer(issuer);
    let is_from_issuer = |role: &RoleId| {
        let mut clauses = program.clauses(*role).iter();
        clauses.any(|clause| Some(clause.issuer) == issuer)
    };
    let fitting = program.roles().ids().filter(is_from_issuer);
    fitting.map(|role| &*program[role].name).collect()
}
