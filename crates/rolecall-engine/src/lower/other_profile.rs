//! Policies for one CI system whose issuer has the profile of another: one error at the profile, instead of one for
//! each claim, whose help would rewrite the policy.

use super::Lowering;
use super::claim_path::written;
use crate::built_in::{built_in_profiles, is_built_in, members};
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::ir::Profile;
use rolecall_syntax::ast::{ClaimPath, Expr, ExprAt, IssuerMember, Modifier, ProfileMember, RoleMember};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// The fewest claims that only the other profile has.
const FEWEST: usize = 2;

impl Lowering<'_> {
    /// Reports a claim that a profile does not have.
    pub(super) fn unknown_claim(&mut self, profile: &Profile, diagnostic: Diagnostic) {
        let locations = self.unknown_claims.entry(profile.name.clone()).or_default();
        locations.insert(diagnostic.location);
        self.error(diagnostic);
    }

    /// Reports the issuers whose clauses are written for the tokens of another built-in profile.
    pub(super) fn check_other_profiles(&mut self) {
        let unknown = std::mem::take(&mut self.unknown_claims);
        for profile in self.profiles_in_use() {
            let Some(locations) = unknown.get(&profile.name) else {
                continue;
            };
            if !is_built_in(&profile.name) || locations.len() < FEWEST || self.is_certain(&profile) {
                continue;
            }
            let used = self.used_claims(&profile);
            if let Some(other) = other_profile(&profile, &used) {
                self.reports.remove(|error| locations.contains(&error.location));
                self.report_other_profile(&profile, other);
            }
        }
    }

    /// Returns true if the url of an issuer shows that its profile is right.
    fn is_certain(&self, profile: &Profile) -> bool {
        let mut issuers = self.program.issuers.values();
        issuers.any(|one| one.profile.name == profile.name && one.profile.shared.contains(&one.issuer.url))
    }

    fn report_other_profile(&mut self, profile: &Profile, other: &str) {
        for issuer in &self.names.issuers {
            for member in &issuer.item.members {
                let IssuerMember::Profile(name) = &member.node else {
                    continue;
                };
                if name.node == profile.name {
                    let location = Location::new(issuer.file, name.span);
                    let message = format!(
                        "the policies compare claims of `{other}`, and the profile of the issuer `{}` is `{}`",
                        issuer.item.name.node, profile.name
                    );
                    let error = Diagnostic::new(ErrorKind::UnknownClaim, location, message);
                    self.reports.add(error.help(format!("write `profile {other}`")));
                }
            }
        }
    }

    /// Returns the claims that the clauses of a profile's issuers compare, also in named conditions.
    fn used_claims(&self, profile: &Arc<Profile>) -> BTreeSet<String> {
        let mut names = Used::default();
        for role in &self.names.roles {
            for member in &role.item.members {
                let RoleMember::Allow(allow) = &member.node else {
                    continue;
                };
                let issuer = self.issuers.get(&allow.issuer.node).copied();
                if issuer.is_some_and(|issuer| self.program[issuer].profile.name == profile.name) {
                    allow.when.iter().for_each(|when| names.add(when));
                }
            }
        }
        let mut seen: HashSet<String> = HashSet::new();
        while let Some(name) = names.conditions.pop_first() {
            if let Some(condition) = self.names.conditions.get(name.as_str())
                && seen.insert(name)
            {
                names.add(&condition.item.expr);
            }
        }
        let is_condition = |name: &String| self.names.conditions.contains_key(name.as_str());
        names.claims.retain(|name| !is_condition(name));
        names.claims
    }
}

/// The names in conditions.
#[derive(Default)]
struct Used {
    claims: BTreeSet<String>,
    conditions: BTreeSet<String>,
}

impl Used {
    /// Adds the names of a condition. The parser bounds how deep it nests.
    fn add(&mut self, expr: &ExprAt) {
        let mut claim = |path: &ClaimPath| self.claims.insert(written(path));
        match &expr.node {
            Expr::All(terms) | Expr::Any(terms) => terms.iter().for_each(|term| self.add(term)),
            Expr::Not(term) => self.add(term),
            Expr::Has(path) | Expr::IsNull(path) => drop(claim(path)),
            Expr::Bare(path) => {
                claim(path);
                self.conditions.insert(written(path));
            }
            Expr::Call(call) => drop(self.conditions.insert(call.name.node.clone())),
            Expr::Compare(comparison) => drop(claim(&comparison.claim)),
            Expr::External(_) => {}
        }
    }
}

/// Returns the built-in profile that has most of the claims, if it has more of them than the one of the issuer.
fn other_profile(profile: &Profile, used: &BTreeSet<String>) -> Option<&'static str> {
    let own: BTreeSet<&String> = used
        .iter()
        .filter(|name| profile.claim_by_name(name).is_some())
        .collect();
    let mut best: Option<(usize, &'static str)> = None;
    for (name, text) in built_in_profiles().filter(|(name, _)| *name != profile.name) {
        let claims = claims_of(text);
        let found = used.iter().filter(|name| claims.contains(*name));
        let (count, new) = found.fold((0_usize, 0_usize), |(count, new), name| {
            let is_new = usize::from(!own.contains(name));
            (count.saturating_add(1), new.saturating_add(is_new))
        });
        let is_better = count > own.len() && count > best.map_or(used.len() / 2, |(most, _)| most);
        if new >= FEWEST && is_better {
            best = Some((count, name));
        }
    }
    best.map(|(_, name)| name)
}

/// Returns the names and the aliases of the claims that the text of a profile declares.
fn claims_of(text: &str) -> HashSet<String> {
    let mut names = HashSet::new();
    for member in members(text) {
        let ProfileMember::Claim(claim) = member else {
            continue;
        };
        names.insert(written(&claim.path));
        let aliases = claim
            .modifiers
            .into_iter()
            .filter_map(|modifier| match modifier.node {
                Modifier::Alias(alias) => Some(alias.node),
                Modifier::Keyword(_) => None,
            });
        names.extend(aliases);
    }
    names
}
