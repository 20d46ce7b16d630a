//! Decisions and their reasons for `serde`. The field names are permanent.

use crate::decision::Decision;
use crate::explain::{FailedClaim, RequesterView};
use crate::reason::DenialReason;
use crate::value::Value;
use serde::ser::{Serialize, SerializeMap, Serializer};

/// Serialises the decision for an audit log or an operator, with the feature `serde`: `role` (`null` if the set
/// does not have it), `allowed`, and then either `ttl_seconds` (if the role sets one) and `grants`, or `reason`.
///
/// ```
/// # use rolecall_engine::{Document, JsonLimits, PolicySet, Source, UnverifiedClaims, assume_verified};
/// # let policy = r#"
/// #     issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
/// #     role deploy { ttl 15m allow from gitlab when project == "acme/shop" grant secrets = "apps/{project_path}" }
/// #     role admin { allow from gitlab when project == "acme/admin" }
/// # "#;
/// # let set = PolicySet::compile([Source::new("acme.policy", policy)])?;
/// # let payload = br#"{"iss": "https://gitlab.com", "aud": "https://sts.acme.example", "sub": "test",
/// #     "iat": 1800000000, "exp": 1800003600, "project_path": "acme/shop"}"#;
/// # let payload = Document::parse(payload.to_vec(), &JsonLimits::CLAIMS)?;
/// # let claims = assume_verified(UnverifiedClaims::new(payload));
/// let json = |role| serde_json::to_string(&set.decide(&claims, role));
/// assert_eq!(
///     json("deploy")?,
///     r#"{"role":"deploy","allowed":true,"ttl_seconds":900,"grants":{"secrets":"apps/acme/shop"}}"#
/// );
/// assert_eq!(json("admin")?, r#"{"role":"admin","allowed":false,"reason":"condition"}"#);
/// assert_eq!(json("x")?, r#"{"role":null,"allowed":false,"reason":"unknown_role"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The reason tells an attacker what to try next, so it is not for the requester.
impl Serialize for Decision<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("role", &self.role().map(|role| &*role.name))?;
        map.serialize_entry("allowed", &self.is_allowed())?;
        if let Some(ttl) = self.ttl() {
            map.serialize_entry("ttl_seconds", &ttl.as_secs())?;
        }
        match self.reason() {
            Some(reason) => map.serialize_entry("reason", &reason)?,
            None => map.serialize_entry("grants", &Grants(&self.grants()))?,
        }
        map.end()
    }
}

/// Grants as an object, in the order of the policy.
struct Grants<'a>(&'a [(&'a str, String)]);

impl Serialize for Grants<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, text)| (name, text)))
    }
}

/// Serialises the [code](DenialReason::code), such as `"condition"`, with the feature `serde`.
impl Serialize for DenialReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// Serialises the view for the requester, with the feature `serde`: `allowed`, and `clauses`, lists of failed claims
/// with `claim`, `actual` (if the token has the claim) and `unknown` (if it could not be compared). The operator's view
/// does not serialise.
///
/// ```
/// # use rolecall_engine::{Object, PolicySet, Source, UnverifiedClaims, Value};
/// # let policy = r#"
/// #     issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
/// #     role deploy { allow from gitlab when project == "acme/shop" && ref == "main" && ref_protected }
/// # "#;
/// # let set = PolicySet::compile([Source::new("acme.policy", policy)])?;
/// # let mut token = Object::new();
/// # token.set("project_path", Value::from("acme/shop"));
/// # token.set("ref", Value::from("topic"));
/// # let claims = UnverifiedClaims::new(set.complete("gitlab", &token));
/// let view = set.explain(&claims, "deploy").requester();
/// assert_eq!(
///     serde_json::to_string(&view)?,
///     r#"{"allowed":false,"clauses":[[{"claim":"ref","actual":"topic"},{"claim":"ref_protected","unknown":"absent"}]]}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl Serialize for RequesterView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("allowed", &self.is_allowed)?;
        map.serialize_entry("clauses", &self.clauses)?;
        map.end()
    }
}

impl Serialize for FailedClaim {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("claim", &self.claim)?;
        if let Some(actual) = &self.actual {
            map.serialize_entry("actual", &Claim(actual))?;
        }
        if let Some(unknown) = self.unknown {
            map.serialize_entry("unknown", unknown.code())?;
        }
        map.end()
    }
}

/// A claim's value as in the token; a decimal as its digits in a string.
struct Claim<'a>(&'a Value);

impl Serialize for Claim<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Decimal(decimal) => serializer.serialize_str(decimal.as_str()),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::List(items) => serializer.collect_seq(items.iter().map(Claim)),
            Value::Null => serializer.serialize_unit(),
            Value::Object(object) => {
                serializer.collect_map(object.iter().map(|(name, value)| (name, Claim(value))))
            }
            Value::Text(text) => serializer.serialize_str(text),
        }
    }
}
