//! Words: the names and ids of tenants that a clause writes.

use crate::clause::ClauseView;
use crate::outline::{outlines, with_gaps};
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::Pattern;
use rolecall_engine::{ClaimId, Typed};
use std::collections::BTreeSet;

/// The characters between the parts of a name, a `sub` or an id beside a name: `repo:acme@72/shop@4242`.
const DELIMITERS: [char; 3] = ['/', ':', '@'];

/// Returns the texts that a claim is compared with.
pub(crate) fn texts<'v>(view: &'v ClauseView<'_>, claim: ClaimId) -> impl Iterator<Item = String> + use<'v> {
    view.constraints_on(claim)
        .flat_map(|constraint| match &constraint.atom.question {
            Question::OneOf(literals) => literals.iter().filter_map(text).collect(),
            _ => Vec::new(),
        })
}

fn text(literal: &Typed<'_>) -> Option<String> {
    match literal {
        Typed::Text(text) => Some(text.to_string()),
        Typed::Bool(_) | Typed::Int(_) => None,
    }
}

/// Returns the words of a clause's comparisons of tenants. There may be too many: a proof that leaves out finitely
/// many values of an open pattern still finds another one.
pub(crate) fn words(view: &ClauseView<'_>) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let is_tenant = |claim| view.definition(claim).tenant;
    for constraint in view
        .constraints
        .iter()
        .filter(|constraint| is_tenant(constraint.atom.claim))
    {
        match &constraint.atom.question {
            Question::OneOf(literals) => literals.iter().filter_map(text).for_each(|text| {
                cut(&text, &mut words);
                words.insert(text);
            }),
            Question::Pattern(patterns) => patterns
                .iter()
                .for_each(|pattern| add_pattern(pattern, &mut words)),
            _ => {}
        }
    }
    words
}

fn cut(text: &str, words: &mut BTreeSet<String>) {
    let parts = text.split(DELIMITERS).filter(|part| !part.is_empty());
    words.extend(parts.map(str::to_owned));
}

/// Adds the names in the texts of a pattern.
fn add_pattern(pattern: &Pattern, words: &mut BTreeSet<String>) {
    for outline in outlines(pattern) {
        // No name contains the character for a gap. A name that a wildcard continues is written, too: the stranger is
        // one with a longer name.
        with_gaps(&outline, '*')
            .split('*')
            .for_each(|text| cut(text, words));
    }
}
