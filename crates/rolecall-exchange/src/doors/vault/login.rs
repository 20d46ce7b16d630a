//! Logins: a job's token becomes a session.

use axum::body::Body;
use axum::http::{HeaderMap, Response};
use serde_json::{Value, json};

use super::super::{At, Context};
use super::answer::{Fault, wrapped};
use super::credentials::{Inline, inline, session};
use crate::exchange::{Ask, Audience, SECRETS, Wanted};
use crate::sessions::{Session, VaultAccess};

/// The grant that is compared with a login.
pub(super) const GRANT: &str = "vault_role";

/// Answers a login with a client token.
pub(super) async fn login(
    at: &At,
    context: &Context,
    headers: &HeaderMap,
    mount: &str,
    body: &[u8],
) -> Result<Response<Body>, Fault> {
    let inline = Inline::of_login(headers, mount, body)?;
    let session = begin(at, context, &inline).await?;
    let sealed = at.exchange.seal(&at.door, &session);
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

/// A login, in the terms of the policies.
pub(super) struct Named {
    /// In lower case.
    pub(super) mount: String,
    /// The role in Vault, in lower case.
    pub(super) role: String,
    /// The job's token.
    pub(super) token: String,
    /// The text of the grant `vault_role`.
    pub(super) grant: String,
}

/// Returns the text of the grant `vault_role` for a role in Vault.
pub(super) fn grant_text(namespace: &str, mount: &str, role: &str) -> String {
    match namespace {
        "" => format!("auth/{mount}:{role}"),
        namespace => format!("{namespace}/auth/{mount}:{role}"),
    }
}

/// Checks a login.
pub(super) fn named(at: &At, inline: &Inline) -> Result<Named, Fault> {
    let mount = inline.mount.to_ascii_lowercase();
    let settings = &at.door.settings;
    if !settings.mounts().any(|known| known == mount) {
        return Err(Fault::no_route());
    }
    let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let role = text(&inline.login.role).or_else(|| settings.default_role.clone());
    let role = role
        .ok_or_else(|| Fault::request("missing role"))?
        .to_ascii_lowercase();
    let token = text(&inline.login.jwt).ok_or_else(|| Fault::request("missing token"))?;
    Ok(Named {
        grant: grant_text(&inline.namespace, &mount, &role),
        mount,
        role,
        token,
    })
}

impl Named {
    /// Returns the question of the login.
    pub(super) fn ask<'a>(&'a self, at: &'a At, context: &'a Context) -> Ask<'a> {
        let wanted = Wanted::Grant {
            grant: GRANT,
            value: &self.grant,
            role: None,
        };
        context.ask(&at.door, &self.token, wanted)
    }
}

/// Begins a session.
async fn begin(at: &At, context: &Context, inline: &Inline) -> Result<Session, Fault> {
    let named = named(at, inline)?;
    let ask = Ask {
        audience: Audience::None,
        ..named.ask(at, context)
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
            namespace: inline.namespace.clone(),
            mount: named.mount,
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
