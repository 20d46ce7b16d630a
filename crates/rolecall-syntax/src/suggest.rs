//! Suggestions for unknown names: the nearest known name, or the names that exist.

use crate::span::plus;

/// The longest word for which a name is suggested, and the longest name that is suggested, in bytes.
const MAX_WORD: usize = 100;
/// The largest edit distance between a word and a suggested name.
const MAX_DISTANCE: usize = 4;
/// The edit distance of a slip of the fingers, which is nearer than the start of a name.
const SLIP: usize = 1;
/// The work for one suggestion, in pairs of letters that are compared: 2,500 names of 20 letters. Later names
/// are not suggested.
const MAX_PAIRS: usize = 1_000_000;

/// Returns the candidate that is most similar to a misspelt word, if one is similar enough.
///
/// A third of the letters may differ, whatever their case, or the word may be the start of the candidate.
/// Candidates that equal the word are skipped.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > MAX_WORD {
        return None;
    }
    let lower = word.to_lowercase();
    let letters = lower.chars().count();
    // Words of one letter are similar to everything.
    let allowed = (plus(word.chars().count(), 1) / 3).min(MAX_DISTANCE);
    let mut pairs_left = MAX_PAIRS;
    let mut similarity = |candidate: &str| {
        let begins = (word.len() >= 3 && candidate.starts_with(word)).then_some(Similarity::Prefix);
        let candidate = candidate.to_lowercase();
        let count = candidate.chars().count();
        if count.abs_diff(letters) > allowed {
            return begins;
        }
        let pairs = count.checked_mul(letters);
        let Some(left) = pairs.and_then(|pairs| pairs_left.checked_sub(pairs)) else {
            return begins;
        };
        pairs_left = left;
        match strsim::osa_distance(&lower, &candidate) {
            distance @ 0..=SLIP => Some(Similarity::Slip(distance)),
            distance if begins.is_none() && distance <= allowed => Some(Similarity::Distance(distance)),
            _ => begins,
        }
    };
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word && candidate.len() <= MAX_WORD)
        .filter_map(|candidate| Some((similarity(candidate)?, candidate)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Degrees of similarity of a candidate to a word, from the best to the worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Similarity {
    /// The letters to add, remove, replace or swap with their neighbour, if they are few.
    Slip(usize),
    /// The word is the start of the candidate.
    Prefix,
    /// The letters to add, remove, replace or swap with their neighbour.
    Distance(usize),
}

/// The number of names that a message lists.
const MAX_NAMES: usize = 5;

/// Describes the names that exist, for a message about an unknown one: all of them if they are few, or else
/// their number and the first of them. `kind` is what they name, in the singular.
pub fn names_there_are<'a>(kind: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable();
    names.dedup();
    let first: Vec<&str> = names.iter().take(MAX_NAMES).copied().collect();
    let first = first.join("`, `");
    match names.len() {
        0 => format!("there is no {kind} at all"),
        1 => format!("the only {kind} is `{first}`"),
        2..=MAX_NAMES => format!("the {kind}s are `{first}`"),
        more => format!("there are {more} {kind}s, such as `{first}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_names_are_listed_and_many_are_counted() {
        let described = |names: &[&str]| names_there_are("role", names.iter().copied());
        assert_eq!(described(&[]), "there is no role at all");
        assert_eq!(described(&["a", "a"]), "the only role is `a`");
        assert_eq!(described(&["b", "a"]), "the roles are `a`, `b`");
        assert_eq!(
            described(&["f", "e", "d", "c", "b", "a"]),
            "there are 6 roles, such as `a`, `b`, `c`, `d`, `e`"
        );
    }

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let near = |word: &str, name: &'static str| did_you_mean(word, [name]).is_some();
        for (word, name) in [
            ("environmnet", "environment"),
            ("badcef", "abcdef"),
            ("xrpoject_ptha", "project_path"),
            ("PROJECT", "project"),
            ("proj", "project_path_of_the_job"),
        ] {
            assert!(near(word, name), "{word} {name}");
        }
        for (word, name) in [
            ("project", "ref"),
            ("abcdefgh", "hgfedcba"),
            ("ab", "xy"),
            ("same", "same"),
        ] {
            assert!(!near(word, name), "{word} {name}");
        }
        assert!(!near(&"a".repeat(101), "aaa") && near(&"a".repeat(100), Box::leak("a".repeat(99).into())));
    }
}
