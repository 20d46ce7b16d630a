//! Claim paths: the claims that they name, and suggestions for paths without a claim.

use super::Lowering;
use super::budget::Budgets;
use super::scope::Scope;
use super::translation::translation;
use crate::built_in::is_built_in;
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::ClaimId;
use crate::ir::Profile;
use crate::template::is_of_ci;
use rolecall_syntax::ast::{ClaimPath, Segment};
use rolecall_syntax::{Spanned, did_you_mean};

impl Lowering<'_> {
    /// Returns the claim at a path. `None` without an error: only another profile of the scope has it.
    pub(super) fn claim_or_unknown(&mut self, path: &ClaimPath, scope: &Scope<'_>) -> Option<ClaimId> {
        find(path, scope.profile).or_else(|| {
            if self.is_elsewhere(path, scope) {
                None
            } else {
                self.claim(path, scope)
            }
        })
    }

    /// Returns true if another profile of the scope has the claim.
    pub(super) fn is_elsewhere(&mut self, path: &ClaimPath, scope: &Scope<'_>) -> bool {
        self.take_steps(scope.other_profiles.len(), Location::new(scope.file, path.span()))
            && scope
                .other_profiles
                .iter()
                .any(|profile| find(path, profile).is_some())
    }

    /// Returns the claim at a path. It is an error if there is none.
    pub(super) fn claim(&mut self, path: &ClaimPath, scope: &Scope<'_>) -> Option<ClaimId> {
        if let Some(claim) = find(path, scope.profile) {
            return Some(claim);
        }
        let location = Location::new(scope.file, path.span());
        let written = written(path);
        let diagnostic = Diagnostic::new(
            ErrorKind::UnknownClaim,
            location,
            format!("the profile `{}` has no claim `{written}`", scope.profile.name),
        );
        let help = match path.as_name() {
            Some(name) if self.names.sets.contains_key(name) => {
                format!("`{name}` is a set: write it on the right, after `in` or a pattern operator")
            }
            Some(name) if self.names.conditions.contains_key(name) => {
                format!("`{name}` is a condition: write it on its own, not in a comparison")
            }
            Some(name) if scope.parameters.contains_key(name) => {
                format!("`{name}` is a parameter: write it on the right, instead of a literal")
            }
            _ => {
                let conditions = self.names.conditions.keys().copied();
                suggestion(&written, scope.profile, conditions, &mut self.budgets)
            }
        };
        self.unknown_claim(scope.profile, diagnostic.help(help));
        None
    }
}

/// Returns the claim of a profile at a path.
pub(super) fn find(path: &ClaimPath, profile: &Profile) -> Option<ClaimId> {
    match path.as_name() {
        Some(name) => profile.claim_by_name(name),
        None => profile.claim_by_path(&names(path)),
    }
}

/// Returns the names of a path.
pub(super) fn names(path: &ClaimPath) -> Vec<String> {
    let name = |segment: &Spanned<Segment>| match &segment.node {
        Segment::Quoted(string) => string.text().unwrap_or_else(|_| string.raw().to_owned()),
        Segment::Word(name) => name.clone(),
    };
    path.segments.iter().map(name).collect()
}

/// Returns a path as it is written in policies.
pub(super) fn written(path: &ClaimPath) -> String {
    let mut text = String::new();
    let outcome = crate::ir::write_path(&names(path), &mut text);
    debug_assert!(outcome.is_ok(), "writing into a string does not fail");
    text
}

/// Returns the help for a claim that the profile does not have.
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
    let known = translation(written, profile)
        .or_else(|| near(written, profile, others, budgets).map(|near| format!("did you mean `{near}`?")));
    match (member, known) {
        (Some(member), _) => format!("`{written}` is an object: name a claim in it, such as `{member}`"),
        (None, Some(known)) => known,
        (None, None) if is_of_ci(written) => {
            "it is a variable of the job, which tokens do not have: compare a claim that says the same"
                .to_owned()
        }
        (None, None) if is_built_in(&profile.name) => {
            format!(
                "if tokens have it, declare it in a profile that extends `{}`",
                profile.name
            )
        }
        (None, None) => format!("if tokens have it, declare it in the profile `{}`", profile.name),
    }
}

/// Returns the claim, the alias or the other name that is nearest to a misspelled one.
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
        if !budgets.compared.take(1) || !budgets.compared.take(claim.aliases.len()) {
            break;
        }
        candidates.push(claim.to_string());
        candidates.extend(claim.aliases.iter().cloned());
    }
    did_you_mean(written, candidates.iter().map(String::as_str)).map(str::to_owned)
}
