//! Logins at Vault with a role token instead of the job's token.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Response};
use serde_json::json;

use super::super::{At, Context};
use super::answer::Fault;
use super::credentials::{
    INLINE_JWT, INLINE_NAMESPACE, INLINE_PATH, INLINE_ROLE, Inline, NAMESPACE, TOKEN, parameter,
};
use super::login::{Named, named};
use super::reply::Said;
use super::sending::{Headers, answer, forwarded, send};
use super::{credentials, path};
use crate::exchange::{Ask, Audience, Issued, Relay};

/// The lifetime of a role token for Vault, which verifies it at once.
const TOKEN_LIFE: Duration = Duration::from_secs(120);

/// Returns the question of a login at Vault.
fn ask<'a>(at: &'a At, context: &'a Context, named: &'a Named) -> Ask<'a> {
    Ask {
        audience: Audience::Is(&at.door.bound_audience),
        relay: Some(Relay {
            token_life: TOKEN_LIFE,
            // Vault issues any lifetime, and does not say which one before.
            least: Duration::ZERO,
        }),
        ..named.ask(at, context)
    }
}

/// Relays a login. A client token that lives longer than the role may is revoked, unless the door records that.
pub(super) async fn login(
    at: &Arc<At>,
    context: &Context,
    headers: &HeaderMap,
    mount: &str,
    body: &[u8],
) -> Result<Response<Body>, Fault> {
    let inline = Inline::of_login(headers, mount, body)?;
    let named = named(at, &inline)?;
    let ask = ask(at, context, &named);
    let refused = |refusal| Fault::of_login(&refusal);
    let (grant, role_token) = at.exchange.issue(ask).await.map_err(refused)?;
    let mut segments = vec!["auth"];
    segments.extend(named.mount.split('/'));
    segments.push("login");
    let body = json!({ "role": named.role, "jwt": role_token }).to_string();
    let said = send(at, &segments, "", forwarded(headers)?, Some(body.into_bytes())).await?;
    match &said {
        Said::Refused(status, _) => {
            let (role, status) = (&grant.role, status.as_u16());
            tracing::warn!(
                role,
                status,
                "Vault refused a role token: compare its role with the policy"
            );
        }
        Said::Nothing => return Err(Fault::no_upstream()),
        Said::Json(content, _) => {
            let auth = content.auth.as_ref().ok_or_else(Fault::no_upstream)?;
            if let Err(refusal) = at.exchange.accept(ask, Issued::of(&grant, auth.life())).await {
                revoke(at, inline.namespace, auth.client_token.clone()).await;
                return Err(Fault::of_login(&refusal));
            }
        }
    }
    Ok(answer(said))
}

/// Returns the headers of a request that had inline authentication, with a role token instead of the job's token.
pub(super) async fn inline(
    at: &At,
    context: &Context,
    headers: &HeaderMap,
) -> Result<Option<Headers>, Fault> {
    let Some(inline) = credentials::inline(headers)? else {
        return Ok(None);
    };
    let named = named(at, &inline)?;
    let issued = at.exchange.issue(ask(at, context, &named)).await;
    let (_, role_token) = issued.map_err(|refusal| Fault::of_login(&refusal))?;
    let mut sent = forwarded(headers)?;
    let mut login = vec!["auth"];
    login.extend(named.mount.split('/'));
    login.push("login");
    sent.extend([
        (
            INLINE_PATH,
            path::encoded(&login).trim_start_matches('/').to_owned(),
        ),
        (INLINE_JWT, parameter("jwt", &role_token)),
        (INLINE_ROLE, parameter("role", &named.role)),
    ]);
    if !inline.namespace.is_empty() {
        sent.push((INLINE_NAMESPACE, inline.namespace));
    }
    Ok(Some(sent))
}

/// Ends a client token that is not handed out, even if the client does not wait.
pub(super) async fn revoke(at: &Arc<At>, namespace: String, client_token: String) {
    let at = Arc::clone(at);
    let revoked = tokio::spawn(async move {
        let mut headers = vec![
            ("accept", "application/json".to_owned()),
            (credentials::REQUEST, "true".to_owned()),
            (TOKEN, client_token),
        ];
        if !namespace.is_empty() {
            headers.push((NAMESPACE, namespace));
        }
        let segments = ["auth", "token", "revoke-self"];
        send(&at, &segments, "", headers, Some(Vec::new())).await
    });
    match revoked.await {
        Ok(Ok(Said::Nothing)) => tracing::info!("a token of Vault that lives too long was revoked"),
        _ => tracing::error!(
            "a token of Vault that lives too long could not be revoked; it was not handed out"
        ),
    }
}
