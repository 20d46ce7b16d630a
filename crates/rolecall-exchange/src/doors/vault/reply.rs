//! Answers of Vault. Nothing that has not the form of its protocol is relayed.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Response, StatusCode};
use rolecall::HttpResponse;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::body::object;

/// The maximum length of a client token in bytes.
const MAX_TOKEN: usize = 8 * 1024;

/// An answer of Vault, with the body as it came: numbers in it may be longer than those of this machine.
pub(super) enum Said {
    /// A JSON object, as it was asked for.
    Json(Content, Vec<u8>),
    /// It was done, and there is nothing to say.
    Nothing,
    /// An error in the form of the protocol.
    Refused(StatusCode, Vec<u8>),
}

/// The members of an answer that the door looks at.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Content {
    pub(super) auth: Option<Auth>,
    pub(super) data: Option<Map<String, Value>>,
    errors: Option<Vec<String>>,
}

/// The client token that Vault issued.
#[derive(Deserialize)]
pub(super) struct Auth {
    pub(super) client_token: String,
    /// In seconds.
    lease_duration: u64,
}

impl Auth {
    /// Returns the lifetime of the client token; none if it never ends.
    pub(super) fn life(&self) -> Option<Duration> {
        (self.lease_duration > 0).then(|| Duration::from_secs(self.lease_duration))
    }

    fn is_plain(&self) -> bool {
        let token = self.client_token.as_str();
        (1..=MAX_TOKEN).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

/// Reads an answer. `None` if it has not the form of the protocol.
pub(super) fn read(reply: HttpResponse) -> Option<Said> {
    let status = StatusCode::from_u16(reply.status).ok()?;
    if status == StatusCode::NO_CONTENT && reply.body.is_empty() {
        return Some(Said::Nothing);
    }
    let media = reply.content_type?;
    let media = media.split(';').next().unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        return None;
    }
    let content: Content = object(&reply.body)?;
    let is_error = status.is_client_error() || status.is_server_error();
    // A version of a secret that was deleted is not found, and has its metadata.
    let is_deleted = status == StatusCode::NOT_FOUND && content.data.is_some();
    if is_error && (content.errors.is_some() || is_deleted) {
        return Some(Said::Refused(status, reply.body));
    }
    let is_good = status == StatusCode::OK && content.errors.is_none();
    let is_plain = content.auth.as_ref().is_none_or(Auth::is_plain);
    (is_good && is_plain).then_some(Said::Json(content, reply.body))
}

/// Returns an answer of Vault for the client, with no header of its own.
pub(super) fn relayed(status: StatusCode, body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, media: &str, text: &str) -> &'static str {
        let reply = HttpResponse {
            status,
            content_type: Some(media.to_owned()).filter(|media| !media.is_empty()),
            body: text.as_bytes().to_vec(),
        };
        match read(reply) {
            Some(Said::Json(content, _)) if content.auth.is_some() => "auth",
            Some(Said::Json(..)) => "json",
            Some(Said::Nothing) => "nothing",
            Some(Said::Refused(..)) => "refused",
            None => "no",
        }
    }

    #[test]
    fn only_answers_of_the_protocol_are_read() {
        let json = "application/json";
        let auth = r#"{"auth":{"client_token":"hvs.x","lease_duration":300},"data":null,"warnings":null}"#;
        let deleted = r#"{"data":{"data":null,"metadata":{"deletion_time":"x"}}}"#;
        for (status, media, text, wanted) in [
            (200, json, auth, "auth"),
            (200, "application/json; charset=utf-8", r#"{"data":{}}"#, "json"),
            (
                200,
                json,
                r#"{"data":{"n":123456789012345678901234567890}}"#,
                "json",
            ),
            (204, "", "", "nothing"),
            (400, json, r#"{"errors":["no"]}"#, "refused"),
            (404, json, r#"{"errors":[]}"#, "refused"),
            (404, json, deleted, "refused"),
            (503, json, r#"{"errors":["Vault is sealed"]}"#, "refused"),
            (404, json, "{}", "no"),
            (403, json, deleted, "no"),
            (200, json, r#"{"errors":["no"]}"#, "no"),
            (
                200,
                json,
                r#"{"auth":{"client_token":"","lease_duration":1}}"#,
                "no",
            ),
            (
                200,
                json,
                r#"{"auth":{"client_token":"a b","lease_duration":1}}"#,
                "no",
            ),
            (
                200,
                json,
                r#"{"auth":{"client_token":"a","lease_duration":-1}}"#,
                "no",
            ),
            (200, json, r#"{"auth":{"client_token":"a"}}"#, "no"),
            (
                200,
                json,
                r#"{"auth":{"client_token":"a","lease_duration":1},"auth":null}"#,
                "no",
            ),
            (200, json, "[]", "no"),
            (200, json, "", "no"),
            (200, "text/html", auth, "no"),
            (200, "", auth, "no"),
            (204, json, auth, "no"),
            (307, json, auth, "no"),
            (400, json, r#"{"errors":"no"}"#, "no"),
            (502, "text/html", "<html></html>", "no"),
        ] {
            assert_eq!(said(status, media, text), wanted, "{status} {media} {text}");
        }
    }
}
