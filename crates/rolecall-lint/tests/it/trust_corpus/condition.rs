//! What the clouds' conditions have in common, and how it is written as a policy.

use rolecall_engine::ir::Profile;
use rolecall_engine::{ClaimType, Scalar};
use rolecall_syntax::Str;

/// A condition over texts. A claim that is absent fulfils none of the comparisons and not their opposites either.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Has(String),
    Lacks(String),
    /// It fits a wildcard: `*` is any run of characters, `?` is one.
    Like(String, Vec<String>),
    /// A regex fits the whole of it.
    Matches(String, String),
    OneOf(String, Vec<String>),
    /// It is there, and another one.
    Differs(String, String),
}

use Condition::{All, Any, Differs, Has, Lacks, Like, Matches, OneOf};

impl Condition {
    /// It fits one of some wildcards, which may have no wildcard in them.
    pub(crate) fn like(claim: String, patterns: Vec<String>) -> Self {
        let is_wild = |pattern: &String| pattern.contains(['*', '?']);
        if patterns.iter().any(is_wild) {
            Like(claim, patterns)
        } else {
            OneOf(claim, patterns)
        }
    }

    /// The audiences that are asked for, taken out: an issuer says them. `None` if any other audience might do.
    pub(crate) fn take_audiences(&mut self) -> Option<Vec<String>> {
        let is_audience = |part: &Self| matches!(part, OneOf(claim, _) if claim == "aud");
        let parts = match *self {
            All(ref mut parts) => std::mem::take(parts),
            ref other => vec![other.clone()],
        };
        let (audiences, others): (Vec<Self>, Vec<Self>) = parts.into_iter().partition(is_audience);
        *self = All(others);
        match audiences.into_iter().next()? {
            OneOf(_, audiences) => Some(audiences),
            _ => None,
        }
    }

    /// The condition of a policy; empty if there is none.
    pub(crate) fn write(&self, profile: &Profile) -> String {
        match self {
            All(parts) => join(parts, " && ", profile),
            Any(parts) => format!("({})", join(parts, " || ", profile)),
            Has(claim) => format!("has {}", name(claim, profile)),
            Lacks(claim) => format!("!has {}", name(claim, profile)),
            Like(claim, patterns) => format!("{} like {}", name(claim, profile), list(patterns)),
            Matches(claim, regex) => {
                format!("{} matches /{}/", name(claim, profile), regex.replace('/', "\\/"))
            }
            OneOf(claim, texts) => {
                // A literal that no value of the type equals is an error here.
                let can_be = |text: &&String| claim_type(claim, profile).scalar().holds(text);
                let texts: Vec<String> = texts.iter().filter(can_be).cloned().collect();
                let claim = name(claim, profile);
                match texts.as_slice() {
                    [] => format!("has {claim} && !has {claim}"),
                    [_] => format!("{claim} == {}", list(&texts)),
                    _ => format!("{claim} in {}", list(&texts)),
                }
            }
            Differs(claim, text) if !claim_type(claim, profile).scalar().holds(text) => {
                Has(claim.clone()).write(profile)
            }
            Differs(claim, text) => format!("{} != {}", name(claim, profile), quote(text)),
        }
    }
}

fn join(parts: &[Condition], with: &str, profile: &Profile) -> String {
    let parts: Vec<String> = parts.iter().map(|part| part.write(profile)).collect();
    parts.join(with)
}

/// A claim as policies write it.
fn name(claim: &str, profile: &Profile) -> String {
    let id = profile.claim_by_path(&[claim.to_owned()]);
    let id = id.unwrap_or_else(|| panic!("the profile {} has no claim {claim}", profile.name));
    profile[id].to_string()
}

fn claim_type<'p>(claim: &str, profile: &'p Profile) -> &'p ClaimType {
    let id = profile.claim_by_path(&[claim.to_owned()]).expect("a claim");
    let definition = &profile[id];
    assert!(
        !matches!(definition.claim_type.scalar(), Scalar::Bool(_)),
        "{claim} is no text"
    );
    &definition.claim_type
}

fn quote(text: &str) -> String {
    format!("\"{}\"", Str::quote(text).raw())
}

fn list(texts: &[String]) -> String {
    match texts {
        [text] => quote(text),
        texts => format!(
            "[{}]",
            texts
                .iter()
                .map(|text| quote(text))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}
