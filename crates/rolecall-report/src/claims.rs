//! Claims that are not verified, and their issuer.

use crate::explanations::ExplainReport;
use crate::failure::Failure;
use crate::printable::printable;
use crate::selected::explain;
use rolecall_engine::{Document, Issuer, Object, PolicySet, UnverifiedClaims, Value};
use rolecall_syntax::did_you_mean;

/// The most issuers that are listed.
const MOST_ISSUERS: usize = 5;

/// Explains the roles that a token with these claims would get: those that a selector selects, or else all of the issuer.
/// Returns a warning, too, if the issuer is not the one that the claims name.
///
/// # Errors
/// The issuer is not one of the policies, or the selector selects no role.
pub fn unverified(
    claims: &Document,
    issuer: Option<&str>,
    role: Option<&str>,
    set: &PolicySet,
) -> Result<(ExplainReport, Option<String>), Failure> {
    let written = Object::from(claims.members());
    let issuer = issuer_of(&written, issuer, set)?;
    let url = written.get("iss").and_then(Value::as_text);
    let warning = url.filter(|url| *url != issuer.url).map(|_| {
        let name = &issuer.name;
        format!("the claim `iss` is not the URL of the issuer `{name}`: leave out the claim, or `--issuer`")
    });
    let claims = set.complete(&issuer.name, &written);
    let added = claims.iter().filter(|(claim, _)| written.get(claim).is_none());
    let filled_in = added.map(|(claim, value)| (claim.to_owned(), value.to_string()));
    let filled_in: Vec<(String, String)> = filled_in.collect();
    let subject = written.get("sub").and_then(Value::as_text).map(str::to_owned);
    let claims = UnverifiedClaims::new(claims);
    let explained = explain(set, &issuer.name, &claims, role)?;
    let report = ExplainReport::unverified(issuer, subject, filled_in, explained);
    Ok((report, warning))
}

/// Returns the issuer with this name, or else the one that the claims name.
pub fn issuer_of<'s>(claims: &Object, name: Option<&str>, set: &'s PolicySet) -> Result<&'s Issuer, Failure> {
    if let Some(name) = name {
        let mut issuers = set.issuers();
        return issuers
            .find(|issuer| issuer.name == name)
            .ok_or_else(|| unknown_issuer(name, set));
    }
    let Some(url) = claims.get("iss").and_then(Value::as_text) else {
        return Err(Failure::new("the claims have no `iss`").help("name their issuer with `--issuer NAME`"));
    };
    let mut issuers = set.issuers();
    issuers.find(|issuer| issuer.url == url).ok_or_else(|| {
        let message = format!("no issuer of the policies has the URL `{}`", printable(url));
        let known = set.issuers().take(MOST_ISSUERS);
        let known = known
            .map(|issuer| format!("`{}`", issuer.url))
            .collect::<Vec<String>>();
        Failure::new(message).help(format!(
            "compare it with the issuers' `url`: {}",
            known.join(", ")
        ))
    })
}

/// Creates the failure to find an issuer of this name.
pub fn unknown_issuer(name: &str, set: &PolicySet) -> Failure {
    let names: Vec<&str> = set.issuers().map(|issuer| issuer.name.as_str()).collect();
    let failure = Failure::new(format!("the policies have no issuer `{name}`"));
    match did_you_mean(name, names.iter().copied()) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None if names.is_empty() => failure.help("add an `issuer` item to the policies"),
        None => failure.help(format!("the issuers are `{}`", names.join("`, `"))),
    }
}
