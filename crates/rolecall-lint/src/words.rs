//! Words: the names and ids of tenants that a clause writes.

use crate::clause::ClauseView;
use crate::layouts::parts;
use crate::outline::{outlines, with_gaps};
use crate::tells::tells_tenant;
use crate::vocabulary::CODE_HOSTS;
use rolecall_engine::ir::Question;
use rolecall_engine::{ClaimId, Part, Typed};
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
/// many values of an open pattern still finds another one. The host of many owners is not one of them.
pub(crate) fn words(view: &ClauseView<'_>) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for constraint in &view.constraints {
        let claim = constraint.atom.claim;
        if !tells_tenant(view, claim) {
            continue;
        }
        let fixed = fixed_texts(view, claim);
        match &constraint.atom.question {
            Question::OneOf(literals) => literals.iter().filter_map(text).for_each(|text| {
                cut(&text, &fixed, &mut words);
                words.insert(text);
            }),
            Question::Pattern(patterns) => patterns.iter().for_each(|pattern| {
                for outline in outlines(pattern) {
                    // No name contains the character for a gap. A name that a wildcard continues is written, too: the
                    // stranger is one with a longer name.
                    let text = with_gaps(&outline, '*');
                    text.split('*').for_each(|text| cut(text, &fixed, &mut words));
                }
            }),
            _ => {}
        }
    }
    words.retain(|word| !CODE_HOSTS.contains(&word.as_str()));
    words
}

/// Returns the texts between the claims in the layouts of a claim.
fn fixed_texts<'v>(view: &'v ClauseView<'_>, claim: ClaimId) -> Vec<&'v str> {
    let texts = parts(view.issuer, claim).filter_map(|part| match part {
        Part::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts
        .filter(|text| !text.trim_matches(DELIMITERS).is_empty())
        .collect()
}

/// Adds the parts of a text, and the paths that its fields begin with.
fn cut(text: &str, fixed: &[&str], words: &mut BTreeSet<String>) {
    let mut add = |word: &str| {
        if !word.is_empty() {
            words.insert(word.to_owned());
        }
    };
    text.split(DELIMITERS).for_each(&mut add);
    for field in text.split([':', '@']) {
        field
            .match_indices('/')
            .for_each(|(end, _)| add(field.get(..end).unwrap_or_default()));
        add(field);
    }
    let mut between = vec![text];
    for text in fixed {
        between = between.into_iter().flat_map(|part| part.split(text)).collect();
    }
    between
        .into_iter()
        .for_each(|part| add(part.trim_matches(|c: char| !c.is_alphanumeric())));
}
