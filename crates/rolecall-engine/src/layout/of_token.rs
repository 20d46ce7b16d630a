//! Guesses from a token: the parts of a text that are values of its other claims.

use super::assembly::Assembly;
use super::words::{Word, Words, speaks_for_itself};
use super::{Difference, Layout};
use crate::evaluate::ProfileView;
use crate::id::ClaimId;
use crate::ir::Trust;
use crate::template::{Part, Template};
use std::collections::HashMap;

/// Returns the layout that gives this text for a token, as the reference evaluation confirms. The error is
/// the components with another value than their claims, for which nothing is proposed.
pub(super) fn guess(
    words: &Words,
    claim: ClaimId,
    text: &str,
    token: &ProfileView<'_>,
) -> Result<Option<Layout>, Vec<Difference>> {
    let values = values(words, token);
    let mut assembly = Assembly::default();
    let mut differences = Vec::new();
    let mut rest = Some(text);
    while let Some(text) = rest {
        let (first, after) = match text.split_once(':') {
            Some((first, after)) => (first, Some(after)),
            None => (text, None),
        };
        rest = after;
        if let (Some(value), Some(word)) = (after, words.get(first)) {
            if let Some((parts, after)) = named(words, word, value, token) {
                assembly.add_named(first, parts, word.is_optional);
                rest = after;
                continue;
            }
            if let Some(claim) = contradicted(word, token) {
                let (said, after) = match value.split_once(':') {
                    Some((said, after)) => (said, Some(after)),
                    None => (value, None),
                };
                differences.push(Difference::new(claim, said, token));
                rest = after;
                continue;
            }
        }
        match values.get(first) {
            Some((_, parts)) => assembly.add(parts),
            None => assembly.add(&[Part::Text(first.to_owned())]),
        }
    }
    if !differences.is_empty() {
        return Err(differences);
    }
    let layout = Layout::new(claim, assembly.finish(), token.profile);
    Ok(layout.filter(|layout| token.derive(&layout.derivation()).as_deref() == Some(text)))
}

/// Returns the value that follows a name, and the text after its `:`.
fn named<'w, 't>(
    words: &'w Words,
    word: &'w Word,
    text: &'t str,
    token: &ProfileView<'_>,
) -> Option<(&'w [Part], Option<&'t str>)> {
    let own = word.own;
    let compound = words.compound.iter().filter(|parts| {
        let has_own = |part: &Part| matches!(part, Part::Claim(claim, _) if Some(*claim) == own);
        parts.iter().any(has_own)
    });
    word.values.iter().chain(compound).find_map(|parts| {
        let value = render(parts, token)?;
        let rest = text.strip_prefix(value.as_str())?;
        let rest = match rest.strip_prefix(':') {
            Some(rest) => Some(rest),
            None if rest.is_empty() => None,
            None => return None,
        };
        // An author could write other components into a value that is not encoded.
        let is_of_author = |part: &Part| matches!(part, Part::Claim(claim, None) if token.profile[*claim].trust == Trust::Author);
        let is_ambiguous = value.contains(':') && parts.iter().any(is_of_author);
        (!is_ambiguous).then_some((parts.as_slice(), rest))
    })
}

/// Returns the claim that a component contradicts. A component that only has the alias of a claim may be
/// something else if the token does not have the claim.
fn contradicted(word: &Word, token: &ProfileView<'_>) -> Option<ClaimId> {
    let claims = word.values.iter().flatten().filter_map(|part| match part {
        Part::Claim(claim, _) => Some(*claim),
        Part::Optional(_) | Part::Text(_) => None,
    });
    let mut present = claims.filter(|claim| token.value(*claim).is_ok());
    word.own.or_else(|| present.next())
}

/// Returns the parts that stand for each value of the token. Of several claims with a value, a tenant's comes
/// first, then the one that is never reused, then one that no token omits.
fn values(words: &Words, token: &ProfileView<'_>) -> HashMap<String, (usize, Vec<Part>)> {
    let mut values: HashMap<String, (usize, Vec<Part>)> = HashMap::new();
    let mut add = |parts: Vec<Part>, rank: usize| {
        let Some(value) = render(&parts, token).filter(|value| !value.is_empty()) else {
            return;
        };
        match values.get(&value) {
            Some((best, _)) if *best <= rank => {}
            _ => drop(values.insert(value, (rank, parts))),
        }
    };
    for parts in &words.compound {
        add(parts.clone(), 0);
    }
    for claim in words.claims.iter().copied() {
        if speaks_for_itself(claim, token.profile) {
            let definition = &token.profile[claim];
            let rank = match (definition.tenant, definition.trust, definition.optional) {
                (true, Trust::Immutable, _) => 1,
                (true, _, false) => 2,
                (true, _, true) => 3,
                (false, _, false) => 4,
                (false, _, true) => 5,
            };
            add(vec![Part::Claim(claim, None)], rank);
        }
    }
    values
}

fn render(parts: &[Part], token: &ProfileView<'_>) -> Option<String> {
    let template = Template {
        parts: parts.to_vec(),
    };
    template.render(&|id| token.read_one(id), &|id| token.value(id).is_err())
}
