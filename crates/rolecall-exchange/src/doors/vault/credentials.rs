//! The credentials of a request in its headers: a client token, or inline authentication.

use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::super::At;
use super::super::body::object;
use super::answer::Fault;
use crate::sessions::Session;

const AUTHORIZATION: &str = "authorization";
pub(super) const TOKEN: &str = "x-vault-token";
pub(super) const NAMESPACE: &str = "x-vault-namespace";
pub(super) const REQUEST: &str = "x-vault-request";
pub(super) const INLINE_PATH: &str = "x-vault-inline-auth-path";
const INLINE_OPERATION: &str = "x-vault-inline-auth-operation";
pub(super) const INLINE_NAMESPACE: &str = "x-vault-inline-auth-namespace";
pub(super) const INLINE_JWT: &str = "x-vault-inline-auth-parameter-jwt";
pub(super) const INLINE_ROLE: &str = "x-vault-inline-auth-parameter-role";
/// The beginning of the names of headers with parameters. The rest of a name says nothing.
const INLINE_PARAMETER: &str = "x-vault-inline-auth-parameter-";

/// The parameters of a login.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Login {
    pub(super) role: Option<String>,
    pub(super) jwt: Option<String>,
}

/// A login that comes with another request.
pub(super) struct Inline {
    pub(super) mount: String,
    pub(super) namespace: String,
    pub(super) login: Login,
}

impl Inline {
    /// Parses a request to log in at a mount.
    pub(super) fn of_login(headers: &HeaderMap, mount: &str, body: &[u8]) -> Result<Self, Fault> {
        let login = object::<Login>(body).ok_or_else(|| Fault::request("the body is not a login in JSON"))?;
        Ok(Self {
            mount: mount.to_owned(),
            namespace: namespace(headers)?,
            login,
        })
    }
}

/// A parameter of inline authentication.
#[derive(Deserialize, Serialize)]
struct Parameter {
    key: String,
    value: String,
}

/// Returns the one value of a header.
pub(super) fn one<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Fault> {
    let mut values = headers.get_all(name).iter();
    let value = values.next();
    if values.next().is_some() {
        return Err(Fault::request(format!("the header `{name}` is repeated")));
    }
    let text = value.map(HeaderValue::to_str).transpose();
    text.map_err(|_| Fault::request(format!("the header `{name}` is not ASCII")))
}

/// Returns the namespace in lower case, without slashes around it; empty for the root.
pub(super) fn namespace(headers: &HeaderMap) -> Result<String, Fault> {
    plain_namespace(one(headers, NAMESPACE)?.unwrap_or_default())
}

fn plain_namespace(text: &str) -> Result<String, Fault> {
    let text = text.trim_matches('/').to_ascii_lowercase();
    if text.is_empty() || text == "root" {
        return Ok(String::new());
    }
    match super::path::segments(&text) {
        Some(segments) if text.len() <= 256 => Ok(segments.join("/")),
        _ => Err(Fault::request("the namespace is not a plain path")),
    }
}

/// Returns the client token: in `X-Vault-Token`, or as bearer token.
pub(super) fn client_token(headers: &HeaderMap) -> Result<Option<&str>, Fault> {
    let bearer = one(headers, AUTHORIZATION)?.and_then(|text| text.strip_prefix("Bearer "));
    match (one(headers, TOKEN)?, bearer) {
        (Some(_), Some(_)) => Err(Fault::request("the request has two client tokens")),
        (token, bearer) => Ok(token.or(bearer).filter(|token| !token.is_empty())),
    }
}

/// Returns the session of the client token, if it is one of this door, and of the namespace of the request.
pub(super) async fn session(at: &At, headers: &HeaderMap) -> Result<Session, Fault> {
    let token = client_token(headers)?.ok_or_else(Fault::denied)?;
    let opened = at.exchange.open(&at.door, token).await;
    let session = opened.map_err(|refusal| Fault::of_read(&refusal))?;
    let session = session.ok_or_else(Fault::denied)?;
    let namespace = namespace(headers)?;
    let is_ours = session
        .vault
        .as_ref()
        .is_some_and(|vault| vault.namespace == namespace);
    if is_ours {
        Ok(session)
    } else {
        Err(Fault::denied())
    }
}

/// Returns the value of a header with a parameter of inline authentication.
pub(super) fn parameter(key: &str, value: &str) -> String {
    let parameter = Parameter {
        key: key.to_owned(),
        value: value.to_owned(),
    };
    // Two texts always serialise.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&parameter).unwrap_or_default())
}

/// Returns the login in the headers of a request, if it has one.
pub(super) fn inline(headers: &HeaderMap) -> Result<Option<Inline>, Fault> {
    let parameters: Vec<_> = headers
        .iter()
        .filter(|(name, _)| name.as_str().starts_with(INLINE_PARAMETER))
        .collect();
    let Some(path) = one(headers, INLINE_PATH)? else {
        if parameters.is_empty() {
            return Ok(None);
        }
        return Err(Fault::request("inline authentication has no path"));
    };
    if client_token(headers)?.is_some() {
        return Err(Fault::request(
            "the request has a client token and inline authentication",
        ));
    }
    if !matches!(one(headers, INLINE_OPERATION)?, None | Some("update")) {
        return Err(Fault::request(
            "the operation of inline authentication is not `update`",
        ));
    }
    let segments = super::path::segments(path.trim_matches('/')).unwrap_or_default();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let ["auth", mount @ .., "login"] = segments.as_slice() else {
        return Err(Fault::request(
            "the path of inline authentication is not `auth/MOUNT/login`",
        ));
    };
    let mut login = Login::default();
    for (_, value) in parameters {
        let wrong =
            || Fault::request("a parameter of inline authentication is not a key and a text in base64url");
        let text = URL_SAFE_NO_PAD.decode(value.as_bytes()).map_err(|_| wrong())?;
        let Parameter { key, value } = object(&text).ok_or_else(wrong)?;
        let field = match key.as_str() {
            "jwt" => &mut login.jwt,
            "role" => &mut login.role,
            _ => {
                return Err(Fault::request(
                    "inline authentication has a parameter that is not `jwt` or `role`",
                ));
            }
        };
        if field.replace(value).is_some() {
            return Err(Fault::request("a parameter of inline authentication is repeated"));
        }
    }
    let namespace = match one(headers, INLINE_NAMESPACE)? {
        Some(text) => plain_namespace(text)?,
        None => namespace(headers)?,
    };
    let mount = mount.join("/");
    Ok(Some(Inline {
        mount,
        namespace,
        login,
    }))
}
