//! Claims: which one a path means, and what may have been meant where it means none.

use super::Lowering;
use super::budget::Budgets;
use super::context::Cx;
use crate::diagnostic::{Diagnostic, Location};
use crate::id::ClaimId;
use crate::ir::Profile;
use rolecall_syntax::ast::{ClaimPath, Segment};
use rolecall_syntax::{Spanned, did_you_mean};

impl Lowering<'_> {
    /// The claim at a path, or `None` if it is a claim of another profile that may be asked for too.
    pub(super) fn claim_or_unknown(&mut self, path: &ClaimPath, cx: &Cx<'_>) -> Option<ClaimId> {
        find(path, cx.profile).or_else(|| {
            if self.is_elsewhere(path, cx) {
                None
            } else {
                self.claim(path, cx)
            }
        })
    }

    /// Returns true if another profile that may be asked for too has the claim.
    pub(super) fn is_elsewhere(&mut self, path: &ClaimPath, cx: &Cx<'_>) -> bool {
        self.take_steps(cx.also.len(), Location::new(cx.file, path.span())) && elsewhere(path, cx)
    }

    /// The claim at a path; it is an error if there is none.
    pub(super) fn claim(&mut self, path: &ClaimPath, cx: &Cx<'_>) -> Option<ClaimId> {
        if let Some(claim) = find(path, cx.profile) {
            return Some(claim);
        }
        let location = Location::new(cx.file, path.span());
        let written = written(path);
        let diagnostic = Diagnostic::new(
            location,
            format!("the profile `{}` has no claim `{written}`", cx.profile.name),
        );
        let help = match path.as_name() {
            Some(name) if self.names.sets.contains_key(name) => {
                format!("`{name}` is a set: it stands on the right, after `in` or a pattern operator")
            }
            Some(name) if self.names.conditions.contains_key(name) => {
                format!("`{name}` is a condition: it stands alone, not in a comparison")
            }
            Some(name) if cx.parameters.contains_key(name) => {
                format!("`{name}` is a parameter: it stands on the right, where a literal does")
            }
            _ => {
                let conditions = self.names.conditions.keys().copied();
                suggestion(&written, cx.profile, conditions, &mut self.budgets)
            }
        };
        self.error(diagnostic.help(help));
        None
    }
}

/// Whether another profile that may be asked for too has the claim.
fn elsewhere(path: &ClaimPath, cx: &Cx<'_>) -> bool {
    cx.also.iter().any(|profile| find(path, profile).is_some())
}

/// The claim at a path of a profile.
pub(super) fn find(path: &ClaimPath, profile: &Profile) -> Option<ClaimId> {
    match path.as_name() {
        Some(name) => profile.claim_by_name(name),
        None => profile.claim_by_path(&names(path)),
    }
}

/// The names of a path.
pub(super) fn names(path: &ClaimPath) -> Vec<String> {
    let name = |segment: &Spanned<Segment>| match &segment.node {
        Segment::Quoted(string) => string.text().unwrap_or_else(|_| string.raw().to_owned()),
        Segment::Word(name) => name.clone(),
    };
    path.segments.iter().map(name).collect()
}

/// A path as policies write it.
pub(super) fn written(path: &ClaimPath) -> String {
    let mut text = String::new();
    // Writing into a string does not fail.
    let _ = crate::ir::write_path(&names(path), &mut text);
    text
}

/// What to say of a claim that the profile does not have.
pub(super) fn suggestion<'n>(
    written: &str,
    profile: &Profile,
    others: impl Iterator<Item = &'n str>,
    budgets: &mut Budgets,
) -> String {
    let inside = format!("{written}.");
    let member = profile
        .claims()
        .values()
        .take_while(|_| budgets.compared.take(1))
        .map(ToString::to_string)
        .find(|claim| claim.starts_with(&inside));
    match (member, near(written, profile, others, budgets)) {
        (Some(member), _) => format!("`{written}` is an object: name what is in it, such as `{member}`"),
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) => {
            "a claim that the profile lacks can be declared in a `profile` of your own".to_owned()
        }
    }
}

/// A claim, an alias, or another name that a misspelt one may have meant.
pub(super) fn near<'n>(
    written: &str,
    profile: &Profile,
    others: impl Iterator<Item = &'n str>,
    budgets: &mut Budgets,
) -> Option<String> {
    let mut candidates: Vec<String> = Vec::new();
    for other in others.take_while(|_| budgets.compared.take(1)) {
        candidates.push(other.to_owned());
    }
    for claim in profile.claims().values() {
        if !budgets.compared.take(claim.aliases.len().saturating_add(1)) {
            break;
        }
        candidates.push(claim.to_string());
        candidates.extend(claim.aliases.iter().cloned());
    }
    did_you_mean(written, candidates.iter().map(String::as_str)).map(str::to_owned)
}
