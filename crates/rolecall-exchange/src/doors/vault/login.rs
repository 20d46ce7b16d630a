//! Logins: a job's token becomes a session.

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode};
use serde_json::{Value, json};

use super::super::body::object;
use super::super::{At, Context};
use super::answer::{Fault, wrapped};
use super::credentials::{Inline, Login, inline, namespace, session};
use crate::exchange::{Ask, Audience, SECRETS, Wanted};
use crate::sessions::{Session, VaultAccess};

/// Answers a login with a client token.
pub(super) async fn login(
    at: &At,
    context: &Context,
    headers: &HeaderMap,
    mount: &str,
    body: &[u8],
) -> Result<Response<Body>, Fault> {
    let login = object::<Login>(body).ok_or_else(|| Fault::request("the body is not a login in JSON"))?;
    let inline = Inline {
        mount: mount.to_owned(),
        namespace: namespace(headers)?,
        login,
    };
    let session = begin(at, context, &inline).await?;
    let sealed = at.exchange.seal(at.door.kind, &session);
    let sealed = sealed.map_err(|refusal| Fault::of_login(&refusal))?;
    Ok(wrapped(
        context,
        &Value::Null,
        &auth(at, &session, &sealed),
        &Value::Null,
    ))
}

/// Returns the session of a request: that of its client token, or a new one by inline authentication.
pub(super) async fn authenticated(at: &At, context: &Context, headers: &HeaderMap) -> Result<Session, Fault> {
    match inline(headers)? {
        Some(inline) => begin(at, context, &inline).await,
        None => session(at, headers).await,
    }
}

/// Begins a session.
async fn begin(at: &At, context: &Context, inline: &Inline) -> Result<Session, Fault> {
    let mount = inline.mount.to_ascii_lowercase();
    let settings = &at.door.settings;
    if !settings.mounts().any(|known| known == mount) {
        return Err(Fault {
            status: StatusCode::NOT_FOUND,
            ..Fault::request("no handler for this route")
        });
    }
    let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let role = text(&inline.login.role).or_else(|| settings.default_role.clone());
    let role = role
        .ok_or_else(|| Fault::request("missing role"))?
        .to_ascii_lowercase();
    let token = text(&inline.login.jwt).ok_or_else(|| Fault::request("missing token"))?;
    let namespace = match inline.namespace.as_str() {
        "" => String::new(),
        namespace => format!("{namespace}/"),
    };
    let wanted = Wanted::Grant {
        grant: "vault_role",
        value: &format!("{namespace}auth/{mount}:{role}"),
        role: None,
    };
    let ask = Ask {
        audience: Audience::None,
        ..context.ask(&at.door, &token, wanted)
    };
    let grant = at
        .exchange
        .grant(ask)
        .await
        .map_err(|refusal| Fault::of_login(&refusal))?;
    Ok(Session {
        id: grant.id.clone(),
        expires_at: grant.expires_at().as_secs(),
        aws: None,
        vault: Some(VaultAccess {
            door: at.door.name.clone(),
            namespace: inline.namespace.clone(),
            mount,
            begun_at: grant.now.as_secs(),
            secrets: grant.texts(SECRETS).map(str::to_owned).collect(),
        }),
        role: grant.role,
        issuer: grant.issuer,
    })
}

/// Returns what Vault says of a session in `auth`.
pub(super) fn auth(at: &At, session: &Session, client_token: &str) -> Value {
    json!({
        "client_token": client_token,
        "accessor": session.id,
        "policies": [session.role],
        "token_policies": [session.role],
        "metadata": { "role": session.role },
        "lease_duration": session.expires_at.saturating_sub(at.exchange.now().as_secs()).max(0),
        // It ends with the job's token, and cannot be prolonged.
        "renewable": false,
        "entity_id": "",
        "token_type": "service",
        "orphan": true,
        "mfa_requirement": null,
        "num_uses": 0,
    })
}
