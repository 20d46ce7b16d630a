//! Signed tokens and keys in a text.

use crate::text;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall_engine::{Document, JsonLimits};
use std::ops::Range;

/// Returns the signed tokens in a text: three parts in base64url with dots between them. The first is a
/// header.
pub(crate) fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    // Bytes, since a linter reads each text again after each keystroke.
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let mut end = 0;
    for bytes in text.as_bytes().split(|byte| !is_part(byte)) {
        let start = end;
        end = text::plus(start, text::plus(bytes.len(), 1));
        if bytes.iter().filter(|byte| **byte == b'.').count() < 2 {
            continue;
        }
        let Some(run) = text.get(start..text::plus(start, bytes.len())) else {
            continue;
        };
        // A host name also has dots, but no header.
        let mut at = 0;
        for part in run.split('.') {
            if let Some(length) = token(text::from(run, at)) {
                let at = text::plus(start, at);
                found.push(at..text::plus(at, length));
                break;
            }
            at = text::plus(at, text::plus(part.len(), 1));
        }
    }
    found
}

/// Returns the length of the token that a text begins with.
fn token(text: &str) -> Option<usize> {
    let mut parts = text.split('.');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    if payload.is_empty() || signature.is_empty() {
        return None;
    }
    let header_text = URL_SAFE_NO_PAD.decode(header).ok()?;
    let document = Document::parse(header_text, &JsonLimits::CLAIMS).ok()?;
    document.members().get("alg")?;
    let length = [header, payload, signature].iter().map(|part| part.len()).sum();
    Some(text::plus(length, "..".len()))
}

/// Returns the first lines of private keys in a text.
pub(crate) fn private_keys(text: &str) -> impl Iterator<Item = Range<usize>> {
    const BEGIN: &str = "-----BEGIN ";
    text.match_indices(BEGIN).filter_map(move |(at, begin)| {
        let label = text.get(text::plus(at, begin.len())..)?;
        let label = label.get(..label.find("-----")?)?;
        let end = text::plus(at, text::plus(begin.len(), label.len()));
        (label.len() < 40 && label.ends_with("PRIVATE KEY")).then_some(at..end)
    })
}
