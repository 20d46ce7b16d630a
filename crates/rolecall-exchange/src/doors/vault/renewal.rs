//! Renewals at Vault: a client token is prolonged only as long as its role may live, and as the policies have the role.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::body::object;
use super::super::{At, Context};
use super::answer::Fault;
use super::credentials::namespace;
use super::login::{GRANT, grant_text};
use super::reply::{Content, Said};
use super::sending::{answer, send, with_token};
use super::swap::revoke;
use crate::config::Exceed;
use crate::exchange::{Issued, Wanted};

/// The body of a renewal.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Renewal {
    /// The time that is asked for, as a number of seconds or a text such as `1h`.
    increment: Value,
}

/// A client token, as Vault describes it.
struct Found {
    /// The text of the grant `vault_role`.
    grant: String,
    accessor: String,
    age: Duration,
}

/// Relays a renewal.
pub(super) async fn renew(
    at: &Arc<At>,
    context: &Context,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response<Body>, Fault> {
    let renewal = match body.trim_ascii() {
        b"" => Renewal::default(),
        body => object(body).ok_or_else(|| Fault::request("the body is not a renewal in JSON"))?,
    };
    let sent = with_token(at, headers)?;
    let said = send(at, &["auth", "token", "lookup-self"], "", sent.clone(), None).await?;
    let Said::Json(content, _) = said else {
        return Ok(answer(said));
    };
    // A token that did not come from a login here, or whose role was taken out of the policies.
    let found = found(at, &content).ok_or_else(Fault::denied)?;
    let (role, most) = at
        .exchange
        .shortest(&at.door, GRANT, &found.grant)
        .ok_or_else(Fault::denied)?;
    let increment = match at.door.settings.exceed() {
        Exceed::Record => increment(renewal.increment)?,
        Exceed::Refuse => match most.saturating_sub(found.age).as_secs() {
            0 => return Err(Fault::request("the token has lived as long as its role may")),
            left => json!(format!("{left}s")),
        },
    };
    let body = match increment {
        Value::Null => json!({}),
        increment => json!({ "increment": increment }),
    };
    let body = Some(body.to_string().into_bytes());
    let said = send(at, &["auth", "token", "renew-self"], "", sent, body).await?;
    if let Said::Json(content, _) = &said {
        let auth = content.auth.as_ref().ok_or_else(Fault::no_upstream)?;
        let wanted = Wanted::Grant {
            grant: GRANT,
            value: &found.grant,
            role: None,
        };
        let issued = Issued {
            role: &role,
            id: &found.accessor,
            life: auth.life().map(|life| life.saturating_add(found.age)),
            most,
        };
        // The client's token is not a job's, so the record has none.
        let accepted = at
            .exchange
            .accept(context.ask(&at.door, "", wanted), issued)
            .await;
        if let Err(refusal) = accepted {
            revoke(at, namespace(headers)?, auth.client_token.clone()).await;
            return Err(Fault::of_login(&refusal));
        }
    }
    Ok(answer(said))
}

/// Returns the increment that a client asks for, as Vault takes it.
fn increment(value: Value) -> Result<Value, Fault> {
    let is_good = match &value {
        Value::Null => true,
        Value::Number(number) => number.is_u64(),
        Value::String(text) => text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        _ => false,
    };
    is_good
        .then_some(value)
        .ok_or_else(|| Fault::request("`increment` is not a number of seconds or a text such as `1h`"))
}

/// Reads what `lookup-self` says. `None` if the token did not come from a login at a mount of the door.
fn found(at: &At, content: &Content) -> Option<Found> {
    let data = content.data.as_ref()?;
    let text = |name: &str| data.get(name).and_then(Value::as_str);
    let mount = text("path")?.strip_prefix("auth/")?.strip_suffix("/login")?;
    let mount = at.door.settings.mounts().find(|known| *known == mount)?;
    let role = data.get("meta")?.get("role")?.as_str()?;
    let namespace = text("namespace_path").unwrap_or_default().trim_matches('/');
    let now = at.exchange.now().as_secs();
    let created = data.get("creation_time")?.as_i64()?;
    Some(Found {
        grant: grant_text(&namespace.to_ascii_lowercase(), mount, &role.to_ascii_lowercase()),
        accessor: text("accessor").unwrap_or_default().chars().take(64).collect(),
        age: Duration::from_secs(u64::try_from(now.saturating_sub(created)).unwrap_or(0)),
    })
}
