//! `AssumeRoleWithWebIdentity`.

use std::time::Duration;

use axum::body::Body;
use axum::http::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::arn::{self, RoleArn};
use super::fault::Fault;
use super::reply::Credentials;
use super::{ACTION, relay, xml};
use crate::doors::parameters::Parameters;
use crate::doors::{At, Context};
use crate::exchange::{Ask, Audience, Grant, Wanted};
use crate::random::{self, NoRandomness};
use crate::sessions::{AwsKeys, Session};
use crate::signing::AWS_AUDIENCE;
use crate::signing::RoleToken;

/// The parameters of the action. Others would narrow the session, which nothing here does.
const PARAMETERS: [&str; 6] = [
    "Action",
    "Version",
    "RoleArn",
    "RoleSessionName",
    "WebIdentityToken",
    "DurationSeconds",
];

/// A request for a session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assume<'a> {
    pub(super) arn: &'a str,
    pub(super) role: RoleArn<'a>,
    pub(super) session_name: &'a str,
    pub(super) token: &'a str,
    pub(super) life: Option<Duration>,
}

impl<'a> Assume<'a> {
    /// Reads a request, with the bounds that AWS has.
    pub(super) fn parse(form: &'a Parameters) -> Result<Self, Fault> {
        if let Some(name) = form.names().find(|name| !PARAMETERS.contains(name)) {
            let name: String = name.chars().filter(char::is_ascii_graphic).take(32).collect();
            let message = format!("The exchange does not support the parameter {name}.");
            return Err(Fault::validation(message));
        }
        let required = |name: &str| form.get(name).ok_or_else(|| Fault::missing(name));
        let arn = required("RoleArn")?;
        let role =
            RoleArn::parse(arn).ok_or_else(|| Fault::validation("`RoleArn` is not the ARN of a role."))?;
        let session_name = required("RoleSessionName")?;
        if !arn::is_session_name(session_name) {
            let message = "`RoleSessionName` must have 2 to 64 letters, digits and characters of `_+=,.@-`.";
            return Err(Fault::validation(message));
        }
        let token = required("WebIdentityToken")?;
        if !(4..=20_000).contains(&token.len()) {
            return Err(Fault::validation(
                "`WebIdentityToken` must have 4 to 20000 characters.",
            ));
        }
        let life = match form.get("DurationSeconds") {
            None => None,
            Some(text) => {
                let seconds = text
                    .parse()
                    .ok()
                    .filter(|seconds| (900..=43_200).contains(seconds));
                let fault = || Fault::validation("`DurationSeconds` must be 900 to 43200.");
                Some(Duration::from_secs(seconds.ok_or_else(fault)?))
            }
        };
        Ok(Self {
            arn,
            role,
            session_name,
            token,
            life,
        })
    }
}

/// Answers a request for a session: with AWS' keys if the door has an upstream, else with keys for this exchange.
pub(super) async fn answer(at: &At, context: &Context, form: &Parameters) -> Result<Response<Body>, Fault> {
    let assume = Assume::parse(form)?;
    let wanted = Wanted::Grant {
        grant: "aws_role",
        value: assume.arn,
        role: None,
    };
    let ask = Ask {
        audience: Audience::Is(AWS_AUDIENCE),
        life: assume.life,
        ..context.ask(&at.door, assume.token, wanted)
    };
    let is_local = at.is_local();
    let ask = if is_local { ask } else { relay::ask(ask) };
    let grant = at
        .exchange
        .grant(ask)
        .await
        .map_err(|refusal| Fault::of(&refusal))?;
    let keys = if is_local {
        local(at, assume, &grant)?
    } else {
        relay::credentials(at, context, (ask, &grant), assume.arn).await?
    };
    let credentials = [
        xml::text("AccessKeyId", &keys.access_key_id),
        xml::text("SecretAccessKey", &keys.secret),
        xml::text("SessionToken", &keys.token),
        xml::text("Expiration", &keys.expiration.to_string()),
    ];
    let user = keys.user.map_or(String::new(), |(arn, id)| {
        let user = [xml::text("Arn", &arn), xml::text("AssumedRoleId", &id)];
        xml::element("AssumedRoleUser", &user.concat())
    });
    let result = [
        xml::text("SubjectFromWebIdentityToken", &RoleToken::subject(&grant.role)),
        xml::text("Audience", AWS_AUDIENCE),
        user,
        xml::element("Credentials", &credentials.concat()),
        xml::text("Provider", &assume.role.provider(at.exchange.issuer.as_str())),
    ];
    Ok(xml::result(ACTION, &result.concat(), &context.id))
}

/// Returns keys for this exchange, with a sealed session.
fn local(at: &At, assume: Assume<'_>, grant: &Grant) -> Result<Credentials, Fault> {
    let (keys, session) = keys(assume, grant).map_err(|NoRandomness| Fault::unavailable())?;
    let token = at.exchange.seal(&at.door, &session);
    Ok(Credentials {
        token: token.map_err(|refusal| Fault::of(&refusal))?,
        expiration: Timestamp::from_second(session.expires_at).map_err(|_| Fault::unavailable())?,
        access_key_id: keys.access_key_id,
        secret: keys.secret,
        user: Some((
            assume.role.session(assume.session_name),
            assume.role.session_id(assume.session_name),
        )),
    })
}

/// Makes the keys of a session.
fn keys(assume: Assume<'_>, grant: &Grant) -> Result<(AwsKeys, Session), NoRandomness> {
    let keys = AwsKeys {
        access_key_id: format!("ASIA{}", arn::identifier(&random::bytes::<16>()?)),
        secret: STANDARD.encode(random::bytes::<30>()?),
        role_arn: assume.arn.to_owned(),
        session_name: assume.session_name.to_owned(),
    };
    let life = i64::try_from(grant.life.as_secs()).unwrap_or(0);
    let session = Session {
        role: grant.role.clone(),
        issuer: grant.issuer.clone(),
        id: grant.id.clone(),
        expires_at: grant.now.as_secs().saturating_add(life),
        aws: Some(keys.clone()),
        vault: None,
    };
    Ok((keys, session))
}
