//! Signed tokens and keys in a text.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall_engine::{Document, JsonLimits};
use std::ops::Range;

/// Returns the signed tokens in a text: three parts in base64url with dots between them, of which the first is a header.
pub(crate) fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut start = 0_usize;
    for run in text.split_inclusive(|c| !is_part(c)) {
        let end = start.saturating_add(run.len());
        let run = run.trim_end_matches(|c| !is_part(c));
        // A host name also has dots, but no header.
        let mut at = start;
        for part in run.split('.') {
            let rest = text.get(at..start.saturating_add(run.len())).unwrap_or_default();
            if let Some(length) = token(rest) {
                found.push(at..at.saturating_add(length));
                break;
            }
            at = at.saturating_add(part.len()).saturating_add(1);
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
    let dots = 2;
    Some(
        header
            .len()
            .saturating_add(payload.len())
            .saturating_add(signature.len())
            .saturating_add(dots),
    )
}

/// Returns the first lines of private keys in a text.
pub(crate) fn private_keys(text: &str) -> impl Iterator<Item = Range<usize>> {
    const BEGIN: &str = "-----BEGIN ";
    text.match_indices(BEGIN).filter_map(move |(at, begin)| {
        let label = text.get(at.saturating_add(begin.len())..)?;
        let label = label.get(..label.find("-----")?)?;
        let end = at.saturating_add(begin.len()).saturating_add(label.len());
        (label.len() < 40 && label.ends_with("PRIVATE KEY")).then_some(at..end)
    })
}
