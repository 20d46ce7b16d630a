//! Explanations of denials: for the operator in the audit, and for the caller if the configuration says so.
//!
//! Both are bounded: a caller chooses what is asked for.

use std::sync::Arc;

use rolecall::{FailedClaim, PolicySet, Roles};
use rolecall_engine::{Comparison, Part, RoleId, Template, Value};
use serde_json::json;

use super::Wanted;
use crate::excerpt::shortened;

/// The maximum number of candidate roles that are looked at.
const MAX_CANDIDATES: usize = 64;
/// The maximum number of claims in an explanation.
const MAX_CLAIMS: usize = 8;
/// The maximum length of a value in bytes.
const MAX_VALUE: usize = 200;

/// A denial, with all that its explanation needs after the request has ended.
pub(super) struct Denial {
    policies: Arc<PolicySet>,
    roles: Roles,
    candidates: Vec<RoleId>,
}

impl Denial {
    /// Finds the candidate roles: the named one, and those whose grant is literally what was asked for.
    pub(super) fn new(policies: Arc<PolicySet>, roles: Roles, wanted: Wanted<'_>) -> Self {
        let program = policies.program();
        let named = |name: &str| program.role(name).into_iter().collect::<Vec<_>>();
        let mut candidates = match wanted {
            Wanted::Role(name)
            | Wanted::RoleWith { role: name, .. }
            | Wanted::Grant { role: Some(name), .. } => named(name),
            Wanted::Grant { role: None, .. } => program.roles().ids().collect(),
        };
        if let Wanted::Grant { grant, value, .. } = wanted {
            candidates.retain(|role| grants(&policies, *role, grant, value));
        }
        candidates.truncate(MAX_CANDIDATES);
        Self {
            policies,
            roles,
            candidates,
        }
    }

    /// Returns the failed claims for the caller, with the caller's own values; `None` if no candidate is a role of the
    /// caller's tenant.
    pub(super) fn for_caller(&self) -> Option<String> {
        let claims = self.roles.token().claims().as_unverified();
        let mut explainer = self.policies.explainer(claims);
        let nearest = self.policies.nearest(claims, &self.candidates);
        let views = nearest.into_iter().map(|(_, role)| {
            let name = &self.policies.program()[role].name;
            explainer.explain(name).requester()
        });
        let failed = views
            .flat_map(|view| view.clauses)
            .find(|failed| !failed.is_empty())?;
        let words: Vec<String> = failed.iter().take(MAX_CLAIMS).map(words).collect();
        Some(words.join(", "))
    }

    /// Returns the explanation for the operator: the nearest candidate role, and its failed comparisons.
    pub(super) fn for_operator(&self) -> serde_json::Value {
        let claims = self.roles.token().claims().as_unverified();
        let candidates = self.candidates.len();
        let nearest = self.policies.nearest(claims, &self.candidates);
        let Some((_, nearest)) = nearest.first() else {
            return json!({ "candidates": candidates });
        };
        let role = &self.policies.program()[*nearest].name;
        let explanation = self.policies.explain(claims, role);
        let clauses = explanation.operator().map(|view| view.clauses.as_slice());
        let of_issuer = clauses.unwrap_or_default().iter();
        let of_issuer = of_issuer.filter(|clause| clause.issuer_check.matches());
        let causes = of_issuer.map(|clause| {
            let guards = clause.guards.iter().map(|guard| &guard.condition);
            let trees = clause.condition.iter().chain(guards);
            trees.flat_map(|tree| tree.causes()).collect::<Vec<_>>()
        });
        let Some(causes) = causes.min_by_key(Vec::len) else {
            return json!({ "candidates": candidates, "role": **role, "other_issuer": true });
        };
        let failed: Vec<_> = causes
            .iter()
            .take(MAX_CLAIMS)
            .map(|one| comparison(one))
            .collect();
        let more = causes.len().saturating_sub(failed.len());
        json!({ "candidates": candidates, "role": **role, "failed": failed, "more": more })
    }
}

/// Returns whether a role has a grant with exactly this text in one of its clauses.
fn grants(policies: &PolicySet, role: RoleId, grant: &str, value: &str) -> bool {
    let program = policies.program();
    let is_text = |template: &Template| match template.parts.as_slice() {
        [] => value.is_empty(),
        [Part::Text(text)] => text == value,
        _ => false,
    };
    let names = program[role].grants.iter().enumerate();
    let mut places = names.filter(|(_, name)| ***name == *grant).map(|(at, _)| at);
    places.any(|at| {
        let mut clauses = program.clauses(role).iter();
        clauses.any(|clause| clause.grants().get(at).is_some_and(is_text))
    })
}

fn comparison(one: &Comparison) -> serde_json::Value {
    json!({
        "claim": shortened(&one.claim, MAX_VALUE),
        "actual": one.actual.as_ref().map(|value| shortened(&value.to_string(), MAX_VALUE)),
        "accepted": shortened(&one.accepted, MAX_VALUE),
        "reason": one.unknown.map(rolecall_engine::Unknown::code),
    })
}

/// Describes a failed claim with the characters that an error description may have (RFC 6749 section 5.2).
fn words(failed: &FailedClaim) -> String {
    let value = match &failed.actual {
        None => return format!("`{}` is absent", failed.claim),
        Some(Value::Text(text)) => shortened(text, MAX_VALUE),
        Some(value) => shortened(&value.to_string(), MAX_VALUE),
    };
    let is_allowed = |c: char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\');
    let value: String = value
        .chars()
        .map(|c| if is_allowed(c) { c } else { '?' })
        .collect();
    format!("`{}` is `{value}`", failed.claim)
}
