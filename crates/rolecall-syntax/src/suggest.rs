//! Did you mean …? And if nothing is near: there are …

/// The longest word that is a misspelling, and the longest name that it may be one of, in bytes.
const MAX_WORD: usize = 100;
/// The most letters that may differ.
const MAX_DISTANCE: usize = 4;

/// The candidate nearest to a misspelt word, if one is near enough to be worth saying.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > MAX_WORD {
        return None;
    }
    // A third of the letters may differ, or the word may be the start of the name. Words of one or two letters are
    // near to everything.
    let letters: Vec<char> = word.to_lowercase().chars().collect();
    let allowed = (word.chars().count().saturating_add(1) / 3).min(MAX_DISTANCE);
    let nearness = |candidate: &str| {
        let begins = word.len() >= 3 && candidate.starts_with(word);
        distance(&letters, &candidate.to_lowercase(), allowed).or_else(|| begins.then_some(usize::MAX))
    };
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word && candidate.len() <= MAX_WORD)
        .filter_map(|candidate| Some((nearness(candidate)?, candidate)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many names are worth reading.
const MAX_NAMES: usize = 5;

/// Which things of a kind there are, for whoever named one that there is not: all of them if they are few, or else how many
/// and the first of them.
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

/// The number of letters to add, remove, replace or swap with their neighbour (optimal string alignment), if not more than
/// `most`.
fn distance(left: &[char], right: &str, most: usize) -> Option<usize> {
    let right: Vec<char> = right.chars().collect();
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    let mut last = None;
    for (row, a) in left.iter().copied().enumerate() {
        let mut current = vec![row.saturating_add(1)];
        for (column, b) in right.iter().enumerate() {
            let cell = |cells: &[usize], index: usize| cells.get(index).copied().unwrap_or(usize::MAX);
            let next = column.saturating_add(1);
            let replaced = cell(&previous, column).saturating_add(usize::from(a != *b));
            let edited = cell(&previous, next)
                .min(cell(&current, column))
                .saturating_add(1);
            let swapped = match column
                .checked_sub(1)
                .and_then(|index| Some((index, right.get(index)?)))
            {
                Some((index, neighbour)) if last == Some(*b) && a == *neighbour => {
                    cell(&before, index).saturating_add(1)
                }
                _ => usize::MAX,
            };
            current.push(replaced.min(edited).min(swapped));
        }
        // A swap looks two rows back, so that a row alone does not say that all later ones are too far.
        let nearest = |cells: &[usize]| cells.iter().min().copied().unwrap_or_default();
        if nearest(&current) > most && nearest(&previous) > most {
            return None;
        }
        last = Some(a);
        before = std::mem::replace(&mut previous, current);
    }
    previous.last().copied().filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_names_are_all_said_and_many_are_counted() {
        let said = |names: &[&str]| names_there_are("role", names.iter().copied());
        assert_eq!(said(&[]), "there is no role at all");
        assert_eq!(said(&["a", "a"]), "the only role is `a`");
        assert_eq!(said(&["b", "a"]), "the roles are `a`, `b`");
        assert_eq!(
            said(&["f", "e", "d", "c", "b", "a"]),
            "there are 6 roles, such as `a`, `b`, `c`, `d`, `e`"
        );
    }

    #[test]
    fn what_is_too_far_is_given_up_early_and_nothing_else() {
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
