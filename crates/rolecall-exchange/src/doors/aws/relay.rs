//! Keys of AWS itself, for a role token.

use std::time::Duration;

use form_urlencoded::Serializer;

use super::VERSION;
use super::fault::Fault;
use super::reply::{self, Credentials};
use super::sts::ACTION;
use crate::doors::{At, Context};
use crate::exchange::{Ask, Audience, Grant, Relay};
use crate::signing::AWS_AUDIENCE;

/// The lifetime of a role token for AWS, which gets keys at once. AWS adds 5 minutes of tolerance.
const TOKEN_LIFE: Duration = Duration::from_secs(120);
/// The shortest lifetime of AWS' keys.
const LEAST: Duration = Duration::from_secs(900);
/// The time in seconds by which AWS' clock may be ahead.
const MAX_SKEW: i64 = 300;

/// Returns a question whose grant is for AWS itself.
pub(super) fn ask(ask: Ask<'_>) -> Ask<'_> {
    Ask {
        audience: Audience::Is(AWS_AUDIENCE),
        relay: Some(Relay {
            token_life: TOKEN_LIFE,
            least: LEAST,
        }),
        ..ask
    }
}

/// Asks AWS for the keys of a role.
pub(super) async fn credentials(
    at: &At,
    context: &Context,
    grant: &Grant,
    role_arn: &str,
) -> Result<Credentials, Fault> {
    let role_token = at.exchange.role_token(grant);
    let role_token = role_token.map_err(|refusal| Fault::of(&refusal))?;
    let upstream = at.exchange.upstream.as_ref().ok_or_else(Fault::unavailable)?;
    let form = Serializer::new(String::new())
        .append_pair("Action", ACTION)
        .append_pair("Version", VERSION)
        .append_pair("RoleArn", role_arn)
        .append_pair("RoleSessionName", &session_name(&grant.role, &context.id))
        .append_pair("WebIdentityToken", &role_token)
        .append_pair("DurationSeconds", &grant.life.as_secs().to_string())
        .finish();
    for url in &at.door.upstreams {
        // Another region is asked if this one cannot answer, and not if it refuses.
        let Ok(reply) = upstream.post_form(url, form.clone()).await else {
            continue;
        };
        match reply::read(&reply) {
            Some(Ok(keys)) if is_in_time(&keys, grant) => return Ok(keys),
            Some(Ok(_)) => {
                tracing::error!(upstream = url, "the keys of AWS live longer than asked for");
                return Err(Fault::unavailable());
            }
            Some(Err(fault)) => {
                tracing::warn!(
                    upstream = url,
                    code = fault.code,
                    message = fault.message,
                    "AWS refused"
                );
                return Err(fault);
            }
            None => {
                let status = reply.status;
                tracing::warn!(
                    upstream = url,
                    status,
                    "the answer is not one of AWS' Query protocol"
                );
            }
        }
    }
    Err(Fault::unavailable())
}

/// Returns whether keys live as long as was asked for, and no longer.
fn is_in_time(keys: &Credentials, grant: &Grant) -> bool {
    let now = grant.now.as_secs();
    let life = i64::try_from(grant.life.as_secs()).unwrap_or(0);
    let end = now.saturating_add(life).saturating_add(MAX_SKEW);
    (now..=end).contains(&keys.expiration.as_second())
}

/// Returns the name of a session, by which CloudTrail and the audit are joined: the role, and the request.
fn session_name(role: &str, request: &str) -> String {
    let role: String = role.chars().take(40).collect();
    let name = format!("{role}-{request}");
    let is_name = |c: &char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(*c);
    name.chars()
        .map(|c| if is_name(&c) { c } else { '-' })
        .take(64)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::arn::is_session_name;
    use super::session_name;

    #[test]
    fn sessions_are_named_after_the_role_and_the_request() {
        let id = "AAAAAAAAAAAAAAAAAAAAAA";
        assert_eq!(session_name("deploy", id), format!("deploy-{id}"));
        for role in ["team/a b", &"x".repeat(100), "", "\u{e9}"] {
            let name = session_name(role, id);
            assert!(is_session_name(&name) && name.ends_with(id), "{name}");
        }
    }
}
