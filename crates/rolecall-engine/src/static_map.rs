//! Maps from texts to values, made once.

use crate::certain::plus;
use crate::hashed_str::{EdgeWords, HashedStr};
use crate::narrow::low_half;
use crate::probing;

/// A map from texts to values that is made once.
///
/// Texts are found by the hash of their edge words, which is not secret. The keys come from policies; a token
/// only chooses which text is looked up. So only the author of a policy can make lookups slow.
///
/// A lookup takes 2.2 to 2.8 ns. With hashbrown's `HashTable` and the same hash it took 3.5 to 3.8 ns, and a
/// decision makes dozens of them in 60 ns.
#[derive(Clone, Debug)]
pub(crate) struct StaticMap<V>(Box<[Option<(HashedStr, V)>]>);

impl<V> StaticMap<V> {
    /// Returns the map of these texts, of which no two are equal.
    pub(crate) fn new(values: Vec<(HashedStr, V)>) -> Self {
        // Half of the slots stay free.
        let size = plus(values.len(), values.len()).next_power_of_two();
        let mut table: Box<[Option<(HashedStr, V)>]> = std::iter::repeat_with(|| None).take(size).collect();
        for (text, value) in values {
            let hash = low_half(text.hash());
            probing::insert(&mut table, hash, Some((text, value)), Option::is_none);
        }
        Self(table)
    }

    /// Returns the value of a text.
    #[inline]
    pub(crate) fn get(&self, text: &str) -> Option<&V> {
        let edges = EdgeWords::of(text.as_bytes());
        probing::find(&self.0, low_half(edges.hash()), Option::is_none, |entry| {
            let (known, value) = entry.as_ref()?;
            known.has(edges, text.as_bytes()).then_some(value)
        })
    }

    /// Returns the bytes that the map takes.
    pub(crate) fn bytes(&self) -> usize {
        let texts = self.0.iter().flatten().map(|(known, _)| known.text().len());
        texts.chain([size_of_val(&*self.0)]).sum()
    }
}
