//! Parts of a target's trust, and the documents that they become.

use super::alternatives::Alternative;
use super::texts::Texts;
use rolecall_engine::ClaimId;
use serde_json::Value as Json;

/// A part of a target's trust, which admits tokens of one issuer.
#[derive(Clone, Debug)]
pub(super) struct Part<C> {
    /// The URL of the issuer.
    pub(super) issuer: String,
    pub(super) issuer_name: String,
    pub(super) content: C,
    /// The names of claims that the role compares, and the part does not as the role does.
    pub(super) left_out: Vec<String>,
}

impl<C> Part<C> {
    pub(super) fn new(alternative: &Alternative<'_>, content: C, left_out: &[ClaimId]) -> Self {
        let profile = alternative.profile();
        let name = |claim: &ClaimId| profile[*claim].path.join(".");
        Self {
            issuer: alternative.issuer.issuer.url.clone(),
            issuer_name: alternative.issuer.issuer.name.clone(),
            content,
            left_out: left_out.iter().map(name).collect(),
        }
    }
}

/// A document of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The name of a file for it.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Document {
    pub(super) fn new(name: impl AsRef<str>, text: String) -> Self {
        let name = file_name(name.as_ref());
        Self { name, text }
    }
}

/// Returns the name of a file for a name with any characters, so that it is in the folder where it is written.
pub(super) fn file_name(name: &str) -> String {
    name.replace(|c: char| matches!(c, '/' | '\\' | ':') || c.is_control(), "-")
}

/// Returns the parts of each issuer.
pub(super) fn by_issuer<'p, C>(parts: &[&'p Part<C>]) -> Vec<Vec<&'p Part<C>>> {
    let mut groups: Vec<Vec<&'p Part<C>>> = Vec::new();
    for part in parts {
        let same = groups
            .iter_mut()
            .find(|group| group.first().is_some_and(|first| first.issuer == part.issuer));
        match same {
            Some(group) => group.push(part),
            None => groups.push(vec![part]),
        }
    }
    groups
}

/// Returns the audiences of an alternative's tokens.
pub(super) fn audiences(alternative: &Alternative<'_>) -> Vec<String> {
    let all = &alternative.issuer.issuer.audiences;
    let claim = alternative.profile().claim_by_path(&["aud".to_owned()]);
    let asked = claim.and_then(|claim| alternative.texts(claim));
    let is_asked = |audience: &&String| {
        asked.as_ref().is_none_or(|asked| {
            asked
                .iter()
                .any(|texts| matches!(texts, Texts::Exactly(text) if text == *audience))
        })
    };
    all.iter().filter(is_asked).cloned().collect()
}

/// Returns the name of one of several documents.
pub(super) fn numbered(name: &str, number: usize) -> String {
    match number {
        0 => name.to_owned(),
        number => format!("{name}-{}", number.saturating_add(1)),
    }
}

/// Returns a document in JSON.
pub(super) fn json_of(value: &Json) -> String {
    // A value of strings and lists has a text.
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .unwrap_or_default()
}
