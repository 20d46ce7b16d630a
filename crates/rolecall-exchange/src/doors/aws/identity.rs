//! `GetCallerIdentity`, signed with the keys of a session.

use axum::body::Body;
use axum::http::Response;
use axum::http::request::Parts;

use super::arn::RoleArn;
use super::fault::Fault;
use super::xml;
use crate::doors::parameters::Parameters;
use crate::doors::{At, Context};
use crate::sessions::Signed;

/// Answers with the identity of the caller.
pub(super) async fn answer(
    at: &At,
    context: &Context,
    (parts, body): (&Parts, &[u8]),
    form: &Parameters,
) -> Result<Response<Body>, Fault> {
    if !at.is_local() {
        // The keys are those of AWS, which alone verifies what they sign.
        return Err(Fault::action("`GetCallerIdentity` at this door"));
    }
    if form.names().any(|name| !["Action", "Version"].contains(&name)) {
        return Err(Fault::validation("GetCallerIdentity has no parameters."));
    }
    let signed = Signed::parse(parts).map_err(Fault::signature)?;
    let opened = at.exchange.open(&at.door, signed.token).await;
    let keys = opened
        .map_err(|refusal| Fault::of(&refusal))?
        .and_then(|session| session.aws)
        .ok_or_else(Fault::token)?;
    signed
        .verify(&keys, body, at.exchange.now())
        .map_err(Fault::signature)?;
    let role = RoleArn::parse(&keys.role_arn).ok_or_else(Fault::token)?;
    let result = [
        xml::text("Arn", &role.session(&keys.session_name)),
        xml::text("UserId", &role.session_id(&keys.session_name)),
        xml::text("Account", role.account),
    ];
    Ok(xml::result("GetCallerIdentity", &result.concat(), &context.id))
}
