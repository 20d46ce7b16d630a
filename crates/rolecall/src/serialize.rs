//! Rulings, refusals and the state of keys for `serde`. The field names are permanent.
//!
//! Nothing here contains a token. Types for operators say so; the others may also be shown to the requester.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use rolecall_engine::Decision;

use crate::error::{VerifyError, WithoutAccepted};
use crate::gate::{Denial, Roles, Ruling};
use crate::keys::{FetchError, KeyStatus};
use crate::thumbprint::Thumbprint;
use crate::verified_token::VerifiedToken;

/// Serialises the ruling for an audit log or an operator, with the feature `serde`: the fields of the token, and
/// then those of the decision.
///
/// ```
/// # use rolecall::{Gate, PolicySet, Source, testing::TestIssuer};
/// # let policy = r#"
/// #     issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
/// #     role deploy { ttl 15m allow from gitlab when project == "acme/shop" grant secrets = "apps/{project_path}" }
/// # "#;
/// # let policies = PolicySet::compile([Source::new("acme.policy", policy)])?;
/// # let gitlab = TestIssuer::of(&policies, "gitlab");
/// # let gate = Gate::builder(policies, gitlab.keys()).build()?;
/// # let claims = serde_json::json!({ "sub": "job:7", "project_path": "acme/shop" });
/// # let token = gitlab.token(claims);
/// let ruling = gate.authorize(&token, "deploy")?;
/// # let key = ruling.token().key_thumbprint();
/// # let exp = ruling.token().expires_at();
/// assert_eq!(
///     serde_json::to_string(&ruling)?,
///     format!(
///         "{}{}",
///         format_args!(r#"{{"issuer":"gitlab","subject":"job:7","expires_at":{exp},"key_thumbprint":"{key}","#),
///         r#""role":"deploy","allowed":true,"ttl_seconds":900,"grants":{"secrets":"apps/acme/shop"}}"#,
///     )
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The reason of a denial tells an attacker what to try next, so it is not for the requester: see [`Denial`].
impl Serialize for Ruling {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            #[serde(flatten)]
            token: &'a VerifiedToken,
            #[serde(flatten)]
            decision: Decision<'a>,
        }
        let (token, decision) = (self.token(), self.decision());
        Fields { token, decision }.serialize(serializer)
    }
}

/// Serialises the roles for an audit log or an operator, with the feature `serde`: the fields of the token, and
/// `roles`, a list of decisions like `{"role":"deploy","allowed":true,"grants":{}}`.
impl Serialize for Roles {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            #[serde(flatten)]
            token: &'a VerifiedToken,
            roles: Vec<Decision<'a>>,
        }
        let (token, roles) = (self.token(), self.iter().collect());
        Fields { token, roles }.serialize(serializer)
    }
}

/// Serialises what identifies a token in an audit log, with the feature `serde`: `issuer` (its name in the
/// policies), `subject`, `expires_at` (seconds since 1970) and `key_thumbprint` (RFC 7638). It contains no other
/// claims.
///
/// `{"issuer":"gitlab","subject":"project_path:acme/shop:ref_type:branch:ref:main","expires_at":1800000300,"key_thumbprint":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"}`
impl Serialize for VerifiedToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("issuer", self.issuer())?;
        map.serialize_entry("subject", self.subject())?;
        map.serialize_entry("expires_at", &self.expires_at().as_secs())?;
        map.serialize_entry("key_thumbprint", &self.key_thumbprint())?;
        map.end()
    }
}

/// Serialises the thumbprint as base64url, with the feature `serde`.
impl Serialize for Thumbprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Serialises the denial for the requester, with the feature `serde`: for a role, always
/// `{"code":"denied","message":"the token may not take the role"}`, without the role and the reason; for a token
/// the fields of the [`VerifyError`].
impl Serialize for Denial {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Role(_) => {
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry("code", self.code())?;
                map.serialize_entry("message", &self.to_string())?;
                map.end()
            }
            Self::Token(error) => error.serialize(serializer),
        }
    }
}

