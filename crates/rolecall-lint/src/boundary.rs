//! Boundaries: the grants that roles in the files of a folder may have.

use rolecall_engine::ir::Profile;
use rolecall_engine::pattern::{Glob, Pattern};
use rolecall_engine::{ClaimId, Filter, Part, Template};
use rolecall_syntax::Str;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The grant whose texts are globs: paths of secrets.
const OF_GLOBS: &str = "secrets";

/// The grants that roles in some files may have.
#[derive(Clone, Debug)]
pub struct Boundary {
    /// The folder of the files, as it is configured.
    pub folder: String,
    /// The files, by their names in messages.
    pub files: BTreeSet<String>,
    /// The texts that roles may grant, as they are configured.
    pub grants: Vec<String>,
    /// The patterns of these texts by the name of the grant.
    patterns: BTreeMap<String, Vec<Pattern>>,
}

/// A text of a boundary that is not `GRANT:GLOB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundaryError {
    /// The text.
    pub text: String,
}

impl fmt::Display for BoundaryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not `GRANT:GLOB`", self.text)
    }
}

impl std::error::Error for BoundaryError {}

impl Boundary {
    /// Returns a boundary of a folder. Each grant is a text `GRANT:GLOB`, such as `secrets:apps/team-a/**`.
    ///
    /// # Errors
    /// [`BoundaryError`] for the first text of another form.
    pub fn new(
        folder: impl Into<String>,
        files: BTreeSet<String>,
        grants: Vec<String>,
    ) -> Result<Self, BoundaryError> {
        let mut patterns: BTreeMap<String, Vec<Pattern>> = BTreeMap::new();
        for text in &grants {
            let parts = text.split_once(':').filter(|(grant, _)| !grant.is_empty());
            let glob = parts.and_then(|(grant, glob)| Some((grant, Glob::new(&Str::quote(glob)).ok()?)));
            let (grant, glob) = glob.ok_or_else(|| BoundaryError { text: text.clone() })?;
            patterns
                .entry(grant.to_owned())
                .or_default()
                .push(Pattern::Glob(glob));
        }
        Ok(Self {
            folder: folder.into(),
            files,
            grants,
            patterns,
        })
    }

    /// Returns the patterns of the texts of a grant.
    pub(crate) fn of(&self, grant: &str) -> &[Pattern] {
        self.patterns.get(grant).map_or(&[], Vec::as_slice)
    }
}

/// Returns a pattern of the texts that a grant may have, whatever the claims in it are. `None` if there is no such glob:
/// of a path that is only a part of a segment.
pub(crate) fn pattern(grant: &str, template: &Template, profile: &Profile) -> Option<Pattern> {
    let mut raw = String::new();
    let mut parts = template.parts.iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            Part::Text(text) if grant == OF_GLOBS => push(&mut raw, Str::quote(text).raw()),
            Part::Text(text) => {
                let text = Str::quote(text).raw().replace('*', "\\*").replace('?', "\\?");
                push(&mut raw, &text);
            }
            Part::Claim(claim, filter) if has_segments(profile, *claim, *filter) => {
                let is_edge = |c: char| matches!(c, '/' | ':');
                let next = match parts.peek() {
                    None => None,
                    Some(Part::Text(text)) => text.chars().next(),
                    Some(_) => return None,
                };
                let is_whole = next.is_none_or(is_edge) && raw.chars().next_back().is_none_or(is_edge);
                // Inside of a glob, `**` also stands for no segment.
                raw.push_str(if next == Some('/') { "?*/**" } else { "**" });
                if !is_whole {
                    return None;
                }
            }
            Part::Claim(..) => push(&mut raw, "?*"),
            Part::Optional(_) => return None,
        }
    }
    let string = Str::new(&not_empty(&raw)).ok()?;
    Glob::new(&string).ok().map(Pattern::Glob)
}

/// Returns a glob in which a segment that is a run alone is not empty: no path of a secret has an empty one.
fn not_empty(glob: &str) -> String {
    let segments = glob
        .split('/')
        .map(|segment| if segment == "*" { "?*" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// Adds text. A run after a run is one run.
fn push(raw: &mut String, text: &str) {
    let is_run = raw.ends_with('*') && !raw.ends_with("\\*");
    let rest = text
        .strip_prefix('*')
        .filter(|rest| is_run && !rest.starts_with('*'));
    raw.push_str(rest.unwrap_or(text));
}

/// Returns whether the text of a claim may have several segments.
fn has_segments(profile: &Profile, claim: ClaimId, filter: Option<Filter>) -> bool {
    filter != Some(Filter::Name) && profile[claim].claim_type.scalar().is_path()
}
