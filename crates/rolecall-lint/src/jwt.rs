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
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut start = 0_usize;
    for run in text.split_inclusive(|c| !is_part(c)) {
        let end = text::plus(start, run.len());
        let run = run.trim_end_matches(|c| !is_part(c));
        // A host name also has dots, but no header.
        let mut at = start;
        for part in run.split('.') {
            let rest = text::from(text::before(text, text::plus(start, run.len())), at);
            if let Some(length) = token(rest) {
                found.push(at..text::plus(at, length));
                break;
            }
            at = text::plus(at, text::plus(part.len(), 1));
        }
        start = end;
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
