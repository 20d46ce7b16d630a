//! Answers of AWS to `AssumeRoleWithWebIdentity`. Nothing that has not this form is relayed.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use jiff::Timestamp;
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;
use rolecall::HttpResponse;

use super::fault::Fault;

/// The maximum depth of an answer, and the maximum number of its elements.
const MAX_DEPTH: usize = 8;
const MAX_ELEMENTS: usize = 64;
/// The maximum length of a message that is relayed.
const MAX_MESSAGE: usize = 1_024;

/// The keys of a session.
#[derive(PartialEq, Eq)]
pub(super) struct Credentials {
    pub(super) access_key_id: String,
    pub(super) secret: String,
    pub(super) token: String,
    pub(super) expiration: Timestamp,
    /// The ARN of the session, and its identifier.
    pub(super) user: Option<(String, String)>,
}

/// Reads an answer: keys, or AWS' error.
///
/// # Errors
/// `None` if it has not the form of the protocol.
pub(super) fn read(reply: &HttpResponse) -> Option<Result<Credentials, Fault>> {
    let texts = texts(str::from_utf8(&reply.body).ok()?)?;
    let status = StatusCode::from_u16(reply.status).ok()?;
    if status == StatusCode::OK {
        return credentials(&texts).map(Ok);
    }
    if !status.is_client_error() {
        return None;
    }
    let get = |name: &str| texts.get(&format!("ErrorResponse/Error/{name}"));
    let code = get("Code").filter(|code| code.len() <= 64 && is_token(code))?;
    let message: String = get("Message")?.chars().take(MAX_MESSAGE).collect();
    Some(Err(Fault::new(status, code, message)))
}

fn credentials(texts: &BTreeMap<String, String>) -> Option<Credentials> {
    let path = "AssumeRoleWithWebIdentityResponse/AssumeRoleWithWebIdentityResult";
    let get = |name: &str| texts.get(&format!("{path}/{name}")).cloned();
    let key = |name: &str, most: usize| {
        let text = get(&format!("Credentials/{name}"))?;
        let is_key = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        is_key.then_some(text)
    };
    let user = get("AssumedRoleUser/Arn").zip(get("AssumedRoleUser/AssumedRoleId"));
    Some(Credentials {
        access_key_id: key("AccessKeyId", 128).filter(|id| is_token(id))?,
        secret: key("SecretAccessKey", 256)?,
        token: key("SessionToken", 16 * 1024)?,
        expiration: key("Expiration", 64)?.parse().ok()?,
        user: user.filter(|(arn, id)| arn.len() <= 2048 && id.len() <= 256),
    })
}

fn is_token(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// Returns the texts of the elements that have no others inside, by their paths. `None` if the document is not XML, has
/// a document type, is too deep or too large, or has a path twice.
fn texts(document: &str) -> Option<BTreeMap<String, String>> {
    let mut reader = Reader::from_str(document);
    let (mut texts, mut open): (BTreeMap<String, String>, Vec<String>) = Default::default();
    let mut elements: usize = 0;
    let (mut text, mut is_leaf) = (String::new(), false);
    loop {
        let event = reader.read_event().ok()?;
        match event {
            Event::Start(start) => {
                elements = elements.checked_add(1)?;
                // There is one root.
                if elements > MAX_ELEMENTS || open.len() >= MAX_DEPTH || (open.is_empty() && elements > 1) {
                    return None;
                }
                open.push(start.local_name().as_ref().to_owned());
                (text, is_leaf) = (String::new(), true);
            }
            Event::End(_) => {
                if is_leaf && texts.insert(open.join("/"), text.trim().to_owned()).is_some() {
                    return None;
                }
                open.pop()?;
                (text, is_leaf) = (String::new(), false);
            }
            Event::Empty(_) if !open.is_empty() => is_leaf = false,
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::CData(part) => text.push_str(&part.xml10_content()),
            Event::GeneralRef(part) => match part.resolve_char_ref().ok()? {
                Some(char) => text.push(char),
                None => text.push_str(resolve_xml_entity(&part)?),
            },
            Event::Decl(_) | Event::Comment(_) => {}
            Event::Eof => return open.is_empty().then_some(texts).filter(|texts| !texts.is_empty()),
            Event::Empty(_) | Event::PI(_) | Event::DocType(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(credentials: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n\
             <AssumeRoleWithWebIdentityResult><Credentials>{credentials}</Credentials>\n\
             </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
        )
    }

    fn read_text(status: u16, text: &str) -> Option<Result<Credentials, Fault>> {
        let body = text.as_bytes().to_vec();
        read(&HttpResponse {
            status,
            content_type: None,
            body,
        })
    }

    const KEYS: &str = "<AccessKeyId>ASIAX</AccessKeyId><SecretAccessKey>a&#x2b;b/&lt;c</SecretAccessKey>\
        <SessionToken>token==</SessionToken><Expiration>2026-01-01T00:00:00Z</Expiration>";

    #[test]
    fn keys_and_errors_are_read() {
        let Some(Ok(keys)) = read_text(200, &answer(KEYS)) else {
            panic!("no keys");
        };
        assert_eq!((&*keys.access_key_id, &*keys.secret), ("ASIAX", "a+b/<c"));
        assert_eq!(keys.expiration.as_second(), 1_767_225_600);
        let error = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>No &amp; no\
                     </Message></Error></ErrorResponse>";
        let wanted = Fault::new(StatusCode::FORBIDDEN, "AccessDenied", "No & no");
        assert!(read_text(403, error) == Some(Err(wanted)));
        for status in [200, 302, 500] {
            assert!(read_text(status, error).is_none());
        }
    }

    #[test]
    fn other_documents_are_not() {
        let deep = "<a>".repeat(20);
        let doctype = format!("<!DOCTYPE a [<!ENTITY e \"x\">]>{}", answer(KEYS));
        for text in [
            "",
            "{}",
            "<html><body>Busy</body></html>",
            &deep,
            &doctype,
            answer(KEYS).get(..200).unwrap(),
            &answer(&KEYS.replace("ASIAX", "&e;")),
            &answer(&KEYS.replace("ASIAX", "AS IA")),
            &answer(&KEYS.replace("ASIAX", "")),
            &answer(&KEYS.replace("2026-01-01", "tomorrow")),
            &answer(&KEYS.replace("SessionToken", "Token")),
            &answer(&format!("{KEYS}<AccessKeyId>ASIAY</AccessKeyId>")),
            &answer(&"<x></x>".repeat(100)),
            &format!("{}{}", answer(KEYS), answer(KEYS)),
        ] {
            assert!(read_text(200, text).is_none(), "{text}");
        }
    }
}
