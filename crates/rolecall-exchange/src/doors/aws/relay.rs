//! Keys of AWS itself, for a role token.

use std::time::Duration;

use form_urlencoded::Serializer;

use super::ACTION;
use super::VERSION;
use super::fault::Fault;
use super::reply::{self, Credentials};
use crate::doors::{At, Context};
use crate::exchange::{Ask, Audience, Grant, Issued, Relay};
use crate::signing::AWS_AUDIENCE;

/// The lifetime of a role token for AWS, which gets keys at once. AWS adds 5 minutes of tolerance.
const TOKEN_LIFE: Duration = Duration::from_secs(120);
/// The shortest lifetime of AWS' keys.
const LEAST: Duration = Duration::from_secs(900);
/// The time in seconds by which AWS' clock may be ahead.
const MAX_SKEW: u64 = 300;

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

/// Asks AWS for the keys of a role that was granted for a question.
pub(super) async fn credentials(
    at: &At,
    context: &Context,
    (ask, grant): (Ask<'_>, &Grant),
    role_arn: &str,
) -> Result<Credentials, Fault> {
    let role_token = at.exchange.role_token(grant, &[]);
    let role_token = role_token.map_err(|refusal| Fault::of(&refusal))?;
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
        let body = Some(form.clone().into_bytes());
        let Ok(reply) = at.send(url, "", headers(), body).await else {
            continue;
        };
        match reply::read(&reply) {
            Some(Ok(keys)) => {
                let Some(life) = life(&keys, grant) else {
                    tracing::error!(upstream = url, "the keys of AWS have expired");
                    return Err(Fault::unavailable());
                };
                let accepted = at.exchange.accept(ask, Issued::of(grant, Some(life))).await;
                return accepted.map_err(|refusal| Fault::of(&refusal)).map(|()| keys);
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

/// Returns the headers of a request. `accept` says that the answer is XML: AWS has a form in JSON, too.
fn headers() -> Vec<(&'static str, String)> {
    vec![
        ("accept", "text/xml".to_owned()),
        (
            "content-type",
            "application/x-www-form-urlencoded; charset=utf-8".to_owned(),
        ),
    ]
}

/// Returns the time for which keys live, if they do. The clock of AWS may be ahead.
fn life(keys: &Credentials, grant: &Grant) -> Option<Duration> {
    let left = keys.expiration.as_second().saturating_sub(grant.now.as_secs());
    let left = u64::try_from(left).ok()?;
    Some(Duration::from_secs(left.saturating_sub(MAX_SKEW)))
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