/// Serialises the error for the requester or an operator, with the feature `serde`: `code`, `message`, and some of
/// its evidence. It leaves out the accepted values, which `Display` has for operators.
///
/// - times: `exp`, `iat`, `nbf` and `now` in seconds since 1970, and `leeway_seconds`
/// - limits: `length`, `limit`, `life_seconds`, `max_age_seconds`
/// - names: `claim`, `member` (of the header), `issuer` (in the policies)
///
/// ```
/// # use rolecall::{UnixTime, VerifyError};
/// # let (exp, now) = (UnixTime::from_secs(1_800_000_000), UnixTime::from_secs(1_800_000_040));
/// # let leeway = std::time::Duration::from_secs(30);
/// let error = VerifyError::Expired { exp, now, leeway };
/// assert_eq!(
///     serde_json::to_string(&error)?,
///     r#"{"code":"expired","message":"the token expired at 1800000000; it is 1800000040, and the leeway is 30 s","#
///         .to_owned()
///         + r#""exp":1800000000,"now":1800000040,"leeway_seconds":30}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
impl Serialize for VerifyError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", self.code())?;
        map.serialize_entry("message", &WithoutAccepted(self).to_string())?;
        let time = match self {
            Self::Expired { exp, now, leeway } => Some(("exp", exp, now, leeway)),
            Self::IssuedInFuture { iat, now, leeway } => Some(("iat", iat, now, leeway)),
            Self::NotYetValid { nbf, now, leeway } => Some(("nbf", nbf, now, leeway)),
            _ => None,
        };
        if let Some((claim, time, now, leeway)) = time {
            map.serialize_entry(claim, &time.as_secs())?;
            map.serialize_entry("now", &now.as_secs())?;
            map.serialize_entry("leeway_seconds", &leeway.as_secs())?;
        }
        match self {
            Self::KidTooLong { length, limit }
            | Self::SubjectTooLong {
                characters: length,
                limit,
            }
            | Self::TokenTooLarge { length, limit, .. } => {
                map.serialize_entry("length", length)?;
                map.serialize_entry("limit", limit)?;
            }
            Self::LivesTooLong { life, max_age } => {
                map.serialize_entry("life_seconds", &life.as_secs())?;
                map.serialize_entry("max_age_seconds", &max_age.as_secs())?;
            }
            Self::MalformedClaim { claim, .. }
            | Self::MissingClaim { claim }
            | Self::NotAnIdToken { claim }
            | Self::TimeOutOfRange { claim, .. } => map.serialize_entry("claim", claim)?,
            Self::ForbiddenHeader { member }
            | Self::MalformedHeader { member, .. }
            | Self::MissingHeader { member } => map.serialize_entry("member", member)?,
            Self::AlgorithmNotAllowed { issuer, .. }
            | Self::KeysUnavailable { issuer, .. }
            | Self::NoKeys { issuer } => map.serialize_entry("issuer", issuer)?,
            _ => {}
        }
        map.end()
    }
}

/// Serialises the state for an operator, with the feature `serde`. Durations are in seconds, and the error is
/// `null` or has `code` and `message`.
///
/// `{"issuer":"gitlab","usable":2,"skipped":0,"age_seconds":61,"is_stale":false,"error":null,"failures":0}`
impl Serialize for KeyStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("issuer", &self.issuer)?;
        map.serialize_entry("usable", &self.usable)?;
        map.serialize_entry("skipped", &self.skipped)?;
        map.serialize_entry("age_seconds", &self.age.map(|age| age.as_secs()))?;
        map.serialize_entry("is_stale", &self.is_stale)?;
        map.serialize_entry("error", &self.error)?;
        map.serialize_entry("failures", &self.failures)?;
        map.end()
    }
}

/// Serialises the error for an operator, with the feature `serde`:
/// `{"code":"no_usable_key","message":"none of the 2 keys of the key set is usable"}`.
impl Serialize for FetchError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", self.code())?;
        map.serialize_entry("message", &self.to_string())?;
        map.end()
    }
}
