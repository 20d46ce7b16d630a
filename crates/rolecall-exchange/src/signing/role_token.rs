//! Role tokens: the JWTs that the exchange issues.
//!
//! The claims are those that AWS, Google Cloud, Entra ID, Vault and Kubernetes all take. `aud` is one string,
//! because AWS wants `azp` beside a list; numbers are integers; there is no null.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall::UnixTime;
use serde_json::{Map, Value, json};

use super::private_key::SignError;
use super::signing_key::SigningKey;

/// The time by which `iat` is before now: clocks of relying parties may be behind.
const ISSUED_BEFORE: i64 = 5;
/// The time by which `nbf` is before now.
const VALID_BEFORE: i64 = 60;

/// The content of a role token.
#[derive(Debug)]
pub(crate) struct RoleToken<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) role: &'a str,
    pub(crate) audience: &'a str,
    /// A random identifier.
    pub(crate) id: &'a str,
    /// The job's token: `iss`, `sub`, and claims that the operator chose (RFC 8693 section 4.1).
    pub(crate) act: &'a Map<String, Value>,
    /// The only AWS role that the token opens (condition key `sts:RoleAuthorizedByIdp`).
    pub(crate) aws_role: Option<&'a str>,
    /// Grants of the role, for a door that takes the token again.
    pub(crate) grants: Option<&'a Value>,
    pub(crate) now: UnixTime,
    pub(crate) expires_at: UnixTime,
}

impl RoleToken<'_> {
    /// Returns the `sub` of tokens for a role.
    pub(crate) fn subject(role: &str) -> String {
        format!("role:{role}")
    }

    /// Returns the signed token in the compact form (RFC 7515 section 7.1).
    pub(crate) fn sign(&self, key: &SigningKey) -> Result<String, SignError> {
        let now = self.now.as_secs();
        let mut claims = json!({
            "iss": self.issuer,
            "sub": Self::subject(self.role),
            "aud": self.audience,
            "iat": now.saturating_sub(ISSUED_BEFORE),
            "nbf": now.saturating_sub(VALID_BEFORE),
            "exp": self.expires_at.as_secs(),
            "jti": self.id,
            "role": self.role,
            "act": self.act,
        });
        if let (Some(arn), Some(claims)) = (self.aws_role, claims.as_object_mut()) {
            claims.insert("https://aws.amazon.com/roles".to_owned(), json!([arn]));
        }
        if let (Some(grants), Some(claims)) = (self.grants, claims.as_object_mut()) {
            claims.insert("grants".to_owned(), grants.clone());
        }
        compact(key, &claims)
    }
}

/// Returns a JWT with these claims in the compact form (RFC 7515 section 7.1).
pub(crate) fn compact(key: &SigningKey, claims: &Value) -> Result<String, SignError> {
    let header = json!({ "typ": "JWT", "alg": key.sign().algorithm().name(), "kid": key.kid() });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(&header), part(claims));
    let signature = key.sign().sign(message.as_bytes())?;
    Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}
