//! Conditions and sets that a text names, with all that those name.

use hashbrown::{HashMap, HashSet};
use xxhash_rust::xxh3::Xxh3;

/// The conditions and sets of a policy set, by their names. A word in a comment or a string counts as a name, too, so that
/// they may name one another in a circle.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// The items with a name: a condition and a set may have the same.
    by_name: HashMap<String, Vec<usize>>,
    /// The text of each item, and the items that it names.
    items: Vec<(String, Vec<usize>)>,
}

impl Named {
    /// Takes the names and the texts of the items.
    pub(crate) fn new(items: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut named = Self::default();
        for (number, (name, text)) in items.into_iter().enumerate() {
            named.by_name.entry(name).or_default().push(number);
            named.items.push((text, Vec::new()));
        }
        let links = named.items.iter().map(|(text, _)| named.names_in(text));
        let links: Vec<Vec<usize>> = links.collect();
        for ((_, names), links) in named.items.iter_mut().zip(links) {
            *names = links;
        }
        named
    }

    /// Returns a hash of a text and of all items that it names, directly or through others.
    pub(crate) fn hash(&self, text: &str) -> u128 {
        let mut hasher = Xxh3::new();
        let mut add = |text: &str| {
            hasher.update(&text.len().to_le_bytes());
            hasher.update(text.as_bytes());
        };
        add(text);
        let mut seen = HashSet::new();
        let mut reached = self.names_in(text);
        reached.reverse();
        while let Some(number) = reached.pop() {
            if let (true, Some((text, names))) = (seen.insert(number), self.items.get(number)) {
                add(text);
                reached.extend(names.iter().rev());
            }
        }
        hasher.digest128()
    }

    fn names_in(&self, text: &str) -> Vec<usize> {
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let words = text.split(|c: char| !is_word(c));
        let items = words.filter_map(|word| self.by_name.get(word));
        items.flatten().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(main: &str) -> u128 {
        let items = [
            ("main", main),
            ("release", "main && tag"),
            ("tag", "t == \"release\""),
        ];
        let items = items.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let named = Named::new(items);
        // As in a file, where all are hashed, one after the other.
        named.hash(main);
        named.hash("allow when release")
    }

    #[test]
    fn items_that_name_one_another_all_count() {
        let before = hash("r == \"release\" && a");
        assert_eq!(before, hash("r == \"release\" && a"));
        assert_ne!(before, hash("r == \"release\" && b"));
        assert_ne!(before, hash("r == \"main\" && a"));
    }
}
