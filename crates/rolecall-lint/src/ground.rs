//! Conditions with samples instead of claims: enough to find a token where two claims are compared, which the analysis
//! cannot always decide.

use crate::ask;
use crate::clause::ClauseView;
use rolecall_engine::ir::{Formula, Question};
use rolecall_engine::{ClaimId, Part, Scalar, Template};
use std::sync::Arc;

/// Values that claims of different types may have.
const SAMPLES: [&str; 4] = ["mallory/web", "mallory", "main", "refs/heads/main"];

/// An id that no policy writes.
const ID: &str = "918273645";

/// Returns a condition that only tokens of the given one fulfil: where two claims must be equal, they have a sample.
pub(crate) fn grounded(formula: &Formula, view: &ClauseView<'_>) -> Formula {
    match formula {
        Formula::All(parts) => ask::all(parts.iter().map(|part| grounded(part, view)).collect::<Vec<_>>()),
        Formula::Any(parts) => ask::any(parts.iter().map(|part| grounded(part, view)).collect::<Vec<_>>()),
        Formula::Atom(atom, _) => match &atom.question {
            Question::SameAs(other) => {
                let same =
                    |sample| ask::all([ask::one_of(atom.claim, [sample]), ask::one_of(*other, [sample])]);
                ask::any(SAMPLES.into_iter().chain([ID]).map(same).collect::<Vec<_>>())
            }
            Question::Filled(template) => filled(atom.claim, template, view),
            _ => formula.clone(),
        },
        // Negations stay: a sample would widen them.
        _ => formula.clone(),
    }
}

/// Returns the condition that a claim is a template's text with samples in it.
fn filled(claim: ClaimId, template: &Arc<Template>, view: &ClauseView<'_>) -> Formula {
    let mut text = String::new();
    let mut parts = Vec::new();
    for part in &template.parts {
        match part {
            Part::Text(own) => text.push_str(own),
            Part::Claim(inner, filter) => {
                let sample = sample(*inner, view);
                let inserted = match filter {
                    Some(filter) => filter.apply(sample),
                    None => Some(sample.to_owned()),
                };
                text.push_str(&inserted.unwrap_or_default());
                parts.push(ask::one_of(*inner, [sample]));
            }
            // Left out, as if its claims were absent.
            Part::Optional(_) => {}
        }
    }
    parts.push(ask::one_of(claim, [text]));
    ask::all(parts)
}

/// Returns a value that a claim may have.
fn sample(claim: ClaimId, view: &ClauseView<'_>) -> &'static str {
    match view.definition(claim).claim_type.scalar() {
        Scalar::Id(_) => ID,
        Scalar::Ref if view.writes_full_refs(claim) => "refs/heads/main",
        Scalar::Ref => "main",
        Scalar::Path(_) if view.claim("project") == Some(claim) && view.is_tenant(claim) => "mallory/web",
        _ => "mallory",
    }
}
